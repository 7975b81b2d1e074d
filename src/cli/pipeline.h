/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connects the rooms: decodes each text of the inputs, sorts the records by pod, and builds the
 * timeline of each pod. Commands differ only in how they use the timelines.
 *
 * Legal order: open, find, read, next*, close. find finds the files, read reads them; both may
 * report that there is nothing to read. Progress is shown until the last next or a failed call; the
 * caller ends it before printing.
 */
#pragma once

#include "cli/operands.h"
#include "cli/options.h"
#include "cli/workers.h"
#include "page/basis.h"
#include "timeline/builder.h"

/* Optional data and settings for a command. */
struct pipeline_needs {
	bool survey;			 /* which requests are logged at which level, in detail */
	bool writes;			 /* basis->writes: writes to objects that pods depend on */
	bool empty_input;		 /* an input without useful records is a result, too */
	const struct settings *settings; /* SLO settings; NULL: the basis has none */
	/* Data attached to records, and how timelines keep it; NULL: none. */
	decode_attach *attach;
	const void *attach_ctx;
	timelines_keep *keep;
};

struct pipeline {
	/* For commands: the input. */
	struct basis basis; /* its duplicates are complete after the last next */
	struct sources sources;
	struct gathered all;
	struct notes *notes;
	struct operands operands;

	/* For pipeline.c. */
	const struct options *options;
	struct pipeline_needs needs;
	struct ledger *ledger;
	struct text_feed *feed;
	struct sorter *sorter;
	struct timelines *timelines;
	struct progress *progress; /* or NULL */
};

/* options and everything that needs refers to must outlive the pipeline. */
void pipeline_open(struct pipeline *p, const struct options *options,
		   const struct pipeline_needs *needs);
int pipeline_find(struct pipeline *p, struct err *err);
int pipeline_read(struct pipeline *p, struct err *err);
int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err);
void pipeline_close(struct pipeline *p);

/* False until read has filled the basis. */
static inline bool pipeline_has_basis(const struct pipeline *p)
{
	return p->basis.sources != NULL;
}

nsec pipeline_log_end(const struct pipeline *p); /* after read; NSEC_NONE: no audit event */
