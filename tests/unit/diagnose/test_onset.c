/* SPDX-License-Identifier: Apache-2.0 */
/* Which writes are reported as recent changes before a cause, and which are not. */
#include "builtin.h"
#include "suites.h"

#include "base/buf.h"
#include "diagnose/onset.h"

#define AT(seconds) ((nsec)1767225600 * SECOND + (nsec)(seconds)*SECOND)

enum { WRITES = 4, PODS = 4 };

/* One write; what it changes is one path, from `before` to `after`. */
struct wrote {
	int at;
	const char *kind, *namespace, *name, *verb;
	const char *path, *value; /* of a patch; value NULL: removed */
	const char *subresource;
};

struct hit_pod {
	int at; /* the cause's first time; 0: no such pod */
	const char *namespace, *workload, *node, *message;
};

/* The report: "TIE KIND/NAME SECONDS PODS", in order; "+" at the end marks a creation. */
static const struct row {
	const char *name, *code;
	struct wrote writes[WRITES];
	struct hit_pod pods[PODS];
	const char *told;
} rows[] = {
	{ "the workload's new image, before all",
	  "CommandNotFound",
	  { { 95, "Deployment", "shop", "web", "patch", "spec.template.spec.containers[c].image",
	      "a:2" },
	    { 99, "Deployment", "shop", "api", "patch", "spec.paused", "true" },
	    { 99, "Deployment", "other", "web", "patch", "spec.paused", "true" } },
	  { { 100, "shop", "web", "n1", "" }, { 101, "shop", "web", "n2", "" } },
	  "workload Deployment/web 5 2" },
	{ "what came after the first pod was hit is no news",
	  "CommandNotFound",
	  { { 101, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 100, "shop", "web", "n1", "" }, { 102, "shop", "web", "n1", "" } },
	  "" },
	{ "nor what came long before",
	  "CommandNotFound",
	  { { 100, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 701, "shop", "web", "n1", "" } },
	  "" },
	{ "ten minutes before is in time",
	  "CommandNotFound",
	  { { 100, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 700, "shop", "web", "n1", "" } },
	  "workload Deployment/web 600 1" },
	{ "what touches less than half of them is not told",
	  "CommandNotFound",
	  { { 95, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 100, "shop", "web", "n", "" },
	    { 100, "shop", "api", "n", "" },
	    { 100, "shop", "db", "n", "" } },
	  "" },
	{ "its creation only if there is nothing else, and all began with it",
	  "CommandNotFound",
	  { { 95, "Deployment", "shop", "web", "create", NULL, NULL } },
	  { { 100, "shop", "web", "n", "" } },
	  "workload Deployment/web 5 1+" },
	{ "a change is better than the creation",
	  "CommandNotFound",
	  { { 90, "Deployment", "shop", "web", "create", NULL, NULL },
	    { 95, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 100, "shop", "web", "n", "" } },
	  "workload Deployment/web 5 1" },
	{ "the quota that the refusal names, not another one's",
	  "QuotaExceeded",
	  { { 90, "ResourceQuota", "shop", "small", "create", NULL, NULL },
	    { 99, "ResourceQuota", "other", "small", "create", NULL, NULL },
	    { 98, "ServiceAccount", "shop", "small", "patch", "imagePullSecrets[a]", "x" } },
	  { { 100, "shop", "web", NULL,
	      "pods \"p\" is forbidden: exceeded quota: small, requested: pods=1" } },
	  "named ResourceQuota/small 10 1" },
	{ "scaling is news of a quota",
	  "QuotaExceeded",
	  { { 99, "Deployment", "shop", "web", "patch", "spec.replicas", "9", "scale" },
	    { 90, "ResourceQuota", "shop", "other", "patch", "spec.hard.pods", "3" } },
	  { { 100, "shop", "web", NULL, "exceeded quota: small" } },
	  "workload Deployment/web 1 1; namespace ResourceQuota/other 10 1" },
	{ "but not of an entry point",
	  "CommandNotFound",
	  { { 99, "Deployment", "shop", "web", "patch", "spec.replicas", "9", "scale" } },
	  { { 100, "shop", "web", "n", "" } },
	  "" },
	{ "the webhook that the refusal names before the others",
	  "WebhookUnavailable",
	  { { 99, "MutatingWebhookConfiguration", NULL, "m", "patch",
	      "webhooks[other.io].failurePolicy", "Fail" },
	    { 90, "ValidatingWebhookConfiguration", NULL, "v", "patch",
	      "webhooks[down.io].failurePolicy", "Fail" },
	    { 98, "Namespace", NULL, "shop", "patch", "metadata.labels.x", "y" } },
	  { { 100, "shop", "web", NULL,
	      "failed calling webhook \"down.io\": failed to call webhook: EOF" } },
	  "named ValidatingWebhookConfiguration/v 10 1; cluster MutatingWebhookConfiguration/m 1 "
	  "1; "
	  "namespace Namespace/shop 2 1" },
	{ "a taint on their node",
	  "TaintEviction",
	  { { 70, "Node", NULL, "n1", "patch", "spec.taints[k:NoExecute]", "v" },
	    { 99, "Node", NULL, "n2", "patch", "spec.taints[k:NoExecute]", "v" },
	    { 99, "Deployment", "shop", "web", "patch", "spec.paused", "true" } },
	  { { 100, "shop", "web", "n1", "" }, { 101, "shop", "api", "n1", "" } },
	  "node Node/n1 30 2" },
	{ "a taint taken off brings nobody down, nor does a label",
	  "TaintEviction",
	  { { 70, "Node", NULL, "n1", "patch", "spec.taints[k:NoExecute]", NULL },
	    { 80, "Node", NULL, "n1", "patch", "metadata.labels.a", "b" } },
	  { { 100, "shop", "web", "n1", "" } },
	  "" },
	{ "a cordon that was taken back",
	  "NodeUnschedulable",
	  { { 70, "Node", NULL, "n1", "patch", "spec.unschedulable", "true" },
	    { 80, "Node", NULL, "n1", "patch", "spec.unschedulable", NULL },
	    { 90, "Node", NULL, "n2", "patch", "spec.unschedulable", "true" } },
	  { { 100, "shop", "web", NULL,
	      "0/2 nodes are available: 2 node(s) were unschedulable." } },
	  "cluster Node/n2 10 1" },
	{ "the taint that the scheduler names",
	  "UntoleratedTaint",
	  { { 70, "Node", NULL, "n1", "patch", "spec.taints[example.com/k:NoSchedule]", "v" },
	    { 90, "Node", NULL, "n2", "patch", "spec.taints[other:NoSchedule]", "v" } },
	  { { 100, "shop", "web", NULL,
	      "0/2 nodes are available: 1 node(s) had untolerated taint {example.com/k: v}." } },
	  "named Node/n1 30 1; cluster Node/n2 10 1" },
	{ "a missing ConfigMap that was deleted, not one of the same name elsewhere",
	  "ConfigMapMissing",
	  { { 99, "ConfigMap", "shop", "settings", "delete", NULL, NULL },
	    { 99, "ConfigMap", "other", "settings", "delete", NULL, NULL },
	    { 99, "ConfigMap", "shop", "more", "delete", NULL, NULL } },
	  { { 100, "shop", "web", "n",
	      "MountVolume.SetUp failed: configmap \"settings\" not found" } },
	  "named ConfigMap/settings 1 1" },
	{ "that a role was bound forbids nothing; that it was taken away does",
	  "Forbidden",
	  { { 90, "ClusterRoleBinding", NULL, "a", "create", NULL, NULL },
	    { 95, "RoleBinding", "shop", "b", "delete", NULL, NULL } },
	  { { 100, "shop", "web", NULL, "pods is forbidden: User \"x\" cannot create" } },
	  "namespace RoleBinding/b 5 1" },
	{ "a namespace that is being deleted; that it was made is no news",
	  "NamespaceTerminating",
	  { { 60, "Namespace", NULL, "shop", "create", NULL, NULL },
	    { 90, "Namespace", NULL, "shop", "delete", NULL, NULL } },
	  { { 100, "shop", "web", NULL, "is being terminated" } },
	  "namespace Namespace/shop 10 1" },
};

static void add_write(struct writes *writes, const struct wrote *w, size_t i)
{
	struct write_leaf leaf = { .path = str_from(w->path),
				   .value = str_from(w->value),
				   .hash = i + 1,
				   .kind = w->value ? LEAF_VALUE : LEAF_GONE };
	struct write write = { .row = write_row_of_kind(str_from(w->kind)),
			       .namespace = str_from(w->namespace),
			       .name = str_from(w->name),
			       .subresource = str_from(w->subresource),
			       .at = AT(w->at),
			       .verb = str_from(w->verb),
			       .actor = STR("alice"),
			       .audit_id = (struct str){ "abcd" + i, 1 } };

	ck_assert_msg(write.row != NULL, "%s", w->kind);
	if (w->path) {
		write.body = WRITE_PATCH;
		write.leaves = &leaf;
		write.n_leaves = 1;
	}
	writes_add(writes, &write);
}

static void hit(struct onsets *o, const struct row *row, const struct hit_pod *pod,
		struct onset *ret_alone)
{
	struct entry entry = { .fact = { .kind = FACT_EVENT, .message = str_from(pod->message) } };
	struct cause cause = { .rule = rules_find(builtin(), str_from(row->code)),
			       .first = AT(pod->at),
			       .evidence = { &entry },
			       .n_evidence = 1 };
	struct timeline t = { .namespace = str_from(pod->namespace),
			      .node = str_from(pod->node),
			      .workload_kind = STR("Deployment"),
			      .workload_name = str_from(pod->workload) };

	ck_assert_msg(cause.rule != NULL, "%s", row->code);
	onsets_add(o, &t, &cause);
	*ret_alone = onset_of(o, &t, &cause);
}

static void put_onset(struct buf *out, const struct onset *onset)
{
	for (size_t i = 0; i < onset->n; i++) {
		const struct onset_write *w = &onset->writes[i];

		buf_printf(out, "%s" STR_FMT " %s/" STR_FMT " %lld %llu%s", i ? "; " : "",
			   STR_ARG(tie_name(w->tie)), w->write->row->kind, STR_ARG(w->write->name),
			   (long long)((w->since - w->write->at) / SECOND),
			   (unsigned long long)w->pods, w->creation ? "+" : "");
	}
}

/* first_pod, step: the order of the pods, which must not matter. */
static void check_row(const struct row *row, size_t first_pod, size_t step)
{
	struct writes writes = { 0 };
	struct onset alone = { 0 };
	struct buf out = { 0 };
	struct onsets *o;
	size_t n = 0;

	for (size_t i = 0; i < WRITES && row->writes[i].kind; i++)
		add_write(&writes, &row->writes[i], i);
	writes_finish(&writes);
	o = onsets_new(&writes);
	while (n < PODS && row->pods[n].at)
		n++;
	for (size_t i = 0; i < n; i++)
		hit(o, row, &row->pods[(first_pod + i * step) % n], &alone);
	onsets_finish(o);
	put_onset(&out, onsets_find(o, rules_find(builtin(), str_from(row->code)), SCOPE_CREATE));
	ck_assert_msg(str_eq(buf_str(&out), str_from(row->told)), "%s:\n" STR_FMT "\nis not\n%s",
		      row->name, STR_ARG(buf_str(&out)), row->told);
	if (n == 1) {
		buf_reset(&out);
		put_onset(&out, &alone);
		ck_assert_msg(str_eq(buf_str(&out), str_from(row->told)), "%s: alone", row->name);
	}
	buf_free(&out);
	onsets_free(o);
	writes_free(&writes);
}

START_TEST(test_onset)
{
	check_row(&rows[_i], 0, 1);
	check_row(&rows[_i], PODS - 1, PODS * 3 * 5 * 7 - 1);
}
END_TEST

START_TEST(test_nothing)
{
	struct writes writes = { 0 };
	struct onsets *o = onsets_new(&writes);

	onsets_finish(o);
	ck_assert_ptr_null(onsets_find(o, rules_at(builtin(), 0), SCOPE_RUN));
	onsets_free(o);
	onsets_free(NULL);
}
END_TEST

Suite *suite_onset(void)
{
	Suite *suite = suite_create("onset");
	TCase *tcase = tcase_create("all");

	tcase_add_loop_test(tcase, test_onset, 0, ARRAY_SIZE(rows));
	tcase_add_test(tcase, test_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
