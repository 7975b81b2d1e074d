/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes policy: with which audit policy can everything be told? See audit-policy.yaml. */
#include "cli/audit_policy.h" /* made from audit-policy.yaml */
#include "base/sink.h"
#include "cli/ending.h"

#include <unistd.h>

static int run_policy(const struct options *options)
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

/* clang-format off */
const struct command command_policy = {
	.name = "policy",
	.bits = COMMAND_POLICY,
	.operands = "[OPTION]...",
	.no_operands = true,
	.summary = "print the audit policy that gives full results",
	.description =
		"Prints the smallest audit policy of Kubernetes with which everything can "
		"be told, as YAML for kube-apiserver --audit-policy-file. Its comments say "
		"what each rule is for, what is lost without it, and how to switch it on.",
	.examples =
		"lunettes policy > audit-policy.yaml\tA file for kube-apiserver.\n",
	.run = run_policy,
};
/* clang-format on */
