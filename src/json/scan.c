/* SPDX-License-Identifier: Apache-2.0 */
#include "json/scan.h"

void scan_start(struct scan *s)
{
	s->state = SCAN_VALUE;
	s->depth = 0;
	s->is_key = s->one_line = s->fresh = false;
	s->lines = 0;
}

static bool in_object(const struct scan *s)
{
	unsigned at = s->depth - 1;

	return s->objects[at / 64] >> (at % 64) & 1;
}

static bool open_container(struct scan *s, bool object)
{
	uint64_t bit = (uint64_t)1 << (s->depth % 64);

	if (s->depth == SCAN_DEPTH_MAX)
		return false;
	if (object)
		s->objects[s->depth / 64] |= bit;
	else
		s->objects[s->depth / 64] &= ~bit;
	s->depth++;
	s->state = object ? SCAN_KEY_OR_END : SCAN_VALUE_OR_END;
	return true;
}

void scan_start_in_object(struct scan *s)
{
	scan_start(s);
	open_container(s, true);
	s->state = SCAN_AFTER;
}

static void after_value(struct scan *s)
{
	s->state = s->depth ? SCAN_AFTER : SCAN_CLOSED;
}

static bool close_container(struct scan *s, char c)
{
	if (c != (in_object(s) ? '}' : ']'))
		return false;
	s->depth--;
	after_value(s);
	return true;
}

static bool is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
	       c == '.' || c == 'E';
}

static bool begin_string(struct scan *s, bool is_key)
{
	s->state = SCAN_STRING;
	s->is_key = is_key;
	return true;
}

static bool begin_value(struct scan *s, char c)
{
	if (c == '{' || c == '[')
		return open_container(s, c == '{');
	if (c == '"')
		return begin_string(s, false);
	s->state = SCAN_SCALAR;
	return is_scalar(c);
}

/* One byte outside of strings that is no blank. False: it is not allowed here. */
static bool take_token(struct scan *s, char c)
{
	switch (s->state) {
	case SCAN_VALUE_OR_END:
		return c == ']' ? close_container(s, c) : begin_value(s, c);
	case SCAN_VALUE:
		return begin_value(s, c);
	case SCAN_KEY_OR_END:
		return c == '}' ? close_container(s, c) : c == '"' && begin_string(s, true);
	case SCAN_KEY:
		return c == '"' && begin_string(s, true);
	case SCAN_COLON:
		s->state = SCAN_VALUE;
		return c == ':';
	case SCAN_AFTER:
		if (c != ',')
			return close_container(s, c);
		s->state = in_object(s) ? SCAN_KEY : SCAN_VALUE;
		return true;
	default:
		return false;
	}
}

/* Inside a string: to the byte after its end, or to a newline. */
static const char *take_string(struct scan *s, const char *p, const char *end)
{
	if (s->state == SCAN_ESCAPE && *p != '\n') {
		s->state = SCAN_STRING;
		p++;
	}
	for (; p < end && *p != '\n'; p++) {
		if (*p == '\\') {
			if (++p == end || *p == '\n') {
				s->state = SCAN_ESCAPE;
				return p;
			}
		} else if (*p == '"') {
			if (s->is_key)
				s->state = SCAN_COLON;
			else
				after_value(s);
			return p + 1;
		}
	}
	return p;
}

static const char *take_tail(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline ? newline : end;
}

static const char *take_scalar(struct scan *s, const char *p, const char *end)
{
	while (p < end && is_scalar(*p))
		p++;
	if (p < end)
		after_value(s);
	return p;
}

enum scan_result scan_feed(struct scan *s, struct str in, size_t *ret_used)
{
	const char *p = in.p, *end = in.p + in.n;
	enum scan_result result = SCAN_MORE;

	while (p < end && s->state != SCAN_CLOSED) {
		if (s->state >= SCAN_STRING) {
			if (s->state == SCAN_SCALAR)
				p = take_scalar(s, p, end);
			else if (s->state == SCAN_TAIL)
				p = take_tail(p, end);
			else
				p = take_string(s, p, end);
			/* Strings and trailing bytes stop only at a newline or at the end. */
			if (s->state >= SCAN_STRING && s->state != SCAN_CLOSED && p < end) {
				result = SCAN_BROKEN;
				break;
			}
		} else if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n') {
			if (*p == '\n') {
				if (s->one_line) {
					result = SCAN_BROKEN;
					break;
				}
				s->lines++;
				s->fresh = true;
			}
			p++;
		} else if (take_token(s, *p)) {
			s->fresh = false;
			p++;
		} else if (s->fresh) {
			result = SCAN_BROKEN;
			break;
		} else {
			s->state = SCAN_TAIL;
		}
	}
	*ret_used = (size_t)(p - in.p);
	return s->state == SCAN_CLOSED ? SCAN_DONE : result;
}
