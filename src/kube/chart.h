/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which seconds a client wrote to the audit log, and which silences between them are holes in
 * it.
 *
 * A chart is a set of time slots of 1 s, or more if that takes too much memory (presence.h).
 * Adding and joining in any order gives the same chart.
 *
 * A silence is a hole if it is out of proportion to the others. Silences are sorted by length:
 * the first one that is `factor` times as long as nine tenths of the time before it, and all
 * longer ones, are holes. This works for clients that renew a lease every few seconds and for
 * busy ones. If the writes come in bursts, or records were filtered, silences get gradually
 * longer and none is unusual. If the usual silences cover less than an eighth of the window, or
 * are fewer than CHART_RARE, the rate is unknown and no silence is a hole.
 */
#pragma once

#include "base/clock.h"

enum {
	CHART_SHARE = 8,       /* the rate is known if usual silences cover at least 1/8 of the
				  window */
	CHART_RARE = 20,       /* with fewer writes, or silences, the rate is unknown */
	CHART_BUSY = 5,	       /* seconds: the longest usual silence of a busy client */
	CHART_PAGE_SLOTS = 512 /* unit of allocation; about 8 minutes at 1 s */
};

/* No writes in between. INT64_MIN and INT64_MAX: it extends beyond the log. */
struct gap {
	nsec from, to;
};

struct holes {
	struct gap *list; /* sorted, without adjacent ones */
	size_t n, cap;
};

struct chart_page {
	int64_t index; /* of its first slot, divided by CHART_PAGE_SLOTS */
	uint64_t bits[CHART_PAGE_SLOTS / 64];
};

/* Zero is empty. */
struct chart {
	uint64_t records;	  /* number of writes added */
	struct chart_page *pages; /* open addressing by index while it grows */
	size_t n_pages, cap;
};

int64_t chart_slot(nsec at, unsigned shift); /* slots are a second << shift wide */
void chart_add(struct chart *c, int64_t slot);
/* Adds `from`, whose slots are finer by that shift. */
void chart_join(struct chart *to, const struct chart *from, unsigned shift);
void chart_free(struct chart *c);

/* Where and how to look for holes. */
struct chart_window {
	unsigned shift;
	nsec first, last; /* of the whole log */
	nsec floor;	  /* a shorter silence is never a hole */
	int64_t factor;	  /* see the head of this file */
	int64_t
	    busy_factor; /* the same, if most of the window is in silences of CHART_BUSY */
	nsec ceiling;	 /* a longer one always is a hole; INT64_MAX: none */
	const struct chart *asked; /* when it was given work; NULL: unknown */
	nsec patience; /* a silence that lasts longer than this after such a time is a hole */
};

/* Adds the chart's holes to the list. Each goes from the start of the slot of the last write before
 * it to that of the first write after it. */
void chart_holes(const struct chart *c, const struct chart_window *w, struct holes *ret);
/* The times of the first and last write, to the slot. Returns false if there is none. */
bool chart_ends(const struct chart *c, unsigned shift, nsec *ret_first, nsec *ret_last);

void holes_add(struct holes *h, struct gap gap);
void holes_unite(struct holes *h); /* sorts, and joins adjacent ones */
void holes_free(struct holes *h);
/* The first hole that ends after `from`, or NULL. h may be NULL. */
const struct gap *holes_next(const struct holes *h, nsec from);
/* Does a hole overlap [from, to)? */
bool holes_touch(const struct holes *h, nsec from, nsec to);
