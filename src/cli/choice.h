/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pods a user chose: names, namespaces, labels, node, when they were created; and what of it
 * is not in the logs.
 *
 * Legal order: choice_begin, choice_wants once for each pod or claim, the notes, choice_free.
 */
#pragma once

#include "base/map.h"
#include "cli/options.h"
#include "timeline/timeline.h"

/* What became of an operand that names pods. */
struct chosen_name {
	struct near_names near;
	bool there;  /* the logs have a pod of that name */
	bool wanted; /* and one that the other options do not exclude */
};

struct choice {
	const struct options *options;
	struct period period;
	uint64_t offered, taken;   /* pods, or claims */
	uint64_t claims;	   /* of those that were offered */
	uint64_t unknown_created;  /* left out of a period: when they were created is unknown */
	struct chosen_name *names; /* as options->pods */
	struct map namespaces;	   /* of all that was offered */
	struct arena arena;
};

/* log_end as of options_period. < 0: the period is empty. */
int choice_begin(struct choice *c, const struct options *options, nsec log_end, struct err *err);
/* Counts what is left out, so it is to be asked once for each. Claims are chosen like pods. */
bool choice_wants(struct choice *c, const struct timeline *t);
/* The line on stderr about those that were left out, if there are any. */
void choice_note(const struct choice *c, struct buf *out);
/*
 * When all were offered: what was asked for and is not in the logs, a line each, with what may have
 * been meant. True: nothing of what was asked for is there; of names, not one.
 */
bool choice_missing(const struct choice *c, struct buf *out);
void choice_free(struct choice *c);
