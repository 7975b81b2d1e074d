/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are not one line: items of arrays and envelopes, pretty-printed values. */
#include "input/texts.h"

static size_t skip_blanks(struct str s, size_t at)
{
	while (at < s.n &&
	       (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
		at++;
	return at;
}

bool items_is_array(struct str line, bool terminated)
{
	struct scan scan;
	size_t used, at;

	scan_start(&scan);
	switch (scan_feed(&scan, line, &used)) {
	case SCAN_DONE:
		/* Other things behind it: the end of a record whose beginning is missing. */
		at = skip_blanks(line, used);
		return at == line.n || line.p[at] == '[' || line.p[at] == '{';
	case SCAN_MORE:
		if (scan.state == SCAN_TAIL)
			return false;
		return !terminated || scan_feed(&scan, STR("\n"), &used) != SCAN_BROKEN;
	default:
		return false;
	}
}

/* The value that begins at `at`: one past its end, or 0 when it does not end here. */
static size_t value_end(struct str s, size_t at)
{
	struct scan scan;
	size_t used;

	scan_start(&scan);
	return scan_feed(&scan, str_after(s, at), &used) == SCAN_DONE ? at + used : 0;
}

bool items_find(struct str object, size_t *ret_at)
{
	size_t at = 0;

	while (at < object.n && (object.p[at] == '{' || object.p[at] == ',')) {
		size_t key = skip_blanks(object, at + 1), end;
		bool is_items;

		if (key == object.n || object.p[key] != '"')
			return false;
		end = value_end(object, key);
		is_items = end == key + 7 && memcmp(object.p + key, "\"items\"", 7) == 0;
		at = skip_blanks(object, end);
		if (end == 0 || at == object.n || object.p[at] != ':')
			return false;
		at = skip_blanks(object, at + 1);
		if (is_items && at < object.n && object.p[at] == '[') {
			*ret_at = at;
			return true;
		}
		end = value_end(object, at);
		if (end == 0)
			return false;
		at = skip_blanks(object, end);
	}
	return false;
}

void items_begin(struct texts *t, enum envelope envelope)
{
	t->mode = TEXTS_ITEMS;
	t->levels = 0;
	t->one_line = false;
	t->want = WANT_ITEM;
	t->envelope = envelope;
}

/* The next byte that is no blank, not yet taken; -1 at the end. */
static int next_byte(struct texts *t)
{
	for (;;) {
		char c;

		if (t->in.p == t->in.end && !texts_more(t))
			return -1;
		c = *t->in.p;
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return (unsigned char)c;
		t->line += c == '\n';
		texts_advance(t, 1);
	}
}

/*
 * Does another array begin on the same line? It is gone into at once: to look at the rest of the
 * line anew behind each of a million small arrays would take for ever.
 */
static bool array_follows(struct texts *t)
{
	while (t->in.p < t->in.end || texts_more(t)) {
		if (*t->in.p != ' ' && *t->in.p != '\t')
			return *t->in.p == '[';
		texts_advance(t, 1);
	}
	return false;
}

static void leave_array(struct texts *t)
{
	switch (t->envelope) {
	case ENVELOPE_NONE:
		if (array_follows(t))
			t->want = WANT_ITEM;
		else
			t->mode = TEXTS_LINES;
		break;
	case ENVELOPE_LINE:
		t->mode = TEXTS_SKIP_LINE;
		break;
	case ENVELOPE_VALUE:
		t->mode = TEXTS_REST;
		scan_start_in_object(&t->rest);
		break;
	}
}

/*
 * What does not fit (other records behind a torn array) ends the array, and is read as lines again
 * from there. If the line is too long for that it is given up; again, only once.
 */
static void break_array(struct texts *t, bool same_line)
{
	t->mode = TEXTS_LINES;
	if (t->one_line && same_line) {
		texts_note(t, INPUT_OVERSIZE, t->line, t->offset,
			   "a line longer than the limit, and no array to its end");
		t->mode = TEXTS_SKIP_LINE;
	}
}

/* Arrays in arrays are flattened: a text is never an array. */
enum texts_step items_next(struct texts *t, struct text *ret_text)
{
	const uint64_t line = t->line;

	for (;;) {
		int c = next_byte(t);

		if (c < 0) {
			t->mode = TEXTS_LINES;
			return TEXTS_AGAIN;
		}
		if (c == '[' && t->want == WANT_ITEM) {
			t->levels++;
		} else if (c == ']') {
			t->want = WANT_COMMA;
			if (--t->levels == 0) {
				texts_advance(t, 1);
				leave_array(t);
				return TEXTS_AGAIN;
			}
		} else if (c == ',' && t->want == WANT_COMMA) {
			t->want = WANT_ITEM;
		} else if (t->want == WANT_COMMA) {
			break_array(t, t->line == line);
			return TEXTS_AGAIN;
		} else {
			t->want = WANT_COMMA;
			return items_value(t, false, ret_text);
		}
		texts_advance(t, 1);
	}
}

enum texts_step items_rest(struct texts *t)
{
	while (t->in.p < t->in.end || texts_more(t)) {
		uint64_t lines = t->rest.lines;
		size_t used;
		enum scan_result r =
		    scan_feed(&t->rest, (struct str){ t->in.p, texts_left(t) }, &used);

		texts_advance(t, used);
		t->line += t->rest.lines - lines;
		if (r != SCAN_MORE)
			break;
	}
	t->mode = TEXTS_LINES;
	return TEXTS_AGAIN;
}

static uint64_t count_lines(const char *p, const char *end)
{
	uint64_t n = 0;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/*
 * A multi-line value grew beyond the limit. If it is an envelope whose items begin before that,
 * they are given one by one: what was collected becomes the window that is read again from there.
 */
static bool open_envelope(struct texts *t)
{
	struct buf spare = t->carry;
	size_t room = t->config.record_max - t->value.n, at;

	buf_add(&t->value, t->in.p, room);
	if (!items_find(buf_str(&t->value), &at))
		return false;
	/* The limit is not below what a carried line can hold, so this is a block. */
	assert(!t->later.p);
	t->line += count_lines(t->value.p, t->value.p + at);
	t->offset += room;
	t->offset -= t->value.n - at;
	t->later = (struct window){ t->in.p + room, t->in.end };
	t->in = (struct window){ t->value.p + at, t->value.p + t->value.n };
	t->carry = t->value;
	t->value = spare;
	items_begin(t, ENVELOPE_VALUE);
	return true;
}

enum texts_step items_value(struct texts *t, bool top, struct text *ret_text)
{
	const uint64_t line = t->line, offset = t->offset;
	enum scan_result r = SCAN_MORE;
	struct str bytes = { 0 };
	struct scan scan;
	bool over = false;

	t->value.n = 0;
	scan_start(&scan);
	scan.one_line = !top && t->one_line;
	while (r == SCAN_MORE && (t->in.p < t->in.end || texts_more(t))) {
		size_t used;

		r = scan_feed(&scan, (struct str){ t->in.p, texts_left(t) }, &used);
		if (!over && used > t->config.record_max - t->value.n) {
			if (top && open_envelope(t))
				return TEXTS_AGAIN;
			over = true;
		}
		bytes = (struct str){ t->in.p, used };
		/* Most items lie within one window, and are given as they lie there. */
		if (!over && (r == SCAN_MORE || t->value.n > 0)) {
			buf_add(&t->value, t->in.p, used);
			bytes = buf_str(&t->value);
		}
		texts_advance(t, used);
	}
	t->line = line + scan.lines;
	if (r == SCAN_BROKEN)
		t->mode = TEXTS_LINES;
	if (over) {
		texts_note(t, INPUT_OVERSIZE, line, offset, "a value longer than the limit");
		return TEXTS_AGAIN;
	}
	ret_text->bytes = str_trim(bytes); /* only a broken one can end with blanks */
	ret_text->line = line;
	ret_text->offset = offset;
	ret_text->unterminated = r == SCAN_MORE;
	return TEXTS_TEXT;
}
