/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip: one member or several, concatenated. Two engines with the same behaviour: ISA-L, which is
 * twice as fast, and zlib, which is everywhere. Both are compiled where ISA-L is found, so that a
 * test can compare them.
 */
#include "input/stream.h"

#include "base/mem.h"

#ifdef HAVE_ISAL
#include <isa-l.h>
#endif
#include <zlib.h>

enum inflated {
	INFLATED_SOME,	 /* give it room or more input */
	INFLATED_MEMBER, /* the end of a member, checksum and length were right */
	INFLATED_DAMAGED,
};

struct gzip;

struct inflater {
	enum inflated (*step)(struct gzip *g, void *to, size_t n, size_t *ret_got);
	void (*reset)(struct gzip *g); /* before each member */
};

struct gzip {
	struct stream s;
	struct feed in;
	const struct inflater *inflater;
	bool inside; /* within a member, not between two */
	bool over;
	bool wrong_checksum;
	struct stream_fault fault; /* returned at the end of the stream */
	z_stream zlib;
#ifdef HAVE_ISAL
	struct inflate_state isal;
#endif
};

static enum inflated zlib_step(struct gzip *g, void *to, size_t n, size_t *ret_got)
{
	z_stream *z = &g->zlib;
	int r;

	z->next_in = g->in.buf + g->in.pos;
	z->avail_in = (uInt)(g->in.n - g->in.pos);
	z->next_out = to;
	z->avail_out = (uInt)n;
	r = inflate(z, Z_NO_FLUSH);
	g->in.pos = g->in.n - z->avail_in;
	*ret_got = n - z->avail_out;
	if (r == Z_STREAM_END)
		return INFLATED_MEMBER;
	/* Used only in the message; without it the note is only less precise. */
	g->wrong_checksum = r == Z_DATA_ERROR && z->msg &&
			    (strstr(z->msg, "data check") || strstr(z->msg, "length check"));
	return r == Z_OK || r == Z_BUF_ERROR ? INFLATED_SOME : INFLATED_DAMAGED;
}

static void zlib_reset(struct gzip *g)
{
	inflateReset(&g->zlib);
}

static const struct inflater zlib_inflater = { zlib_step, zlib_reset };

#ifdef HAVE_ISAL

static enum inflated isal_step(struct gzip *g, void *to, size_t n, size_t *ret_got)
{
	struct inflate_state *st = &g->isal;
	int r;

	st->next_in = g->in.buf + g->in.pos;
	st->avail_in = (uint32_t)(g->in.n - g->in.pos);
	st->next_out = to;
	st->avail_out = (uint32_t)n;
	r = isal_inflate(st);
	g->in.pos = g->in.n - st->avail_in;
	*ret_got = n - st->avail_out;
	if (r < 0) {
		g->wrong_checksum = r == ISAL_INCORRECT_CHECKSUM;
		return INFLATED_DAMAGED;
	}
	return st->block_state == ISAL_BLOCK_FINISH ? INFLATED_MEMBER : INFLATED_SOME;
}

static void isal_reset(struct gzip *g)
{
	isal_inflate_reset(&g->isal);
	g->isal.crc_flag = ISAL_GZIP;
}

static const struct inflater isal_inflater = { isal_step, isal_reset };

/* After an error ISA-L may still hold decoded bytes for which there was no room. */
static size_t isal_left(struct gzip *g, void *to, size_t n)
{
	struct inflate_state *st = &g->isal;
	size_t left;

	if (g->inflater != &isal_inflater || st->tmp_out_valid <= st->tmp_out_processed)
		return 0;
	left = MIN(n, (size_t)(st->tmp_out_valid - st->tmp_out_processed));
	memcpy(to, st->tmp_out_buffer + st->tmp_out_processed, left);
	st->tmp_out_processed += (int32_t)left;
	return left;
}

#else

static size_t isal_left(struct gzip *g, void *to, size_t n)
{
	return 0;
}

#endif

/* Stops decoding; bytes that are already decoded are still returned. */
static void gzip_end(struct gzip *g, enum input_note_kind kind, const char *what)
{
	g->over = true;
	stream_fail(&g->fault, kind, "%s", what);
}

/* False: the stream has ended, successfully or with a fault. */
static bool gzip_refill(struct gzip *g, struct stream_fault *fault, ssize_t *ret_end)
{
	ssize_t got = g->inside ? feed_more(&g->in, fault) : feed_next_part(&g->in, fault);

	if (got > 0 && !g->inside) {
		if (g->in.buf[g->in.pos] != 0x1f) {
			*ret_end = stream_fail(fault, INPUT_CORRUPT,
					       "bytes that are not gzip behind a gzip member");
			return false;
		}
		g->inside = true;
		g->inflater->reset(g);
	}
	if (got == 0 && g->inside)
		got = stream_fail(fault, INPUT_TRUNCATED, "the gzip data ends too early");
	*ret_end = got;
	return got > 0;
}

static ssize_t gzip_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct gzip *g = (struct gzip *)s;
	bool stuck = false;

	for (;;) {
		size_t got, before = g->in.pos;
		enum inflated r;
		ssize_t end;

		if (g->over) {
			got = isal_left(g, to, n);
			if (got > 0)
				return (ssize_t)got;
			*fault = g->fault;
			return -1;
		}
		/* An engine with no input left may still have output, so it is called once more. */
		if ((!g->inside || stuck) && !gzip_refill(g, fault, &end))
			return end;
		before = g->in.pos;
		r = g->inflater->step(g, to, n, &got);
		if (r == INFLATED_MEMBER)
			g->inside = false;
		else if (r == INFLATED_DAMAGED)
			gzip_end(g, INPUT_CORRUPT,
				 g->wrong_checksum ? "wrong gzip checksum" : "damaged gzip data");
		else if (got == 0 && g->in.pos == before && g->in.pos < g->in.n)
			gzip_end(g, INPUT_CORRUPT, "damaged gzip data");
		stuck = g->in.pos == g->in.n;
		if (got > 0)
			return (ssize_t)got;
	}
}

static void gzip_close(struct stream *s)
{
	struct gzip *g = (struct gzip *)s;

	inflateEnd(&g->zlib);
	feed_close(&g->in);
	mem_free(g);
}

struct stream *gzip_open(struct stream *from, const struct peel_config *config)
{
	static const struct stream_ops ops = { gzip_read, gzip_close };
	struct gzip *g = mem_zalloc(sizeof(*g));

	g->s.ops = &ops;
	g->inflater = &zlib_inflater;
	feed_open(&g->in, from);
	/* 15: the largest window; 16: with a gzip header. */
	if (inflateInit2(&g->zlib, 15 + 16) != Z_OK)
		gzip_end(g, INPUT_UNSUPPORTED, "zlib does not start");
#ifdef HAVE_ISAL
	isal_inflate_init(&g->isal);
	if (!config->prefer_zlib)
		g->inflater = &isal_inflater;
#endif
	return &g->s;
}

const char *input_features(void)
{
#ifdef HAVE_ISAL
	return "gzip by ISA-L; zstd; xz, bzip2 and lz4 by libarchive";
#else
	return "gzip by zlib (built without ISA-L: at half the speed); zstd; "
	       "xz, bzip2 and lz4 by libarchive";
#endif
}
