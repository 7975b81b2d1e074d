/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes policy: with which audit policy can everything be told? See audit-policy.yaml. */
#include "cli/audit_policy.h" /* made from audit-policy.yaml */
#include "cli/commands.h"
#include "base/sink.h"

#include <unistd.h>

int cmd_policy(const struct options *options)
{
	struct sink out;
	struct err err = { 0 };

	sink_open(&out, STDOUT_FILENO, "standard output");
	sink_write(&out, (struct str){ audit_policy, sizeof(audit_policy) });
	if (sink_close(&out, &err) == 0)
		return STATUS_OK;
	fprintf(stderr, "lunettes: %s\n", err.message);
	return STATUS_USAGE;
}
