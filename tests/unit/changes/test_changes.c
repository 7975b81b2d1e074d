/* SPDX-License-Identifier: Apache-2.0 */
/* Writes to objects that pods depend on: which of them count, and their changes, in any order. */
#include "../kube/suites.h"

#include "base/mem.h"
#include "changes/writes.h"

enum { EVENTS_MAX = 4 };

#define POD(image, more)                                                                           \
	"{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"" image "\"" more    \
	"}]}}}"
#define WEB(spec)                                                                                  \
	"{\"kind\":\"Deployment\",\"apiVersion\":\"apps/"                                          \
	"v1\",\"metadata\":{\"name\":\"web\"},\"spec\":" spec "}"
#define DEPLOYMENT .resource = "deployments", .group = "apps", .name = "web", .code = 200
#define NODE .resource = "nodes", .namespace = "-", .name = "n1", .code = 200
#define NODE_CONTROLLER                                                                            \
	.user = "system:serviceaccount:kube-system:node-controller",                               \
	.agent = "kube-controller-manager/v1.36.0"
#define CREATE                                                                                     \
	{                                                                                          \
		"create", DEPLOYMENT, .request = WEB(POD("a:1", "")),                              \
				      .response = WEB(POD("a:1", ""))                              \
	}
#define TAINT(key, effect) "{\"key\":\"" key "\",\"effect\":\"" effect "\"}"

/*
 * The expected text: one line per write, "!" in front if it is news; changes are PATH BEFORE>AFTER,
 * "?" is unknown, "-" none, "*" a hidden value. "~" after the verb: not compared.
 */
static const struct row {
	const char *name;
	struct event events[EVENTS_MAX]; /* in order of time; each a second later */
	const char *writes;
} rows[] = {
	{ "a patch, and what it was before",
	  { CREATE,
	    { "patch", DEPLOYMENT, .request = "{\"spec\":" POD("a:2", "") "}" },
	    { "patch", DEPLOYMENT, .request = "{\"spec\":" POD("a:2", "") "}" } },
	  "!Deployment shop/web create alice\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].image a:1>a:2\n"
	  "Deployment shop/web patch alice\n" },
	{ "a patch without anything before it",
	  { { "patch", DEPLOYMENT, .request = "{\"spec\":{\"replicas\":3,\"paused\":null}}" } },
	  "!Deployment shop/web patch alice spec.paused ?>- spec.replicas ?>3\n" },
	{ "of annotations and labels of its own nothing is told",
	  { { "patch", DEPLOYMENT,
	      .request =
		  "{\"metadata\":{\"annotations\":{\"a\":\"b\"},\"labels\":{\"x\":\"y\"}}}" } },
	  "Deployment shop/web patch alice\n" },
	{ "restarted",
	  { { "patch", DEPLOYMENT,
	      .request = "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{"
			 "\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}" } },
	  "!Deployment shop/web patch alice "
	  "spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt ?>now\n" },
	{ "updates are compared, the first one with nothing",
	  { { "update", DEPLOYMENT, .response = WEB(POD("a:1", ",\"command\":[\"sh\",\"-c\"]")) },
	    { "update", DEPLOYMENT, .response = WEB(POD("a:1", ",\"command\":[\"sh\",\"-c\"]")) },
	    { "update", DEPLOYMENT, .response = WEB(POD("a:2", "")) } },
	  "!Deployment shop/web update~ alice\n"
	  "Deployment shop/web update alice\n"
	  "!Deployment shop/web update alice spec.template.spec.containers[c].command [sh, -c]>- "
	  "spec.template.spec.containers[c].image a:1>a:2\n" },
	{ "an apply that changes nothing, and one that does",
	  { CREATE,
	    { "patch", DEPLOYMENT, .request = WEB(POD("a:1", "")) },
	    { "patch", DEPLOYMENT, .request = WEB(POD("a:1", ",\"args\":[\"x\"]")) } },
	  "!Deployment shop/web create alice\n"
	  "Deployment shop/web patch alice\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].args ->[x]\n" },
	{ "what the API server fills in is no change",
	  { { "create", DEPLOYMENT, .request = WEB(POD("a:1", "")) },
	    { "update", DEPLOYMENT,
	      .response = WEB(POD("a:1", ",\"imagePullPolicy\":\"Always\"")) } },
	  "!Deployment shop/web create alice\nDeployment shop/web update alice\n" },
	{ "a JSON patch",
	  { { "patch", DEPLOYMENT,
	      .request = "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":9},"
			 "{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\","
			 "\"value\":\"a:2\"},{\"op\":\"remove\",\"path\":\"/spec/paused\"},"
			 "{\"op\":\"add\",\"path\":\"/metadata/labels/a~1b\",\"value\":\"c\"}]" } },
	  "!Deployment shop/web patch alice spec.paused ?>- "
	  "spec.template.spec.containers[0].image ?>a:2\n" },
	{ "a rollback replaces the template",
	  { { "create", DEPLOYMENT, .response = WEB(POD("a:2", ",\"args\":[\"x\"]")) },
	    { "patch", DEPLOYMENT,
	      .request = "[{\"op\":\"replace\",\"path\":\"/spec/template\",\"value\":{\"spec\":{"
			 "\"containers\":[{\"name\":\"c\",\"image\":\"a:1\"}]}}}]" } },
	  "!Deployment shop/web create alice\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].args [x]>- "
	  "spec.template.spec.containers[c].image a:2>a:1\n" },
	{ "scaled by hand, by the autoscaler, by hand",
	  { { "patch", DEPLOYMENT, .subresource = "scale",
	      .request = "{\"spec\":{\"replicas\":2}}" },
	    { "patch", DEPLOYMENT, .subresource = "scale", .request = "{\"spec\":{\"replicas\":7}}",
	      .user = "system:serviceaccount:kube-system:horizontal-pod-autoscaler", .agent = "-" },
	    { "update", DEPLOYMENT, .subresource = "scale",
	      .request = "{\"kind\":\"Scale\",\"spec\":{\"replicas\":4}}",
	      .response = "{\"kind\":\"Scale\",\"spec\":{\"replicas\":4}}" } },
	  "!Deployment shop/web patch/scale alice spec.replicas ?>2\n"
	  "Deployment shop/web patch/scale "
	  "system:serviceaccount:kube-system:horizontal-pod-autoscaler "
	  "spec.replicas 2>7\n"
	  "!Deployment shop/web update/scale alice spec.replicas 7>4\n" },
	{ "without bodies",
	  { CREATE,
	    { "patch", DEPLOYMENT, .level = "Metadata" },
	    { "patch", DEPLOYMENT, .request = "{\"spec\":" POD("a:2", "") "}" },
	    { "delete", DEPLOYMENT } },
	  "!Deployment shop/web create alice\n"
	  "!Deployment shop/web patch~ alice\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].image ?>a:2\n"
	  "!Deployment shop/web delete~ alice\n" },
	{ "plain variables are shown, secret ones are not, and no URL with a password",
	  { { "create", DEPLOYMENT, .response = WEB(POD("a:1", "")) },
	    { "patch", DEPLOYMENT,
	      .request = "{\"spec\":" POD(
		  "a:1",
		  ",\"env\":[{\"name\":\"MODE\",\"value\":\"fast\"},{\"name\":\"DB_PASSWORD\","
		  "\"value\":\"hunter2\"},{\"name\":\"DB\",\"value\":\"pg://u:hunter2@db\"},"
		  "{\"name\":\"K\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"m\","
		  "\"key\":\"k\"}}}]") "}" } },
	  "!Deployment shop/web create alice\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].env[DB] ->? "
	  "spec.template.spec.containers[c].env[DB_PASSWORD] ->? "
	  "spec.template.spec.containers[c].env[K] ->configMapKeyRef m/k "
	  "spec.template.spec.containers[c].env[MODE] ->fast\n" },
	{ "nor a variable without its name, nor headers, nor arguments that look secret",
	  { { "patch", DEPLOYMENT,
	      .request = "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/env/3/"
			 "value\",\"value\":\"hunter2\"},{\"op\":\"add\",\"path\":"
			 "\"/spec/template/spec/containers/0/env/-\",\"value\":{\"name\":\"A\","
			 "\"value\":\"hunter2\"}}]" },
	    { "patch", DEPLOYMENT,
	      .request =
		  "{\"spec\":" POD("a:1", ",\"livenessProbe\":{\"httpGet\":{\"httpHeaders\":[{"
					  "\"name\":\"X\",\"value\":\"hunter2\"}]}},\"args\":[\"--"
					  "token=hunter2\"]") "}" } },
	  "!Deployment shop/web patch alice spec.template.spec.containers[0].env[-].value * "
	  "spec.template.spec.containers[0].env[3].value *\n"
	  "!Deployment shop/web patch alice spec.template.spec.containers[c].args * "
	  "spec.template.spec.containers[c].image ?>a:1 "
	  "spec.template.spec.containers[c].livenessProbe.httpGet.httpHeaders[X].value *\n" },
	{ "of Secrets and ConfigMaps the keys alone",
	  { { "create", "secrets", .name = "s", .code = 201,
	      .request = "{\"kind\":\"Secret\",\"data\":{\"k\":\"aHVudGVyMg==\",\"l\":\"eA==\"}}" },
	    { "patch", "secrets", .name = "s", .code = 200,
	      .request = "{\"data\":{\"k\":\"aHVudGVyMw==\",\"l\":\"eA==\"}}" },
	    { "patch", "secrets", .name = "s", .code = 200,
	      .request = "[{\"op\":\"replace\",\"path\":\"/data/l\",\"value\":\"aHVudGVyMg==\"},"
			 "{\"op\":\"remove\",\"path\":\"/data/k\"}]" } },
	  "!Secret shop/s create alice\n"
	  "!Secret shop/s patch alice data.k *\n"
	  "!Secret shop/s patch alice data.k ?>- data.l *\n" },
	{ "taints replace each other; the cordon's own is an echo",
	  { { "patch", NODE, .request = "{\"spec\":{\"taints\":[" TAINT("k", "NoSchedule") "]}}" },
	    { "patch", NODE, .request = "{\"spec\":{\"unschedulable\":true}}" },
	    { "patch", NODE, NODE_CONTROLLER,
	      .request = "{\"spec\":{\"taints\":[" TAINT("k", "NoSchedule") "," TAINT(
		  "node.kubernetes.io/unschedulable", "NoSchedule") "]}}" },
	    { "patch", NODE, NODE_CONTROLLER,
	      .request = "{\"spec\":{\"taints\":[" TAINT("node.kubernetes.io/unschedulable",
							 "NoSchedule") "]}}" } },
	  "!Node n1 patch alice spec.taints[k:NoSchedule] ?>NoSchedule\n"
	  "!Node n1 patch alice spec.unschedulable ?>true\n"
	  "Node n1 patch system:serviceaccount:kube-system:node-controller "
	  "spec.taints[node.kubernetes.io/unschedulable:NoSchedule] ?>NoSchedule\n"
	  "!Node n1 patch system:serviceaccount:kube-system:node-controller "
	  "spec.taints[k:NoSchedule] NoSchedule>-\n" },
	{ "what a kubelet and the ttl-controller write is no news",
	  { { "create", NODE, .user = "system:node:n1", .agent = "kubelet/v1.36.0",
	      .request =
		  "{\"kind\":\"Node\",\"spec\":{\"taints\":[" TAINT("t", "NoSchedule") "]}}" },
	    { "patch", NODE, .user = "system:serviceaccount:kube-system:ttl-controller",
	      .request =
		  "{\"metadata\":{\"annotations\":{\"node.alpha.kubernetes.io/ttl\":\"0\"}}}" },
	    { "patch", NODE, .request = "{\"spec\":{\"taints\":null}}" },
	    { "patch", NODE, .subresource = "status", .request = "{\"status\":{}}" } },
	  "Node n1 create system:node:n1\n"
	  "Node n1 patch system:serviceaccount:kube-system:ttl-controller\n"
	  "!Node n1 patch alice spec.taints[t:NoSchedule] NoSchedule>-\n" },
	{ "webhooks by their names; certificates are not told",
	  { { "create", "validatingwebhookconfigurations", .group = "admissionregistration.k8s.io",
	      .namespace = "-", .name = "w", .code = 201,
	      .request = "{\"webhooks\":[{\"name\":\"a.b\",\"failurePolicy\":\"Ignore\","
			 "\"clientConfig\":{\"caBundle\":\"x\",\"service\":{\"name\":\"s\"}}}]}" },
	    { "update", "validatingwebhookconfigurations", .group = "admissionregistration.k8s.io",
	      .namespace = "-", .name = "w", .code = 200,
	      .request =
		  "{\"webhooks\":[{\"name\":\"a.b\",\"failurePolicy\":\"Fail\","
		  "\"clientConfig\":{\"caBundle\":\"y\",\"service\":{\"name\":\"s\"}}}]}" } },
	  "!ValidatingWebhookConfiguration w create alice\n"
	  "!ValidatingWebhookConfiguration w update alice webhooks[a.b].failurePolicy "
	  "Ignore>Fail\n" },
	{ "nothing that failed, was a dry run, a read, of another group, or a controller's echo",
	  { { "patch", .resource = "deployments", .group = "apps", .name = "web", .code = 409,
	      .request = "{\"spec\":{\"replicas\":3}}" },
	    { "patch", DEPLOYMENT, .uri = "/x?dryRun=All",
	      .request = "{\"spec\":{\"replicas\":3}}" },
	    { "patch", "roles", .group = "example.com", .name = "r", .code = 200 },
	    { "update", DEPLOYMENT, .user = "system:kube-controller-manager",
	      .request = WEB("{\"replicas\":3}") } },
	  "" },
	{ "who is impersonated is the actor; a collection has no name",
	  { { "deletecollection", "configmaps", .code = 200,
	      .more = ",\"impersonatedUser\":{\"username\":\"bob\"}" } },
	  "!ConfigMap shop/ deletecollection~ bob as alice\n" },
};

/* Events of the row at second i, as text. */
static void put_event(const struct event *event, size_t i, struct buf *out)
{
	struct event e = *event;
	char more[512];

	snprintf(more, sizeof(more),
		 "%s,\"auditID\":\"id%zu\",\"requestReceivedTimestamp\":"
		 "\"2026-11-22T10:00:%02zu.000000Z\"",
		 e.more ? e.more : "", i, i);
	e.more = more;
	buf_reset(out);
	event_json(&e, out);
}

static int no_record(void *ctx, const struct record *r, struct err *err)
{
	(void)ctx;
	(void)r;
	(void)err;
	return 0;
}

static struct decoder *gatherer(struct writes *writes)
{
	struct decode_config config = { .record = no_record,
					.event = writes_observe,
					.event_ctx = writes };

	return decoder_new(&config);
}

static void gather(struct decoder *d, const struct row *row, size_t i)
{
	struct position position = { 0, 0, i, 0 };
	struct buf text = { 0 };
	struct err err = { 0 };

	put_event(&row->events[i], i, &text);
	ck_assert_int_eq(
	    decoder_text(d, &(struct decode_text){ STR(""), buf_str(&text), position, false },
			 &err),
	    0);
	buf_free(&text);
}

static void put_side(struct buf *out, struct str s)
{
	buf_printf(out, STR_FMT, STR_ARG(!s.p ? STR("?") : !s.n ? STR("-") : s));
}

static void put_writes(struct buf *out, const struct writes *writes)
{
	for (size_t i = 0; i < writes->n; i++) {
		const struct write *w = &writes->list[i];

		buf_printf(out, "%s%s " STR_FMT "%s" STR_FMT " " STR_FMT "%s" STR_FMT "%s " STR_FMT,
			   w->news ? "!" : "", w->row->kind, STR_ARG(w->namespace),
			   w->namespace.n ? "/" : "", STR_ARG(w->name), STR_ARG(w->verb),
			   w->subresource.n ? "/" : "", STR_ARG(w->subresource),
			   w->compared ? "" : "~", STR_ARG(w->actor));
		if (w->impersonator.n)
			buf_printf(out, " as " STR_FMT, STR_ARG(w->impersonator));
		for (size_t k = 0; k < w->n_changes; k++) {
			const struct write_change *c = &w->changes[k];

			buf_printf(out, " " STR_FMT " ", STR_ARG(c->path));
			if (c->hidden && !c->before.p && !c->after.p) {
				buf_add_char(out, '*');
				continue;
			}
			ck_assert(!c->hidden || (!c->before.n && !c->after.n));
			put_side(out, c->before);
			buf_add_char(out, '>');
			put_side(out, c->after);
		}
		buf_add_char(out, '\n');
	}
}

static size_t n_events(const struct row *row)
{
	size_t n = 0;

	while (n < EVENTS_MAX && row->events[n].verb)
		n++;
	return n;
}

START_TEST(test_changes)
{
	const struct row *row = &rows[_i];
	struct writes writes = { 0 };
	struct decoder *d = gatherer(&writes);
	struct buf out = { 0 };

	for (size_t i = 0; i < n_events(row); i++)
		gather(d, row, i);
	writes_finish(&writes);
	put_writes(&out, &writes);
	ck_assert_str(buf_str(&out), str_from(row->writes));
	buf_free(&out);
	writes_free(&writes);
	decoder_free(d);
}
END_TEST

/* Any order, any number of threads, some of it twice. */
START_TEST(test_any_order)
{
	const struct row *row = &rows[_i];
	uint64_t state = (uint64_t)_i + 1;

	for (int round = 0; round < 20; round++) {
		struct writes parts[3] = { 0 }, sum = { 0 };
		struct decoder *d[3] = { gatherer(&parts[0]), gatherer(&parts[1]),
					 gatherer(&parts[2]) };
		struct buf out = { 0 };
		size_t n = n_events(row), order[2 * EVENTS_MAX];

		for (size_t i = 0; i < 2 * n; i++)
			order[i] = i % n;
		for (size_t i = 2 * n; i > 1; i--) {
			size_t other = test_random(&state) % i, kept = order[i - 1];

			order[i - 1] = order[other];
			order[other] = kept;
		}
		for (size_t i = 0; i < 2 * n; i++)
			gather(d[test_random(&state) % 3], row, order[i]);
		for (int i = 0; i < 3; i++) {
			writes_merge(&sum, &parts[i]);
			writes_free(&parts[i]);
			decoder_free(d[i]);
		}
		writes_finish(&sum);
		put_writes(&out, &sum);
		ck_assert_str(buf_str(&out), str_from(row->writes));
		buf_free(&out);
		writes_free(&sum);
	}
}
END_TEST

static struct write numbered(uint64_t i, char *id)
{
	struct write w = { .row = write_row_of_kind(STR("Deployment")),
			   .namespace = STR("shop"),
			   .name = STR("web"),
			   .verb = STR("patch"),
			   .actor = STR("alice") };

	w.audit_id = (struct str){ id, (size_t)snprintf(id, 32, "id%05u", (unsigned)i) };
	w.at = T0 + (nsec)(i / 3) * SECOND;
	return w;
}

/* More writes than are kept: the last ones, whatever the order of threads and duplicates. */
START_TEST(test_bounded)
{
	enum { N = 90000 };
	struct writes all = { 0 }, parts[2] = { 0 }, sum = { 0 };
	uint64_t state = 7;
	char id[32];

	for (uint64_t i = 0; i < N; i++) {
		struct write w = numbered(i, id);

		writes_add(&all, &w);
	}
	for (uint64_t i = 0; i < N; i++) {
		struct write w = numbered(i * 70001 % N, id);

		writes_add(&parts[test_random(&state) % 2], &w);
		if (i % 3 == 0)
			writes_add(&parts[test_random(&state) % 2], &w);
	}
	writes_merge(&sum, &parts[1]);
	writes_merge(&sum, &parts[0]);
	writes_finish(&all);
	writes_finish(&sum);
	ck_assert(all.cut && sum.cut);
	ck_assert_uint_gt(all.n, 10000);
	ck_assert_uint_le(all.n, WRITES_MAX);
	ck_assert_uint_le(all.bytes, WRITES_BYTES);
	ck_assert_uint_eq(all.n, sum.n);
	ck_assert_int_eq(all.from, sum.from);
	for (size_t i = 0; i < all.n; i++)
		ck_assert_str(all.list[i].audit_id, sum.list[i].audit_id);
	ck_assert_str(all.list[all.n - 1].audit_id, STR("id89999"));
	for (int i = 0; i < 2; i++)
		writes_free(&parts[i]);
	writes_free(&all);
	writes_free(&sum);
}
END_TEST

/* An actor that writes the same object repeatedly, without a body that shows the change. */
START_TEST(test_routine)
{
	for (unsigned n = WRITES_ROUTINE - 1; n <= WRITES_ROUTINE; n++) {
		struct writes writes = { 0 };
		char id[32];

		for (uint64_t i = 0; i < n; i++) {
			struct write w = numbered(i * 3, id);

			writes_add(&writes, &w);
		}
		writes_finish(&writes);
		ck_assert_uint_eq(writes.n, n);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(writes.list[i].news, n < WRITES_ROUTINE);
		writes_free(&writes);
	}
}
END_TEST

/* A body of any size keeps at most the limit, which includes the most important paths. */
START_TEST(test_large_body)
{
	struct writes writes = { 0 };
	struct decoder *d = gatherer(&writes);
	struct buf env = { 0 };
	struct row row = { 0 };
	bool image = false;
	size_t bytes = 0;

	buf_printf(&env,
		   "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"env\":[");
	for (int i = 0; i < 1500; i++)
		buf_printf(&env, "%s{\"name\":\"V%d\",\"value\":\"%0200d\"}", i ? "," : "", i, i);
	buf_printf(&env, "],\"image\":\"a:1\"}]}}}}%c", 0);
	row.events[0] = (struct event){ "patch", DEPLOYMENT, .request = env.p };
	gather(d, &row, 0);
	writes_finish(&writes);
	ck_assert_uint_eq(writes.n, 1);
	ck_assert(writes.list[0].cut);
	ck_assert_uint_le(writes.list[0].n_leaves, WRITE_LEAVES_MAX);
	for (size_t i = 0; i < writes.list[0].n_leaves; i++) {
		const struct write_leaf *leaf = &writes.list[0].leaves[i];

		bytes += leaf->path.n + leaf->value.n;
		ck_assert_uint_le(leaf->value.n, WRITE_VALUE_MAX);
		image = image || str_ends(leaf->path, STR(".image"));
	}
	ck_assert_uint_le(bytes, WRITE_LEAVES_BYTES);
	buf_free(&env);
	writes_free(&writes);
	decoder_free(d);
	ck_assert(image);
}
END_TEST

/* {"a":{"b":"probe"}} for a.b. */
static void put_body(struct buf *out, const char *path)
{
	struct str rest = str_from(path), key;
	unsigned depth = 0;

	for (; str_next(&rest, '.', &key); depth++)
		buf_printf(out, "{\"" STR_FMT "\":", STR_ARG(key));
	buf_printf(out, "\"probe\"");
	while (depth--)
		buf_add_char(out, '}');
	buf_add_char(out, 0);
}

static bool has_leaf_below(const struct write *w, struct str path)
{
	for (size_t i = 0; i < w->n_leaves; i++)
		if (str_starts(w->leaves[i].path, path))
			return true;
	return false;
}

/* A patch of each path of each row is a write with that path, in the new and in the old group. */
START_TEST(test_each_resource)
{
	const struct write_row *of = &write_rows[_i];
	const char *groups[] = { of->group, of->old_group ? of->old_group : of->group };

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		for (const char *const *path = of->paths; *path; path++) {
			struct writes writes = { 0 };
			struct decoder *d = gatherer(&writes);
			struct buf body = { 0 };
			struct row row = { 0 };

			put_body(&body, *path);
			row.events[0] = (struct event){ "patch",	  .resource = of->resource,
							.group = groups[i], .name = "x",
							.code = 200,	  .request = body.p };
			gather(d, &row, 0);
			writes_finish(&writes);
			ck_assert_msg(writes.n == 1 && writes.list[0].row == of,
				      "%s.%s: no write; is its row shadowed by another one?",
				      of->resource, groups[i]);
			ck_assert_msg(has_leaf_below(&writes.list[0], str_from(*path)),
				      "%s.%s: a write of %s shows nothing of it", of->resource,
				      groups[i], *path);
			buf_free(&body);
			writes_free(&writes);
			decoder_free(d);
		}
	}
}
END_TEST

TCase *changes_tests(void)
{
	TCase *tcase = tcase_create("changes");

	tcase_add_loop_test(tcase, test_changes, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, test_any_order, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, test_each_resource, 0, (int)n_write_rows);
	tcase_add_test(tcase, test_bounded);
	tcase_add_test(tcase, test_routine);
	tcase_add_test(tcase, test_large_body);
	tcase_set_timeout(tcase, 60);
	return tcase;
}
