/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rooms wired together: for each text of the inputs, decode it and give its records to the
 * sorter under their pods' keys; then for each pod build the timeline. Commands differ only in what
 * they do with the timelines.
 *
 * Legal order: open, find, read, next*, close. find looks for the files, read reads them; both may
 * report that there is nothing to read. Progress is shown until the last next, or until a call
 * fails; what prints before that ends it.
 */
#pragma once

#include "cli/operands.h"
#include "cli/options.h"
#include "cli/workers.h"
#include "page/basis.h"
#include "timeline/builder.h"

/* What a command needs of it. */
struct pipeline_needs {
	bool survey;			 /* what is logged at which level, in detail */
	bool writes;			 /* basis->writes: those to what pods depend on */
	bool empty_input;		 /* an input with nothing of use is a result, too */
	const struct settings *settings; /* by which pods are judged; NULL: the basis shows none */
	/* What is attached to records, and how timelines keep it; NULL: nothing. */
	decode_attach *attach;
	const void *attach_ctx;
	timelines_keep *keep;
};

struct pipeline {
	/* For commands: what was read. */
	struct basis basis; /* its duplicates are complete after the last next */
	struct sources sources;
	struct gathered all;
	struct notes *notes;
	struct operands operands;

	/* Of pipeline.c. */
	const struct options *options;
	struct pipeline_needs needs;
	struct ledger *ledger;
	struct text_feed *feed;
	struct sorter *sorter;
	struct timelines *timelines;
	struct progress *progress; /* or NULL */
};

/* options and what needs points to must outlive the pipeline. */
void pipeline_open(struct pipeline *p, const struct options *options,
		   const struct pipeline_needs *needs);
int pipeline_find(struct pipeline *p, struct err *err);
int pipeline_read(struct pipeline *p, struct err *err);
int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err);
void pipeline_close(struct pipeline *p);

/* False while read has not come so far that the basis says anything. */
static inline bool pipeline_has_basis(const struct pipeline *p)
{
	return p->basis.sources != NULL;
}

nsec pipeline_log_end(const struct pipeline *p); /* after read; NSEC_NONE: no audit event */
