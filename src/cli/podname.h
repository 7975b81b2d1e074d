/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operands that name pods: pod/NAMESPACE/NAME, pod/NAME and uid/PREFIX; pods/ and po/ mean pod/.
 * Names may contain * and ?. A name without a namespace matches in any, so --namespace alone can
 * select it. Some commands accept claims: pvc/NAMESPACE/NAME and pvc/NAME, also with pvcs/,
 * persistentvolumeclaim/ and persistentvolumeclaims/. For a name without a match, it suggests the
 * most similar pods.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "kube/record.h"

struct pod_pattern {
	const char *text;	    /* as given */
	struct str namespace, name; /* patterns; namespace.p == NULL: any */
	struct str uid;		    /* a pattern for the beginning of a UID; p == NULL: by name */
	enum object_kind kind;	    /* of those without a name: OBJECT_POD */
};

/* Whether an operand names a pod or a claim, validly or not. All others are paths. */
bool pod_pattern_is(struct str operand);
bool object_pattern_is(struct str operand);
/* operand must outlive the pattern. */
int pod_pattern_parse(const char *operand, struct pod_pattern *ret_pattern, struct err *err);
/* A UID matches objects of all kinds. */
bool pod_pattern_match(const struct pod_pattern *p, enum object_kind kind, struct str namespace,
		       struct str name, struct str uid);

/* The nearest names among those that are offered; texts "pod/NAMESPACE/NAME", "pvc/...". */
enum { NEAR_MAX = 3 };

struct near_names {
	const struct pod_pattern *pattern;
	struct arena arena;
	struct str names[NEAR_MAX];
	unsigned distances[NEAR_MAX];
	size_t n;
};

void near_names_offer(struct near_names *near, struct str namespace, struct str name);
void near_names_free(struct near_names *near);
