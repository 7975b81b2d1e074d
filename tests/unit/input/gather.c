/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h> /* first: it brings <time.h>, some of which the prelude forbids */
#include <archive_entry.h>

#include "gather.h"

#include "base/mem.h"
#include "input/texts.h"

#include <zlib.h>
#include <zstd.h>

struct memory {
	struct stream s;
	struct str left;
	size_t chunk_max;
	uint64_t dice;
};

static ssize_t memory_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct memory *m = (struct memory *)s;

	n = MIN(n, m->left.n);
	if (m->chunk_max) {
		m->dice = m->dice * 6364136223846793005u + 1442695040888963407u;
		n = MIN(n, 1 + (size_t)(m->dice >> 33) % m->chunk_max);
	}
	if (n == 0)
		return 0;
	memcpy(to, m->left.p, n);
	m->left = str_after(m->left, n);
	return (ssize_t)n;
}

static void memory_close(struct stream *s)
{
	mem_free(s);
}

struct stream *stream_of_memory(struct str bytes, size_t chunk_max)
{
	static const struct stream_ops ops = { memory_read, memory_close };
	struct memory *m = mem_zalloc(sizeof(*m));

	m->s.ops = &ops;
	m->left = bytes;
	m->chunk_max = chunk_max;
	m->dice = chunk_max;
	return &m->s;
}

const char *note_name(enum input_note_kind kind)
{
	static const char *const names[] = {
		[INPUT_CANNOT_OPEN] = "cannot-open", [INPUT_READ_ERROR] = "read-error",
		[INPUT_TRUNCATED] = "truncated",     [INPUT_CORRUPT] = "corrupt",
		[INPUT_OVERSIZE] = "oversize",	     [INPUT_BOMB] = "bomb",
		[INPUT_UNSUPPORTED] = "unsupported", [INPUT_TOO_DEEP] = "too-deep",
		[INPUT_ENTRIES] = "entries",	     [INPUT_MALFORMED] = "malformed",
		[INPUT_PARTIAL] = "partial",	     [INPUT_FOREIGN] = "foreign",
		[INPUT_PASSED_OVER] = "passed-over",
	};

	return names[kind];
}

static void on_note(void *ctx, const struct input_note *note)
{
	struct gathered *g = ctx;

	g->n_notes++;
	g->kind = note->kind;
	ck_assert(str_eq(note->name, STR("memory")) && note->named && note->detail);
	buf_printf(&g->notes, "%s %llu@%llu %s\n", note_name(note->kind),
		   (unsigned long long)note->line, (unsigned long long)note->offset, note->detail);
}

static void check_place(const struct text *x, struct str plain)
{
	uint64_t line = 1;

	ck_assert_uint_le(x->offset + x->bytes.n, plain.n);
	ck_assert(memcmp(plain.p + x->offset, x->bytes.p, x->bytes.n) == 0);
	for (uint64_t i = 0; i < x->offset; i++)
		line += plain.p[i] == '\n';
	ck_assert_uint_eq(x->line, line);
}

static void on_file(void *ctx, const struct input_file *file)
{
	struct gathered *g = ctx;

	g->produced = file->bytes;
	snprintf(g->form, sizeof(g->form), "%s", file->form);
}

struct gathered gather(struct str bytes, const struct way *way, const struct input_config *limits,
		       struct str plain)
{
	static const struct source source = { .name = { "memory", 6 }, .named = true };
	struct gathered g = { 0 };
	struct input_config config = { .note = on_note, .file = on_file, .ctx = &g };
	struct peel_config peel = { .prefer_zlib = way->prefer_zlib };
	struct texts *t;
	struct text x;
	struct err err;

	if (limits) {
		config.record_max = limits->record_max;
		config.ratio_max = limits->ratio_max;
	}
	t = texts_of_stream(stream_of_memory(bytes, way->chunk_max), &source, &config, &peel,
			    way->block);
	while (texts_next(t, &x, &err) > 0) {
		g.n_texts++;
		if (plain.n)
			check_place(&x, plain);
		buf_printf(&g.dump, "%llu@%llu%s:", (unsigned long long)x.line,
			   (unsigned long long)x.offset, x.unterminated ? "!" : "");
		buf_add_str(&g.dump, x.bytes);
		buf_add_char(&g.dump, '\n');
	}
	ck_assert_int_eq(texts_next(t, &x, &err), 0);
	texts_close(t);
	return g;
}

void gathered_free(struct gathered *g)
{
	buf_free(&g->dump);
	buf_free(&g->notes);
}

const char *buf_text(struct buf *b)
{
	buf_reserve(b, 1);
	b->p[b->n] = '\0';
	return b->p;
}

static struct str part_of(struct str bytes, unsigned i, unsigned parts)
{
	size_t from = bytes.n * i / parts, to = bytes.n * (i + 1) / parts;

	return (struct str){ bytes.p + from, to - from };
}

struct buf gzip_of(struct str bytes, unsigned parts)
{
	struct buf out = { 0 };

	for (unsigned i = 0; i < parts; i++) {
		struct str part = part_of(bytes, i, parts);
		z_stream z = { 0 };

		ck_assert(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
		buf_reserve(&out, deflateBound(&z, part.n) + 64);
		z.next_in = (Bytef *)(uintptr_t)part.p;
		z.avail_in = (uInt)part.n;
		z.next_out = (Bytef *)out.p + out.n;
		z.avail_out = (uInt)(out.cap - out.n);
		ck_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
		out.n += z.total_out;
		deflateEnd(&z);
	}
	return out;
}

struct buf zstd_of(struct str bytes, unsigned parts)
{
	struct buf out = { 0 };
	ZSTD_CCtx *c = ZSTD_createCCtx();

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	for (unsigned i = 0; i < parts; i++) {
		struct str part = part_of(bytes, i, parts);
		size_t n;

		buf_reserve(&out, ZSTD_compressBound(part.n));
		n = ZSTD_compress2(c, out.p + out.n, out.cap - out.n, part.p, part.n);
		ck_assert(!ZSTD_isError(n));
		out.n += n;
	}
	ZSTD_freeCCtx(c);
	return out;
}

struct buf archive_of(struct str bytes, const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct buf out = { 0 };
	size_t used = 0;

	buf_reserve(&out, bytes.n * 2 + 65536);
	archive_write_set_format_raw(a);
	ck_assert_int_eq(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	archive_write_set_bytes_per_block(a, 0);
	ck_assert_int_eq(archive_write_open_memory(a, out.p, out.cap, &used), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_pathname(entry, "log");
	ck_assert_int_eq(archive_write_header(a, entry), ARCHIVE_OK);
	ck_assert_int_eq(archive_write_data(a, bytes.p, bytes.n), (la_ssize_t)bytes.n);
	ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(a);
	out.n = used;
	return out;
}

struct buf some_log(unsigned n)
{
	struct buf out = { 0 };
	unsigned dice = 7;

	for (unsigned i = 0; i < n; i++) {
		dice = dice * 1664525 + 1013904223;
		buf_printf(&out, "{\"auditID\":\"%08x-%u\",\"verb\":\"%s\",\"pad\":\"%.*s\"}\n",
			   dice, i, dice >> 31 ? "create" : "patch", (int)(dice >> 27),
			   "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
	}
	return out;
}
