/* SPDX-License-Identifier: Apache-2.0 */
/* Detects the compressions of a stream by its content, and decodes them. */
#include "input/peel.h"

#include "base/mem.h"
#include "input/members.h"

/*
 * A layer on the base and on every decoder. It peeks at the first bytes and returns them again, and
 * it checks the ratio at every depth, because the inner layer may be the bomb.
 */

enum { HEAD_SIZE = 512 /* the magic number of tar is at 257 */ };

struct layer {
	struct stream s;
	struct stream *below;
	const struct stream *base;
	struct peel_config config;
	char head[HEAD_SIZE];
	size_t pos, n;
	struct stream_fault fault; /* met while peeking */
	bool faulty;
};

static bool is_bomb(const struct layer *l)
{
	if (l->below == l->base || l->below->given <= l->config.ratio_free)
		return false;
	return l->below->given / MAX(l->base->given, 1) > l->config.ratio_max;
}

static ssize_t layer_below(struct layer *l, void *to, size_t n, struct stream_fault *fault)
{
	if (is_bomb(l))
		return stream_fail(fault, INPUT_BOMB,
				   "more than %llu times as large when decompressed",
				   (unsigned long long)l->config.ratio_max);
	return stream_read(l->below, to, n, fault);
}

static ssize_t layer_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct layer *l = (struct layer *)s;

	if (l->pos < l->n) {
		n = MIN(n, l->n - l->pos);
		memcpy(to, l->head + l->pos, n);
		l->pos += n;
		return (ssize_t)n;
	}
	if (l->faulty) {
		*fault = l->fault;
		return -1;
	}
	return layer_below(l, to, n, fault);
}

static void layer_close(struct stream *s)
{
	struct layer *l = (struct layer *)s;

	stream_close(l->below);
	mem_free(l);
}

static struct layer *layer_open(struct stream *below, const struct stream *base,
				const struct peel_config *config)
{
	static const struct stream_ops ops = { layer_read, layer_close };
	struct layer *l = mem_zalloc(sizeof(*l));
	ssize_t got = 1;

	l->s.ops = &ops;
	l->below = below;
	l->base = base;
	l->config = *config;
	while (got > 0 && l->n < HEAD_SIZE) {
		got = layer_below(l, l->head + l->n, HEAD_SIZE - l->n, &l->fault);
		if (got > 0)
			l->n += (size_t)got;
	}
	l->faulty = got < 0;
	return l;
}

/* How content is recognised. */

struct form {
	const char *name;
	const char *magic;
	size_t magic_n, at;
	struct stream *(*open)(struct stream *from, const struct peel_config *config);
	bool archive; /* for members_open */
};

#define MAGIC(lit) (lit), sizeof(lit) - 1

/* Neither open nor archive: not supported. Rows that another row would hide come first. */
static const struct form forms[] = {
	{ "gzip", MAGIC("\x1f\x8b\x08"), 0, gzip_open },
	{ "zstd", MAGIC("\x28\xb5\x2f\xfd"), 0, zstd_open },
	{ "zstd", MAGIC("\x2a\x4d\x18"), 1, zstd_open }, /* a skippable frame: 50..5f before */
	{ "xz", MAGIC("\xfd\x37\x7aXZ\0"), 0, xz_open },
	{ "lz4", MAGIC("\x04\x22\x4d\x18"), 0, lz4_open },
	{ "bzip2", MAGIC("1AY&SY"), 4, bzip2_open },	   /* after "BZh9" */
	{ "bzip2", MAGIC("\x17rE8P\x90"), 4, bzip2_open }, /* empty */
	{ "tar archive", MAGIC("ustar"), 257, NULL, true },
	{ "zip archive", MAGIC("PK\3\4"), 0, NULL, true },
	{ "zip archive", MAGIC("PK\5\6"), 0, NULL, true },
	{ "7z archive", MAGIC("7z\xbc\xaf\x27\x1c"), 0, NULL },
	{ "rar archive", MAGIC("Rar!\x1a\x07"), 0, NULL },
	{ "compress (.Z) file", MAGIC("\x1f\x9d"), 0, NULL },
	{ "lzip file", MAGIC("LZIP\1"), 0, NULL },
	{ "lzop file", MAGIC("\x89LZO\0"), 0, NULL },
	{ "snappy file", MAGIC("\xff\x06\0\0sNaPpY"), 0, NULL },
	{ "Parquet file", MAGIC("PAR1"), 0, NULL },
	{ "SQLite database", MAGIC("SQLite format 3\0"), 0, NULL },
	{ "utf-16", MAGIC("\xff\xfe"), 0, utf16le_open },
	{ "utf-16", MAGIC("\xfe\xff"), 0, utf16be_open },
};

static bool is_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] >= 0x80 ||
		    ((unsigned char)p[i] < 0x20 && !strchr("\t\r\n", p[i])))
			return false;
	return true;
}

static bool form_matches(const struct form *form, const char *head, size_t n)
{
	/* A truncated magic number still means that format, unless it could be text. */
	if (form->at == 0 && n > 0 && n < form->magic_n && form->open && !is_text(head, n))
		return memcmp(head, form->magic, n) == 0;
	if (n < form->at + form->magic_n ||
	    memcmp(head + form->at, form->magic, form->magic_n) != 0)
		return false;
	if (form->open == bzip2_open)
		return memcmp(head, "BZh", 3) == 0;
	return form->open != zstd_open || form->at == 0 || ((unsigned char)head[0] & 0xf0) == 0x50;
}

static const struct form *form_of(const struct layer *l)
{
	/* tar of before 1988 has only a checksum */
	static const struct form old_tar = { .name = "tar archive", .archive = true };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (form_matches(&forms[i], l->head, l->n))
			return &forms[i];
	return members_is((struct str){ l->head, l->n }) ? &old_tar : NULL;
}

static void form_append(char *to, size_t size, const char *name)
{
	size_t n = strlen(to);

	snprintf(to + n, size - n, "%s%s", n ? "+" : "", name);
}

/* False with the fault filled: this layer is not supported. */
static bool may_peel(const struct form *form, int depth, struct stream_fault *fault)
{
	if (!form->open)
		stream_fail(fault, INPUT_UNSUPPORTED, "%s", form->name);
	else if (depth == INPUT_PEEL_MAX)
		stream_fail(fault, INPUT_UNSUPPORTED, "compressed more than %d times",
			    INPUT_PEEL_MAX);
	return form->open && depth < INPUT_PEEL_MAX;
}

bool stream_peel(struct stream *from, const struct stream *base, const struct peel_config *config,
		 struct peeled *ret_peeled, struct stream_fault *fault)
{
	struct layer *l = layer_open(from, base, config);
	struct peeled peeled = { 0 };
	const struct form *form;

	for (int depth = 0; (form = form_of(l)) && !form->archive; depth++) {
		if (!may_peel(form, depth, fault)) {
			stream_close(&l->s);
			return false;
		}
		form_append(peeled.form, sizeof(peeled.form), form->name);
		l = layer_open(form->open(&l->s, config), base, config);
	}
	peeled.archive = form != NULL;
	if (form)
		form_append(peeled.form, sizeof(peeled.form), form->name);
	if (!peeled.form[0])
		form_append(peeled.form, sizeof(peeled.form), "plain");
	if (str_starts((struct str){ l->head, l->n }, STR("\xef\xbb\xbf")))
		l->s.given = l->pos = peeled.skipped = 3;
	peeled.top = &l->s;
	*ret_peeled = peeled;
	return true;
}
