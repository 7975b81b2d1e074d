/* SPDX-License-Identifier: Apache-2.0 */
/* A pod's life as rows of a table: each new fact in order of time, with its author and stage. Uses
 * the terms of Alipay's Lunettes where there is one. */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

/* Longer silences are reported; Alipay's TooMuchTimeSpan. */
#define LIFE_SILENCE (25 * SECOND)

struct life_row {
	nsec at; /* when it happened, as far as known */
	enum precision precision;
	const struct entry *entry; /* its evidence */
	struct str operation;
	bool error;
	struct str who;	  /* the component, otherwise the last word of the user's name; empty:
			     unknown */
	struct str stage; /* Alipay's, otherwise our lifecycle stage at that time; empty: none */
	struct str reason, message; /* empty: none */
	uint32_t times;		    /* of a repeated Event or write */
	nsec last;		    /* received time of the last one */
	nsec busy;		    /* until when this row or one above is repeated; NSEC_NONE */
};

/* Sorted by time. */
size_t life_rows(const struct timeline *t, struct arena *arena, const struct life_row **ret_rows);

/* Is nothing seen between two adjacent rows that are further apart than LIFE_SILENCE? */
enum life_gap { LIFE_GAP_NONE, LIFE_GAP_SILENT, LIFE_GAP_REPEATED };
enum life_gap life_gap(const struct life_row *rows, size_t i); /* between rows i - 1 and i */
