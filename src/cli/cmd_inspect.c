/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes inspect: what do these logs hold, what do they lack, and what does that cost? */
#include "cli/commands.h"

int cmd_inspect(const struct options *options)
{
	fprintf(stderr, "lunettes: inspect does not work yet\n");
	return STATUS_USAGE;
}
