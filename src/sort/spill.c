/* SPDX-License-Identifier: Apache-2.0 */
#include "sort/spill.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

enum {
	LEVEL = 1,	/* the sort is limited by the processor long before the disk */
	BLOCK_HEAD = 8, /* packed size, plain size */
};

/* A path may be longer than a message. */
#define DIR_FMT "%.256s"
#define ADVICE "choose a directory with --tmpdir, or more memory with --memory"

static int open_result(int fd, struct spill_file *ret_file, const char *tmpdir, struct err *err)
{
	if (fd < 0 && (errno == EMFILE || errno == ENFILE))
		return 0;
	if (fd < 0)
		return err_sys(err, ERR_SYSTEM,
			       "cannot create a temporary file in '" DIR_FMT "' (" ADVICE ")",
			       tmpdir);
	*ret_file = (struct spill_file){ .fd = fd, .tmpdir = tmpdir };
	return 1;
}

int spill_file_open_named(struct spill_file *ret_file, const char *tmpdir, struct err *err)
{
	struct buf path = { 0 };
	int fd, saved;

	buf_printf(&path, "%s/lunettes-XXXXXX", tmpdir);
	fd = mkostemp(path.p, O_CLOEXEC); /* its mode is 0600 */
	saved = errno;
	if (fd >= 0 && unlink(path.p) < 0) {
		saved = errno;
		close(fd);
		fd = -1;
	}
	buf_free(&path);
	errno = saved;
	return open_result(fd, ret_file, tmpdir, err);
}

int spill_file_open(struct spill_file *ret_file, const char *tmpdir, struct err *err)
{
	int fd;

	if (!tmpdir || !*tmpdir)
		return err_set(err, ERR_SYSTEM, "no directory for temporary files (" ADVICE ")");
	fd = open(tmpdir, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	/* Errors of kernels and file systems that do not support O_TMPFILE. */
	if (fd < 0 &&
	    (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOSYS))
		return spill_file_open_named(ret_file, tmpdir, err);
	return open_result(fd, ret_file, tmpdir, err);
}

void spill_file_close(struct spill_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void spill_run_discard(const struct spill_run *run)
{
	/* Not every file system supports it; the space then stays in use until the end. */
	(void)fallocate(run->file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			(off_t)run->offset, (off_t)run->size);
}

static int write_all(const struct spill_file *f, uint64_t at, struct str s, struct err *err)
{
	while (s.n > 0) {
		ssize_t n = pwrite(f->fd, s.p, s.n, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0) {
			errno = ENOSPC;
			n = -1;
		}
		if (n < 0)
			return err_sys(err, ERR_SYSTEM,
				       "cannot write to a temporary file in '" DIR_FMT "' (" ADVICE
				       ")",
				       f->tmpdir);
		s = str_after(s, (size_t)n);
		at += (size_t)n;
	}
	return 0;
}

static uint32_t le32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

static void put_le32(char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (char)(value >> (8 * i));
}

struct spill_writer {
	ZSTD_CCtx *zstd;
	size_t block_size;
	struct buf block, packed;
	struct spill_run run;
};

struct spill_writer *spill_writer_new(size_t block)
{
	struct spill_writer *w = mem_zalloc(sizeof(*w));

	w->zstd = ZSTD_createCCtx();
	if (!w->zstd)
		abort(); /* out of memory, as in mem_alloc */
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_checksumFlag, 1);
	w->block_size = block;
	return w;
}

void spill_writer_begin(struct spill_writer *w, struct spill_file *file)
{
	buf_reset(&w->block);
	w->run = (struct spill_run){ .file = file, .offset = file->end };
}

static int write_block(struct spill_writer *w, struct err *err)
{
	size_t room = BLOCK_HEAD + ZSTD_compressBound(w->block.n), n;

	if (w->block.n == 0)
		return 0;
	buf_reset(&w->packed);
	buf_reserve(&w->packed, room);
	n = ZSTD_compress2(w->zstd, w->packed.p + BLOCK_HEAD, room - BLOCK_HEAD, w->block.p,
			   w->block.n);
	if (ZSTD_isError(n))
		return err_set(err, ERR_SYSTEM, "cannot compress a temporary file: %s",
			       ZSTD_getErrorName(n));
	put_le32(w->packed.p, (uint32_t)n);
	put_le32(w->packed.p + 4, (uint32_t)w->block.n);
	if (write_all(w->run.file, w->run.offset + w->run.size,
		      (struct str){ w->packed.p, BLOCK_HEAD + n }, err) < 0)
		return -1;
	w->run.size += BLOCK_HEAD + n;
	w->run.packed_max = MAX(w->run.packed_max, (uint32_t)n);
	w->run.plain_max = MAX(w->run.plain_max, (uint32_t)w->block.n);
	if (w->block.cap > 2 * w->block_size) { /* after one huge item: back to the usual size */
		buf_free(&w->block);
		buf_free(&w->packed);
	}
	buf_reset(&w->block);
	return 0;
}

static int write_failed(struct spill_writer *w)
{
	/* Truncating only helps a full disk: the next run would overwrite it anyway. */
	int rc = ftruncate(w->run.file->fd, (off_t)w->run.file->end);

	(void)rc;
	return -1;
}

int spill_writer_add(struct spill_writer *w, struct str key, struct str value, struct err *err)
{
	enum { VARINT_MAX = 10 };
	size_t most = key.n + value.n + 2 * VARINT_MAX;

	if (w->block.n > 0 && w->block.n + most > w->block_size && write_block(w, err) < 0)
		return write_failed(w);
	buf_reserve(&w->block, MAX(most, w->block_size - MIN(w->block.n, w->block_size)));
	buf_put_str(&w->block, key);
	buf_put_str(&w->block, value);
	w->run.items++;
	return 0;
}

int spill_writer_end(struct spill_writer *w, struct spill_run *ret_run, struct err *err)
{
	if (write_block(w, err) < 0)
		return write_failed(w);
	w->run.file->end = w->run.offset + w->run.size;
	*ret_run = w->run;
	return 0;
}

size_t spill_writer_memory(const struct spill_writer *w)
{
	return sizeof(*w) + ZSTD_sizeof_CCtx(w->zstd) + w->block.cap + w->packed.cap;
}

void spill_writer_free(struct spill_writer *w)
{
	if (!w)
		return;
	ZSTD_freeCCtx(w->zstd);
	buf_free(&w->block);
	buf_free(&w->packed);
	mem_free(w);
}

struct spill_unpacker {
	ZSTD_DCtx *zstd;
	struct buf packed;
};

struct spill_unpacker *spill_unpacker_new(void)
{
	struct spill_unpacker *u = mem_zalloc(sizeof(*u));

	u->zstd = ZSTD_createDCtx();
	if (!u->zstd)
		abort();
	return u;
}

size_t spill_unpacker_memory(const struct spill_unpacker *u)
{
	return sizeof(*u) + ZSTD_sizeof_DCtx(u->zstd) + u->packed.cap;
}

void spill_unpacker_free(struct spill_unpacker *u)
{
	if (!u)
		return;
	ZSTD_freeDCtx(u->zstd);
	buf_free(&u->packed);
	mem_free(u);
}

void spill_reader_init(struct spill_reader *r, const struct spill_run *run)
{
	*r = (struct spill_reader){ .run = *run };
}

static int damaged(const struct spill_reader *r, const char *how, struct err *err)
{
	return err_set(err, ERR_SYSTEM,
		       "a temporary file in '" DIR_FMT "' is damaged (%s); check that disk, or "
		       "choose another directory with --tmpdir",
		       r->run.file->tmpdir, how);
}

static int read_all(struct spill_reader *r, char *p, size_t n, struct err *err)
{
	if (n > r->run.size)
		return damaged(r, "a block ends after its run", err);
	while (n > 0) {
		ssize_t got = pread(r->run.file->fd, p, n, (off_t)r->run.offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, ERR_SYSTEM,
				       "cannot read a temporary file in '" DIR_FMT "'",
				       r->run.file->tmpdir);
		if (got == 0)
			return damaged(r, "it is too short", err);
		p += got;
		n -= (size_t)got;
		r->run.offset += (uint64_t)got;
		r->run.size -= (uint64_t)got;
	}
	return 0;
}

static int read_block(struct spill_reader *r, struct spill_unpacker *u, struct err *err)
{
	char head[BLOCK_HEAD];
	uint32_t packed, plain;
	size_t n;

	if (read_all(r, head, sizeof(head), err) < 0)
		return -1;
	packed = le32(head);
	plain = le32(head + 4);
	if (packed > r->run.packed_max || plain > r->run.plain_max)
		return damaged(r, "a block is larger than any that was written", err);
	buf_reset(&u->packed);
	buf_reserve(&u->packed, packed);
	buf_reset(&r->block);
	buf_reserve(&r->block, r->run.plain_max); /* exactly, not growing by half */
	if (read_all(r, u->packed.p, packed, err) < 0)
		return -1;
	n = ZSTD_decompressDCtx(u->zstd, r->block.p, plain, u->packed.p, packed);
	if (ZSTD_isError(n))
		return damaged(r, ZSTD_getErrorName(n), err);
	if (n != plain)
		return damaged(r, "a block is shorter than it was", err);
	r->block.n = n;
	r->in = bytes_of(buf_str(&r->block));
	return 0;
}

int spill_reader_next(struct spill_reader *r, struct spill_unpacker *u, struct str *ret_key,
		      struct str *ret_value, struct err *err)
{
	struct str key, value;

	if (r->in.p == r->in.end) {
		if (r->run.size == 0 && r->run.items > 0)
			return damaged(r, "items are missing", err);
		if (r->run.size == 0)
			return 0;
		if (read_block(r, u, err) < 0)
			return -1;
	}
	key = bytes_str(&r->in);
	value = bytes_str(&r->in);
	if (r->in.bad || r->run.items == 0)
		return damaged(r, "a block does not hold what was written", err);
	r->run.items--;
	*ret_key = key;
	*ret_value = value;
	return 1;
}

void spill_reader_free(struct spill_reader *r)
{
	buf_free(&r->block);
}
