/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses the scheduler's message into reasons, and finds the likely cause.
 *
 * The scheduler runs its filters in order and counts a node under the first one that rejects it:
 * a node with insufficient cpu has passed taints and selector. So the nodes that got furthest
 * are those meant for the pod, and what rejects them can be fixed. Nodes that do not match the
 * selector are excluded on purpose. Therefore:
 *
 * 1. Problems of the pod itself (a missing PVC) exclude every node.
 * 2. Then what suitable nodes lack: resources, ports, pod (anti-)affinity, cordons, taints that
 * Kubernetes sets on broken nodes.
 * 3. Then nodes reserved by a taint, and nodes that cannot use the pod's volume.
 * 4. Then nodes that the pod excludes by selector, affinity or name; and taints without a name
 * (1.34 and later), most of which are those of 5.
 * 5. Last the taints of control planes, which nearly every cluster has.
 *
 * Within each, the reason that rejects more nodes comes first; of equals the later filter, whose
 * nodes passed the earlier one. The sum may exceed the total, because a node that lacks two
 * resources counts twice.
 */
#include "diagnose/nodes.h"

#include <stdlib.h>

enum node_level { LEVEL_CONTROL_PLANE, LEVEL_EXCLUDED, LEVEL_KEPT, LEVEL_LACKS, LEVEL_POD };

/* In the default scheduler's order of filters. */
enum filter {
	FILTER_UNSCHEDULABLE,
	FILTER_NAME,
	FILTER_TAINT,
	FILTER_AFFINITY,
	FILTER_PORTS,
	FILTER_RESOURCES,
	FILTER_EXTENDED, /* the same; but fewer nodes have such a resource at all */
	FILTER_VOLUME_RESTRICTIONS,
	FILTER_VOLUME_LIMITS,
	FILTER_VOLUME_BINDING,
	FILTER_VOLUME_ZONE,
	FILTER_SPREAD,
	FILTER_POD_AFFINITY,
	FILTER_CLAIMS, /* dynamic resources */
	FILTER_OTHER,  /* of unknown plugins */
};

enum how { CONTAINS, STARTS, EQUALS };

struct reason_row {
	const char *text, *code;
	enum node_level level;
	enum filter filter;
	enum how how;
};

/* The first match is used. Of rows with equal level, count and filter the earlier one is the
 * cause. */
#define ROW(text, code, level, filter, ...)                                                        \
	{                                                                                          \
		text, code, LEVEL_##level, FILTER_##filter, ##__VA_ARGS__                          \
	}
/* clang-format off */
static const struct reason_row rows[] = {
	/* about the pod: 1.26 and later print no count, because it is true for all nodes */
	ROW("unbound immediate PersistentVolumeClaims", "VolumeUnbound", POD, VOLUME_BINDING),
	ROW("bound to non-existent p", "PVCLost", POD, VOLUME_BINDING),
	ROW("persistentvolumeclaim \"", "", POD, VOLUME_BINDING, STARTS),
	/* taints */
	ROW("{node.kubernetes.io/unschedulable:", "NodeUnschedulable", LACKS, UNSCHEDULABLE),
	ROW("taint {node.kubernetes.io/", "NodeConditionTaint", LACKS, TAINT),
	ROW("taint {node.cloudprovider.kubernetes.io/", "NodeConditionTaint", LACKS, TAINT),
	ROW("taint {node-role.kubernetes.io/control-plane:",
	    "UntoleratedTaint", CONTROL_PLANE, TAINT),
	ROW("taint {node-role.kubernetes.io/master:", "UntoleratedTaint", CONTROL_PLANE, TAINT),
	ROW("had untolerated taint {", "UntoleratedTaint", KEPT, TAINT),
	ROW("had taint {", "UntoleratedTaint", KEPT, TAINT), /* 1.22 */
	ROW("had untolerated taint(s)", "UnnamedTaint", EXCLUDED, TAINT),
	/* nodes that the pod selects */
	ROW("were unschedulable", "NodeUnschedulable", LACKS, UNSCHEDULABLE),
	ROW("didn't match the requested node name", "NodeNameMismatch", EXCLUDED, NAME),
	ROW("node affinity/selector", "NodeAffinity", EXCLUDED, AFFINITY),
	ROW("didn't match node selector", "NodeAffinity", EXCLUDED, AFFINITY),
	ROW("didn't match scheduler-enforced node affinity", "NodeAffinity", EXCLUDED, AFFINITY),
	ROW("didn't satisfy plugin(s) [NodeAffinity]", "NodeAffinity", EXCLUDED, AFFINITY),
	ROW("didn't match Pod's required features", "MissingNodeFeatures", LACKS, AFFINITY),
	/* insufficient nodes */
	ROW("didn't have free ports for the requested pod ports", "HostPortConflict", LACKS, PORTS),
	ROW("Insufficient cpu", "InsufficientCPU", LACKS, RESOURCES, EQUALS),
	ROW("Insufficient memory", "InsufficientMemory", LACKS, RESOURCES, EQUALS),
	ROW("Insufficient ephemeral-storage",
	    "InsufficientEphemeralStorage", LACKS, RESOURCES, EQUALS),
	ROW("Too many pods", "TooManyPods", LACKS, RESOURCES, EQUALS),
	ROW("Insufficient ", "InsufficientExtendedResource", LACKS, EXTENDED, STARTS),
	/* volumes */
	ROW("ReadWriteOncePod access mode", "RWOPInUse", LACKS, VOLUME_RESTRICTIONS),
	ROW("had no available disk", "DiskConflict", LACKS, VOLUME_RESTRICTIONS),
	ROW("exceed max volume count", "VolumeLimit", LACKS, VOLUME_LIMITS),
	ROW("had volume node affinity conflict", "VolumeNodeAffinity", KEPT, VOLUME_BINDING),
	ROW("didn't match PersistentVolume's node affinity",
	    "VolumeNodeAffinity", KEPT, VOLUME_BINDING),
	ROW("didn't find available persistent volumes to bind",
	    "NoVolumeToBind", LACKS, VOLUME_BINDING),
	ROW("did not have enough free storage", "InsufficientVolumeStorage", LACKS, VOLUME_BINDING),
	ROW("had no available volume zone", "VolumeZone", KEPT, VOLUME_ZONE),
	/* other pods; up to 1.21 the first message is repeated with each of the others */
	ROW("didn't match pod affinity/anti-affinity", NULL, LACKS, POD_AFFINITY),
	ROW("didn't match pod topology spread constraints", "TopologySpread", LACKS, SPREAD),
	ROW("didn't match pod affinity rules", "PodAffinity", LACKS, POD_AFFINITY),
	ROW("didn't match pod anti-affinity rules", "PodAntiAffinity", LACKS, POD_AFFINITY),
	ROW("didn't satisfy existing pods anti-affinity rules",
	    "ExistingAntiAffinity", LACKS, POD_AFFINITY),
	/* dynamic resource allocation */
	ROW("cannot allocate all claims", "DRAClaim", LACKS, CLAIMS),
	ROW("timed out trying to allocate devices", "DRAClaim", LACKS, CLAIMS),
	ROW("resourceclaim in use", "DRAClaim", LACKS, CLAIMS),
	ROW("resourceclaim not available on the node", "DRAClaim", LACKS, CLAIMS),
};
/* clang-format on */

static const struct reason_row unknown_reason = ROW("", "FailedScheduling", LACKS, OTHER);

/* A cluster without nodes: nothing is rejected or counted. */
#define NO_NODES "NoNodesAvailable"
static const struct str no_nodes = { "no nodes available to schedule pods", 35 };

/* Messages that follow the name of a PVC. */
static const struct {
	const char *text, *code;
} claim_rows[] = { { "\" not found", "PVCMissing" }, { "\" is being deleted", "PVCDeleting" } };

const char *nodes_code(size_t i)
{
	if (i < ARRAY_SIZE(rows))
		return rows[i].code ? rows[i].code : "";
	i -= ARRAY_SIZE(rows);
	if (i < ARRAY_SIZE(claim_rows))
		return claim_rows[i].code;
	return i == ARRAY_SIZE(claim_rows) ? NO_NODES : NULL;
}

static const struct reason_row *row_of(struct str text)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct str words = str_from(rows[i].text);

		if (rows[i].how == EQUALS   ? str_eq(text, words)
		    : rows[i].how == STARTS ? str_starts(text, words)
					    : str_contains(text, words))
			return &rows[i];
	}
	return &unknown_reason;
}

static struct str code_of(struct str text, const struct reason_row *row)
{
	if (*row->code)
		return str_from(row->code);
	for (size_t i = 0; i < ARRAY_SIZE(claim_rows); i++)
		if (str_contains(text, str_from(claim_rows[i].text)))
			return str_from(claim_rows[i].code);
	return str_from(unknown_reason.code);
}

/* The taint in braces, "key: value" or "key"; the resource; the PVC in quotes. */
static struct str value_of(struct str text)
{
	static const struct str lacks = { "Insufficient ", 13 };
	struct str head, rest, value;

	if (str_starts(text, lacks))
		return str_after(text, lacks.n);
	if (str_cut(text, '{', &head, &rest) && str_cut(rest, '}', &value, &rest)) {
		value = str_trim(value);
		if (str_ends(value, STR(":")))
			value.n--;
		return value;
	}
	if (str_cut(text, '"', &head, &rest) && str_cut(rest, '"', &value, &rest))
		return value;
	return STR("");
}

/* Reads "12 " before a reason. Returns false if there is no count. */
static bool counted(struct str s, uint32_t *ret_count, struct str *ret_text)
{
	struct str number, text;
	uint64_t count;

	if (!str_cut(s, ' ', &number, &text) || !str_u64(number, &count) || count > UINT32_MAX)
		return false;
	*ret_count = (uint32_t)count;
	*ret_text = text;
	return true;
}

/* Cuts at the first ", " that a count follows, because reasons contain commas. */
static struct str next_reason(struct str *rest)
{
	struct str all = *rest, text;
	uint32_t count;

	for (size_t i = 0; i + 2 < all.n; i++) {
		if (all.p[i] != ',' || all.p[i + 1] != ' ' ||
		    !counted(str_after(all, i + 2), &count, &text))
			continue;
		*rest = str_after(all, i + 2);
		return (struct str){ all.p, i };
	}
	*rest = STR("");
	return all;
}

/* A sentence ends at a full stop that is last or before a blank. */
static struct str sentence(struct str s, struct str *ret_rest)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '.' && s.p[i + 1] == ' ') {
			*ret_rest = str_after(s, i + 2);
			return (struct str){ s.p, i };
		}
	*ret_rest = STR("");
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

static size_t reasons_of(struct str list, uint32_t total, struct arena *arena,
			 struct node_reason **ret)
{
	size_t n = 0;

	*ret = arena_array(arena, struct node_reason, NODE_REASONS_MAX);
	list = str_trim(list);
	while (list.n && n < NODE_REASONS_MAX) {
		struct node_reason *r = &(*ret)[n];
		struct str one = next_reason(&list);

		r->count = total;
		r->text = one;
		counted(one, &r->count, &r->text);
		if (!r->text.n)
			continue;
		if (!row_of(r->text)->code)
			continue; /* another reason is more precise */
		r->code = code_of(r->text, row_of(r->text));
		r->value = value_of(r->text);
		n++;
	}
	return n;
}

/* The likely cause first. */
static int by_likeliness(const void *a, const void *b)
{
	const struct node_reason *x = a, *y = b;
	const struct reason_row *p = row_of(x->text), *q = row_of(y->text);

	if (p->level != q->level)
		return p->level > q->level ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (p->filter != q->filter)
		return p->filter > q->filter ? -1 : 1;
	if (p != q)
		return p < q ? -1 : 1;
	return str_cmp(x->text, y->text);
}

/* Cuts "0/5 nodes are available" from the beginning. */
static bool head_of(struct str s, uint32_t *ret_total, struct str *ret_rest)
{
	static const struct str words = { "nodes are available", 19 };
	struct str none, rest;

	if (!str_cut(s, '/', &none, &rest) || !str_eq(none, STR("0")) ||
	    !counted(rest, ret_total, &rest) || !str_starts(rest, words))
		return false;
	rest = str_after(rest, words.n);
	if (rest.n && rest.p[0] != ':' && rest.p[0] != '.')
		return false;
	*ret_rest = str_after(rest, rest.n ? 1 : 0);
	return true;
}

/* The text after "preemption: ", which other plugins' messages may precede. */
static void preemption_of(struct str rest, struct arena *arena, struct nodes *ret)
{
	static const struct str key = { "preemption: ", 12 };
	struct node_reason *victims;
	struct str list, end;
	uint32_t total;

	while (rest.n && !str_starts(rest, key))
		rest = str_after(rest, 1);
	if (!rest.n)
		return;
	ret->preemption = str_trim(str_after(rest, key.n));
	if (str_ends(ret->preemption, STR(".")))
		ret->preemption.n--;
	if (!head_of(ret->preemption, &total, &list))
		return;
	ret->n_victims = reasons_of(sentence(list, &end), total, arena, &victims);
	ret->victims = victims;
}

bool nodes_parse(struct str message, struct arena *arena, struct nodes *ret)
{
	static const struct str combined = { "(combined from similar events): ", 32 };
	struct node_reason *list;
	struct str rest, after;

	*ret = (struct nodes){ 0 };
	if (str_starts(message, combined))
		message = str_after(message, combined.n);
	if (str_starts(message, no_nodes)) {
		list = arena_new(arena, struct node_reason);
		*list = (struct node_reason){ .text = no_nodes, .code = STR(NO_NODES) };
		ret->list = list;
		ret->n = 1;
		return true;
	}
	if (!head_of(message, &ret->total, &rest))
		return false;
	preemption_of(rest, arena, ret);
	/* 1.22 to 1.24 have no more text; a message only about preemption has no reason */
	rest = str_trim(rest);
	if (!str_starts(rest, STR("preemption: "))) {
		ret->n = reasons_of(sentence(rest, &after), ret->total, arena, &list);
		ret->list = list;
		if (ret->n)
			qsort(list, ret->n, sizeof(*list), by_likeliness);
	}
	return true;
}
