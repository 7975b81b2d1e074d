/* SPDX-License-Identifier: Apache-2.0 */
/* Timelines made by hand to traces. */
#include "suites.h"

#include "../slo/pod.h"
#include "trace/build.h"

static struct arena arena;
static struct traces traces;
static struct trace_settings settings;

static void setup(void)
{
	settings = (struct trace_settings){ .settings = pod_settings() };
	traces = (struct traces){ .settings = &settings };
}

static void teardown(void)
{
	traces_free(&traces);
	arena_free(&arena);
}

/* All of them keep what trace.h promises. */
static void build(struct pod *p, size_t expected)
{
	traces_of(&traces, &p->t, &p->cluster, &arena);
	ck_assert_uint_eq(traces.n, expected);
	for (size_t i = 0; i < traces.n; i++) {
		const char *wrong = trace_invariant(&traces.list[i].trace);

		ck_assert_msg(!wrong, "%s", wrong);
	}
}

static const struct trace *nth(size_t i)
{
	return &traces.list[i].trace;
}

static const struct span *named(const struct trace *t, const char *name)
{
	for (size_t i = 0; i < t->n_spans; i++)
		if (str_eq(t->spans[i].name, str_from(name)))
			return &t->spans[i];
	return NULL;
}

static const struct attribute *attribute(const struct attributes *a, const char *key)
{
	for (size_t i = 0; i < a->n; i++)
		if (str_eq(a->list[i].key, str_from(key)))
			return &a->list[i];
	return NULL;
}

static bool says(const struct attributes *a, const char *key, const char *text)
{
	const struct attribute *found = attribute(a, key);

	return found && str_eq(found->text, str_from(text));
}

static bool is_id(const uint8_t *bytes, size_t n, const char *hex)
{
	char text[33];

	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return strcmp(text, hex) == 0;
}

/* Ready at 10 s: scheduled from 1 to 2 s, two containers that start from 3 on. */
static void delivered(struct pod *p)
{
	pod_make(p);
	pod_mark(p, MILESTONE_READY, AT(10));
	pod_stage(p, STAGE_SCHEDULE, AT(1), AT(2));
	pod_stage(p, STAGE_START, AT(3), AT(5))->subject = STR("app");
	pod_stage(p, STAGE_START, AT(4), AT(8))->subject = STR("helper");
	pod_stage(p, STAGE_READINESS, AT(8), AT(10));
}

START_TEST(a_delivery)
{
	static const struct {
		const char *name;
		uint32_t parent;
		nsec start, end;
		uint32_t lane;
	} expected[] = {
		{ "pod create", SPAN_NO_PARENT, 0, 10, 0 },
		{ "schedule", 0, 1, 2, 0 },
		{ "start", 0, 3, 8, 0 },
		{ "start container", 2, 3, 5, 0 },
		{ "start container", 2, 4, 8, 1 },
		{ "readiness", 0, 8, 10, 0 },
	};
	const struct trace *t;
	struct pod p;

	delivered(&p);
	build(&p, 1);
	t = nth(0);
	ck_assert_uint_eq(t->n_spans, ARRAY_SIZE(expected));
	for (size_t i = 0; i < t->n_spans; i++) {
		ck_assert(str_eq(t->spans[i].name, str_from(expected[i].name)));
		ck_assert_uint_eq(t->spans[i].parent, expected[i].parent);
		ck_assert_int_eq(t->spans[i].start, AT(expected[i].start));
		ck_assert_int_eq(t->spans[i].end, AT(expected[i].end));
		ck_assert_uint_eq(t->spans[i].lane, expected[i].lane);
		ck_assert_int_eq(t->spans[i].status, SPAN_UNSET);
		ck_assert(!t->spans[i].open);
	}
	ck_assert(says(&t->spans[0].attributes, "lunettes.verdict", "success"));
	ck_assert_int_eq(attribute(&t->spans[0].attributes, "lunettes.total")->number, SEC(10));
	ck_assert_int_eq(attribute(&t->spans[0].attributes, "lunettes.user")->number, SEC(2));
	ck_assert(says(&t->spans[4].attributes, "k8s.container.name", "helper"));
	ck_assert(says(&t->spans[4].attributes, "lunettes.stage", "start"));
}
END_TEST

/* As scripts in another language compute them from the same description: they may never change. */
START_TEST(ids)
{
	const struct trace *t;
	struct pod p;

	delivered(&p);
	build(&p, 1);
	t = nth(0);
	ck_assert(is_id(t->id.bytes, 16, "fb4c4453fd58948ed0e7af0282ed5fa6"));
	ck_assert(is_id(t->spans[0].id.bytes, 8, "e2d3ee8625ca7334"));
	ck_assert(is_id(t->spans[1].id.bytes, 8, "9b32cbf425e898c0"));
}
END_TEST

START_TEST(of_another_pod_other_ids)
{
	struct trace_id first;
	struct pod p;

	delivered(&p);
	p.t.uid = (struct str){ 0 };
	build(&p, 1);
	first = nth(0)->id;
	p.t.name = STR("web-2");
	build(&p, 1);
	ck_assert(memcmp(&first, &nth(0)->id, sizeof(first)) != 0);
	p.t.name = STR("web");
	build(&p, 1);
	ck_assert(memcmp(&first, &nth(0)->id, sizeof(first)) == 0);
}
END_TEST

/* Two pulls of one image have one path: their ids differ by the ordinal. */
START_TEST(twice_the_same)
{
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(10));
	pod_stage(&p, STAGE_IMAGE_PULL, AT(3), AT(5))->subject = STR("web:1");
	pod_stage(&p, STAGE_IMAGE_PULL, AT(3), AT(5))->subject = STR("web:1");
	build(&p, 1);
	ck_assert_uint_eq(nth(0)->n_spans, 4);
}
END_TEST

/* Deleted at 4 s, while a container started that then took until 6 s. */
START_TEST(clipped)
{
	const struct span *s;
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_DELETED, AT(4));
	pod_stage(&p, STAGE_START, AT(3), AT(6))->subject = STR("app");
	pod_stage(&p, STAGE_START, AT(5), AT(7))->subject = STR("late");
	build(&p, 1);
	ck_assert_int_eq(traces.list[0].verdict, VERDICT_ABORTED);
	ck_assert_int_eq(nth(0)->spans[0].end, AT(4));
	s = named(nth(0), "start container");
	ck_assert(s->start == AT(3) && s->end == AT(4));
	ck_assert_int_eq(attribute(&s->attributes, "lunettes.clipped")->number, 1);
	ck_assert_int_eq(attribute(&s->attributes, "lunettes.seconds")->number, SEC(3));
	ck_assert_uint_eq(nth(0)->n_spans, 3); /* spans that begin after the end are omitted */
	ck_assert_uint_eq(nth(0)->spans[0].n_events, 1);
	ck_assert_int_eq(nth(0)->spans[0].events[0].at, AT(4)); /* within its span */
	ck_assert_ptr_nonnull(attribute(&nth(0)->spans[0].events[0].attributes, "lunettes.start"));
	ck_assert(says(&nth(0)->spans[0].events[0].attributes, "k8s.container.name", "late"));
}
END_TEST

START_TEST(one_edge)
{
	const struct span *root;
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(10));
	pod_stage(&p, STAGE_SANDBOX, AT(3), NSEC_NONE)->open = false;
	build(&p, 1);
	ck_assert_uint_eq(nth(0)->n_spans, 1);
	root = &nth(0)->spans[0];
	ck_assert_uint_eq(root->n_events, 1);
	ck_assert(str_eq(root->events[0].name, STR("sandbox")));
	ck_assert_int_eq(root->events[0].at, AT(3));
	ck_assert(says(&root->events[0].attributes, "lunettes.edge", "start"));
	ck_assert_ptr_null(attribute(&root->events[0].attributes, "lunettes.seconds"));
}
END_TEST

START_TEST(goes_on)
{
	struct pod p;

	pod_make(&p);
	p.cluster.last = AT(20);
	pod_stage(&p, STAGE_SCHEDULE, AT(1), NSEC_NONE);
	build(&p, 1);
	ck_assert_int_eq(traces.list[0].verdict, VERDICT_OPEN);
	for (size_t i = 0; i < 2; i++) {
		ck_assert(nth(0)->spans[i].open);
		ck_assert_int_eq(nth(0)->spans[i].end, AT(20));
		ck_assert_int_eq(nth(0)->spans[i].status, SPAN_UNSET);
	}
	ck_assert_ptr_null(attribute(&nth(0)->spans[0].attributes, "lunettes.total"));
}
END_TEST

START_TEST(failed)
{
	const struct span *root;
	struct pod p;

	pod_make(&p);
	pod_stage(&p, STAGE_SCHEDULE, AT(1), NSEC_NONE);
	build(&p, 1);
	root = &nth(0)->spans[0];
	ck_assert_int_eq(traces.list[0].verdict, VERDICT_FAILED);
	ck_assert_int_eq(root->status, SPAN_ERROR);
	ck_assert(root->open);
	ck_assert_int_eq(root->end, AT(3600));
	ck_assert(says(&root->attributes, "error.type", "failed")); /* no rules are asked */
}
END_TEST

START_TEST(denied)
{
	struct entry e = { .fact = { .kind = FACT_CREATE,
				     .code = 403,
				     .at = NSEC_NONE,
				     .begin = NSEC_NONE,
				     .reason = STR("QuotaExceeded"),
				     .message = STR("no") },
			   .received = AT(0),
			   .completed = AT(1),
			   .times = 1,
			   .last = AT(0) };
	const struct span *root;
	struct pod p;

	pod_make(&p);
	p.t.denied = true;
	p.t.refusal = STR("QuotaExceeded");
	p.t.uid = p.t.node = (struct str){ 0 };
	p.t.name = STR("");
	p.t.generate_name = STR("web-");
	p.t.attempts = 7;
	p.t.entries = &e;
	p.t.n_entries = 1;
	build(&p, 1);
	root = &nth(0)->spans[0];
	ck_assert_int_eq(root->end, AT(1));
	ck_assert_int_eq(root->status, SPAN_ERROR);
	ck_assert(says(&root->attributes, "error.type", "QuotaExceeded"));
	ck_assert(says(&root->attributes, "lunettes.generate_name", "web-"));
	ck_assert_int_eq(attribute(&root->attributes, "lunettes.attempts")->number, 7);
	ck_assert(str_eq(nth(0)->resources[0].service, STR("web")));
	ck_assert_uint_eq(root->n_events, 1);
	ck_assert(str_eq(root->events[0].name, STR("create")));
	ck_assert_int_eq(
	    attribute(&root->events[0].attributes, "http.response.status_code")->number, 403);
}
END_TEST

/* It is delivered when it runs. */
START_TEST(a_job)
{
	struct pod p;

	pod_make(&p);
	p.t.job = p.object.job = true;
	pod_mark(&p, MILESTONE_RUNNING, AT(4));
	build(&p, 1);
	ck_assert_int_eq(nth(0)->spans[0].end, AT(4));
	ck_assert_int_eq(attribute(&nth(0)->spans[0].attributes, "lunettes.job")->number, 1);
}
END_TEST

static struct entry ended(const char *container, nsec begin, nsec end, int32_t code)
{
	return (struct entry){ .fact = { .kind = FACT_TERMINATED,
					 .precision = PRECISION_SECOND,
					 .code = code,
					 .at = end,
					 .begin = begin,
					 .subject = str_from(container),
					 .reason = STR("Error") },
			       .received = end,
			       .completed = end,
			       .last = end,
			       .times = 1 };
}

/* Each run twice, because lastState repeats state; one began before the pod's creation. */
START_TEST(restarts)
{
	struct entry entries[] = {
		ended("app", AT(-9), AT(-5), 1), ended("app", AT(1), AT(2), 1),
		ended("app", AT(1), AT(2), 1),	 ended("log", AT(1), AT(3), 0),
		ended("app", AT(4), AT(6), 137), ended("app", AT(8), AT(12), 1)
	};
	const struct span *runs[3];
	size_t n = 0;
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(10));
	p.t.entries = entries;
	p.t.n_entries = ARRAY_SIZE(entries);
	build(&p, 1);
	for (size_t i = 0; i < nth(0)->n_spans; i++)
		if (str_eq(nth(0)->spans[i].name, STR("container run"))) {
			ck_assert_uint_lt(n, 3);
			runs[n++] = &nth(0)->spans[i];
		}
	ck_assert_uint_eq(n, 3); /* in order of (start, longer first): log, app, app */
	ck_assert(says(&runs[0]->attributes, "k8s.container.name", "log"));
	ck_assert_uint_eq(runs[0]->n_links, 0);
	ck_assert_uint_eq(runs[1]->n_links, 0);
	ck_assert_uint_eq(runs[2]->n_links, 1);
	ck_assert_int_eq(runs[0]->status, SPAN_UNSET);
	ck_assert_int_eq(runs[2]->status, SPAN_ERROR);
	ck_assert(memcmp(&runs[2]->links[0].span, &runs[1]->id, sizeof(struct span_id)) == 0);
	ck_assert(says(&runs[2]->links[0].attributes, "lunettes.link", "previous-container"));
	ck_assert_int_eq(attribute(&runs[2]->attributes, "lunettes.exit_code")->number, 137);
}
END_TEST

/* The image of a container is not shown once it was changed. */
START_TEST(upgrades)
{
	struct upgrade u[2] = { { .kind = UPGRADE_IMAGE,
				  .containers = STR("app"),
				  .before = STR("web:1"),
				  .after = STR("web:2"),
				  .restarted = true } };
	struct entry change = { .fact = { .kind = FACT_SEEN, .at = NSEC_NONE, .begin = NSEC_NONE },
				.received = AT(100),
				.last = AT(100),
				.times = 1 };
	struct pod p;

	delivered(&p);
	p.containers[0] = (struct container_spec){ .name = STR("app"), .image = STR("web:1") };
	u[0].trigger = &change;
	u[0].begin = *pod_mark(&p, MILESTONE_FINISHED, AT(100));
	u[0].ready = *pod_mark(&p, MILESTONE_FINISHED, AT(107));
	p.t.marks[MILESTONE_FINISHED] = (struct mark){ .at = NSEC_NONE, .until = NSEC_NONE };
	u[1] = u[0];
	p.t.upgrades = u;
	p.t.n_upgrades = 2;
	build(&p, 3);
	ck_assert_ptr_null(
	    attribute(&named(nth(0), "start container")->attributes, "container.image.name"));
	for (size_t i = 1; i < 3; i++) {
		const struct span *root = &nth(i)->spans[0];

		ck_assert(str_eq(root->name, STR("pod upgrade")));
		ck_assert_int_eq(root->end - root->start, SEC(7));
		ck_assert_uint_eq(root->n_links, 1);
		ck_assert(memcmp(&root->links[0].trace, &nth(0)->id, 16) == 0);
		ck_assert(memcmp(&root->links[0].span, &nth(0)->spans[0].id, 8) == 0);
	}
	ck_assert(memcmp(&nth(1)->id, &nth(2)->id, 16) != 0); /* in one moment, but two */
}
END_TEST

static void deleted(struct pod *p, struct deletion *d)
{
	*d = (struct deletion){ .requested = *pod_mark(p, MILESTONE_DELETED, AT(50)),
				.gone = { .at = AT(53), .reached = true, .until = NSEC_NONE },
				.grace = 30,
				.overrun = NSEC_NONE,
				.until = INT64_MAX };
	p->t.deletion = d;
}

START_TEST(a_life_behind_another)
{
	struct trace_id first_delete;
	struct deletion d;
	struct pod p;

	delivered(&p);
	deleted(&p, &d);
	p.t.preemptor = STR("u9");
	build(&p, 2);
	ck_assert_uint_eq(nth(0)->spans[0].n_links, 0);
	ck_assert_uint_eq(nth(1)->spans[0].n_links, 2);
	ck_assert(says(&nth(1)->spans[0].links[1].attributes, "lunettes.link", "preemptor"));
	first_delete = nth(1)->id;
	delivered(&p);
	p.t.uid = STR("u2");
	build(&p, 1);
	ck_assert_uint_eq(nth(0)->spans[0].n_links, 1);
	ck_assert(memcmp(&nth(0)->spans[0].links[0].trace, &first_delete, 16) == 0);
	p.t.name = STR("web-2");
	build(&p, 1);
	ck_assert_uint_eq(nth(0)->spans[0].n_links, 0);
}
END_TEST

START_TEST(what_is_left_out)
{
	struct pod p;

	delivered(&p);
	p.t.mirror = true;
	build(&p, 0);
	ck_assert_uint_eq(traces.excluded[EXCLUSION_MIRROR], 1);
	delivered(&p);
	settings.verdicts = 1u << VERDICT_SLOW | 1u << VERDICT_FAILED;
	build(&p, 0);
	ck_assert_uint_eq(traces.unwanted, 1);
	pod_mark(&p, MILESTONE_READY, AT(100));
	build(&p, 1);
	ck_assert_int_eq(traces.list[0].verdict, VERDICT_SLOW);
	ck_assert_int_eq(nth(0)->spans[0].status, SPAN_UNSET);
}
END_TEST

static const struct {
	const char *labels;
	size_t n_labels;
	const char *kind, *workload, *expected;
	const char *annotation;
} services[] = {
	{ "", 0, NULL, NULL, "web", NULL },
	{ "", 0, "Deployment", "shop-web", "shop-web" },
	{ "", 0, "Node", "n1", "web" },
	{ "app.kubernetes.io/name\0n", 25, "Deployment", "shop-web", "n" },
	{ "app.kubernetes.io/instance\0i\0app.kubernetes.io/name\0n", 54, "Job", "j", "i" },
	{ "app.kubernetes.io/instance\0i", 29, "Job", "j", "checkout", "checkout" },
};

START_TEST(service)
{
	struct pod p;

	delivered(&p);
	p.object.labels = (struct str){ services[_i].labels, services[_i].n_labels };
	p.object.service =
	    services[_i].annotation ? str_from(services[_i].annotation) : (struct str){ 0 };
	p.t.workload_kind = services[_i].kind ? str_from(services[_i].kind) : (struct str){ 0 };
	p.t.workload_name = str_from(services[_i].workload);
	build(&p, 1);
	ck_assert(str_eq(nth(0)->resources[nth(0)->spans[0].resource].service,
			 str_from(services[_i].expected)));
}
END_TEST

static struct entry event(const char *reason, const char *container, nsec at)
{
	return (struct entry){ .fact = { .kind = FACT_EVENT,
					 .origin = ORIGIN_KUBELET,
					 .precision = PRECISION_EXACT,
					 .at = at,
					 .begin = at,
					 .subject = str_from(container),
					 .reason = str_from(reason) },
			       .received = at,
			       .completed = at,
			       .last = at,
			       .times = 1 };
}

static const char *holder_of(const struct trace *t, const char *name)
{
	static char text[40];

	for (size_t i = 0; i < t->n_spans; i++)
		for (size_t k = 0; k < t->spans[i].n_events; k++)
			if (str_eq(t->spans[i].events[k].name, str_from(name))) {
				snprintf(text, sizeof(text), STR_FMT, STR_ARG(t->spans[i].name));
				return text;
			}
	return "nowhere";
}

/*
 * The kubelet's first sign is a failed mount; the sandbox exists when the pull begins. At each, one
 * stage ends and another begins.
 */
START_TEST(events_at_edges)
{
	struct entry e[] = { event("FailedMount", "", AT(3)), event("Pulling", "app", AT(4)),
			     event("Pulled", "app", AT(5)),   event("Created", "app", AT(6)),
			     event("Started", "app", AT(7)),  event("BackOff", "other", AT(6)) };
	struct stage *wait, *sandbox, *pull, *create, *start, *readiness;
	struct pod p;

	pod_make(&p);
	pod_mark(&p, MILESTONE_READY, AT(10));
	wait = pod_stage(&p, STAGE_STARTUP_WAIT, AT(2), AT(3));
	sandbox = pod_stage(&p, STAGE_SANDBOX, AT(3), AT(4));
	pull = pod_stage(&p, STAGE_IMAGE_PULL, AT(4), AT(5));
	create = pod_stage(&p, STAGE_CREATE, AT(5), AT(6));
	start = pod_stage(&p, STAGE_START, AT(6), AT(7));
	readiness = pod_stage(&p, STAGE_READINESS, AT(7), AT(10));
	pull->subject = STR("web:1");
	create->subject = start->subject = STR("app");
	wait->end.evidence = sandbox->start.evidence = &e[0];
	sandbox->end.evidence = pull->start.evidence = &e[1];
	pull->end.evidence = create->start.evidence = &e[2];
	create->end.evidence = start->start.evidence = &e[3];
	start->end.evidence = readiness->start.evidence = &e[4];
	p.t.entries = e;
	p.t.n_entries = ARRAY_SIZE(e);
	build(&p, 1);
	ck_assert_str_eq(holder_of(nth(0), "FailedMount"), "sandbox");
	ck_assert_str_eq(holder_of(nth(0), "Pulling"), "pull image");
	ck_assert_str_eq(holder_of(nth(0), "Pulled"), "pull image");
	ck_assert_str_eq(holder_of(nth(0), "Created"), "create container");
	ck_assert_str_eq(holder_of(nth(0), "Started"), "start container");
	ck_assert_str_eq(holder_of(nth(0), "BackOff"), "pod create");
}
END_TEST

/* With any stages the invariants of trace.h are true (build checks them), and nothing is lost. */
START_TEST(any_stages)
{
	static const char *const subjects[] = { "app", "helper", "web:1" };
	uint64_t state = (uint64_t)_i * 0x9e3779b97f4a7c15u + 1;
	struct pod p;

	pod_make(&p);
	if (_i % 3)
		pod_mark(&p, MILESTONE_READY, AT(_i % 40));
	for (int i = 0; i < POD_STAGES; i++) {
		nsec from, to;

		state = state * 6364136223846793005u + 1442695040888963407u;
		from = (nsec)(state >> 40) % 60;
		to = from + (nsec)(state >> 33) % 20;
		pod_stage(&p, (enum lifecycle_stage)((state >> 50) % STAGE_KILL_WAIT), AT(from),
			  state >> 60 == 0 ? NSEC_NONE : AT(to))
		    ->subject = str_from(subjects[(state >> 55) % 3]);
	}
	build(&p, 1);
	for (size_t i = 0, told = 0; i < nth(0)->n_spans; i++) {
		const struct span *s = &nth(0)->spans[i];

		told += attribute(&s->attributes, "lunettes.source") != NULL;
		for (size_t k = 0; k < s->n_events; k++)
			told += attribute(&s->events[k].attributes, "lunettes.edge") != NULL;
		if (i + 1 == nth(0)->n_spans)
			ck_assert_uint_eq(told, POD_STAGES);
	}
}
END_TEST

Suite *suite_build(void)
{
	Suite *s = suite_create("build");
	TCase *t = tcase_create("build");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_delivery);
	tcase_add_test(t, ids);
	tcase_add_test(t, of_another_pod_other_ids);
	tcase_add_test(t, twice_the_same);
	tcase_add_test(t, clipped);
	tcase_add_test(t, one_edge);
	tcase_add_test(t, goes_on);
	tcase_add_test(t, failed);
	tcase_add_test(t, denied);
	tcase_add_test(t, a_job);
	tcase_add_test(t, restarts);
	tcase_add_test(t, upgrades);
	tcase_add_test(t, a_life_behind_another);
	tcase_add_test(t, what_is_left_out);
	tcase_add_test(t, events_at_edges);
	tcase_add_loop_test(t, service, 0, ARRAY_SIZE(services));
	tcase_add_loop_test(t, any_stages, 0, 200);
	suite_add_tcase(s, t);
	return s;
}
