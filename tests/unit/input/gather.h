/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the tests of this room: sources in memory, and all texts and notes as one string. */
#pragma once

#include "base/buf.h"
#include "input/stream.h"

#include <check.h>

/* How the bytes arrive. Zeros: everything at once, the usual block. */
struct way {
	size_t chunk_max; /* a read returns from 1 to this many bytes */
	size_t block;	  /* of texts */
	bool prefer_zlib;
};

struct gathered {
	struct buf dump;  /* "LINE@OFFSET:BYTES\n"; "!:" instead of ":" when unterminated */
	struct buf notes; /* "KIND LINE@OFFSET DETAIL\n" */
	size_t n_texts, n_notes;
	enum input_note_kind kind; /* of the last note */
	uint64_t produced;
	char form[64];
};

const char *note_name(enum input_note_kind kind);
struct stream *stream_of_memory(struct str bytes, size_t chunk_max);

/* plain: the bytes of each text are compared with those at its offset; may be empty. */
struct gathered gather(struct str bytes, const struct way *way, const struct input_config *limits,
		       struct str plain);
void gathered_free(struct gathered *g);
#define ck_assert_dump_eq(buf, text) ck_assert_str_eq(buf_text(buf), (text))
const char *buf_text(struct buf *b); /* NUL-terminated */

/* Compressed copies, in `parts` members (frames) of equal size. */
struct buf gzip_of(struct str bytes, unsigned parts);
struct buf zstd_of(struct str bytes, unsigned parts);
struct buf archive_of(struct str bytes, const char *filter);

/* A log of n records of different lengths. */
struct buf some_log(unsigned n);

Suite *suite_texts(void);
Suite *suite_peel(void);
Suite *suite_damage(void);
Suite *suite_walk(void);
Suite *suite_members(void);
Suite *suite_files(void);
Suite *suite_yaml(void);
