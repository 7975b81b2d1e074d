/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that the program carries: one file a part of a pod's life. */
#include "diagnose/rules.h"

#include "rules_admission.h"
#include "rules_disruption.h"
#include "rules_image.h"
#include "rules_node.h"
#include "rules_run.h"
#include "rules_sandbox.h"
#include "rules_scheduling.h"
#include "rules_slow.h"
#include "rules_vendors.h"
#include "rules_volumes.h"

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
	FILE_OF(disruption), FILE_OF(slow),
};

int rules_builtin(struct rules *r, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (rules_read(r, files[i].name, files[i].text, err) < 0)
			return -1;
	return 0;
}
