/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pod's life as rows for a reader: each fact that is news, in order of time, in the
 * words of Alipay's Lunettes where it has a word, with who did it and in which stage it fell.
 */
#pragma once

#include "base/arena.h"
#include "timeline/timeline.h"

/* A longer silence is reported; upstream's TooMuchTimeSpan. */
#define LIFE_SILENCE (25 * SECOND)

struct life_row {
	nsec at; /* when it happened, as well as that is known */
	enum precision precision;
	const struct entry *entry; /* its evidence */
	struct str operation;
	bool error;
	struct str who;	  /* the component, else the last word of the user's name; empty: unknown */
	struct str stage; /* upstream's, else our lifecycle stage at that moment; empty: none */
	struct str reason, message; /* empty: none */
	uint32_t times;		    /* of an Event that came again, of a write that was repeated */
	nsec last;		    /* received of the last time */
	nsec busy;		    /* until when this or a row above is repeated; NSEC_NONE */
};

/* In order of time. */
size_t life_rows(const struct timeline *t, struct arena *arena, const struct life_row **ret_rows);

/* Whether nothing at all is seen between two neighbours that are further apart than LIFE_SILENCE.
 */
enum life_gap { LIFE_GAP_NONE, LIFE_GAP_SILENT, LIFE_GAP_REPEATED };
enum life_gap life_gap(const struct life_row *rows, size_t i); /* between i - 1 and i */
