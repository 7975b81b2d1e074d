/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of all sources for any number of threads. Each thread takes batches of whole texts: reading
 * and decompressing a source is done under that source's lock, by whoever comes for the next batch;
 * what is then done with the batch needs no lock. So several files are read at once, and of a
 * single one the decoding of one thread overlaps with the scanning of the others, without any
 * thread that only reads.
 */
#ifndef LUNETTES_CLI_FEED_H
#define LUNETTES_CLI_FEED_H

#include "base/buf.h"
#include "input/input.h"
#include "output/basis.h"

enum {
	FEED_BATCH =
	    256 * 1024,	   /* bytes of a batch: they stay in the L2 cache until they are scanned */
	FEED_TEXTS = 4096, /* texts of a batch */
};

struct feed_text {
	size_t begin, n; /* in the batch's bytes */
	uint64_t line, offset;
	bool unterminated;
};

/* Zero is a valid batch; a thread fills the same one again and again. */
struct feed_batch {
	uint32_t source; /* rank */
	struct buf bytes;
	struct feed_text *texts;
	size_t n, cap;
};

struct feed;

/* note: of a source by its rank; called under a lock of that source. Sources and basis must outlive
 * it. */
struct feed *feed_new(const struct sources *sources, struct basis_source *basis, size_t record_max,
		      void (*note)(void *ctx, uint32_t source, const struct input_note *note),
		      void *ctx);
/* > 0 a batch, 0 nothing is left, < 0 an error; then every later call gives 0. */
int feed_next(struct feed *f, struct feed_batch *batch, struct err *err);
void feed_stop(struct feed *f); /* another thread has failed */
void feed_batch_free(struct feed_batch *batch);
void feed_free(struct feed *f);

#endif
