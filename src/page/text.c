/* SPDX-License-Identifier: Apache-2.0 */
#include "page/text.h"

#include "base/utf8.h"

struct range {
	uint32_t first, last;
};

/* Two columns wide: Unicode's East_Asian_Width W and F, merged across unassigned gaps. */
static const struct range wide[] = {
	{ 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x2329, 0x232A },	  { 0x23E9, 0x23EC },
	{ 0x23F0, 0x23F0 },   { 0x23F3, 0x23F3 },   { 0x25FD, 0x25FE },	  { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 },   { 0x267F, 0x267F },   { 0x2693, 0x2693 },	  { 0x26A1, 0x26A1 },
	{ 0x26AA, 0x26AB },   { 0x26BD, 0x26BE },   { 0x26C4, 0x26C5 },	  { 0x26CE, 0x26CE },
	{ 0x26D4, 0x26D4 },   { 0x26EA, 0x26EA },   { 0x26F2, 0x26F3 },	  { 0x26F5, 0x26F5 },
	{ 0x26FA, 0x26FA },   { 0x26FD, 0x26FD },   { 0x2705, 0x2705 },	  { 0x270A, 0x270B },
	{ 0x2728, 0x2728 },   { 0x274C, 0x274C },   { 0x274E, 0x274E },	  { 0x2753, 0x2755 },
	{ 0x2757, 0x2757 },   { 0x2795, 0x2797 },   { 0x27B0, 0x27B0 },	  { 0x27BF, 0x27BF },
	{ 0x2B1B, 0x2B1C },   { 0x2B50, 0x2B50 },   { 0x2B55, 0x2B55 },	  { 0x2E80, 0x303E },
	{ 0x3041, 0x33FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0xA4CF },	  { 0xA960, 0xA97F },
	{ 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE10, 0xFE19 },	  { 0xFE30, 0xFE6F },
	{ 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18AFF }, { 0x1AFF0, 0x1B2FF },
	{ 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF }, { 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A },
	{ 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C }, { 0x1F37E, 0x1F393 },
	{ 0x1F3A0, 0x1F3CA }, { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
	{ 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC }, { 0x1F4FF, 0x1F53D },
	{ 0x1F54B, 0x1F54E }, { 0x1F550, 0x1F567 }, { 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 },
	{ 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F }, { 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC },
	{ 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6DF }, { 0x1F6EB, 0x1F6EC }, { 0x1F6F4, 0x1F6FC },
	{ 0x1F7E0, 0x1F7F0 }, { 0x1F90C, 0x1F93A }, { 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF },
	{ 0x1FA70, 0x1FAFF }, { 0x20000, 0x3FFFD },
};

/* Zero columns wide: combining marks that occur in names and messages, variation selectors. */
static const struct range combining[] = {
	{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A },
	{ 0x064B, 0x065F }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E },
	{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F },
	{ 0xFE20, 0xFE2F },
};

/* Shown as a number: C1, direction marks, invisible characters, line separators, tags. */
static const struct range unsafe[] = {
	{ 0x0080, 0x009F },   { 0x00AD, 0x00AD }, { 0x061C, 0x061C }, { 0x115F, 0x1160 },
	{ 0x180E, 0x180E },   { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F },
	{ 0x3164, 0x3164 },   { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF9, 0xFFFB },
	{ 0xE0000, 0xE0FFF },
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t c)
{
	size_t i;

	LOWER_BOUND(i, n, c > ranges[i].last);
	return i < n && c >= ranges[i].first;
}

/* Removes the first character of a text that is not empty; U+FFFD for invalid UTF-8. */
static uint32_t take_char(struct str *s)
{
	struct utf8 first = utf8_first(*s);

	*s = str_after(*s, first.n);
	return first.c;
}

void text_add_safe(struct buf *out, struct str s, bool ascii)
{
	while (s.n) {
		const char *start = s.p;
		uint32_t c = take_char(&s);

		if (c < 0x20 || c == 0x7F)
			buf_printf(out, "\\x%02x", c);
		else if (c < 0x7F)
			buf_add_char(out, (char)c);
		else if (c == UTF8_REPLACEMENT)
			buf_add_str(out, ascii ? STR("?") : STR("\xEF\xBF\xBD"));
		else if (ascii || in_ranges(unsafe, ARRAY_SIZE(unsafe), c))
			buf_printf(out, "\\u{%04x}", c);
		else
			buf_add_str(out, str_from_to(start, s.p));
	}
}

static size_t char_width(uint32_t c)
{
	if (c < 0x300)
		return 1;
	if (in_ranges(combining, ARRAY_SIZE(combining), c))
		return 0;
	return in_ranges(wide, ARRAY_SIZE(wide), c) ? 2 : 1;
}

size_t text_width(struct str safe)
{
	size_t width = 0;

	while (safe.n)
		width += char_width(take_char(&safe));
	return width;
}

/* The longest prefix of s that fits, with the marks that combine with its last character. */
static struct str front(struct str s, size_t width, size_t *ret_used)
{
	struct str rest = s;
	size_t used = 0;

	while (rest.n) {
		struct str after = rest;
		size_t w = char_width(take_char(&after));

		if (used + w > width)
			break;
		used += w;
		rest = after;
	}
	*ret_used = used;
	return str_from_to(s.p, rest.p);
}

/* The longest suffix of s that fits; it does not begin with a mark of a removed character. */
static struct str back(struct str s, size_t width, size_t *ret_used)
{
	size_t left = text_width(s);

	while (s.n) {
		struct str after = s;
		size_t w = char_width(take_char(&after));

		if (left <= width && w > 0)
			break;
		left -= w;
		s = after;
	}
	*ret_used = left;
	return s;
}

size_t text_add_shortened(struct buf *out, struct str safe, size_t width, bool ascii)
{
	struct str ellipsis = ascii ? STR("...") : STR("\xE2\x80\xA6");
	size_t dots = ascii ? 3 : 1, whole = text_width(safe), head_used, tail_used;
	struct str head, tail;

	if (whole <= width) {
		buf_add_str(out, safe);
		return whole;
	}
	if (width < dots) {
		buf_add(out, "...", width);
		return width;
	}
	head = front(safe, (width - dots + 1) / 2, &head_used);
	tail = back(safe, width - dots - head_used, &tail_used);
	buf_add_str(out, head);
	buf_add_str(out, ellipsis);
	buf_add_str(out, tail);
	return head_used + dots + tail_used;
}
