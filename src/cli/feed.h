/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of all sources for any number of threads, in batches of whole texts. Each thread stays with
 * one source until it ends, then takes one that is not opened yet, then helps with another: so no
 * more files are open than there are threads. Of those at one source one at a time reads and
 * decompresses, a few batches ahead, while the others scan; when enough is ready it scans too.
 */
#pragma once

#include "base/buf.h"
#include "cli/ledger.h"
#include "input/input.h"

enum {
	FEED_BATCH =
	    256 * 1024,	   /* bytes of a batch: they stay in the L2 cache until they are scanned */
	FEED_TEXTS = 4096, /* texts of a batch */
	FEED_AHEAD = 4,	   /* batches of one source that may wait for a thread */
};

struct feed_text {
	size_t begin, n; /* in the batch's bytes */
	uint32_t member;
	uint64_t line, offset;
	bool unterminated;
};

/* Zero is a valid batch; a thread fills the same one again and again. */
struct feed_batch {
	uint32_t source; /* rank */
	struct buf bytes;
	struct feed_text *texts;
	size_t n, cap;
	struct feed_source *at; /* where its thread is */
};

struct text_feed;
struct feed_source;

struct progress;

struct feed_config {
	struct input_config input; /* of it, the limits and the look count */
	/* Of a source by its rank; called from the thread that decodes it at that time. */
	void (*note)(void *ctx, uint32_t source, const struct input_note *note);
	void *ctx;		   /* of the note and the look */
	struct ledger *ledger;	   /* gets what became of each file */
	struct progress *progress; /* gets what was read; may be NULL */
};

/* Sources, ledger and progress must outlive the feed. */
struct text_feed *feed_new(const struct sources *sources, const struct feed_config *config);
/* > 0 a batch, 0 nothing is left, < 0 an error; then every later call gives 0. */
int feed_next(struct text_feed *f, struct feed_batch *batch, struct err *err);
void feed_stop(struct text_feed *f); /* another thread has failed */
void feed_batch_free(struct feed_batch *batch);
void feed_free(struct text_feed *f);
