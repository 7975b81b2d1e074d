/* SPDX-License-Identifier: Apache-2.0 */
/* zstd: concatenated frames, with skippable frames between them. */
#include "input/stream.h"

#include "base/mem.h"

#include <zstd.h>
#include <zstd_errors.h>

enum {
	/*
	 * A frame may request a window of up to 2 GiB. 27 (128 MiB) is the default limit of
	 * zstd(1); level 3, the usual one, needs 2 MiB, and the highest level 8 (128 with --ultra).
	 */
	WINDOW_LOG_MAX = 27,
	BLOCK_HEADER = 3,
};

struct zstd {
	struct stream s;
	struct feed in;
	ZSTD_DStream *d;
	size_t want; /* the input of the decoder's next step, without reading ahead */
	bool inside; /* within a frame, not between two */
	bool flush;  /* the last call used all the room: there may be more */
	bool over;
	struct stream_fault fault;
};

static void zstd_end(struct zstd *z, size_t code)
{
	z->over = true;
	if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge)
		stream_fail(&z->fault, INPUT_UNSUPPORTED,
			    "zstd with a window of more than %d MiB (--long=%d or more)",
			    1 << (WINDOW_LOG_MAX - 20), WINDOW_LOG_MAX + 1);
	else if (ZSTD_getErrorCode(code) == ZSTD_error_prefix_unknown)
		stream_fail(&z->fault, INPUT_CORRUPT,
			    "bytes that are not zstd behind a zstd frame");
	else
		stream_fail(&z->fault, INPUT_CORRUPT, "damaged zstd data: %s",
			    ZSTD_getErrorName(code));
}

/*
 * When a call fails, the decoder does not report how much it had written in that call. So it gets
 * only the input for one step, and the header of the next block, which it would like together with
 * a block, in a separate call. Then a damaged block loses nothing before it.
 */
static size_t next_slice(const struct zstd *z)
{
	size_t want = z->want > BLOCK_HEADER ? z->want - BLOCK_HEADER : MAX(z->want, 1);

	return MIN(want, z->in.n - z->in.pos);
}

static ssize_t zstd_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct zstd *z = (struct zstd *)s;
	ZSTD_outBuffer out = { to, n, 0 };

	while (out.pos == 0) {
		ZSTD_inBuffer in = { z->in.buf, z->in.pos, z->in.pos };
		size_t r;

		if (z->over) {
			*fault = z->fault;
			return -1;
		}
		if (!z->flush && (!z->inside || z->in.pos == z->in.n)) {
			ssize_t got =
			    z->inside ? feed_more(&z->in, fault) : feed_next_part(&z->in, fault);

			if (got == 0 && z->inside)
				return stream_fail(fault, INPUT_TRUNCATED,
						   "the zstd data ends too early");
			if (got <= 0)
				return got;
			in.pos = z->in.pos;
		}
		in.size = in.pos + (z->flush ? 0 : next_slice(z));
		r = ZSTD_decompressStream(z->d, &out, &in);
		if (ZSTD_isError(r)) {
			zstd_end(z, r);
			continue;
		}
		/* after a call that only returned remaining output, r is the same as before */
		z->want = r;
		z->in.pos = in.pos;
		z->inside = r != 0;
		z->flush = z->inside && out.pos == out.size;
	}
	return (ssize_t)out.pos;
}

static void zstd_close(struct stream *s)
{
	struct zstd *z = (struct zstd *)s;

	ZSTD_freeDStream(z->d);
	feed_close(&z->in);
	mem_free(z);
}

struct stream *zstd_open(struct stream *from, const struct peel_config *config)
{
	static const struct stream_ops ops = { zstd_read, zstd_close };
	struct zstd *z = mem_zalloc(sizeof(*z));

	z->s.ops = &ops;
	feed_open(&z->in, from);
	z->d = ZSTD_createDStream();
	if (!z->d) {
		z->over = true;
		stream_fail(&z->fault, INPUT_UNSUPPORTED, "zstd does not start");
	} else {
		ZSTD_DCtx_setParameter(z->d, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
		z->want = ZSTD_initDStream(z->d);
		z->inside = true;
	}
	return &z->s;
}
