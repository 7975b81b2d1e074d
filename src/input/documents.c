/* SPDX-License-Identifier: Apache-2.0 */
#include "input/documents.h"

#include "base/utf8.h"

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
enum { BLOCK = 64, BLANKS_MAX = 64 };
#else
enum {
	BLOCK = INPUT_BLOCK / 4,
	BLANKS_MAX = 64 * 1024, /* before the value; more are part of the value */
};
#endif

enum { MORE = 8 /* greater than any length: the rest of the character has not been read */ };

void documents_open(struct documents *d, struct stream *from, size_t run_max)
{
	*d = (struct documents){
		.from = from,
		.run_max = run_max,
		.place.line = 1,
		.last = '\n',
	};
}

void documents_close(struct documents *d)
{
	buf_free(&d->in);
}

/* Moves only when it moves fewer bytes than it drops, so the sum of all moves is linear. */
static void drop_used(struct documents *d)
{
	const size_t n = d->at;

	if (n < d->in.n - n)
		return;
	memmove(d->in.p, d->in.p + n, d->in.n - n);
	d->in.n -= n;
	d->given -= n;
	d->looked -= n;
	d->at = 0;
}

static bool fill(struct documents *d)
{
	ssize_t got;

	if (d->ended)
		return false;
	if (d->at > 0)
		drop_used(d);
	buf_reserve(&d->in, BLOCK);
	got = stream_read(d->from, d->in.p + d->in.n, BLOCK, &d->fault);
	if (got <= 0) {
		d->ended = true;
		d->faulty = got < 0;
		return false;
	}
	d->in.n += (size_t)got;
	d->last = d->in.p[d->in.n - 1];
	return true;
}

static uint64_t count_lines(const char *p, const char *end)
{
	uint64_t n = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* Content of a document */

static bool is_marker(const char *p, size_t left, char c)
{
	if (left < 3 || p[0] != c || p[1] != c || p[2] != c)
		return false;
	return left == 3 || p[3] == ' ' || p[3] == '\t' || p[3] == '\r' || p[3] == '\n';
}

static void replace(struct documents *d, char *p)
{
	const char *from = d->in.p + d->at;

	*p = '_'; /* never an indicator; a '?' alone would begin a key */
	if (d->replaced)
		return;
	d->replaced = true;
	d->replaced_at = (struct place){
		.line = d->place.line + count_lines(from, p),
		.offset = d->place.offset + (uint64_t)(p - from),
	};
}

/* The length of the character at p, which is not ASCII; 0 when YAML forbids it, or MORE. */
static size_t wide_length(const char *p, size_t left)
{
	struct utf8 first = utf8_first((struct str){ p, left });

	if (first.cut)
		return MORE;
	if (!first.good || (first.c < 0xa0 && first.c != 0x85) || first.c == 0xfffe ||
	    first.c == 0xffff)
		return 0;
	return first.n;
}

/* Line ends in libyaml besides the newline. */
static bool is_break(const char *p, size_t n)
{
	switch (n) {
	case 1:
		return *p == '\r';
	case 2:
		return memcmp(p, "\xc2\x85", 2) == 0;
	case 3:
		return memcmp(p, "\xe2\x80\xa8", 3) == 0 || memcmp(p, "\xe2\x80\xa9", 3) == 0;
	default:
		return false;
	}
}

/* One character that is not plain ASCII: its length, or 0 when more must be read to know it. */
static size_t clean_special(struct documents *d, char *p, size_t left)
{
	size_t n = (unsigned char)*p >= 0x80 ? wide_length(p, left) : *p == '\r';

	if (n == MORE && !d->ended)
		return 0;
	if (n == 0 || n == MORE) {
		replace(d, p);
		return 1;
	}
	if (is_break(p, n)) {
		if (n == left)
			return d->ended ? n : 0;
		if (p[n] == '%')
			replace(d, p + n);
	}
	return n;
}

static bool is_plain(char c)
{
	return (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
}

/* Cleans n bytes at p; returns how many are done: fewer when the last character is incomplete. */
static size_t clean(struct documents *d, char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (LIKELY(is_plain(p[i]))) {
			i++;
		} else {
			size_t done =
			    clean_special(d, p + i, (size_t)(d->in.p + d->in.n - (p + i)));

			if (done == 0)
				break;
			i += done;
		}
	}
	return i;
}

/* At the start of a line. False when the document ends here, or when more must be read. */
static bool line_belongs(struct documents *d, char *p, size_t left)
{
	if (*p == '%')
		replace(d, p);
	if (*p != '-' && *p != '.')
		return true;
	if (left < 4 && !d->ended)
		return false;
	d->over = is_marker(p, left, *p);
	return !d->over;
}

static void clean_lines(struct documents *d)
{
	while (!d->over && d->looked < d->in.n) {
		char *p = d->in.p + d->looked;
		size_t left = d->in.n - d->looked, n, done;
		const char *newline;

		if (d->line_start && !line_belongs(d, p, left))
			return;
		newline = memchr(p, '\n', left);
		n = newline ? (size_t)(newline - p) + 1 : left;
		done = clean(d, p, n);
		d->looked += done;
		if (done > 0)
			d->line_start = newline && done == n;
		if (done < n)
			return;
	}
	if (d->ended && d->looked == d->in.n)
		d->over = true;
}

static void look_further(struct documents *d)
{
	fill(d);
	clean_lines(d);
}

/* Moves the cursor and everything that depends on it. */

static void pass(struct documents *d, size_t n)
{
	const char *p = d->in.p + d->at;

	if (n == 0)
		return;
	d->place.line += count_lines(p, p + n);
	d->place.offset += n;
	d->at += n;
	d->given = MAX(d->given, d->at);
	d->looked = MAX(d->looked, d->at);
}

/* The number of bytes after the cursor: at least n, if the stream has them. */
static size_t peek(struct documents *d, size_t n)
{
	while (d->in.n - d->at < n && fill(d))
		;
	return d->in.n - d->at;
}

static void pass_line(struct documents *d)
{
	while (peek(d, 1) > 0) {
		const char *p = d->in.p + d->at;
		const char *newline = memchr(p, '\n', d->in.n - d->at);

		if (newline) {
			pass(d, (size_t)(newline - p) + 1);
			return;
		}
		pass(d, d->in.n - d->at);
	}
}

static size_t count_blanks(struct documents *d)
{
	size_t n = 0;

	while (n < BLANKS_MAX && peek(d, n + 1) > n) {
		char c = d->in.p[d->at + n];

		if (c != ' ' && c != '\t' && c != '\r')
			break;
		n++;
	}
	return n;
}

/*
 * Moves to the first byte of a value, or rather of its line, because its column counts. The marker
 * is skipped: the rest of its line is the beginning of the value.
 */
static bool find_value(struct documents *d)
{
	size_t left, blanks;

	while ((left = peek(d, 4)) > 0) {
		const char *p = d->in.p + d->at;
		bool marked = is_marker(p, left, '-');

		if (is_marker(p, left, '.') || *p == '%') {
			pass_line(d);
			continue;
		}
		if (marked)
			pass(d, 3);
		blanks = count_blanks(d);
		left = peek(d, blanks + 1);
		p = d->in.p + d->at + blanks;
		if (left > blanks && *p != '#' && *p != '\n') {
			if (marked)
				pass(d, blanks);
			return true;
		}
		pass_line(d);
	}
	return false;
}

bool documents_begin(struct documents *d)
{
	d->over = d->too_long = d->replaced = false;
	if (!find_value(d))
		return false;
	d->index = 0;
	d->line_start = false; /* this one has been checked */
	clean_lines(d);
	return true;
}

void documents_end(struct documents *d)
{
	for (;;) {
		pass(d, d->looked - d->at);
		if (d->over)
			break;
		look_further(d);
	}
}

size_t documents_read(struct documents *d, void *to, size_t n)
{
	char *p = to;
	size_t done = 0;

	d->too_long = d->given - d->at > d->run_max;
	if (d->too_long)
		return 0;
	while (done < n) {
		size_t part = MIN(n - done, d->looked - d->given);

		if (part == 0) {
			if (d->over)
				break;
			look_further(d);
			continue;
		}
		memcpy(p + done, d->in.p + d->given, part);
		d->given += part;
		done += part;
	}
	return done;
}

struct place documents_place(struct documents *d, uint64_t index)
{
	const char *start = d->in.p + d->at, *p = start, *end = d->in.p + d->given;

	while (d->index < index && p < end) {
		d->place.line += *p == '\n';
		d->index++;
		do
			p++;
		while (p < end && utf8_continues(*p));
	}
	d->at += (size_t)(p - start);
	d->place.offset += (uint64_t)(p - start);
	return d->place;
}

bool documents_at_end(const struct documents *d)
{
	return d->over && d->ended && d->at == d->in.n;
}
