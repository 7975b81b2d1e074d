/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rooms wired together: for each text of the inputs, decode it and give its records to the
 * sorter under their pods' keys; then for each pod build the timeline. Commands differ only in what
 * they do with the timelines.
 *
 * Legal order: open, find, read, next*, close. find looks for the files and asks what would be
 * written whether it destroys one; read does it if it was not done. Both may say that there is
 * nothing to read. How far it is is shown until the last next, or until a call fails; who prints
 * before that ends it.
 */
#ifndef LUNETTES_CLI_PIPELINE_H
#define LUNETTES_CLI_PIPELINE_H

#include "cli/notes.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "page/basis.h"
#include "timeline/builder.h"

struct pipeline;

struct pipeline *pipeline_open(const struct options *options);
int pipeline_find(struct pipeline *p, struct err *err); /* only who writes files needs it */
int pipeline_read(struct pipeline *p, struct err *err);
int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err);
void pipeline_end_progress(struct pipeline *p); /* may be called again */
void pipeline_close(struct pipeline *p);

/* The basis says what the pods are judged by; before read. */
void pipeline_judged_by(struct pipeline *p, const struct settings *settings);
/*
 * What the command writes, unless it prints to standard output: files that must not be inputs, and
 * other rules of cli/outputs.h. Before find; they must outlive the pipeline.
 */
void pipeline_writes(struct pipeline *p, const struct output_file *files, size_t n);
/* What is attached to records, and how timelines keep it; before read. ctx outlives the pipeline.
 */
void pipeline_attach(struct pipeline *p, decode_attach *attach, const void *ctx,
		     timelines_keep *keep);
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
