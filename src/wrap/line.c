/* SPDX-License-Identifier: Apache-2.0 */
/* Lines with text before the JSON: its kind, and where the JSON begins. */
#include "base/clock.h"
#include "base/pattern.h"
#include "wrap/look.h"
#include "wrap/wrapping.h"

enum {
	PREFIX_MAX = 512, /* bytes before the JSON: RFC 5424 with structured data */
	/* Number of braces to try, because some programs write other objects before the JSON. */
	PREFIX_TRIES = 3,
	FIELD_MAX = 4096, /* bytes before the JSON in CSV: Azure writes some twenty columns */
};

/* Shapes: words separated by blanks. %T a time, %M a month, %w any word, %* everything else. */

static bool is_month(struct str word)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *at = word.n == 3 ? memmem(months, sizeof(months) - 1, word.p, 3) : NULL;

	return at && (at - months) % 3 == 0;
}

static bool is_time(struct str word)
{
	char text[CLOCK_TEXT + 8];
	nsec at;

	if (clock_parse(word, &at))
		return true;
	/* journalctl writes +0000 without a colon */
	if (word.n < 5 || word.n >= sizeof(text))
		return false;
	memcpy(text, word.p, word.n - 2);
	text[word.n - 2] = ':';
	memcpy(text + word.n - 1, word.p + word.n - 2, 2);
	return clock_parse((struct str){ text, word.n + 1 }, &at);
}

bool word_is_any(struct str patterns, struct str word)
{
	struct str pattern;

	while (str_next(&patterns, '|', &pattern))
		if (pattern_match(pattern, word))
			return true;
	return false;
}

/* "<*>%M": the word may begin with "<...>". */
static bool word_matches(struct str pattern, struct str word)
{
	struct str head, tail;

	if (str_starts(pattern, STR("<*>")) && pattern.n > 3 && pattern.p[3] == '%')
		return str_starts(word, STR("<")) && str_cut(word, '>', &head, &tail) &&
		       word_matches(str_after(pattern, 3), tail);
	if (str_eq(pattern, STR("%w")))
		return word.n > 0;
	if (str_eq(pattern, STR("%T")))
		return is_time(word);
	if (str_eq(pattern, STR("%M")))
		return is_month(word);
	return word_is_any(pattern, word);
}

static struct str next_word(struct str *rest, bool last)
{
	struct str all = str_trim(*rest), word = all;

	if (last) {
		*rest = (struct str){ 0 };
		return all;
	}
	word.n = 0;
	while (word.n < all.n && all.p[word.n] != ' ' && all.p[word.n] != '\t')
		word.n++;
	*rest = str_after(all, word.n);
	return word;
}

static bool shape_matches(struct str shape, struct str prefix)
{
	struct str pattern;

	while (str_next(&shape, ' ', &pattern)) {
		if (str_eq(pattern, STR("%*")))
			return true;
		/* Loki's labels may contain blanks */
		if (!word_matches(pattern, next_word(&prefix, !shape.p && pattern.p[0] == '{')))
			return false;
	}
	return str_trim(prefix).n == 0;
}

/* The last row matches anything. */
static const struct wrapper_row *row_of_prefix(struct str prefix)
{
	const struct wrapper_row *row = wrapper_rows;

	while (row->kind != WRAP_LINE || !shape_matches(str_from(row->shape), prefix))
		row++;
	return row;
}

/* The first '{' after `at` that begins JSON, within the prefix's limit, or NULL. */
static const char *next_object(struct str line, const char *at)
{
	const char *end = line.p + line.n, *limit = line.p + MIN(line.n, (size_t)PREFIX_MAX + 1);

	while (at < limit && (at = memchr(at, '{', (size_t)(limit - at))) != NULL) {
		const char *p = at + 1;

		while (p < end && p < at + 8 && *p == ' ')
			p++;
		if (p < end && *p == '"')
			return at;
		at++;
	}
	return NULL;
}

/* TIME host {json}: a prefix, and an object up to the end of the line. */
static int behind_prefix(struct wrap *w, struct str line, unsigned depth, bool *ret_whole,
			 struct err *err)
{
	const char *end = line.p + line.n, *at = next_object(line, line.p);

	for (int i = 0; i < PREFIX_TRIES && at; i++, at = next_object(line, at + 1)) {
		struct str prefix = str_from_to(line.p, at);
		int r;

		if (json_skip_container(at, end) != end || line_is_damaged(prefix))
			continue;
		*ret_whole = true;
		r = wrap_text(w, row_of_prefix(prefix), str_from_to(at, end), depth, err);
		if (r != 0)
			return r;
	}
	return 0;
}

/* A CSV field, in the arena, with "" replaced by ". Returns false if it does not end. */
static bool csv_field(struct str text, struct arena *arena, struct str *ret_field)
{
	char *p = arena_alloc(arena, text.n, 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' && (i + 1 == text.n || text.p[i + 1] != '"')) {
			*ret_field = (struct str){ p, n };
			return i + 1 == text.n || text.p[i + 1] == ',';
		}
		i += text.p[i] == '"';
		p[n++] = text.p[i];
	}
	return false;
}

/* stream,"2026-…","{""kind"":…}": exports of queries. */
static int in_field(struct wrap *w, struct str line, unsigned depth, struct err *err)
{
	const char *limit = line.p + MIN(line.n, (size_t)FIELD_MAX), *begin, *at;
	struct str text;

	at = memmem(line.p, (size_t)(limit - line.p), "{\"\"", 3);
	if (!at)
		return 0;
	for (begin = at; begin > line.p; begin--)
		if (begin[-1] == '"' && (begin - 1 == line.p || begin[-2] == ','))
			break;
	if (begin == line.p || !csv_field(str_from_to(begin, line.p + line.n), w->arena, &text))
		return 0;
	return wrap_text(w, wrapper_of_kind(WRAP_FIELD), text, depth, err);
}

/* The output of jq without -r: "{\"kind\":…}". */
static int in_string(struct wrap *w, struct str line, unsigned depth, struct err *err)
{
	struct json j = json_of(line, w->arena);
	struct str text;

	if (line.n < 3 || line.p[0] != '"' || line.p[1] != '{' || !json_text(&j, &text) ||
	    !json_end(&j))
		return 0;
	return wrap_text(w, wrapper_of_kind(WRAP_STRING), text, depth, err);
}

/* Parts of records */

/* klog's header begins a complete line. */
static bool is_klog(struct str line)
{
	if (line.n < 6 || !memchr("IWEF", line.p[0], 4) || line.p[5] != ' ')
		return false;
	for (int i = 1; i < 5; i++)
		if (line.p[i] < '0' || line.p[i] > '9')
			return false;
	return true;
}

/* After `":`: a JSON value, not the rest of an error like: Get "https://…": dial tcp. */
static bool value_follows(const char *p, const char *end)
{
	static const struct str words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };

	if (p < end && *p >= '0' && *p <= '9')
		return true;
	if (p < end && *p == ' ')
		p++;
	if (p < end && (*p == '"' || *p == '{' || *p == '['))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_starts(str_from_to(p, end), words[i]))
			return true;
	return false;
}

bool line_is_damaged(struct str line)
{
	const char *end = line.p + line.n;

	if (!line.n || is_klog(line))
		return false;
	for (const char *at = line.p; (at = memmem(at, (size_t)(end - at), "\":", 2)); at++)
		if (value_follows(at + 2, end))
			return true;
	return line.n > 1 && end[-1] == '}' && memchr("\"}]", end[-2], 3) != NULL;
}

bool line_is_array(struct str line)
{
	size_t i = 1;

	if (!line.n || line.p[0] != '[')
		return false;
	while (i < line.n && line.p[i] == ' ')
		i++;
	return i < line.n && memchr("{[]\"", line.p[i], 4) != NULL;
}

int wrap_line(struct wrap *w, struct str line, unsigned depth, enum line_result *ret_result,
	      struct err *err)
{
	struct str body = str_trim(line);
	const char *what = foreign_line(body);
	bool whole = false;
	int r;

	*ret_result = LINE_USED;
	if (what) {
		w->user->foreign(w->ctx, what);
		return 1;
	}
	r = in_string(w, body, depth, err);
	if (r == 0)
		r = in_field(w, body, depth, err);
	if (r == 0)
		r = behind_prefix(w, body, depth, &whole, err);
	if (r == 0)
		*ret_result = !whole && line_is_damaged(body) ? LINE_DAMAGED : LINE_OTHER;
	return r;
}
