/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

unsigned suggest_distance(struct str a, struct str b)
{
	unsigned rows[3][SUGGEST_WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2], *oldest;

	if (a.n > SUGGEST_WORD_MAX || b.n > SUGGEST_WORD_MAX)
		return UINT_MAX;
	for (unsigned j = 0; j <= b.n; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		now[0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];

			now[j] = MIN(last[j - 1] + !same, MIN(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
				now[j] = MIN(now[j], before[j - 2] + 1);
		}
		oldest = before;
		before = last;
		last = now;
		now = oldest;
	}
	return last[b.n];
}

struct suggest suggest_for(struct str typed)
{
	/* One edit in three letters: more, and the words have nothing to do with each other. */
	return (struct suggest){ .typed = typed, .distance = (unsigned)MIN(typed.n, 40) / 3 + 1 };
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	struct str word = str_from(candidate);
	unsigned distance = suggest_distance(s->typed, word);

	/* A part of a long word matches it, whatever its length. */
	if (s->typed.n >= 2 && str_starts(word, s->typed))
		distance = 1;
	if (distance < s->distance) {
		s->best = candidate;
		s->distance = distance;
	}
}
