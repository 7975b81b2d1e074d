/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: bytes that arrive in blocks, and decoders. A decoder is a stream that reads
 * from another stream, which it owns.
 */
#pragma once

#include "base/str.h"
#include "input/input.h"

#include <sys/types.h>

/* Why a stream ended too early. text is printable. */
struct stream_fault {
	enum input_note_kind kind;
	char text[128];
};

struct stream;

struct stream_ops {
	/* > 0 bytes (fewer than n is not the end), 0 the end, < 0 the end with a fault. */
	ssize_t (*read)(struct stream *s, void *to, size_t n, struct stream_fault *fault);
	void (*close)(struct stream *s);
};

struct stream {
	const struct stream_ops *ops;
	uint64_t given; /* bytes delivered so far */
};

/* All bytes that were decoded before a fault are delivered before it is returned. */
ssize_t stream_read(struct stream *s, void *to, size_t n, struct stream_fault *fault);
void stream_close(struct stream *s); /* NULL is fine; also closes the stream below */
ssize_t stream_fail(struct stream_fault *fault, enum input_note_kind kind, const char *fmt, ...)
    PRINTF_LIKE(3, 4); /* fills it; returns -1 */

/* The bytes of a descriptor; owned: closes it with the stream. */
struct stream *stream_of_fd(int fd, bool owned);

/* Bytes that a decoder has read from below and not used yet. */
struct feed {
	struct stream *from;
	unsigned char *buf;
	size_t pos, n;
};

void feed_open(struct feed *f, struct stream *from);
void feed_close(struct feed *f);
ssize_t feed_more(struct feed *f,
		  struct stream_fault *fault); /* when all is used; like stream_read */
/*
 * Between the parts (members, frames) of a compressed stream: skips zero bytes, which tapes and
 * file systems leave after a crash. > 0: another part begins, 0 the end, < 0 a fault.
 */
ssize_t feed_next_part(struct feed *f, struct stream_fault *fault);

struct peel_config {
	uint64_t ratio_max;  /* decompressed / compressed ... */
	uint64_t ratio_free; /* ... which applies only after this many decompressed bytes */
	bool prefer_zlib;    /* use zlib for gzip, even where ISA-L is available */
};

/* The openers own from afterwards, also when they fail. Never NULL. */
struct stream *gzip_open(struct stream *from, const struct peel_config *config);
struct stream *zstd_open(struct stream *from, const struct peel_config *config);
struct stream *xz_open(struct stream *from, const struct peel_config *config);
struct stream *bzip2_open(struct stream *from, const struct peel_config *config);
struct stream *lz4_open(struct stream *from, const struct peel_config *config);
struct stream *utf16le_open(struct stream *from, const struct peel_config *config);
struct stream *utf16be_open(struct stream *from, const struct peel_config *config);
