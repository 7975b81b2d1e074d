/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnoses of pods for people: one pod at a time, and the causes of many in groups. */
#pragma once

#include "diagnose/fleet.h"
#include "page/basis.h"

/* One pod with its result. */
struct diagnosed {
	const struct timeline *t;
	const struct delivery *d;
	const struct diagnosis *diagnosis; /* NULL: it is excluded */
	nsec log_end;			   /* of its cluster */
};

/* State of an output that shows one pod after the other. */
struct diagnosis_page {
	struct table_style style;
	const struct basis *basis;
	struct buf out;
	uint64_t shown; /* pods */
	bool legend;	/* a waterfall was drawn */
};

void diagnosis_page_pod(struct diagnosis_page *o, const struct diagnosed *pod);
/* Explains the marks of the waterfalls, if there are any. */
void diagnosis_page_end(struct diagnosis_page *o);

/* One or two sentences: the number of pods, and of those with a problem; wrapped. */
void fleet_overview(struct buf *out, const struct fleet *f, struct table_style style);
/* limit: of groups; the rest is only counted. */
void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit);
