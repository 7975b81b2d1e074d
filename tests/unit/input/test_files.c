/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source as files, through struct texts: the texts, notes and files, in which order, however the
 * bytes arrive. A log has one line for each of them:
 *	T MEMBER LINE@OFFSET:BYTES	a text ("!:" when unterminated)
 *	N KIND MEMBER NAME LINE DETAIL	a note (then "named" if it is about a named file)
 *	F MEMBER NAME FORM BYTES	a file that has ended
 */
#include "pack.h"

#include "input/texts.h"

enum { FILES_MAX = 6 };

struct log {
	struct buf text;
	unsigned texts, notes, files;
	enum input_note_kind kind; /* of the last note */
	uint64_t last_bytes;	   /* of the last file */
};

static void on_note(void *ctx, const struct input_note *note)
{
	struct log *log = ctx;

	log->notes++;
	log->kind = note->kind;
	buf_printf(&log->text, "N %s %u " STR_FMT " %llu %s%s\n", note_name(note->kind),
		   note->member, STR_ARG(note->name), (unsigned long long)note->line,
		   note->detail ? note->detail : "-", note->named ? " named" : "");
}

static void on_file(void *ctx, const struct input_file *file)
{
	struct log *log = ctx;

	log->files++;
	log->last_bytes = file->bytes;
	buf_printf(&log->text, "F %u " STR_FMT " %s %llu\n", file->member, STR_ARG(file->name),
		   file->form, (unsigned long long)file->bytes);
}

/* Files contain the result that a look returns for them. */
static enum input_look on_look(void *ctx, struct str head, const char **ret_what)
{
	(void)ctx;
	*ret_what = NULL;
	if (str_starts(head, STR("prose")))
		return INPUT_LOOK_PASS;
	if (!str_starts(head, STR("picture")))
		return INPUT_LOOK_READ;
	*ret_what = "a picture";
	return INPUT_LOOK_FOREIGN;
}

struct given {
	struct way way;
	struct input_config limits;
	uint64_t ratio_free;
	bool found, looks;
};

static struct log read_source(struct str bytes, const struct given *given)
{
	struct source source = { .name = { "in", 2 }, .named = !given->found };
	struct input_config config = given->limits;
	struct peel_config peel = { .ratio_free = given->ratio_free };
	struct log log = { 0 };
	uint64_t before = 0;
	struct texts *t;
	struct text x;
	struct err err;

	config.note = on_note;
	config.file = on_file;
	config.look = given->looks ? on_look : NULL;
	config.ctx = &log;
	t = texts_of_stream(stream_of_memory(bytes, given->way.chunk_max), &source, &config, &peel,
			    given->way.block);
	while (texts_next(t, &x, &err) > 0) {
		log.texts++;
		buf_printf(&log.text, "T %u %llu@%llu%s:" STR_FMT "\n", x.member,
			   (unsigned long long)x.line, (unsigned long long)x.offset,
			   x.unterminated ? "!" : "", STR_ARG(x.bytes));
		ck_assert_uint_ge(texts_consumed(t), before);
		before = texts_consumed(t);
	}
	ck_assert_int_eq(texts_next(t, &x, &err), 0);
	ck_assert_uint_ge(texts_consumed(t), before);
	ck_assert_uint_le(texts_consumed(t), bytes.n);
	texts_close(t);
	return log;
}

/* The result does not depend on how the bytes arrive. */
static void check_log(struct str bytes, const struct given *given, const char *expected)
{
	static const size_t blocks[] = { 0, 1, 2, 3, 7, 17, 64 }, chunks[] = { 0, 1, 5, 300 };

	for (size_t i = 0; i < ARRAY_SIZE(blocks) * ARRAY_SIZE(chunks); i++) {
		struct given now = *given;
		struct log log;

		now.way.block = blocks[i / ARRAY_SIZE(chunks)];
		now.way.chunk_max = chunks[i % ARRAY_SIZE(chunks)];
		log = read_source(bytes, &now);
		ck_assert_dump_eq(&log.text, expected);
		buf_free(&log.text);
	}
}

static size_t count(const struct file *files)
{
	size_t n = 0;

	while (n < FILES_MAX && files[n].name)
		n++;
	return n;
}

#define BYTES(lit)                                                                                 \
	{                                                                                          \
		lit, sizeof(lit) - 1                                                               \
	}
#define NAME100                                                                                    \
	"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
	"nnn"                                                                                      \
	"nnnnnnnnn"
#define NAME700 NAME100 "/" NAME100 "/" NAME100 "/" NAME100 "/" NAME100 "/" NAME100 "/" NAME100

/* Of a pax archive that the user named. */
static const struct row {
	const char *name;
	struct file files[FILES_MAX];
	const char *log; /* without the archive's own line at the end */
	size_t record_max;
} rows[] = {
	{ "lines and offsets begin anew",
	  { { "a.log", BYTES("{\"a\":1}\n\n{\"b\":2}\n") }, { "d/b", BYTES("{\"c\":3}\n") } },
	  "T 1 1@0:{\"a\":1}\nT 1 3@9:{\"b\":2}\nF 1 in!a.log plain 17\n"
	  "T 2 1@0:{\"c\":3}\nF 2 in!d/b plain 8\n" },
	{ "a file without a newline is not joined with the next",
	  { { "a", BYTES("{\"a\":1}\n{\"b\":") }, { "b", BYTES("2}\n") } },
	  "T 1 1@0:{\"a\":1}\nT 1 2@8!:{\"b\":\nF 1 in!a plain 13\n"
	  "T 2 1@0:2}\nF 2 in!b plain 3\n" },
	{ "byte order marks",
	  { { "a", BYTES("\xef\xbb\xbf{\"a\":1}\n") }, { "b", BYTES("{\"b\":2}\n") } },
	  "T 1 1@3:{\"a\":1}\nF 1 in!a plain 11\nT 2 1@0:{\"b\":2}\nF 2 in!b plain 8\n" },
	{ "a torn array does not swallow the next file",
	  { { "a", BYTES("[\n{\"a\":1},\n{\"b\":") }, { "b", BYTES("{\"c\":3}\n[{\"d\":4}]") } },
	  "T 1 2@2:{\"a\":1}\nT 1 3@11!:{\"b\":\nF 1 in!a plain 16\n"
	  "T 2 1@0:{\"c\":3}\nT 2 2@9:{\"d\":4}\nF 2 in!b plain 17\n" },
	{ "a long line does not shorten the next file",
	  { { "a", BYTES("[{\"a\":1},{\"b\":2},{\"c\":3}") },
	    { "b", BYTES("[\n{\"d\":4},\n{\"e\":5}\n]\n") } },
	  "T 1 1@1:{\"a\":1}\nT 1 1@9:{\"b\":2}\nT 1 1@17:{\"c\":3}\nF 1 in!a plain 24\n"
	  "T 2 2@2:{\"d\":4}\nT 2 3@11:{\"e\":5}\nF 2 in!b plain 21\n",
	  16 },
	{ "oversize lines are named by their file",
	  { { "a", BYTES("{\"a\":1}\n") }, { "b", BYTES("{\"b\":2}\n{\"c\":\"ccccccccc\"}\n") } },
	  "T 1 1@0:{\"a\":1}\nF 1 in!a plain 8\nT 2 1@0:{\"b\":2}\n"
	  "N oversize 2 in!b 2 a line longer than the limit\nF 2 in!b plain 26\n",
	  12 },
	{ "YAML beside JSON",
	  { { "a.yaml", BYTES("apiVersion: v1\nkind: Pod\n") },
	    { "b.json", BYTES("{\"b\":2}\n") },
	    { "c.yaml", BYTES("---\nkind: Pod\n---\nkind: Node\n") } },
	  "T 1 1@0:{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\nF 1 in!a.yaml yaml 25\n"
	  "T 2 1@0:{\"b\":2}\nF 2 in!b.json plain 8\n"
	  "T 3 2@4:{\"kind\":\"Pod\"}\nT 3 4@18:{\"kind\":\"Node\"}\nF 3 in!c.yaml yaml 29\n" },
	{ "empty files",
	  { { "a", BYTES("") }, { "b", BYTES("\n") }, { "c", BYTES("{}\n") } },
	  "F 1 in!a plain 0\nF 2 in!b plain 1\nT 3 1@0:{}\nF 3 in!c plain 3\n" },
	{ "pieces wait for no other file",
	  { { "a", BYTES("2026-01-01T00:00:00.000000000Z stdout P {\"auditID\":\"x\",\n") },
	    { "b", BYTES("2026-01-01T00:00:00.000000000Z stdout F \"y\":1}\n") } },
	  "N partial 1 in!a 1 -\nF 1 in!a plain 56\n"
	  "T 2 1@0:2026-01-01T00:00:00.000000000Z stdout F \"y\":1}\nF 2 in!b plain 47\n" },
	{ "names are bytes",
	  { { "a\n\x1b[31m\x07", BYTES("{}\n") }, { NAME700, BYTES("{}\n") } },
	  "T 1 1@0:{}\nF 1 in!a\n\x1b[31m\x07 plain 3\nT 2 1@0:{}\nF 2 in!" NAME700 " plain 3\n" },
	{ "formats that are not read do not end it",
	  { { "a.7z", BYTES("7z\xbc\xaf\x27\x1c"
			    "0123456789") },
	    { "b", BYTES("{}\n") } },
	  "N unsupported 1 in!a.7z 0 7z archive\nT 2 1@0:{}\nF 2 in!b plain 3\n" },
	{ "no files", { { NULL, { NULL, 0 } } }, "" },
};

static uint64_t sum_of(const struct file *files)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count(files); i++)
		sum += files[i].bytes.n;
	return sum;
}

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	size_t n = count(row->files);
	struct buf packed = pack_files(row->files, n, n ? "pax" : "zip", NULL), want = { 0 };

	buf_printf(&want, "%sF 0 in %s archive %llu\n", row->log, n ? "tar" : "zip",
		   (unsigned long long)sum_of(row->files));
	check_log(buf_str(&packed), &(struct given){ .limits.record_max = row->record_max },
		  buf_text(&want));
	buf_free(&packed);
	buf_free(&want);
}
END_TEST

/* Compressed files in an archive, and a compressed archive. */
START_TEST(test_compressed)
{
	struct buf gz = gzip_of(STR("{\"a\":1}\n"), 1), zst = zstd_of(STR("{\"b\":2}\n"), 1);
	struct file files[] = { { "a.gz", buf_str(&gz) }, { "b.zst", buf_str(&zst) } };
	struct buf tar = pack_files(files, 2, "gnutar", NULL), packed = gzip_of(buf_str(&tar), 2);
	struct buf want = { 0 };

	buf_printf(&want,
		   "T 1 1@0:{\"a\":1}\nF 1 in!a.gz gzip 8\nT 2 1@0:{\"b\":2}\nF 2 in!b.zst zstd 8\n"
		   "F 0 in gzip+tar archive %zu\n",
		   gz.n + zst.n);
	check_log(buf_str(&packed), &(struct given){ 0 }, buf_text(&want));
	buf_free(&gz);
	buf_free(&zst);
	buf_free(&tar);
	buf_free(&packed);
	buf_free(&want);
}
END_TEST

/* "x", an archive with "y", which contains "z", and after each archive one more file. */
static struct buf three_deep(void)
{
	struct file z[] = { { "z", STR("{\"z\":1}\n") } };
	struct buf inner = pack_files(z, 1, "ustar", NULL), middle, outer;
	struct file y[] = { { "y", buf_str(&inner) }, { "y2", STR("{\"y\":2}\n") } };
	struct file x[] = { { "x", { NULL, 0 } }, { "x2", STR("{\"x\":2}\n") } };

	middle = pack_files(y, 2, "zip", "zip:compression=deflate");
	x[0].bytes = buf_str(&middle);
	outer = pack_files(x, 2, "pax", NULL);
	buf_free(&inner);
	buf_free(&middle);
	return outer;
}

static const char *const depths[] = {
	"N too-deep 1 in!x 0 -\nT 2 1@0:{\"x\":2}\nF 2 in!x2 plain 8\n",
	"N too-deep 2 in!x!y 0 -\nT 3 1@0:{\"y\":2}\nF 3 in!x!y2 plain 8\n"
	"T 4 1@0:{\"x\":2}\nF 4 in!x2 plain 8\n",
	"T 3 1@0:{\"z\":1}\nF 3 in!x!y!z plain 8\nF 2 in!x!y tar archive 8\n"
	"T 4 1@0:{\"y\":2}\nF 4 in!x!y2 plain 8\n"
	"T 5 1@0:{\"x\":2}\nF 5 in!x2 plain 8\n",
};

/* Without the lines of the archives x and in, whose bytes depend on libarchive. */
START_TEST(test_depth)
{
	struct buf packed = three_deep(), got = { 0 };
	struct given given = { .limits.depth_max = (unsigned)_i + 1, .way.block = 5 };
	struct log log = read_source(buf_str(&packed), &given);
	struct str line, rest = buf_str(&log.text);

	while (str_cut(rest, '\n', &line, &rest))
		if (!str_starts(line, STR("F 1 in!x zip")) && !str_starts(line, STR("F 0 in tar")))
			buf_printf(&got, STR_FMT "\n", STR_ARG(line));
	ck_assert_dump_eq(&got, depths[_i]);
	given.limits.depth_max = 0; /* the default is deep enough */
	buf_free(&log.text);
	log = read_source(buf_str(&packed), &given);
	ck_assert_uint_eq(log.texts, 3);
	buf_free(&log.text);
	buf_free(&packed);
	buf_free(&got);
}
END_TEST

static const struct {
	uint64_t max;
	const char *log;
} entries[] = {
	{ 1, "T 1 1@0:{\"a\":1}\nF 1 in!a plain 8\nN entries 0 in 0 - named\n"
	     "F 0 in tar archive 8\n" },
	{ 2, "T 1 1@0:{\"a\":1}\nF 1 in!a plain 8\nT 2 1@0:{\"b\":2}\nF 2 in!b plain 8\n"
	     "N entries 0 in 0 - named\nF 0 in tar archive 16\n" },
	{ 3, "T 1 1@0:{\"a\":1}\nF 1 in!a plain 8\nT 2 1@0:{\"b\":2}\nF 2 in!b plain 8\n"
	     "T 3 1@0:{\"c\":3}\nF 3 in!c plain 8\nF 0 in tar archive 24\n" },
};

START_TEST(test_entries)
{
	struct file files[] = { { "a", STR("{\"a\":1}\n") },
				{ "b", STR("{\"b\":2}\n") },
				{ "c", STR("{\"c\":3}\n") } };
	struct buf packed = pack_files(files, 3, "ustar", NULL);

	check_log(buf_str(&packed), &(struct given){ .limits.entries_max = entries[_i].max },
		  entries[_i].log);
	buf_free(&packed);
}
END_TEST

/* One file: named or found, with its content. */
static const struct {
	bool found;
	const char *bytes, *log;
} looks[] = {
	{ false, "{}\n", "T 0 1@0:{}\nF 0 in plain 3\n" },
	{ true, "{}\n", "T 0 1@0:{}\nF 0 in plain 3\n" },
	{ false, "prose\n", "T 0 1@0:prose\nF 0 in plain 6\n" },
	{ true, "prose\n", "N passed-over 0 in 0 -\n" },
	{ false, "picture", "N foreign 0 in 0 a picture named\n" },
	{ true, "picture", "N passed-over 0 in 0 a picture\n" },
};

START_TEST(test_look)
{
	struct str bytes = str_from(looks[_i].bytes);
	struct given given = { .looks = true, .found = looks[_i].found };
	struct buf gz = gzip_of(bytes, 1), want = { 0 };
	const char *plain = strstr(looks[_i].log, "plain");

	check_log(bytes, &given, looks[_i].log);
	/* a compressed file is checked by its decoded bytes */
	buf_printf(&want, "%.*s%s%s", (int)(plain ? plain - looks[_i].log : 1000), looks[_i].log,
		   plain ? "gzip" : "", plain ? plain + strlen("plain") : "");
	check_log(buf_str(&gz), &given, buf_text(&want));
	buf_free(&gz);
	buf_free(&want);
}
END_TEST

/* Files in an archive do not count as named. */
START_TEST(test_look_inside)
{
	struct file files[] = { { "readme", STR("prose\n") },
				{ "a", STR("{\"a\":1}\n") },
				{ "b.png", STR("picture") } };
	struct buf packed = pack_files(files, 3, "pax", NULL);
	static const char want[] = "N passed-over 1 in!readme 0 -\n"
				   "T 2 1@0:{\"a\":1}\nF 2 in!a plain 8\n"
				   "N passed-over 3 in!b.png 0 a picture\nF 0 in tar archive 21\n";

	check_log(buf_str(&packed), &(struct given){ .looks = true }, want);
	check_log(buf_str(&packed), &(struct given){ .looks = true, .found = true }, want);
	buf_free(&packed);
}
END_TEST

/* The texts that are whole. */
static struct str texts_only(struct str log, struct buf *to)
{
	struct str line;

	buf_reset(to);
	while (str_cut(log, '\n', &line, &log))
		if (line.p[0] == 'T' && !str_contains(line, STR("!:")))
			buf_printf(to, STR_FMT "\n", STR_ARG(line));
	return buf_str(to);
}

START_TEST(test_cuts)
{
	struct buf a = some_log(40), b = some_log(25);
	struct file files[] = { { "a", buf_str(&a) }, { "b", buf_str(&b) } };
	struct buf tar = pack_files(files, 2, "ustar", NULL), gz = gzip_of(buf_str(&tar), 1);
	struct given given = { .way = { 300, 50, false } };
	struct log whole = read_source(buf_str(&gz), &given);
	struct buf all = { 0 }, some = { 0 };
	unsigned before = 0;

	ck_assert_uint_eq(whole.texts, 65);
	ck_assert_uint_eq(whole.notes, 0);
	texts_only(buf_str(&whole.text), &all);
	for (size_t cut = 100; cut < gz.n; cut++) { /* with these bytes, it is clearly a tar */
		struct log part = read_source((struct str){ gz.p, cut }, &given);

		/* one of the file, with the position, and one of the archive */
		ck_assert(part.notes == 1 || part.notes == 2);
		ck_assert_int_eq((int)part.kind, INPUT_TRUNCATED);
		ck_assert(str_starts(buf_str(&all), texts_only(buf_str(&part.text), &some)));
		ck_assert_uint_ge(part.texts, before);
		before = part.texts;
		buf_free(&part.text);
	}
	ck_assert_uint_eq(before, 65);
	buf_free(&whole.text);
	buf_free(&all);
	buf_free(&some);
	buf_free(&tar);
	buf_free(&gz);
	buf_free(&a);
	buf_free(&b);
}
END_TEST

static struct buf dull_log(size_t n)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "{\"verb\":\"get\"}\n");
	return out;
}

static void check_bomb(struct str packed, uint64_t all)
{
	struct given given = { .limits.ratio_max = 20, .ratio_free = 64 * KIB };
	struct log log = read_source(packed, &given);

	ck_assert_uint_eq(log.notes, 1);
	ck_assert_int_eq((int)log.kind, INPUT_BOMB);
	ck_assert_uint_ge(log.texts, 100);
	ck_assert_uint_lt(log.texts, all);
	/* the archive itself is reported last */
	ck_assert_ptr_nonnull(strstr(buf_text(&log.text), "\nF 0 in "));
	ck_assert_uint_lt(log.last_bytes, 2 * MIB);
	ck_assert_ptr_null(strstr(buf_text(&log.text), "behind"));
	buf_free(&log.text);
}

/* One member that expands, in itself and because it is compressed once more. */
START_TEST(test_bomb)
{
	struct buf log = dull_log(300000), gz = gzip_of(buf_str(&log), 1);
	struct file files[] = { { "a", buf_str(&log) }, { "behind", STR("{}\n") } };
	struct buf zip = pack_files(files, 2, "zip", "zip:compression=deflate"), tar, inner;

	check_bomb(buf_str(&zip), 300000);
	files[0].bytes = buf_str(&gz);
	tar = pack_files(files, 2, "pax", NULL);
	check_bomb(buf_str(&tar), 300000);
	/* and below another archive, all of which ends with it */
	files[0].bytes = buf_str(&zip);
	inner = pack_files(files, 2, "pax", NULL);
	check_bomb(buf_str(&inner), 300000);
	buf_free(&log);
	buf_free(&gz);
	buf_free(&zip);
	buf_free(&tar);
	buf_free(&inner);
}
END_TEST

/* Many that stay below the limit each. */
START_TEST(test_bomb_of_many)
{
	enum { N = 200, LINES = 2000 };
	struct buf log = dull_log(LINES);
	struct file files[N + 1];
	struct buf zip;

	for (size_t i = 0; i < N; i++)
		files[i] = (struct file){ "a", buf_str(&log) };
	files[N] = (struct file){ "behind", STR("{}\n") };
	ck_assert_uint_lt(log.n, 64 * KIB);
	zip = pack_files(files, N + 1, "zip", "zip:compression=deflate");
	ck_assert_uint_gt(N * log.n / zip.n, 20);
	check_bomb(buf_str(&zip), N * LINES);
	buf_free(&log);
	buf_free(&zip);
}
END_TEST

/* Each layer stays below the limit, all of them together do not. */
START_TEST(test_bomb_of_layers)
{
	enum { N = 200, LINES = 60 };
	struct buf log = dull_log(LINES), inner, tar, gz;
	struct file files[N];
	struct file two[2] = { { "inner", { NULL, 0 } }, { "behind", STR("{}\n") } };

	for (size_t i = 0; i < N; i++)
		files[i] = (struct file){ "a", buf_str(&log) };
	inner = pack_files(files, N, "zip", "zip:compression=deflate");
	two[0].bytes = buf_str(&inner);
	tar = pack_files(two, 2, "ustar", NULL);
	gz = gzip_of(buf_str(&tar), 1);
	ck_assert_uint_lt(tar.n, 64 * KIB);
	ck_assert_uint_lt(N * log.n / inner.n, 20);
	ck_assert_uint_gt(N * log.n / gz.n, 20);
	check_bomb(buf_str(&gz), N * LINES);
	buf_free(&log);
	buf_free(&inner);
	buf_free(&tar);
	buf_free(&gz);
}
END_TEST

/* Progress ends at the size of the file, whatever it is. */
START_TEST(test_consumed)
{
	struct buf log = some_log(200);
	struct file files[] = { { "a", buf_str(&log) }, { "b", STR("prose") } };
	struct buf forms[] = { pack_files(files, 2, "ustar", NULL),
			       pack_files(files, 2, "zip", NULL), gzip_of(buf_str(&log), 3),
			       archive_of(buf_str(&log), "xz"), log };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct source source = { .name = { "in", 2 }, .named = true };
		struct texts *t =
		    texts_of_stream(stream_of_memory(buf_str(&forms[i]), 1000), &source,
				    &(struct input_config){ 0 }, &(struct peel_config){ 0 }, 100);
		struct text x;
		struct err err;

		while (texts_next(t, &x, &err) > 0)
			;
		ck_assert_uint_eq(texts_consumed(t), forms[i].n);
		texts_close(t);
		buf_free(&forms[i]);
	}
}
END_TEST

/* Closed in the middle of a file in an archive in an archive. */
START_TEST(test_closed_early)
{
	struct buf packed = three_deep();

	for (int stop = 0; stop < 4; stop++) {
		struct source source = { .name = { "in", 2 }, .named = true };
		struct texts *t =
		    texts_of_stream(stream_of_memory(buf_str(&packed), 9), &source,
				    &(struct input_config){ 0 }, &(struct peel_config){ 0 }, 3);
		struct text x;
		struct err err;

		for (int i = 0; i < stop; i++)
			ck_assert_int_eq(texts_next(t, &x, &err), i < 3);
		texts_close(t);
	}
	buf_free(&packed);
}
END_TEST

Suite *suite_files(void)
{
	Suite *s = suite_create("files");
	TCase *tc = tcase_create("files");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_compressed);
	tcase_add_loop_test(tc, test_depth, 0, ARRAY_SIZE(depths));
	tcase_add_loop_test(tc, test_entries, 0, ARRAY_SIZE(entries));
	tcase_add_loop_test(tc, test_look, 0, ARRAY_SIZE(looks));
	tcase_add_test(tc, test_look_inside);
	tcase_add_test(tc, test_cuts);
	tcase_add_test(tc, test_bomb);
	tcase_add_test(tc, test_bomb_of_many);
	tcase_add_test(tc, test_bomb_of_layers);
	tcase_add_test(tc, test_consumed);
	tcase_add_test(tc, test_closed_early);
	suite_add_tcase(s, tc);
	return s;
}
