/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is read: the paths that were given, or what is read instead. Order: operands and
 * --cluster, $LUNETTES_INPUT, standard input if it is a pipe or a regular file, the places of this
 * host where API servers usually write their audit logs.
 */
#pragma once

#include "cli/options.h"
#include "input/input.h"

struct operands {
	struct arena arena;
	struct operand *list;
	size_t n, cap;
	const char *taken; /* what was taken in place of paths, for stderr; NULL: paths given */
};

/* < 0: nothing to read (ERR_INPUT), or an operand that names a pod (ERR_USAGE). */
int operands_find(const struct options *options, struct operands *ret_operands, struct err *err);
void operands_free(struct operands *o);
