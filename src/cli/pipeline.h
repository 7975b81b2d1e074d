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
#ifndef LUNETTES_CLI_PIPELINE_H
#define LUNETTES_CLI_PIPELINE_H

#include "cli/notes.h"
#include "cli/options.h"
#include "page/basis.h"
#include "timeline/builder.h"

struct pipeline;

/* What a command needs of it; what is pointed to must outlive the pipeline. */
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

struct pipeline *pipeline_open(const struct options *options, const struct pipeline_needs *needs);
int pipeline_find(struct pipeline *p, struct err *err);
int pipeline_read(struct pipeline *p, struct err *err);
int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err);
void pipeline_end_progress(struct pipeline *p); /* may be called again */
void pipeline_close(struct pipeline *p);

/* False while read has not come so far that the basis says anything. */
bool pipeline_has_basis(const struct pipeline *p);
/* After read; the basis' duplicates are complete after the last next. */
const struct basis *pipeline_basis(struct pipeline *p);
const struct survey *pipeline_survey(const struct pipeline *p);
const struct wrapper_seen *pipeline_wrappers(const struct pipeline *p);
nsec pipeline_log_end(const struct pipeline *p);      /* NSEC_NONE: no audit event */
const char *pipeline_taken(const struct pipeline *p); /* what is read in place of paths, or NULL */
const struct notes *pipeline_notes(const struct pipeline *p);
const struct sources *pipeline_sources(const struct pipeline *p);

#endif
