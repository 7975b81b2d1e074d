/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes policy: an audit policy with which the results are complete. See audit-policy.yaml. */
#include "cli/audit_policy.h" /* generated from audit-policy.yaml */
#include "cli/drive.h"

static int write_policy(struct command_run *run, struct err *err)
{
	buf_add(&run->text, audit_policy, sizeof(audit_policy));
	return 0;
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
	.finish = write_policy,
};
/* clang-format on */
