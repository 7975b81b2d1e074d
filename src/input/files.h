/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: a source to files: itself, or those of the archive that it is, and of the
 * archives in that. One file is open at a time. It knows nothing of texts.
 *
 * Legal order: open; then next, and for each file read* and end; close.
 */
#pragma once

#include "base/buf.h"
#include "input/members.h"
#include "input/peel.h"

enum { NEST_MAX = 64 }; /* what --max-depth may ask for */

/* An archive that the file at hand is in. */
struct nest {
	struct members *members;
	size_t name_n; /* of its name, in the buffer of names */
	uint64_t entries;
	uint32_t member; /* its own */
	char form[64];
};

struct files {
	struct source source;
	struct input_config config; /* defaults filled in */
	struct peel_config peel;
	bool begun;
	struct stream *base; /* the source's own bytes; what is above it closes it */
	uint64_t consumed;   /* of a base that is closed */
	struct nest nests[NEST_MAX];
	unsigned n_nests;
	uint32_t n_members;

	/* The file at hand: the source itself, or one in the innermost archive. */
	struct buf name;
	uint32_t member;
	struct stream *top; /* NULL: none is open */
	size_t skipped;	    /* bytes of its byte order mark */
	struct buf head; /* its first bytes, which were looked at, and are given from head_at on */
	size_t head_at;
	struct stream_fault head_fault;
	bool head_ended, head_faulty; /* the file has no more than the head */
	char form[64];
};

/* base: taken over; NULL: the source's file. config's and peel's zeros are the defaults. */
void files_open(struct files *f, struct stream *base, const struct source *source,
		const struct input_config *config, const struct peel_config *peel);
/* Opens the next file; false when there is none left. */
bool files_next(struct files *f);
/* Bytes of the file at hand, as stream_read. */
ssize_t files_read(struct files *f, void *to, size_t n, struct stream_fault *fault);
/* The same as a stream of its own. */
struct stream *files_stream(struct files *f);
/* Closes the file at hand and reports it. bomb: and the archives that it is in are given up. */
void files_end(struct files *f, bool bomb);
void files_close(struct files *f);

/* About the file at hand. */
void files_note(const struct files *f, enum input_note_kind kind, uint64_t line, uint64_t offset,
		const char *detail);
uint64_t files_consumed(const struct files *f); /* of the source's own bytes */
