/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods as operands name them: pod/NAMESPACE/NAME, pod/NAME and uid/PREFIX, where pods/ and po/
 * stand for pod/ too. Names may hold * and ?; a name without a namespace is of any, so that
 * --namespace alone says of which. Some commands take claims too: pvc/NAMESPACE/NAME and pvc/NAME,
 * also with pvcs/, persistentvolumeclaim/ and persistentvolumeclaims/. And the pods that a name
 * which matches none was most likely meant to be.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct pod_pattern {
	const char *text;	    /* as it was given */
	struct str namespace, name; /* patterns; namespace.p == NULL: any */
	struct str uid;		    /* the beginning of a UID, a pattern; p == NULL: by name */
	bool claim;		    /* of a claim; a UID is of either */
};

/* Does an operand name a pod, or a claim, rightly or not? All others are paths. */
bool pod_pattern_is(struct str operand);
bool claim_pattern_is(struct str operand);
/* operand must live as long as the pattern. */
int pod_pattern_parse(const char *operand, struct pod_pattern *ret_pattern, struct err *err);
bool pod_pattern_match(const struct pod_pattern *p, struct str namespace, struct str name,
		       struct str uid);
bool claim_pattern_match(const struct pod_pattern *p, struct str namespace, struct str name,
			 struct str uid);

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
