/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page of `lunettes timeline` about one pod: its identity and delivery, every fact, and its
 * stages as a waterfall.
 *
 * Legal order: story_make, while the timeline lives; story_text; story_free.
 */
#pragma once

#include "page/basis.h"
#include "slo/delivery.h"
#include "timeline/lifecycle.h"

/* Stages of one operation: the delivery, the deletion or an upgrade. */
struct story_part {
	const char *title;
	const struct stage *stages;
	size_t n;
	nsec from, to;	/* open stages end at `to` */
	bool *critical; /* of each stage; see stages_critical */
};

struct story {
	const struct timeline *t;
	const struct delivery *d;
	const struct basis *basis;
	const struct life_row *rows;
	size_t n_rows;
	struct story_part *parts;
	size_t n_parts;
	struct arena arena;
};

/* log_end: of its cluster. */
void story_make(struct story *s, const struct timeline *t, const struct delivery *d,
		const struct basis *basis, nsec log_end);
void story_free(struct story *s);

/* A fact: operation, times, reason, message, unchanged from the log. */
void story_add_what(struct buf *out, const struct life_row *row, struct str times, bool message);
void story_text(struct buf *out, const struct story *s, struct table_style style);

/*
 * waterfall.c. One row per stage: whether it is critical, its name and subject, its start relative
 * to part->from, its duration, and a bar. A stage shorter than a cell is one thin mark.
 */
void waterfall_add(struct page *p, const struct story_part *part);
/* The legend, once for all waterfalls. */
void waterfall_legend(struct page *p);
