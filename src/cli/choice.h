/* SPDX-License-Identifier: Apache-2.0 */
/* Which pods a user chose: names, namespaces, labels, node, when they were created. */
#ifndef LUNETTES_CLI_CHOICE_H
#define LUNETTES_CLI_CHOICE_H

#include "cli/options.h"
#include "timeline/timeline.h"

struct choice {
	const struct options *options;
	struct period period;
	uint64_t offered, taken;  /* pods, or claims */
	uint64_t claims;	  /* of those that were offered */
	uint64_t unknown_created; /* left out of a period: nobody knows when they were created */
};

/* log_end as of options_period. < 0: the period is empty. */
int choice_begin(struct choice *c, const struct options *options, nsec log_end, struct err *err);
/* Counts what is left out, so it is to be asked once for each. Claims are chosen like pods. */
bool choice_wants(struct choice *c, const struct timeline *t);
/* The lines on stderr about those that were left out, if there are any; and if all were. */
void choice_note(const struct choice *c, struct buf *out);
/* No pod has a name that was given: a line each, with what may have been meant. */
void choice_near_note(const struct near_names *near, size_t n, struct buf *out);

#endif
