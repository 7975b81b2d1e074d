/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which seconds a writer wrote, and which of the silences between them are holes in the log.
 *
 * A chart is a set of slots of time, a second wide until that takes too much memory (presence.h).
 * Adding and joining in any order gives the same chart.
 *
 * When is a silence a hole? When it is out of all proportion to the others: taken from the shortest
 * up, the first that is `factor` times as long as nine tenths of the time before it has seen, and
 * all that are longer. A writer that renews a lease every few seconds has such a rate, and so has
 * one that is merely busy; one that writes in bursts, or of which somebody has picked out some
 * records, has ever longer silences, and none of them is unusual. Where the usual silences make up
 * less than an eighth of the window, or are fewer than CHART_RARE, nothing is known of the rate,
 * and no silence is a hole.
 */
#pragma once

#include "base/clock.h"

enum {
	CHART_SHARE = 8,       /* this part of the window at least, for the rate to be known */
	CHART_RARE = 20,       /* fewer writes, or silences: the rate is unknown */
	CHART_BUSY = 5,	       /* seconds: a silence of those who always have something to say */
	CHART_PAGE_SLOTS = 512 /* what is kept together; about 8 minutes at one second */
};

/* Nothing was written from the one to the other. INT64_MIN, INT64_MAX: before and behind the log.
 */
struct gap {
	nsec from, to;
};

struct holes {
	struct gap *list; /* in order, none touches the next */
	size_t n, cap;
};

struct chart_page {
	int64_t index; /* of its first slot, divided by CHART_PAGE_SLOTS */
	uint64_t bits[CHART_PAGE_SLOTS / 64];
};

/* Zero is empty. */
struct chart {
	uint64_t records;	  /* how often something was added */
	struct chart_page *pages; /* open addressing by index while it grows */
	size_t n_pages, cap;
};

int64_t chart_slot(nsec at, unsigned shift); /* slots are a second << shift wide */
void chart_add(struct chart *c, int64_t slot);
/* What is in the other one, whose slots are finer by that shift. */
void chart_join(struct chart *to, const struct chart *from, unsigned shift);
void chart_free(struct chart *c);

/* Where holes are looked for. */
struct chart_window {
	unsigned shift;
	nsec first, last; /* of the whole log */
	nsec floor;	  /* a shorter silence is never a hole */
	int64_t factor;	  /* at the head of this file */
	int64_t
	    busy_factor; /* the same, where most of the window went by in silences of CHART_BUSY */
	nsec ceiling;	 /* a longer one always is; INT64_MAX: none */
	const struct chart *asked; /* when it was given something to do; NULL: not known */
	nsec patience; /* a silence that goes on for that long behind such a time is a hole */
};

/*
 * Adds the chart's holes to those in the list, in order: from the beginning of the slot of the last
 * write before each to that of the first one behind it.
 */
void chart_holes(const struct chart *c, const struct chart_window *w, struct holes *ret);
/* When it was first and last written, to the slot; false: never. */
bool chart_ends(const struct chart *c, unsigned shift, nsec *ret_first, nsec *ret_last);

void holes_add(struct holes *h, struct gap gap);
void holes_unite(struct holes *h); /* sorts, and joins those that touch */
void holes_free(struct holes *h);
/* The first that is not over by that time; NULL: none. h == NULL: there is none at all. */
const struct gap *holes_next(const struct holes *h, nsec from);
/* Does one touch [from, to)? */
bool holes_touch(const struct holes *h, nsec from, nsec to);
