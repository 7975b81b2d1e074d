/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that the program carries: one file a part of a pod's life. */
#include "diagnose/rules.h"

#include "diagnose/rules_admission.h"
#include "diagnose/rules_claims.h"
#include "diagnose/rules_disruption.h"
#include "diagnose/rules_image.h"
#include "diagnose/rules_node.h"
#include "diagnose/rules_run.h"
#include "diagnose/rules_sandbox.h"
#include "diagnose/rules_scheduling.h"
#include "diagnose/rules_slow.h"
#include "diagnose/rules_vendors.h"
#include "diagnose/rules_volumes.h"

#define FILE_OF(name)                                                                              \
	{                                                                                          \
#name ".yaml",                                                                     \
		{                                                                                  \
			rules_##name, sizeof(rules_##name)                                         \
		}                                                                                  \
	}

/* Vendors' texts come first: they say more than the general ones of Kubernetes. */
static const struct {
	const char *name;
	struct str text;
} files[] = {
	FILE_OF(vendors),    FILE_OF(admission), FILE_OF(scheduling), FILE_OF(node),
	FILE_OF(volumes),    FILE_OF(sandbox),	 FILE_OF(image),      FILE_OF(run),
	FILE_OF(disruption), FILE_OF(slow),	 FILE_OF(claims),
};

int rules_builtin(struct rules *r, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (rules_read(r, files[i].name, files[i].text, err) < 0)
			return -1;
	return 0;
}
