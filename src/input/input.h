/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns operands into the texts of records, in two steps:
 *
 *   sources   the files of the operands: paths, directories searched recursively, "-". Sorted by
 *             name, each once, so that neither the order of operands nor of a directory matters.
 *   texts     one source's bytes, decompressed by content (never by name) and split into texts: one
 *             line; or one item of an array, or of an envelope ({"items":[...]}) that is too long
 *             for one text; or one multi-line (pretty-printed) JSON value. An archive yields the
 *             texts of its files, one file after the other; YAML those of its documents or items,
 *             as JSON; lines that a container runtime split are joined.
 *
 * The exact rules: a line is a text, whatever its content, without its newline and a CR before it.
 * A text is never an array: an array, on one line or on many, of any size, yields its items. A line
 * that is only "{" begins a multi-line value, which continues as long as the lines are valid JSON
 * and ends with its bracket, so a torn line does not swallow the records after it. An envelope that
 * fits into record_max is one text; of a larger one only the items are used. A byte order mark at
 * the start is skipped.
 *
 * Legal order: sources_find; then for each source texts_open, texts_next*, texts_close, from any
 * number of threads (one thread per texts). This room does not interpret texts. A file that was
 * found in a directory, not named, is read only if config.look accepts its first bytes. Problems of
 * the input (torn stream, oversize record) are reported by input_note, and the rest is used; only
 * problems of the whole program are errors.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "input/bounds.h"

struct source {
	struct str name; /* for display: as the user would type it; "-" is shown as <stdin> */
	const char *path;   /* NUL-terminated */
	struct str cluster; /* of --cluster NAME=PATH, else empty */
	uint64_t size;	    /* bytes on disk, 0 if unknown */
	bool is_stdin;
	bool named; /* named by the user, not found in a directory */
};

struct sources {
	struct arena arena;
	struct source *list;
	size_t n, cap;
};

enum input_note_kind {
	INPUT_CANNOT_OPEN, /* an operand or a file below it; detail has the reason */
	INPUT_READ_ERROR,
	INPUT_TRUNCATED,   /* a compressed stream is truncated */
	INPUT_CORRUPT,	   /* a compressed stream is damaged; bytes before that were used */
	INPUT_OVERSIZE,	   /* a text longer than record_max was dropped */
	INPUT_BOMB,	   /* the decompression ratio passed ratio_max */
	INPUT_UNSUPPORTED, /* a known format that is not supported; detail names it */
	INPUT_TOO_DEEP,	   /* directories beyond INPUT_DEPTH_MAX, archives beyond depth_max */
	INPUT_ENTRIES,	   /* an archive has more files than entries_max; the rest was skipped */
	INPUT_MALFORMED,   /* invalid YAML; detail has the reason */
	INPUT_PARTIAL,	   /* a record that was split, and whose last parts are missing */
	INPUT_FOREIGN,	   /* a file of another kind, which detail names */
	INPUT_PASSED_OVER, /* found, not named; its first bytes look irrelevant */
};

struct input_note {
	enum input_note_kind kind;
	struct str name; /* of the source, or of the file in an archive: "logs.tar.gz!a/b.json" */
	uint32_t member; /* as in struct text */
	bool named;
	bool dangling; /* INPUT_CANNOT_OPEN: a dangling link in a directory */
	uint64_t line;	 /* 0 when there is none */
	uint64_t offset; /* in the decompressed stream */
	const char *detail;
};

/* A file that has been read to its end: a source, or a file in an archive. */
struct input_file {
	struct str name;
	uint32_t member;  /* as in struct text */
	const char *form; /* "plain", "yaml", "gzip", "xz+tar archive"; empty: not opened */
	uint64_t bytes;	  /* decompressed */
};

/* What the first bytes of a file suggest. */
enum input_look {
	INPUT_LOOK_READ,    /* it may have relevant records */
	INPUT_LOOK_PASS,    /* it seems irrelevant: read only if the user named it */
	INPUT_LOOK_FOREIGN, /* it has another format; never read */
};

struct operand {
	const char *path;    /* "-" is standard input */
	const char *cluster; /* or NULL */
};

struct input_config {
	size_t record_max;    /* 0: the default */
	uint64_t ratio_max;   /* 0: the default */
	unsigned depth_max;   /* nesting depth of archives; 0: the default */
	uint64_t entries_max; /* files in one archive; 0: the default */
	/* May be called from any thread that uses the texts; all but ctx may be NULL. */
	void (*note)(void *ctx, const struct input_note *note);
	void (*file)(void *ctx, const struct input_file *file);
	/* head: the first INPUT_LOOK_SIZE plain bytes, fewer if there are no more; what: static */
	enum input_look (*look)(void *ctx, struct str head, const char **ret_what);
	void *ctx;
};

/*
 * Finds the files. < 0 only when there is nothing at all to read (the notes have the reason). Links
 * to files and directories are followed; a file with several names is read once per cluster, under
 * the first of them. An operand may be a FIFO or a device; inside directories only files count.
 */
int sources_find(const struct operand *operands, size_t n, const struct input_config *config,
		 struct sources *ret_sources, struct err *err);
void sources_free(struct sources *s);

/* Where a text begins in the decompressed stream: the line from 1, the offset from 0. */
struct text {
	struct str bytes; /* without the newline; valid until the next call */
	uint32_t member;  /* number of the file in an archive, from 1; 0: the source itself */
	uint64_t line, offset;
	bool unterminated; /* the stream ended before a newline: perhaps still being written */
};

struct texts;

struct texts *texts_open(const struct source *source, const struct input_config *config);
/*
 * > 0 a text, 0 the end of the source; never < 0 for damage, which is noted after the last text.
 * Blank lines are skipped. The first call opens the file.
 */
int texts_next(struct texts *t, struct text *ret_text, struct err *err);
uint64_t texts_consumed(const struct texts *t); /* bytes of the source read so far, for progress */
const char *texts_form(const struct texts *t);	/* of the current file: "plain", "gzip+zstd", ... */
void texts_close(struct texts *t);		/* NULL is fine */

/* One line for --version: the library of each format. Static. */
const char *input_features(void);
