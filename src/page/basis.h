/* SPDX-License-Identifier: Apache-2.0 */
/* The data sources behind a result, as a value for text and JSON. */
#pragma once

#include "kube/context.h"
#include "kube/ingest.h"
#include "kube/record.h"
#include "page/page.h"
#include "slo/settings.h"

struct writes;

/* A source, or a file in one that is an archive. */
struct basis_source {
	struct str name, log_set; /* see basis_log_set */
	uint32_t source, member;  /* as in struct position */
	char form[64];		  /* "plain", "gzip", ...; empty: it was not read */
	const char *damage;	  /* NULL, or why it was not read to its end */
	uint64_t bytes;		  /* decompressed */
	uint64_t records;	  /* audit events */
	uint64_t objects;	  /* of dumps */
	uint64_t wrappers;	  /* bit i: the wrapper of row i was found in it */
};

/* A file or directory that the system did not let us read, or not completely. */
struct basis_unread {
	struct str name;
	const char *reason; /* the system's error message */
};

struct basis {
	const struct basis_source *sources; /* by (source, member) */
	size_t n_sources;
	const struct basis_unread *unread; /* by name */
	size_t n_unread;
	uint64_t passed_over; /* files without relevant records */
	const struct ingest *ingest;
	const struct context *context;
	const struct writes *writes;	 /* gathered for diagnosis; NULL: none */
	const struct settings *settings; /* SLO settings; NULL: pods are not judged */
};

/* The section about data sources. side: "before", or NULL if there is only one. */
void basis_page(struct page *p, const struct basis *b, const char *side);
/* The unread files alone, for results without the basis; nothing if there are none. */
void basis_unread_text(struct buf *out, const struct basis *b, struct table_style style);

/* A line for each of the nodes with the largest clock error; nothing if no error is known. */
void basis_clocks(struct buf *out, const struct context *context, const char *before);

/*
 * The name that a log had before it was rotated and compressed: one API server writes one log, so
 * the number of sets is the number of API servers. audit-2026-01-02T03-04-05.678.log.gz belongs to
 * audit.log; the folder and other parts of the name are kept. The result lives in the arena.
 */
struct str basis_log_set(struct str name, struct arena *arena);
/* The file that contains a position; empty if the basis does not know it. */
struct str basis_file(const struct basis *b, struct position position);
/* The distinct sets among the sources that contain records. */
size_t basis_n_log_sets(const struct basis *b);

/* basis_writers.c. A writer's name for people, without common prefixes; may live in text. */
struct str writer_words(const struct log_writer *w, struct buf *text);
/* Items about writers that are missing from a cluster's log, or have gaps. */
void basis_writers_text(struct page *p, const struct presence *presence, struct str cluster);
/* The missing writers; free the list with mem_free. */
const struct log_writer **basis_absent_writers(const struct presence *p, struct str cluster,
					       size_t *ret_n);
