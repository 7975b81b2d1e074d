/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build tool: reads the built-in rules with the reader of --rules, and writes them to standard
 * output as C tables. An invalid rule fails the build with FILE:LINE:COLUMN.
 *
 * usage: make_tables FILE... (specific rules before general ones)
 */
#include "base/buf.h"
#include "changes/writes.h"
#include "diagnose/ruleset.h"

static int read_file(struct rules *r, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buf text = { 0 };
	struct err err = { 0 };
	char block[4096];
	size_t n;
	int result = -1;

	while (file && (n = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(&text, block, n);
	if (!file || ferror(file) || fclose(file) != 0)
		fprintf(stderr, "make_tables: cannot read %s\n", path);
	else if (rules_read(r, path, buf_str(&text), &err) < 0)
		fprintf(stderr, "%s\n", err.message);
	else
		result = 0;
	buf_free(&text);
	return result;
}

/* An initializer of struct str. */
static void add_text(struct buf *out, struct str s)
{
	buf_printf(out, "{ \"");
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~' || strchr("\"\\?", s.p[i]))
			buf_printf(out, "\\%03o", (unsigned char)s.p[i]);
		else
			buf_add_char(out, s.p[i]);
	buf_printf(out, "\", %zu }", s.n);
}

static void add_words(struct buf *out, const char *key, const struct rule_words *words)
{
	buf_printf(out, "\t  .%s = { (const struct str[]){ ", key);
	for (size_t i = 0; i < words->n; i++) {
		add_text(out, words->list[i]);
		buf_printf(out, ", ");
	}
	buf_printf(out, "}, %zu },\n", words->n);
}

static void add_codes(struct buf *out, const struct rule_codes *codes)
{
	buf_printf(out, "\t  .codes = { (const int32_t[]){ ");
	for (size_t i = 0; i < codes->n; i++)
		buf_printf(out, "%d, ", codes->list[i]);
	buf_printf(out, "}, %zu },\n", codes->n);
}

/* Members that are plain numbers. */
/* clang-format off */
#define MATCHER_NUMBERS(X)                                                                         \
	X(kind) X(is) X(job) X(not_job) X(stage) X(queued) X(notable) X(test) X(rule)              \
	X(containers) X(during) X(killed) X(excuse) X(tells)
/* clang-format on */
#define RULE_NUMBERS(X) X(stage) X(owner) X(scopes) X(about) X(symptom) X(information)
#define ADD_NUMBER(field) buf_printf(out, " ." #field " = %u,", (unsigned)m->field);

static void add_matcher(struct buf *out, const struct matcher *m)
{
	buf_printf(out, "\t{");
	MATCHER_NUMBERS(ADD_NUMBER)
	if (nsec_known(m->over))
		buf_printf(out, " .over = %lld,\n", (long long)m->over);
	else
		buf_printf(out, " .over = NSEC_NONE,\n");
	if (m->words.n)
		add_words(out, "words", &m->words);
	if (m->reasons.n)
		add_words(out, "reasons", &m->reasons);
	if (m->codes.n)
		add_codes(out, &m->codes);
	if (m->expression.n) {
		buf_printf(out, "\t  .expression = ");
		add_text(out, m->expression);
	}
	buf_printf(out, " },\n");
}

static void add_rule(struct buf *out, const struct rule *m)
{
	const struct str *texts[] = { &m->code,	  &m->id,	&m->summary,
				      &m->advice, &m->upstream, &m->kubernetes };

	buf_printf(out, "\t{ ");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		add_text(out, *texts[i]);
		buf_printf(out, ", ");
	}
	RULE_NUMBERS(ADD_NUMBER)
	buf_printf(out, " .changed = { ");
	for (size_t i = 0; i < n_write_rows; i++)
		buf_printf(out, "%u, ", m->changed[i]);
	buf_printf(out, "} },\n");
}

static void add_tables(struct buf *out, const struct rules *r)
{
	buf_printf(out,
		   "/* Made of diagnose/rules by make_tables. */\n"
		   "#include \"diagnose/ruleset.h\"\n\nconst struct rule builtin_rules[] = {\n");
	for (size_t i = 0; i < r->n; i++)
		add_rule(out, &r->list[i]);
	buf_printf(out,
		   "};\nconst size_t n_builtin_rules = %zu;\n\n"
		   "const struct matcher builtin_matchers[] = {\n",
		   r->n);
	for (size_t i = 0; i < r->n_matchers; i++)
		add_matcher(out, &r->matchers[i]);
	buf_printf(out, "};\nconst size_t n_builtin_matchers = %zu;\n", r->n_matchers);
}

int main(int n, char **args)
{
	struct rules *rules = rules_new();
	struct buf out = { 0 };
	int result = 0;

	for (int i = 1; i < n && result == 0; i++)
		result = read_file(rules, args[i]);
	if (result == 0) {
		add_tables(&out, rules);
		fwrite(out.p, 1, out.n, stdout);
		result = fflush(stdout);
	}
	buf_free(&out);
	rules_free(rules);
	return result == 0 ? 0 : 1;
}
