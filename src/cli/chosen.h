/* SPDX-License-Identifier: Apache-2.0 */
/* The pods that a user chose: by namespace, labels, node, and when they were created. */
#ifndef LUNETTES_CLI_CHOSEN_H
#define LUNETTES_CLI_CHOSEN_H

#include "cli/options.h"
#include "timeline/timeline.h"

/* *unknown counts pods that a period leaves out because nobody knows when they were created. */
bool chosen(const struct options *o, struct period period, const struct timeline *t,
	    uint64_t *unknown);

#endif
