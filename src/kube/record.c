/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/record.h"

static struct str name_of(const char *const *names, size_t n, size_t i)
{
	return str_from(i < n ? names[i] : "?");
}

struct str precision_name(enum precision precision)
{
	static const char *const names[] = { "exact", "second", "inferred" };

	return name_of(names, ARRAY_SIZE(names), precision);
}

struct str origin_name(enum origin origin)
{
	static const char *const names[] = { "other", "apiserver", "scheduler", "kubelet",
					     "controller" };

	return name_of(names, ARRAY_SIZE(names), origin);
}

struct str fact_kind_name(enum fact_kind kind)
{
	static const char *const names[] = {
		"create",     "bind",  "delete",    "deleting", "write",
		"seen",	      "phase", "condition", "waiting",	"running",
		"terminated", "event", "nominated", "label",	"selected",
	};

	_Static_assert(ARRAY_SIZE(names) == FACT_KINDS,
		       "name the new kind of fact here; if equal ones are to be folded, it also "
		       "needs a row in fact_rows of timeline/incarnation.c");
	return name_of(names, ARRAY_SIZE(names), kind);
}
