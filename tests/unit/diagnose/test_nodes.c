/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of schedulers 1.22 to 1.36 when no node fits, and the cause in each. */
#include "suites.h"

#include "base/buf.h"
#include "diagnose/nodes.h"

#define NO2 " preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
#define AFFINITY "node(s) didn't match Pod's node affinity/selector"
#define NEW_TAINT "node(s) had untolerated taint "

/* The result: the total, then CODE*COUNT[=VALUE] of each reason, then the preemption. */
static const struct {
	const char *message, *told;
} rows[] = {
	/* 1.22: the taint contains a comma, and preemption is not mentioned */
	{ "0/4 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that "
	  "the pod didn't tolerate, 3 Insufficient cpu.",
	  "4: InsufficientCPU*3=cpu UntoleratedTaint*1=node-role.kubernetes.io/master" },
	{ "0/1 nodes are available: 1 node(s) had taint {dedicated: db}, that the pod didn't "
	  "tolerate.",
	  "1: UntoleratedTaint*1=dedicated: db" },
	/* up to 1.25, reasons about the pod are counted like those about nodes */
	{ "0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims.",
	  "3: VolumeUnbound*3" },
	{ "0/3 nodes are available: 3 persistentvolumeclaim \"data\" not found.",
	  "3: PVCMissing*3=data" },
	/* 1.21 mentions twice that other pods are in the way */
	{ "0/5 nodes are available: 2 node(s) didn't match pod affinity/anti-affinity rules, 2 "
	  "node(s) didn't match pod anti-affinity rules, 3 node(s) had taint "
	  "{node-role.kubernetes.io/master: }, that the pod didn't tolerate.",
	  "5: PodAntiAffinity*2 UntoleratedTaint*3=node-role.kubernetes.io/master" },
	{ "no nodes available to schedule pods", "0: NoNodesAvailable*0" },
	/* 1.25 to 1.33 */
	{ "0/2 nodes are available: 1 Insufficient cpu, 1 " NEW_TAINT
	  "{node.kubernetes.io/unreachable: }. preemption: 0/2 nodes are available: 1 No "
	  "preemption victims found for incoming pod, 1 Preemption is not helpful for "
	  "scheduling.",
	  "2: InsufficientCPU*1=cpu NodeConditionTaint*1=node.kubernetes.io/unreachable | "
	  "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption "
	  "is not helpful for scheduling [2]" },
	{ "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims." NO2,
	  "2: VolumeUnbound*2 | 0/2 nodes are available: 2 Preemption is not helpful for "
	  "scheduling [1]" },
	{ "0/2 nodes are available: persistentvolumeclaim \"no-such-claim\" not found.",
	  "2: PVCMissing*2=no-such-claim" },
	{ "0/2 nodes are available: persistentvolumeclaim \"a.b\" is being deleted.",
	  "2: PVCDeleting*2=a.b" },
	{ "0/2 nodes are available: persistentvolumeclaim \"a\" bound to non-existent "
	  "persistentvolume \"v\". not found",
	  "2: PVCLost*2=a" },
	/* after a nomination preemption, or the reason to wait, is not mentioned */
	{ "0/2 nodes are available: 2 Insufficient cpu.", "2: InsufficientCPU*2=cpu" },
	{ "0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to a "
	  "terminating pod on the nominated node.",
	  "2: InsufficientCPU*2=cpu | not eligible due to a terminating pod on the nominated node "
	  "[0]" },
	/* 1.34 and later: no key, and other plugins speak before preemption */
	{ "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu, 2 "
	  "Insufficient memory. no new claims to deallocate, preemption: 0/3 nodes are "
	  "available: 3 Preemption is not helpful for scheduling.",
	  "3: InsufficientCPU*2=cpu InsufficientMemory*2=memory UnnamedTaint*1 | 0/3 nodes are "
	  "available: 3 Preemption is not helpful for scheduling [1]" },
	{ "0/2 nodes are available: 1 cannot allocate all claims, 1 " AFFINITY
	  ". still not schedulable,"
	  " preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
	  "2: DRAClaim*1 NodeAffinity*1 | 0/2 nodes are available: 2 Preemption is not helpful "
	  "for scheduling [1]" },
	{ "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 " AFFINITY ".",
	  "4: NodeAffinity*3 UnnamedTaint*1" },
	/* the one intended node lacks something, whatever excludes the others */
	{ "0/10 nodes are available: 9 node(s) didn't satisfy plugin(s) [NodeAffinity], 1 "
	  "Insufficient memory.",
	  "10: InsufficientMemory*1=memory NodeAffinity*9" },
	{ "0/9 nodes are available: 3 " NEW_TAINT "{node-role.kubernetes.io/control-plane: }, 4 "
	  "node(s) had volume node affinity conflict, 2 Insufficient cpu.",
	  "9: InsufficientCPU*2=cpu VolumeNodeAffinity*4 "
	  "UntoleratedTaint*3=node-role.kubernetes.io/control-plane" },
	{ "0/5 nodes are available: 2 " NEW_TAINT "{pool: gpu}, 3 " AFFINITY ".",
	  "5: UntoleratedTaint*2=pool: gpu NodeAffinity*3" },
	/* a broken node counts like one that is full: what keeps more nodes away */
	{ "0/3 nodes are available: 1 Insufficient cpu, 2 " NEW_TAINT
	  "{node.cloudprovider.kubernetes.io/uninitialized: true}.",
	  "3: NodeConditionTaint*2=node.cloudprovider.kubernetes.io/uninitialized: true "
	  "InsufficientCPU*1=cpu" },
	{ "0/2 nodes are available: 1 " NEW_TAINT "{node.kubernetes.io/unschedulable: }, 1 "
	  "node(s) were unschedulable.",
	  "2: NodeUnschedulable*1=node.kubernetes.io/unschedulable NodeUnschedulable*1" },
	/* of equals the later filter */
	{ "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod anti-affinity "
	  "rules.",
	  "2: PodAntiAffinity*1 InsufficientCPU*1=cpu" },
	{ "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient nvidia.com/gpu.",
	  "2: InsufficientExtendedResource*2=nvidia.com/gpu InsufficientCPU*2=cpu" },
	/* messages of an unknown scheduler, with commas and numbers of their own */
	{ "0/2 nodes are available: 1 too hot, by 3 degrees, 1 Insufficient cpu.",
	  "2: FailedScheduling*1 InsufficientCPU*1=cpu" },
	{ "(combined from similar events): 0/2 nodes are available: 2 Too many pods." NO2,
	  "2: TooManyPods*2 | 0/2 nodes are available: 2 Preemption is not helpful for "
	  "scheduling [1]" },
	/* cut at 1024 bytes, and without any reason */
	{ "0/200 nodes are available: 150 Insufficient cpu, 50 node(s) didn't match Pod's no",
	  "200: InsufficientCPU*150=cpu FailedScheduling*50" },
	{ "0/2 nodes are available", "2:" },
	{ "0/2 nodes are available:", "2:" },
	{ "0/2 nodes are available:" NO2,
	  "2: | 0/2 nodes are available: 2 Preemption is not helpful for scheduling [1]" },
};

static const char *const others[] = {
	"",
	"0 nodes are available: 1 Insufficient cpu",
	"1/2 nodes are available: 1 Insufficient cpu.",
	"0/x nodes are available: 1 Insufficient cpu.",
	"0/2 nodes are availables: 1 Insufficient cpu.",
	"0/99999999999 nodes are available: 1 Insufficient cpu.",
	"skip schedule deleting pod: shop/web",
	"binding rejected: running Bind plugin \"DefaultBinder\": 0/2 nodes are available: no",
};

/* A reason that is known, as every version has it. */
static const struct {
	const char *text, *code;
} reasons[] = {
	{ "Insufficient ephemeral-storage", "InsufficientEphemeralStorage" },
	{ "Insufficient cpu-shares.example/x", "InsufficientExtendedResource" },
	{ "Insufficient hugepages-2Mi", "InsufficientExtendedResource" },
	{ AFFINITY, "NodeAffinity" },
	{ "node(s) didn't match node selector", "NodeAffinity" },
	{ "node(s) didn't match scheduler-enforced node affinity", "NodeAffinity" },
	{ "node(s) didn't match the requested node name", "NodeNameMismatch" },
	{ "node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }",
	  "NodeConditionTaint" },
	{ "node(s) had untolerated taint {example.com/disk-pressure: }", "UntoleratedTaint" },
	{ "node(s) were unschedulable", "NodeUnschedulable" },
	{ "node(s) didn't match pod affinity rules", "PodAffinity" },
	{ "node(s) didn't match pod anti-affinity rules", "PodAntiAffinity" },
	{ "node(s) didn't satisfy existing pods anti-affinity rules", "ExistingAntiAffinity" },
	{ "node(s) didn't match pod topology spread constraints", "TopologySpread" },
	{ "node(s) didn't match pod topology spread constraints (missing required label)",
	  "TopologySpread" },
	{ "node(s) didn't have free ports for the requested pod ports", "HostPortConflict" },
	{ "node(s) had volume node affinity conflict", "VolumeNodeAffinity" },
	{ "node(s) didn't match PersistentVolume's node affinity", "VolumeNodeAffinity" },
	{ "node(s) had no available volume zone", "VolumeZone" },
	{ "node(s) didn't find available persistent volumes to bind", "NoVolumeToBind" },
	{ "node(s) did not have enough free storage", "InsufficientVolumeStorage" },
	{ "node(s) exceed max volume count", "VolumeLimit" },
	{ "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access "
	  "mode",
	  "RWOPInUse" },
	{ "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode "
	  "already in-use by another pod",
	  "RWOPInUse" },
	{ "node(s) had no available disk", "DiskConflict" },
	{ "node(s) didn't match Pod's required features", "MissingNodeFeatures" },
	{ "timed out trying to allocate devices", "DRAClaim" },
	{ "resourceclaim in use", "DRAClaim" },
	{ "resourceclaim not available on the node", "DRAClaim" },
};

static struct arena arena;

static void tell(const struct nodes *n, struct buf *out)
{
	buf_printf(out, "%u:", n->total);
	for (size_t i = 0; i < n->n; i++) {
		buf_printf(out, " " STR_FMT "*%u", STR_ARG(n->list[i].code), n->list[i].count);
		if (n->list[i].value.n)
			buf_printf(out, "=" STR_FMT, STR_ARG(n->list[i].value));
	}
	if (n->preemption.p)
		buf_printf(out, " | " STR_FMT " [%zu]", STR_ARG(n->preemption), n->n_victims);
}

START_TEST(test_told)
{
	struct buf out = { 0 };
	struct nodes n;

	ck_assert(nodes_parse(str_from(rows[_i].message), &arena, &n));
	tell(&n, &out);
	ck_assert_str_eq(arena_printf(&arena, STR_FMT, STR_ARG(buf_str(&out))).p, rows[_i].told);
	buf_free(&out);
	arena_free(&arena);
}
END_TEST

START_TEST(test_reason)
{
	struct nodes n;
	struct str message =
	    arena_printf(&arena, "0/3 nodes are available: 3 %s." NO2, reasons[_i].text);

	ck_assert(nodes_parse(message, &arena, &n));
	ck_assert_uint_eq(n.n, 1);
	ck_assert(str_eq(n.list[0].text, str_from(reasons[_i].text)));
	ck_assert(str_eq(n.list[0].code, str_from(reasons[_i].code)));
	arena_free(&arena);
}
END_TEST

START_TEST(test_other)
{
	struct nodes n;

	ck_assert(!nodes_parse(str_from(others[_i]), &arena, &n));
	arena_free(&arena);
}
END_TEST

/* Nothing is read past the end of a message, wherever it was truncated. */
START_TEST(test_cut)
{
	size_t length = strlen(rows[_i].message);

	for (size_t n = 0; n < length; n++) {
		char *copy = malloc(n + 1);
		struct nodes ignored;

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, rows[_i].message, n);
		nodes_parse((struct str){ copy, n }, &arena, &ignored);
		ck_assert_uint_le(ignored.n, NODE_REASONS_MAX);
		free(copy);
	}
	arena_free(&arena);
}
END_TEST

/* More reasons than any cluster has. */
START_TEST(test_many)
{
	struct buf out = { 0 };
	struct nodes n;

	buf_add_str(&out, STR("0/500 nodes are available: "));
	for (int i = 0; i < 500; i++)
		buf_printf(&out, "%s1 node(s) had untolerated taint {team: t%d}", i ? ", " : "", i);
	ck_assert(nodes_parse(buf_str(&out), &arena, &n));
	ck_assert_uint_eq(n.n, NODE_REASONS_MAX);
	buf_free(&out);
	arena_free(&arena);
}
END_TEST

Suite *suite_nodes(void)
{
	Suite *suite = suite_create("nodes");
	TCase *t = tcase_create("nodes");

	tcase_add_loop_test(t, test_told, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, test_reason, 0, ARRAY_SIZE(reasons));
	tcase_add_loop_test(t, test_other, 0, ARRAY_SIZE(others));
	tcase_add_loop_test(t, test_cut, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_many);
	suite_add_tcase(suite, t);
	return suite;
}
