/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tar and zip through libarchive, from front to back, because the stream below cannot seek. So a
 * zip is read by its local headers; its directory, which comes last, is ignored.
 */
#include <archive.h> /* first, because it includes <time.h>, parts of which the prelude bans */
#include <archive_entry.h>

#include "input/members.h"

#include "base/mem.h"

#include <locale.h>

enum {
	TAR_BLOCK = 512,
	TAR_SUM_AT = 148,
	TAR_SUM_SIZE = 8,
	TAR_MAGIC_AT = 257,
	/* libarchive inflates all its input in one step, and loses it if the step fails. */
	ZIP_STEP = 1024,
};

struct members {
	struct stream file; /* first: the stream of the current file is the members itself */
	struct feed in;
	struct peel_config config;
	struct archive *a;
	locale_t locale; /* for names */
	bool is_zip;
	bool begun, over;
	bool ended;	   /* from below; an error then means that the archive ended too early */
	bool faulty_below; /* the fault is from below, and permanent */
	bool faulty;	   /* reported at the end of the archive */
	struct stream_fault fault;
	uint64_t given; /* of the files before the current one */

	/* Of the current file. */
	struct str left;     /* of libarchive's last block */
	uint64_t at;	     /* bytes given, zeros too */
	uint64_t from;	     /* offset of left in the file; a gap before it is a hole */
	const char *refused; /* why it is not read */
	bool file_over, file_faulty;
	struct stream_fault file_fault;
};

/* The sum of the header's bytes with its own field as blanks; some programs used signed bytes. */
static bool is_tar_header(struct str head)
{
	int32_t sum = 0, sum_signed = 0, want = 0;
	const char *p = head.p + TAR_SUM_AT, *end = p + TAR_SUM_SIZE;

	if (head.n < TAR_BLOCK || head.p[0] == '\0')
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		bool own = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_SIZE;

		sum += own ? ' ' : (unsigned char)head.p[i];
		sum_signed += own ? ' ' : (signed char)head.p[i];
	}
	while (p < end && *p == ' ')
		p++;
	for (; p < end && *p >= '0' && *p <= '7'; p++)
		want = want * 8 + (*p - '0');
	return want == sum || want == sum_signed;
}

bool members_is(struct str head)
{
	if (str_starts(head, STR("PK\3\4")) || str_starts(head, STR("PK\5\6")))
		return true;
	if (head.n >= TAR_MAGIC_AT && str_starts(str_after(head, TAR_MAGIC_AT), STR("ustar")))
		return true;
	return is_tar_header(head);
}

/* The stream below has the better error. */
static void note_below(struct members *m, ssize_t got, const struct stream_fault *fault)
{
	m->ended |= got <= 0;
	if (got < 0) {
		m->faulty = m->faulty_below = true;
		m->fault = *fault;
	}
}

static la_ssize_t give(struct archive *a, void *ctx, const void **ret_block)
{
	struct members *m = ctx;

	if (m->in.pos == m->in.n && !m->ended) {
		struct stream_fault fault;

		note_below(m, feed_more(&m->in, &fault), &fault);
	}

	size_t n = m->in.n - m->in.pos;

	if (m->is_zip)
		n = MIN(n, ZIP_STEP);
	*ret_block = m->in.buf + m->in.pos;
	m->in.pos += n;
	return (la_ssize_t)n; /* a fault from below is reported here, not by libarchive */
}

/* libarchive cannot continue. */
static void give_up(struct members *m)
{
	m->over = m->faulty = true;
	if (m->faulty_below)
		return;
	if (m->ended)
		stream_fail(&m->fault, INPUT_TRUNCATED, "the archive ends too early");
	else
		stream_fail(&m->fault, INPUT_CORRUPT, "damaged archive");
}

/* libarchive stops at the end of the archive, before the stream below checks its checksum. */
static void drain(struct members *m)
{
	const void *block;

	while (give(m->a, m, &block) > 0)
		;
}

struct members *members_open(struct stream *from, const struct peel_config *config)
{
	struct members *m = mem_zalloc(sizeof(*m));

	feed_open(&m->in, from);
	m->config = *config;
	if (m->config.ratio_max == 0)
		m->config.ratio_max = INPUT_RATIO_MAX;
	if (m->config.ratio_free == 0)
		m->config.ratio_free = INPUT_RATIO_FREE;
	m->a = archive_read_new();
	return m;
}

/* Enough bytes to know the format. */
static void read_head(struct members *m)
{
	while (m->in.n < TAR_BLOCK && !m->ended) {
		struct stream_fault fault;
		ssize_t got =
		    stream_read(m->in.from, m->in.buf + m->in.n, TAR_BLOCK - m->in.n, &fault);

		note_below(m, got, &fault);
		m->in.n += (size_t)MAX(got, 0);
	}
}

/*
 * libarchive converts names of zips and of pax from UTF-8 to the locale's characters. Names in zips
 * survive only in a UTF-8 locale (in composed form; an invalid name is lost), names in tars
 * unchanged only in C, where the conversion fails and libarchive falls back on the bytes.
 */
static int next_header(struct members *m, struct archive_entry **ret_entry)
{
	locale_t before = m->locale ? uselocale(m->locale) : 0;
	int r = archive_read_next_header(m->a, ret_entry);

	if (before)
		uselocale(before);
	return r;
}

/*
 * The format is set explicitly, because libarchive's detection rejects a tar whose first header is
 * damaged. No filters: the peel table handles compression, and some filters would start a program.
 */
static bool begin(struct members *m)
{
	m->begun = true;
	read_head(m);
	m->is_zip = str_starts((struct str){ (const char *)m->in.buf, m->in.n }, STR("PK"));
	m->locale = newlocale(LC_CTYPE_MASK, m->is_zip ? "C.UTF-8" : "C", 0);
	if (m->is_zip) {
		archive_read_support_format_zip_streamable(m->a);
	} else {
		/* Concatenated tars, as by cat: zeros are no end. The option unsets the format. */
		archive_read_support_format_tar(m->a);
		archive_read_set_option(m->a, "tar", "read_concatenated_archives", "1");
		archive_read_set_format(m->a, ARCHIVE_FORMAT_TAR);
	}
	return archive_read_open(m->a, m, NULL, give, NULL) >= ARCHIVE_WARN;
}

/* Between files: libarchive searches for the next header. */
static void note_header(struct members *m)
{
	if (!m->faulty_below)
		stream_fail(&m->fault, INPUT_CORRUPT, "damaged archive: a file without its header");
	m->faulty = true;
}

/* > 0 a file, 0 another entry, < 0 the end. */
static int next_entry(struct members *m, struct archive_entry **ret_entry)
{
	struct archive_entry *entry;
	int r = next_header(m, &entry);

	if (r == ARCHIVE_EOF) {
		m->over = true;
		drain(m);
		return -1;
	}
	if (r == ARCHIVE_FATAL) {
		give_up(m);
		return -1;
	}
	/* A failure to skip the previous file appears here too, with a good entry. */
	if (r == ARCHIVE_RETRY || (r < ARCHIVE_WARN && !archive_entry_filetype(entry))) {
		note_header(m);
		return 0;
	}
	*ret_entry = entry;
	return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
}

static const char *refusal_of(struct members *m, struct archive_entry *entry)
{
	const char *format = archive_format_name(m->a);

	if (archive_entry_is_data_encrypted(entry) > 0)
		return "encrypted";
	/* Only the format of the data would show where such a file ends. */
	if (!archive_entry_size_is_set(entry) && format && !strstr(format, "deflation") &&
	    !strstr(format, "uncompressed"))
		return "in a zip of unknown length, neither stored nor deflated";
	return NULL;
}

int members_next(struct members *m, struct str *ret_name, struct stream_fault *fault)
{
	struct archive_entry *entry = NULL; /* set when there is a next one */
	int r = 0;

	m->given += m->at;
	m->at = m->from = 0;
	m->left = (struct str){ 0 };
	if (!m->begun && !begin(m))
		give_up(m);
	while (!m->over && r == 0)
		r = next_entry(m, &entry);
	if (m->over) {
		if (!m->faulty)
			return 0;
		*fault = m->fault;
		return -1;
	}
	m->file_over = m->file_faulty = false;
	m->refused = refusal_of(m, entry);
	*ret_name = str_from(archive_entry_pathname(entry));
	if (!ret_name->p || ret_name->n == 0)
		*ret_name = STR("?");
	return 1;
}

/* The current file ends here; libarchive can continue with the next one. */
static void fail_file(struct members *m, enum input_note_kind kind, const char *text)
{
	if (!m->file_faulty)
		stream_fail(&m->file_fault, kind, "%s", text);
	m->file_faulty = true;
}

static void fail_file_by(struct members *m)
{
	const char *text = archive_error_string(m->a);

	if (text && strstr(text, "nsupported"))
		fail_file(m, INPUT_UNSUPPORTED, "packed in a way that is not read");
	else
		fail_file(m, INPUT_CORRUPT, "damaged file in an archive");
}

/* Block by block, because archive_read_data drops what it copied when a later block fails. */
static void next_block(struct members *m)
{
	const void *block = NULL;
	size_t n = 0;
	la_int64_t offset = (la_int64_t)m->at;
	int r = archive_read_data_block(m->a, &block, &n, &offset);

	/* In a zip other files may follow, unless the input has ended. */
	if (r == ARCHIVE_FATAL && m->ended) {
		give_up(m);
		m->file_over = m->file_faulty = true;
		m->file_fault = m->fault;
		return;
	}
	m->file_over = r != ARCHIVE_OK && r != ARCHIVE_WARN;
	if (r < ARCHIVE_OK)
		fail_file_by(m); /* a warning, for a wrong checksum, still returns a block */
	if (r < ARCHIVE_WARN)
		return;
	if (offset < 0 || (uint64_t)offset < m->at) {
		m->file_over = true;
		fail_file(m, INPUT_CORRUPT, "damaged archive: a sparse file out of order");
		return;
	}
	m->from = (uint64_t)offset; /* at the end too: a file may end in a hole */
	m->left = (struct str){ block, r == ARCHIVE_EOF ? 0 : n };
}

static bool is_bomb(const struct members *m)
{
	uint64_t given = members_given(m);

	return given > m->config.ratio_free &&
	       given / MAX(m->in.from->given, 1) > m->config.ratio_max;
}

static ssize_t members_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct members *m = (struct members *)s;

	if (m->refused)
		return stream_fail(fault, INPUT_UNSUPPORTED, "%s", m->refused);
	while (m->at == m->from && m->left.n == 0 && !m->file_over)
		next_block(m);
	if (is_bomb(m)) {
		m->over = m->faulty = true;
		stream_fail(&m->fault, INPUT_BOMB, "more than %llu times as large when unpacked",
			    (unsigned long long)m->config.ratio_max);
		*fault = m->fault;
		return -1;
	}
	if (m->at < m->from) {
		n = (size_t)MIN(n, m->from - m->at);
		memset(to, 0, n);
	} else if (m->left.n > 0) {
		n = MIN(n, m->left.n);
		memcpy(to, m->left.p, n);
		m->left = str_after(m->left, n);
		m->from += n;
	} else {
		*fault = m->file_fault;
		return m->file_faulty ? -1 : 0;
	}
	m->at += n;
	return (ssize_t)n;
}

static void members_leave(struct stream *s)
{
	struct members *m = (struct members *)s;

	m->refused = NULL;
	m->file_over = true;
}

struct stream *members_stream(struct members *m)
{
	static const struct stream_ops ops = { members_read, members_leave };

	m->file = (struct stream){ .ops = &ops };
	return &m->file;
}

uint64_t members_given(const struct members *m)
{
	return m->given + m->at;
}

void members_close(struct members *m)
{
	if (!m)
		return;
	archive_read_free(m->a);
	if (m->locale)
		freelocale(m->locale);
	feed_close(&m->in);
	mem_free(m);
}
