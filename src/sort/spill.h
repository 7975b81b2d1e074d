/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorted runs on disk. A file has no name in the directory, so nothing is left over however the
 * program ends. It holds many runs, one after another, so the number of file descriptors does not
 * grow with the number of runs.
 *
 * A run is a sequence of blocks: two little-endian uint32_t, the packed size and the plain size,
 * then one zstd frame (level 1, with checksum) of whole items: varint length and bytes of the key,
 * then of the value. Blocks do not depend on each other, so a reader needs only one plain block:
 * the decompression context and the packed bytes are shared by all readers of a merge. So a reader
 * costs SPILL_BLOCK_MAX instead of the 250 KiB of a streaming context. An item larger than a block
 * has a block of its own.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

enum {
	SPILL_BLOCK_MIN = 4 << 10,
	SPILL_BLOCK_MAX = 64 << 10,
	SPILL_WRITER_MEMORY = 512 << 10,   /* of a writer, blocks included; zstd 1.5.4: see test */
	SPILL_UNPACKER_MEMORY = 256 << 10, /* of an unpacker; likewise */
};

struct spill_file {
	int fd; /* -1: none */
	uint64_t end;
	const char *tmpdir; /* for messages */
};

/* > 0 opened, 0 no file descriptor is free (EMFILE, ENFILE), < 0 an error. */
int spill_file_open(struct spill_file *ret_file, const char *tmpdir, struct err *err);
/* The same by mkostemp and unlink, which spill_file_open falls back to. */
int spill_file_open_named(struct spill_file *ret_file, const char *tmpdir, struct err *err);
void spill_file_close(struct spill_file *f);

struct spill_run {
	struct spill_file *file;
	uint64_t offset, size; /* where it is in the file */
	uint64_t items;
	uint32_t packed_max, plain_max; /* of its largest block; a reader rejects larger ones */
};

/* Returns the space to the file system where that is possible; the run is gone. */
void spill_run_discard(const struct spill_run *run);

/*
 * new, (begin, add*, end)*, free. One run at a time is written at the end of a file. After an error
 * only free or begin may follow; the file is truncated to its earlier size.
 */
struct spill_writer;

struct spill_writer *spill_writer_new(size_t block);
void spill_writer_begin(struct spill_writer *w, struct spill_file *file);
int spill_writer_add(struct spill_writer *w, struct str key, struct str value, struct err *err);
int spill_writer_end(struct spill_writer *w, struct spill_run *ret_run, struct err *err);
size_t spill_writer_memory(const struct spill_writer *w);
void spill_writer_free(struct spill_writer *w);

/* Shared by the readers of one merge. */
struct spill_unpacker;

struct spill_unpacker *spill_unpacker_new(void);
size_t spill_unpacker_memory(const struct spill_unpacker *u);
void spill_unpacker_free(struct spill_unpacker *u);

struct spill_reader {
	struct spill_run run; /* offset and size: the part that is left to read */
	struct buf block;
	struct bytes in;
};

void spill_reader_init(struct spill_reader *r, const struct spill_run *run);
/* > 0 an item, 0 the end, < 0 an error. The slices are valid until the reader's next call. */
int spill_reader_next(struct spill_reader *r, struct spill_unpacker *u, struct str *ret_key,
		      struct str *ret_value, struct err *err);
void spill_reader_free(struct spill_reader *r);
