/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h> /* first: it brings <time.h>, some of which the prelude forbids */
#include <archive_entry.h>

#include "input/members.h"

#include "base/mem.h"

struct members {
	struct feed in;
	struct archive *a;
	struct archive_entry *entry;
	uint64_t given;
	bool opened, over;
	bool ended; /* below, so that an error means that it ended too early */
	bool faulty;
	struct stream_fault fault; /* from below */
};

/* The file at hand as a stream. */
struct member {
	struct stream s;
	struct members *m;
	struct str left;    /* of libarchive's last block */
	uint64_t at, holes; /* where the next byte stands; zeros that are due before `left` */
	uint64_t size;	    /* as the entry says, for the hole at the end */
	bool over;
};

static la_ssize_t give(struct archive *a, void *ctx, const void **ret_block)
{
	struct members *m = ctx;
	ssize_t got = 0;

	if (!m->ended && !m->faulty)
		got = feed_more(&m->in, &m->fault);
	m->faulty |= got < 0;
	m->ended |= got == 0;
	*ret_block = m->in.buf;
	return MAX(got, 0); /* a fault from below is told by us, not by libarchive */
}

struct members *members_open(struct stream *from, const struct peel_config *config)
{
	struct members *m = mem_zalloc(sizeof(*m));

	feed_open(&m->in, from);
	m->a = archive_read_new();
	archive_read_support_format_tar(m->a);
	archive_read_support_format_zip_streamable(m->a);
	return m;
}

void members_close(struct members *m)
{
	if (!m)
		return;
	archive_read_free(m->a);
	feed_close(&m->in);
	mem_free(m);
}

uint64_t members_given(const struct members *m)
{
	return m->given;
}

/* Why libarchive cannot go on. */
static int failed(struct members *m, struct stream_fault *fault)
{
	const char *why = archive_error_string(m->a);

	if (m->faulty)
		*fault = m->fault;
	else if (m->ended)
		stream_fail(fault, INPUT_TRUNCATED, "the archive ends too early");
	else if (why && strcasestr(why, "encrypt"))
		stream_fail(fault, INPUT_UNSUPPORTED, "encrypted");
	else
		stream_fail(fault, INPUT_CORRUPT, "damaged archive: %s", why ? why : "unknown");
	return -1;
}

/* Names are bytes: what the archive's own character set makes of them is no concern of ours. */
static struct str name_of(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (!name)
		name = archive_entry_pathname_utf8(entry);
	return name ? str_from(name) : STR("?");
}

int members_next(struct members *m, struct str *ret_name, struct stream_fault *fault)
{
	if (m->over)
		return 0;
	if (!m->opened && archive_read_open(m->a, m, NULL, give, NULL) != ARCHIVE_OK) {
		m->over = true;
		return failed(m, fault);
	}
	m->opened = true;
	for (;;) {
		int r = archive_read_next_header(m->a, &m->entry);

		if (r == ARCHIVE_RETRY || r == ARCHIVE_FAILED)
			continue; /* this entry is lost, the next one may be well */
		if (r == ARCHIVE_OK || r == ARCHIVE_WARN) {
			if (archive_entry_filetype(m->entry) != AE_IFREG ||
			    archive_entry_hardlink(m->entry))
				continue;
			*ret_name = name_of(m->entry);
			return 1;
		}
		m->over = true;
		if (m->faulty || r != ARCHIVE_EOF)
			return failed(m, fault);
		return 0;
	}
}

/* Zeros that a sparse file does not store. */
static ssize_t give_hole(struct member *f, void *to, size_t n)
{
	n = (size_t)MIN((uint64_t)n, f->holes);
	memset(to, 0, n);
	f->holes -= n;
	f->at += n;
	f->m->given += n;
	return (ssize_t)n;
}

/*
 * The next block, because archive_read_data would drop what it has copied already when a later one
 * fails. > 0: there is something to give.
 */
static int next_block(struct member *f, struct stream_fault *fault)
{
	while (f->left.n == 0 && f->holes == 0) {
		const void *block;
		size_t n;
		la_int64_t offset;
		int r;

		if (f->over)
			return 0;
		r = archive_read_data_block(f->m->a, &block, &n, &offset);
		if (r == ARCHIVE_EOF) {
			f->over = true;
			f->holes = f->size > f->at ? f->size - f->at : 0;
			continue;
		}
		if (r < ARCHIVE_WARN) {
			f->over = true;
			return failed(f->m, fault);
		}
		if (offset > 0 && (uint64_t)offset > f->at)
			f->holes = (uint64_t)offset - f->at;
		f->left = (struct str){ block, n };
	}
	return 1;
}

static ssize_t member_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct member *f = (struct member *)s;
	int r = next_block(f, fault);

	if (r <= 0)
		return r;
	if (f->holes)
		return give_hole(f, to, n);
	n = MIN(n, f->left.n);
	memcpy(to, f->left.p, n);
	f->left = str_after(f->left, n);
	f->at += n;
	f->m->given += n;
	return (ssize_t)n;
}

static void member_close(struct stream *s)
{
	mem_free(s);
}

struct stream *members_stream(struct members *m)
{
	static const struct stream_ops ops = { member_read, member_close };
	struct member *f = mem_zalloc(sizeof(*f));

	f->s.ops = &ops;
	f->m = m;
	/* only a sparse file ends with a hole */
	if (archive_entry_size_is_set(m->entry) && archive_entry_sparse_count(m->entry) > 0)
		f->size = (uint64_t)archive_entry_size(m->entry);
	return &f->s;
}
