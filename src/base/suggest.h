/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean ...?": the most likely word for a mistyped one.
 */
#pragma once

#include "base/str.h"

/*
 * Edits that turn a into b: one character inserted, left out, replaced, or swapped with its
 * neighbour. Words longer than SUGGEST_WORD_MAX are as far apart as can be.
 */
enum { SUGGEST_WORD_MAX = 40 };
unsigned suggest_distance(struct str a, struct str b);

/* Offer the candidates one by one; best is NULL if none was near enough. */
struct suggest {
	struct str typed;
	const char *best;
	unsigned distance;
};

struct suggest suggest_for(struct str typed);
void suggest_offer(struct suggest *s, const char *candidate); /* is kept: static */
