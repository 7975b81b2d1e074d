/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Selects pods by name, namespace, label, node and time of creation, and reports selections that
 * match nothing in the logs.
 *
 * Legal order: choice_begin, choice_wants once for each pod or claim, the notes, choice_free.
 */
#pragma once

#include "base/map.h"
#include "cli/options.h"
#include "timeline/timeline.h"

/* State of an operand that names pods. */
struct chosen_name {
	struct near_names near;
	bool there;  /* the logs have a pod of that name */
	bool wanted; /* ... that the other options do not exclude */
};

struct choice {
	const struct options *options;
	struct period period;
	uint64_t offered, taken;   /* pods, or claims */
	uint64_t kinds[OBJECT_KINDS]; /* of those that were offered */
	uint64_t unknown_created;  /* excluded from a period, because their creation is unknown */
	struct chosen_name *names; /* as options->pods */
	struct map namespaces;	   /* of all that were offered */
	struct arena arena;
};

/* log_end as of options_period. < 0: the period is empty. */
int choice_begin(struct choice *c, const struct options *options, nsec log_end, struct err *err);
/* Call it once for each, because it counts exclusions. Claims are selected like pods. */
bool choice_wants(struct choice *c, const struct timeline *t);
/* The line on stderr about excluded ones, if there are any. */
void choice_note(const struct choice *c, struct buf *out);
/* How many were excluded for which reason: a line behind `before`, if there are any. */
void choice_note_exclusions(const uint64_t *counts, const char *before, struct buf *out);
/*
 * After all were offered: selections that are not in the logs, a line each, with suggestions. True:
 * nothing of the selection is there; of names, not one.
 */
bool choice_missing(const struct choice *c, struct buf *out);
void choice_free(struct choice *c);
