/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: reads a source as files: the source itself or, if it is an archive, its
 * members, recursively. One file is open at a time. It knows nothing of texts.
 *
 * Legal order: open; then next, and for each file read* and end; close.
 */
#pragma once

#include "base/buf.h"
#include "input/members.h"
#include "input/peel.h"

enum { NEST_MAX = 64 }; /* maximum of --max-depth */

/* An archive that contains the current file. */
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
	struct stream *base; /* the source's own bytes; the stream on top closes it */
	uint64_t consumed;   /* of a base that is closed */
	struct nest nests[NEST_MAX];
	unsigned n_nests;
	uint32_t n_members;

	/* The current file: the source itself, or one in the innermost archive. */
	struct buf name;
	uint32_t member;
	struct stream *top; /* NULL: none is open */
	size_t skipped;	    /* length of its byte order mark */
	struct buf head; /* its first bytes, peeked at; those from head_at on are read next */
	size_t head_at;
	struct stream_fault head_fault;
	bool head_ended, head_faulty; /* the file has no more than the head */
	char form[64];
};

/* base: owned from now on; NULL: the source's file. Zeros in config and peel are the defaults. */
void files_open(struct files *f, struct stream *base, const struct source *source,
		const struct input_config *config, const struct peel_config *peel);
/* Opens the next file; false when there is none left. */
bool files_next(struct files *f);
/* Reads from the current file, like stream_read. */
ssize_t files_read(struct files *f, void *to, size_t n, struct stream_fault *fault);
/* The same as a stream of its own. */
struct stream *files_stream(struct files *f);
/* Closes and reports the current file. bomb: stops reading the archives that contain it, too. */
void files_end(struct files *f, bool bomb);
void files_close(struct files *f);

/* About the current file. */
void files_note(const struct files *f, enum input_note_kind kind, uint64_t line, uint64_t offset,
		const char *detail);
uint64_t files_consumed(const struct files *f); /* of the source's own bytes */
