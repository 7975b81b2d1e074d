/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts to sorted records, by any number of threads: each takes batches of the feed, decodes them,
 * and gives the records to its own lane of the sorter. What they gather besides is merged at the
 * end, by sums that no order changes.
 */
#pragma once

#include "changes/writes.h"
#include "cli/feed.h"
#include "cli/ledger.h"
#include "cli/notes.h"
#include "kube/decode.h"
#include "sort/sorter.h"

/* What is about the whole input, not about one pod. */
struct gathered {
	struct ingest ingest;
	struct context context;
	struct survey survey;
	struct wrapper_seen wrappers;
	struct writes writes; /* to what pods depend on */
};

/* What the threads share; all of it is behind locks or does not change. */
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

/* For --jobs; 0: one a core. */
unsigned workers_count(uint64_t jobs);
/* Until the feed is at its end; < 0: the error of one of them, after all have ended. */
int workers_run(const struct workers_config *config, unsigned n, struct gathered *ret,
		struct err *err);
void gathered_free(struct gathered *g);
