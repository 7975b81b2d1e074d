/* SPDX-License-Identifier: Apache-2.0 */
/* Links between pods: a claim that they wait for, a rollout that they belong to. */
#include "suites.h"

#include "../slo/pod.h"
#include "trace/build.h"
#include "trace/ids.h"

static struct arena arena;
static struct traces traces;
static struct trace_settings settings;
static struct context context;
static const struct str none = { "", 0 }, shop = { "shop", 4 }, set = { "web-1", 5 },
			replica_set = { "ReplicaSet", 10 };

static void setup(void)
{
	context = (struct context){ 0 };
	settings = (struct trace_settings){ .settings = pod_settings(), .context = &context };
	traces = (struct traces){ .settings = &settings };
}

static void teardown(void)
{
	traces_free(&traces);
	context_free(&context);
	arena_free(&arena);
}

static const struct trace *checked(const struct trace *t)
{
	const char *wrong = trace_invariant(t);

	ck_assert_msg(!wrong, "%s", wrong);
	return t;
}

/* A pod of the ReplicaSet, created and Ready then; deleted NSEC_NONE: not. */
static struct trace_id add_pod(const char *name, nsec created, nsec ready, nsec deleted)
{
	struct pod p;

	pod_make(&p);
	p.t.cluster = none;
	p.t.namespace = shop;
	p.t.name = p.t.uid = str_from(name);
	p.t.workload_kind = STR("Deployment");
	p.t.workload_name = STR("web");
	p.object.owner_kind = replica_set;
	p.object.owner_name = set;
	p.object.claims = (struct str){ "logs\0data\0", 10 };
	pod_mark(&p, MILESTONE_CREATED, created);
	pod_mark(&p, MILESTONE_READY, ready);
	if (deleted != NSEC_NONE)
		pod_mark(&p, MILESTONE_DELETED, deleted);
	traces_of(&traces, &p.t, &p.cluster, &arena);
	ck_assert_uint_ge(traces.n, 1);
	return checked(&traces.list[0].trace)->id;
}

static void own(nsec created)
{
	context_owner(&context, &(struct ownership){ none, shop, replica_set, set,
						     STR("Deployment"), STR("web"), created });
}

/* "0-10 5-20: 2": where the root and its spans begin and end. */
static void check_rollout(const char *expected)
{
	const struct trace *t = rollouts_next(&traces.rollouts, &settings, &arena);
	struct buf text = { 0 };

	ck_assert_ptr_nonnull(t);
	checked(t);
	for (size_t i = 0; i < t->n_spans; i++)
		buf_printf(&text, "%s%lld-%lld", i ? " " : "",
			   (long long)((t->spans[i].start - AT(0)) / SECOND),
			   (long long)((t->spans[i].end - AT(0)) / SECOND));
	ck_assert_msg(str_eq(buf_str(&text), str_from(expected)), STR_FMT, STR_ARG(buf_str(&text)));
	buf_free(&text);
	ck_assert_ptr_null(rollouts_next(&traces.rollouts, &settings, &arena));
}

static bool leads_to(const struct span *s, struct trace_id id)
{
	struct span_id root = root_id_of(id);

	for (size_t i = 0; i < s->n_links; i++)
		if (memcmp(&s->links[i].trace, &id, sizeof(id)) == 0 &&
		    memcmp(&s->links[i].span, &root, sizeof(root)) == 0)
			return true;
	return false;
}

START_TEST(a_rollout)
{
	struct trace_id rollout = trace_id_of_revision(&arena, none, shop, set), second;
	const struct trace *t;

	own(AT(0));
	add_pod("web-1-a", AT(4), AT(30), NSEC_NONE);
	second = add_pod("web-1-b", AT(1), AT(9), NSEC_NONE);
	ck_assert(leads_to(&traces.list[0].trace.spans[0], rollout));
	t = rollouts_next(&traces.rollouts, &settings, &arena);
	ck_assert_ptr_nonnull(t);
	checked(t);
	ck_assert(memcmp(&t->id, &rollout, sizeof(rollout)) == 0);
	ck_assert_uint_eq(t->n_spans, 3);
	ck_assert(str_eq(t->spans[0].name, STR("workload rollout")));
	ck_assert_int_eq(t->spans[0].start, AT(1));
	ck_assert_int_eq(t->spans[0].end, AT(30));
	ck_assert(leads_to(&t->spans[1], second));
	ck_assert_int_eq(t->spans[1].end, AT(9));
	ck_assert(str_eq(t->resources[0].service, STR("web")));
	ck_assert_ptr_null(rollouts_next(&traces.rollouts, &settings, &arena));
}
END_TEST

/* Who takes the place of one that is gone, or was wanted long after. */
START_TEST(who_came_later)
{
	own(AT(0));
	add_pod("web-1-a", AT(1), AT(9), AT(50));
	add_pod("web-1-b", AT(51), AT(60), NSEC_NONE);
	add_pod("web-1-c", AT(9), AT(20), NSEC_NONE);
	check_rollout("1-20 1-9 9-20");
}
END_TEST

START_TEST(progress)
{
	own(AT(0));
	add_pod("web-1-a", AT(1), AT(10), NSEC_NONE);
	add_pod("web-1-b", AT(610), AT(620), NSEC_NONE);
	add_pod("web-1-c", AT(1221), AT(1230), NSEC_NONE);
	check_rollout("1-620 1-10 610-620");
}
END_TEST

/* The log begins at -100 s: what is older than it, or of unknown age, may have had pods before. */
START_TEST(no_rollout)
{
	add_pod("web-1-a", AT(1), AT(10), NSEC_NONE);
	ck_assert_ptr_null(rollouts_next(&traces.rollouts, &settings, &arena));
	own(AT(-101));
	add_pod("web-1-a", AT(1), AT(10), NSEC_NONE);
	ck_assert_ptr_null(rollouts_next(&traces.rollouts, &settings, &arena));
	settings.context = NULL;
	own(AT(0));
	add_pod("web-1-a", AT(1), AT(10), NSEC_NONE);
	ck_assert_uint_eq(traces.list[0].trace.spans[0].n_links, 1); /* its life before */
	ck_assert_ptr_null(rollouts_next(&traces.rollouts, &settings, &arena));
}
END_TEST

START_TEST(many_pods)
{
	const struct trace *t;
	char name[20];

	own(AT(0));
	for (int i = 0; i < ROLLOUT_PODS_MAX + 5; i++) {
		snprintf(name, sizeof(name), "web-1-%d", i);
		add_pod(name, AT(200 - i), AT(201), NSEC_NONE); /* the last one came first */
	}
	t = rollouts_next(&traces.rollouts, &settings, &arena);
	ck_assert_ptr_nonnull(t);
	ck_assert_uint_eq(t->n_spans, ROLLOUT_PODS_MAX + 1);
	ck_assert_int_eq(t->spans[0].start, AT(200 - ROLLOUT_PODS_MAX - 4));
	ck_assert_int_eq(t->spans[ROLLOUT_PODS_MAX].start, AT(200 - 5));
	for (size_t i = 0; i < t->spans[0].attributes.n; i++)
		if (str_eq(t->spans[0].attributes.list[i].key, STR("lunettes.dropped_pods"))) {
			ck_assert_int_eq(t->spans[0].attributes.list[i].number, 5);
			return;
		}
	ck_abort_msg("nothing says that there are more");
}
END_TEST

/* Created at 100 s and bound at 110 s. */
static const struct span *add_claim(const char *name)
{
	struct pod p;

	pod_make(&p);
	p.t.kind = OBJECT_CLAIM;
	p.t.cluster = none;
	p.t.namespace = shop;
	p.t.name = str_from(name);
	p.t.uid = STR("c1");
	p.t.object = NULL;
	pod_mark(&p, MILESTONE_CREATED, AT(100));
	pod_mark(&p, MILESTONE_BOUND, AT(110));
	traces_of(&traces, &p.t, &p.cluster, &arena);
	ck_assert_uint_eq(traces.n, 1);
	return &checked(&traces.list[0].trace)->spans[0];
}

START_TEST(a_claim)
{
	struct trace_id early, within, gone, late;
	const struct span *s;

	early = add_pod("a", AT(50), AT(120), NSEC_NONE);
	within = add_pod("b", AT(105), AT(120), NSEC_NONE);
	gone = add_pod("c", AT(50), AT(60), AT(99));
	late = add_pod("d", AT(111), AT(120), NSEC_NONE);
	s = add_claim("data");
	ck_assert_uint_eq(s->n_links, 2);
	ck_assert(leads_to(s, early) && leads_to(s, within));
	ck_assert(!leads_to(s, gone) && !leads_to(s, late));
	ck_assert_uint_eq(add_claim("dat")->n_links, 0);
}
END_TEST

START_TEST(many_mounts)
{
	struct trace_id first = { { 0 } };
	char name[20];

	for (int i = 0; i < MOUNTS_MAX + 5; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		first = add_pod(name, AT(100) - i, AT(120), NSEC_NONE);
	}
	ck_assert_uint_eq(add_claim("logs")->n_links, MOUNTS_MAX);
	ck_assert(leads_to(add_claim("logs"), first));
}
END_TEST

Suite *suite_links(void)
{
	Suite *s = suite_create("links");
	TCase *t = tcase_create("links");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_rollout);
	tcase_add_test(t, who_came_later);
	tcase_add_test(t, progress);
	tcase_add_test(t, no_rollout);
	tcase_add_test(t, many_pods);
	tcase_add_test(t, a_claim);
	tcase_add_test(t, many_mounts);
	suite_add_tcase(s, t);
	return s;
}
