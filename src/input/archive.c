/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xz, bzip2 and lz4 through libarchive, as bare streams. When the stream is damaged, libarchive
 * returns an error without the bytes it decoded in the same step, so up to one of its blocks (64
 * KiB) before the damage is lost.
 */
#include <archive.h> /* first, because it includes <time.h>, parts of which the prelude bans */

#include "input/stream.h"

#include "base/mem.h"

struct unarchived {
	struct stream s;
	struct feed in;
	struct archive *a;
	struct str left; /* of libarchive's last block */
	int supported;	 /* libarchive's message about the filter */
	bool begun, over;
	bool ended; /* from below; an error then means that the stream ended too early */
	bool faulty;
	struct stream_fault fault; /* from below, or our own */
};

static la_ssize_t give(struct archive *a, void *ctx, const void **ret_block)
{
	struct unarchived *u = ctx;
	ssize_t got = 0;

	if (!u->ended && !u->faulty)
		got = feed_more(&u->in, &u->fault);
	u->faulty |= got < 0;
	u->ended |= got == 0;
	*ret_block = u->in.buf;
	return MAX(got, 0); /* a fault from below is reported here, not by libarchive */
}

static ssize_t unarchived_end(struct unarchived *u, struct stream_fault *fault)
{
	u->over = true;
	if (!u->faulty && u->ended)
		stream_fail(&u->fault, INPUT_TRUNCATED, "the compressed data ends too early");
	else if (!u->faulty)
		stream_fail(&u->fault, INPUT_CORRUPT, "damaged compressed data");
	u->faulty = true;
	*fault = u->fault;
	return -1;
}

/* > 0: the stream has content. */
static int unarchived_begin(struct unarchived *u)
{
	struct archive_entry *entry;
	int r;

	u->begun = true;
	/* Anything but OK means that libarchive would start a program to decode it. */
	if (u->supported != ARCHIVE_OK) {
		stream_fail(&u->fault, INPUT_UNSUPPORTED, "this libarchive cannot decompress it");
		u->faulty = true;
		return -1;
	}
	archive_read_support_format_raw(u->a);
	archive_read_support_format_empty(u->a);
	if (archive_read_open(u->a, u, NULL, give, NULL) != ARCHIVE_OK)
		return -1;
	r = archive_read_next_header(u->a, &entry);
	/* libarchive returns the raw bytes when a magic number is truncated. */
	if (archive_filter_code(u->a, 0) == ARCHIVE_FILTER_NONE)
		return -1;
	return r == ARCHIVE_EOF ? 0 : r >= ARCHIVE_WARN ? 1 : -1;
}

/* Block by block, because archive_read_data drops the blocks before one that fails. */
static int unarchived_more(struct unarchived *u)
{
	int r = u->begun ? 1 : unarchived_begin(u);

	while (r > 0 && u->left.n == 0) {
		const void *block;
		size_t n;
		la_int64_t offset;
		int status = archive_read_data_block(u->a, &block, &n, &offset);

		if (status == ARCHIVE_EOF)
			r = 0;
		else if (status < ARCHIVE_WARN)
			r = -1;
		else
			u->left = (struct str){ block, n };
	}
	return r;
}

static ssize_t unarchived_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct unarchived *u = (struct unarchived *)s;

	if (!u->over && u->left.n == 0) {
		int r = unarchived_more(u);

		if (r < 0)
			return unarchived_end(u, fault);
		u->over = r == 0;
	}
	if (u->over)
		return u->faulty ? unarchived_end(u, fault) : 0;
	n = MIN(n, u->left.n);
	memcpy(to, u->left.p, n);
	u->left = str_after(u->left, n);
	return (ssize_t)n;
}

static void unarchived_close(struct stream *s)
{
	struct unarchived *u = (struct unarchived *)s;

	archive_read_free(u->a);
	feed_close(&u->in);
	mem_free(u);
}

static struct unarchived *unarchived_open(struct stream *from)
{
	static const struct stream_ops ops = { unarchived_read, unarchived_close };
	struct unarchived *u = mem_zalloc(sizeof(*u));

	u->s.ops = &ops;
	feed_open(&u->in, from);
	u->a = archive_read_new();
	return u;
}

/* Only one filter each: inner layers are found by the table of peel.c. */

struct stream *xz_open(struct stream *from, const struct peel_config *config)
{
	struct unarchived *u = unarchived_open(from);

	u->supported = archive_read_support_filter_xz(u->a);
	return &u->s;
}

struct stream *bzip2_open(struct stream *from, const struct peel_config *config)
{
	struct unarchived *u = unarchived_open(from);

	u->supported = archive_read_support_filter_bzip2(u->a);
	return &u->s;
}

struct stream *lz4_open(struct stream *from, const struct peel_config *config)
{
	struct unarchived *u = unarchived_open(from);

	u->supported = archive_read_support_filter_lz4(u->a);
	return &u->s;
}
