/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distributes the texts of all sources to any number of threads, in batches. Each thread stays with
 * one source until it ends, then takes one that is not opened yet, then helps with another, so no
 * more files are open than there are threads. At each source one thread at a time reads and
 * decompresses, a few batches ahead, while the others scan; when enough batches are ready it scans,
 * too.
 */
#pragma once

#include "base/buf.h"
#include "cli/ledger.h"
#include "input/input.h"

enum {
	FEED_BATCH =
	    256 * 1024,	   /* bytes of a batch, which stay in the L2 cache until they are scanned */
	FEED_TEXTS = 4096, /* texts of a batch */
	FEED_AHEAD = 4,	   /* batches of one source that may wait for a thread */
};

struct feed_text {
	size_t begin, n; /* in the batch's bytes */
	uint32_t member;
	uint64_t line, offset;
	bool unterminated;
};

/* A zeroed batch is valid; a thread reuses the same one. */
struct feed_batch {
	uint32_t source; /* rank */
	struct buf bytes;
	struct feed_text *texts;
	size_t n, cap;
	struct feed_source *at; /* the source of its thread */
};

struct text_feed;
struct feed_source;

struct progress;

struct feed_config {
	struct input_config input; /* only its limits and its look count */
	/* About a source by its rank; called from the thread that is decoding it. */
	void (*note)(void *ctx, uint32_t source, const struct input_note *note);
	void *ctx;		   /* of note and look */
	struct ledger *ledger;	   /* gets the result of each file */
	struct progress *progress; /* gets the bytes read; may be NULL */
};

/* Sources, ledger and progress must outlive the feed. */
struct text_feed *feed_new(const struct sources *sources, const struct feed_config *config);
/* > 0 a batch, 0 nothing is left, < 0 an error; every later call then returns 0. */
int feed_next(struct text_feed *f, struct feed_batch *batch, struct err *err);
void feed_stop(struct text_feed *f); /* another thread has failed */
void feed_batch_free(struct feed_batch *batch);
void feed_free(struct text_feed *f);
