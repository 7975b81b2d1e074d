/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns texts into sorted records, with any number of threads: each takes batches of the feed,
 * decodes them, and adds the records to its own lane of the sorter. Its other results are merged at
 * the end, by sums that do not depend on the order.
 */
#pragma once

#include "changes/writes.h"
#include "cli/feed.h"
#include "cli/ledger.h"
#include "cli/notes.h"
#include "kube/decode.h"
#include "sort/sorter.h"

/* Results about the whole input, not about one pod. */
struct gathered {
	struct ingest ingest;
	struct context context;
	struct survey survey;
	struct wrapper_seen wrappers;
	struct writes writes; /* to objects that pods depend on */
};

/* Shared by the threads; everything in it has locks or does not change. */
struct workers_config {
	struct decode_config decode; /* without its functions record, note and event */
	bool writes;		     /* they are gathered */
	const struct sources *sources;
	struct text_feed *feed;
	struct ledger *ledger;
	struct notes *notes;
	struct progress *progress; /* or NULL */
	struct sorter *sorter;	   /* with a lane a worker */
};

/* The number of workers for --jobs; 0: one per core. */
unsigned workers_count(uint64_t jobs);
/* Runs until the feed ends; < 0: the error of one of them, after all have ended. */
int workers_run(const struct workers_config *config, unsigned n, struct gathered *ret,
		struct err *err);
void gathered_free(struct gathered *g);
