/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are not a single line: items of arrays and envelopes, pretty-printed values. */
#include "input/items.h"

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
		/* Other characters after it: the end of a record whose beginning is missing. */
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

/* The value that begins at `at`: the byte after its end, or 0 when it does not end here. */
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

void items_begin(struct items *it, enum envelope envelope, bool one_line)
{
	it->open = true;
	it->behind = false;
	it->levels = 0;
	it->one_line = one_line;
	it->want = WANT_ITEM;
	it->envelope = envelope;
}

/* The next byte that is no blank, without consuming it; -1 at the end. */
static int next_byte(struct window *w)
{
	while (window_any(w)) {
		char c = *w->p;

		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return (unsigned char)c;
		w->line += c == '\n';
		window_advance(w, 1);
	}
	return -1;
}

/* Enters another array on the same line at once: rescanning after each array would be quadratic. */
static bool array_follows(struct window *w)
{
	while (window_any(w)) {
		if (*w->p != ' ' && *w->p != '\t')
			return *w->p == '[';
		window_advance(w, 1);
	}
	return false;
}

static enum given leave_array(struct items *it)
{
	switch (it->envelope) {
	case ENVELOPE_NONE:
		it->want = WANT_ITEM;
		it->open = array_follows(it->window);
		break;
	case ENVELOPE_LINE:
		it->open = false;
		return GIVEN_SKIP_LINE;
	case ENVELOPE_VALUE:
		it->behind = true;
		scan_start_in_object(&it->rest);
		break;
	}
	return GIVEN_NOTHING;
}

/*
 * A value that does not fit (other records after a torn array) ends the array, and reading by lines
 * continues there. If the line is longer than the limit it is skipped, because scanning it again
 * would take too long.
 */
static enum given break_array(struct items *it, bool same_line)
{
	const struct window *w = it->window;

	it->open = false;
	if (!it->one_line || !same_line)
		return GIVEN_NOTHING;
	files_note(w->files, INPUT_OVERSIZE, w->line, w->offset,
		   "a line longer than the limit, and no array to its end");
	return GIVEN_SKIP_LINE;
}

/* From the last item of an envelope to its end. */
static enum given pass_rest(struct items *it)
{
	struct window *w = it->window;

	while (window_any(w)) {
		uint64_t lines = it->rest.lines;
		size_t used;
		enum scan_result r =
		    scan_feed(&it->rest, (struct str){ w->p, window_left(w) }, &used);

		window_advance(w, used);
		w->line += it->rest.lines - lines;
		if (r != SCAN_MORE)
			break;
	}
	it->open = false;
	return GIVEN_NOTHING;
}

/* Arrays in arrays are flattened: a text is never an array. */
enum given items_next(struct items *it, struct text *ret_text)
{
	struct window *w = it->window;
	const uint64_t line = w->line;

	if (it->behind)
		return pass_rest(it);
	for (;;) {
		int c = next_byte(w);

		if (c < 0) {
			it->open = false;
			return GIVEN_NOTHING;
		}
		if (c == '[' && it->want == WANT_ITEM) {
			it->levels++;
		} else if (c == ']') {
			it->want = WANT_COMMA;
			if (--it->levels == 0) {
				window_advance(w, 1);
				return leave_array(it);
			}
		} else if (c == ',' && it->want == WANT_COMMA) {
			it->want = WANT_ITEM;
		} else if (it->want == WANT_COMMA) {
			return break_array(it, w->line == line);
		} else {
			it->want = WANT_COMMA;
			return items_value(it, false, ret_text);
		}
		window_advance(w, 1);
	}
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
 * A multi-line value exceeded the limit. If it is an envelope whose items begin before that, they
 * are returned one by one: the collected bytes become the window and are read again from there.
 */
static bool open_envelope(struct items *it)
{
	struct window *w = it->window;
	struct buf spare = w->carry;
	size_t room = w->record_max - it->value.n, at;

	buf_add(&it->value, w->p, room);
	if (!items_find(buf_str(&it->value), &at))
		return false;
	/* The limit is not below the length of a carried line, so this is a block. */
	assert(!w->later);
	w->line += count_lines(it->value.p, it->value.p + at);
	window_advance(w, room);
	w->carry = it->value;
	it->value = spare;
	window_back(w, buf_str(&w->carry), w->carry.p + at, true);
	items_begin(it, ENVELOPE_VALUE, false);
	return true;
}

enum given items_value(struct items *it, bool top, struct text *ret_text)
{
	struct window *w = it->window;
	const uint64_t line = w->line, offset = w->offset;
	enum scan_result r = SCAN_MORE;
	struct str bytes = { 0 };
	struct scan scan;
	bool over = false;

	it->value.n = 0;
	scan_start(&scan);
	scan.one_line = !top && it->one_line;
	while (r == SCAN_MORE && window_any(w)) {
		size_t used;

		r = scan_feed(&scan, (struct str){ w->p, window_left(w) }, &used);
		if (!over && used > w->record_max - it->value.n) {
			if (top && open_envelope(it))
				return GIVEN_NOTHING;
			over = true;
		}
		bytes = (struct str){ w->p, used };
		/* Most items are within one window and are returned from it. */
		if (!over && (r == SCAN_MORE || it->value.n > 0)) {
			buf_add(&it->value, w->p, used);
			bytes = buf_str(&it->value);
		}
		window_advance(w, used);
	}
	w->line = line + scan.lines;
	if (r == SCAN_BROKEN)
		it->open = false;
	if (over) {
		files_note(w->files, INPUT_OVERSIZE, line, offset, "a value longer than the limit");
		return GIVEN_NOTHING;
	}
	ret_text->bytes = str_trim(bytes); /* only a broken one can end with blanks */
	ret_text->line = line;
	ret_text->offset = offset;
	ret_text->unterminated = r == SCAN_MORE;
	return GIVEN_TEXT;
}
