/* SPDX-License-Identifier: Apache-2.0 */
/* Words and numbers that the tables and the document of a comparison share. */
#include "page/diff.h"

/* 3 significant digits in whole billionths, so printf's rounding does not matter. */
void diff_add_p(struct buf *out, double p, bool document)
{
	static const uint64_t billion = 1000000000;
	uint64_t value = (uint64_t)(p * 1e9 + 0.5), unit = 1;
	char digits[16];
	int n;

	if (!document && value < billion / 1000) {
		buf_add_str(out, STR("<0.001"));
		return;
	}
	while (value / unit >= 1000)
		unit *= 10;
	value = (value + unit / 2) / unit * unit;
	unit *= value / unit == 1000 ? 10 : 1;
	n = snprintf(digits, sizeof(digits), "%llu.%09llu", (unsigned long long)(value / billion),
		     (unsigned long long)(value % billion));
	for (; unit > 1; unit /= 10)
		n--;
	while (document && digits[n - 1] == '0')
		n--;
	n -= document && digits[n - 1] == '.';
	buf_add(out, digits, (size_t)n);
}

const char *diff_by_name(enum compare_by by)
{
	static const char *const names[] = { "", "namespace", "workload", "node", "image" };

	return names[by];
}

const char *diff_test_name(enum test_kind kind)
{
	static const char *const names[] = { "", "Mann-Whitney U, exact", "Mann-Whitney U, normal",
					     "Fisher exact" };

	return names[kind];
}

const char *diff_duration_word(enum tendency tendency)
{
	static const char *const words[] = { "not tested", "no evidence", "faster", "slower" };

	return words[tendency];
}

const char *diff_share_word(const struct compare_share *share)
{
	static const char *const words[] = { "not tested", "no evidence", "fewer", "more" };
	static const char *const of_attainment[] = { "not tested", "no evidence", "lower",
						     "higher" };

	return (share->kind == SHARE_ATTAINMENT ? of_attainment : words)[share->test.tendency];
}

void diff_add_share_name(struct buf *out, const struct compare_share *share)
{
	if (share->kind == SHARE_CODE)
		buf_add_str(out, STR("denied: "));
	if (share->kind == SHARE_EXCLUSION)
		buf_add_str(out, STR("excluded: "));
	buf_add_str(out, share->name);
}
