/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paths to read. In this order: operands and --cluster, $LUNETTES_INPUT, standard input if it
 * is a pipe or a regular file, the usual audit log paths of API servers on this host.
 */
#pragma once

#include "cli/options.h"
#include "input/input.h"

struct operands {
	struct arena arena;
	struct operand *list;
	size_t n, cap;
	const char *taken; /* the source used instead of paths, for stderr; NULL: paths given */
};

/* < 0: nothing to read (ERR_INPUT), or an operand that names a pod (ERR_USAGE). */
int operands_find(const struct options *options, struct operands *ret_operands, struct err *err);
void operands_free(struct operands *o);
