/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods that their kubelet did not take: it writes phase Failed in the place of a first status,
 * whose startTime is that second. The words are of pkg/kubelet (lifecycle/predicate.go, kubelet.go,
 * cm, eviction, nodeshutdown, sysctl) from Kubernetes 1.8 to 1.36.
 */
#include "timeline/regained.h"

static const struct row {
	const char *reason;  /* of the status; one that ends with * begins with it; NULL: any */
	const char *message; /* begins with it; NULL: any */
} rows[] = {
	{ NULL, "Pod was rejected" },
	{ NULL, "Pod Predicate " },
	{ NULL, "Predicate " },
	{ "Evicted", "The node had condition: " },
	{ "Evicted", "Pod The node had condition: " },
	{ "OutOf*", NULL },
	{ "NodeAffinity", NULL },
	{ "NodeName", NULL },
	{ "NodePorts", NULL },
	{ "TaintToleration", NULL },
	{ "TopologyAffinityError", NULL },
	{ "SMTAlignmentError", NULL },
	{ "UnexpectedAdmissionError", NULL },
	{ "UnexpectedPredicateFailureType", NULL },
	{ "InvalidNodeInfo", NULL },
	{ "PodOSSelectorNodeLabelDoesNotMatch", NULL },
	{ "PodOSNotSupported", NULL },
	{ "PodFeatureUnsupported", NULL },
	{ "FailedNodeDeclaredFeaturesCheck", NULL },
	{ "SysctlForbidden", NULL },
	{ "AppArmor", NULL },
	{ "NodeShutdown", NULL },
	{ "HostPortConflict", NULL },
	{ "HostNetworkNotSupported", NULL },
	{ "NodeSelectorMismatching", NULL },
	{ "MatchNodeSelector", NULL },
	{ "HostName", NULL },
	{ "PodFitsHostPorts", NULL },
	{ "PodToleratesNodeTaints", NULL },
	{ "InsufficientFreeCPU", NULL },
	{ "InsufficientFreeMemory", NULL },
};

static bool fits(const char *pattern, struct str s, bool prefix)
{
	struct str p = str_from(pattern ? pattern : "");

	if (!pattern)
		return true;
	if (p.n && p.p[p.n - 1] == '*') {
		p.n--;
		prefix = true;
	}
	return prefix ? str_starts(s, p) : str_eq(s, p);
}

/* A pod that ran may meet the same words when its kubelet is started anew: it is no first status.
 */
bool rejected(const struct timeline *t, const struct fact *phase)
{
	if (!str_eq(phase->reason, STR("Failed")) || t->marks[MILESTONE_RUNNING].reached)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (fits(rows[i].reason, phase->subject, false) &&
		    fits(rows[i].message, phase->message, true))
			return true;
	return false;
}

struct mark rejected_at(const struct timeline *t, struct mark m)
{
	const struct fact *f = m.evidence ? &m.evidence->fact : NULL;

	if (!f || f->written || f->begin == NSEC_NONE || !rejected(t, f))
		return m;
	m.at = f->begin;
	m.precision = PRECISION_SECOND;
	m.source = SOURCE_STATUS;
	m.until = NSEC_NONE;
	return m;
}
