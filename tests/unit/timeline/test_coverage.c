/* SPDX-License-Identifier: Apache-2.0 */
/* Timelines made by hand: what each adds to the counters, and nothing else. */
#include "suites.h"

#include "timeline/coverage.h"

enum { ENTRIES_MAX = 3 };

struct shown {
	enum fact_kind kind;
	bool written;
	const char *reason;
};

static const struct row {
	const char *name;
	struct shown entries[ENTRIES_MAX];
	size_t n;
	const char *node, *workload;
	bool spec, dumped, job;
	struct mark scheduled, ready, running;
	const char *counters; /* those that are not 0 */
} rows[] = {
	{ .name = "nothing is known of it", .counters = "pods readyUnseen" },
	{ .name = "a create",
	  .entries = { { FACT_CREATE, false, NULL } },
	  .n = 1,
	  .counters = "pods create readyUnseen" },
	{ .name = "a create with a spec", .spec = true, .counters = "pods spec readyUnseen" },
	{ .name = "a binding",
	  .entries = { { FACT_BIND, false, NULL } },
	  .n = 1,
	  .counters = "pods scheduled binding readyUnseen" },
	{ .name = "a node", .node = "n1", .counters = "pods scheduled readyUnseen" },
	{ .name = "no node", .node = "", .counters = "pods readyUnseen" },
	{ .name = "scheduled by a condition",
	  .scheduled = { .reached = true, .at = NSEC_NONE },
	  .counters = "pods scheduled readyUnseen" },
	{ .name = "a status write",
	  .entries = { { FACT_CONDITION, true, NULL } },
	  .n = 1,
	  .counters = "pods status readyUnseen" },
	{ .name = "a phase that was written",
	  .entries = { { FACT_PHASE, true, "Running" } },
	  .n = 1,
	  .counters = "pods status readyUnseen" },
	{ .name = "a status that was only read back",
	  .entries = { { FACT_CONDITION, false, NULL }, { FACT_PHASE, false, "Running" } },
	  .n = 2,
	  .counters = "pods readyUnseen" },
	{ .name = "a status write without a body",
	  .entries = { { FACT_WRITE, false, NULL } },
	  .n = 1,
	  .counters = "pods statusHidden readyUnseen" },
	{ .name = "status writes of both kinds",
	  .entries = { { FACT_WRITE, false, NULL }, { FACT_CONDITION, true, NULL } },
	  .n = 2,
	  .counters = "pods status readyUnseen" },
	{ .name = "an Event",
	  .entries = { { FACT_EVENT, false, "Pulled" } },
	  .n = 1,
	  .counters = "pods events readyUnseen" },
	{ .name = "the name of an Event",
	  .entries = { { FACT_EVENT, false, NULL } },
	  .n = 1,
	  .counters = "pods eventsHidden readyUnseen" },
	{ .name = "Events of both kinds",
	  .entries = { { FACT_EVENT, false, NULL }, { FACT_EVENT, false, "Pulled" } },
	  .n = 2,
	  .counters = "pods events readyUnseen" },
	{ .name = "a dump", .dumped = true, .counters = "pods dumped readyUnseen" },
	{ .name = "a workload", .workload = "Deployment", .counters = "pods workload readyUnseen" },
	{ .name = "known to have none", .workload = "", .counters = "pods workload readyUnseen" },
	{ .name = "ready exactly",
	  .ready = { .reached = true, .at = AT(1), .precision = PRECISION_EXACT },
	  .counters = "pods readyExact" },
	{ .name = "ready to the second",
	  .ready = { .reached = true, .at = AT(1), .precision = PRECISION_SECOND },
	  .counters = "pods readySecond" },
	{ .name = "ready between neighbours",
	  .ready = { .reached = true, .at = AT(1), .precision = PRECISION_INFERRED },
	  .counters = "pods readyInferred" },
	{ .name = "ready at the latest",
	  .ready = { .reached = true, .at = NSEC_NONE, .until = AT(9) },
	  .counters = "pods readyBounded" },
	{ .name = "a job that runs",
	  .job = true,
	  .running = { .reached = true, .at = AT(1), .precision = PRECISION_SECOND },
	  .counters = "pods readySecond" },
	{ .name = "a job that is ready but does not run",
	  .job = true,
	  .ready = { .reached = true, .at = AT(1), .precision = PRECISION_EXACT },
	  .counters = "pods readyUnseen" },
};

static void check_counters(const struct coverage *c, const char *expected)
{
	char got[400] = "";

	for (size_t i = 0; i < n_coverage_rows; i++) {
		uint64_t n = coverage_value(c, &coverage_rows[i]);

		ck_assert_uint_le(n, 1);
		if (n)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
				 got[0] ? " " : "", coverage_rows[i].key);
	}
	ck_assert_str_eq(got, expected);
}

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	struct pod_object object = { .has_spec = row->spec };
	struct entry entries[ENTRIES_MAX] = { 0 };
	struct timeline t = { .object = &object,
			      .dumped = row->dumped,
			      .job = row->job,
			      .entries = entries,
			      .n_entries = row->n };
	struct coverage c = { 0 };

	for (size_t i = 0; i < row->n; i++)
		entries[i].fact = (struct fact){ .kind = row->entries[i].kind,
						 .written = row->entries[i].written,
						 .reason = str_from(row->entries[i].reason) };
	t.node = str_from(row->node);
	t.workload_kind = str_from(row->workload);
	t.marks[MILESTONE_SCHEDULED] = row->scheduled;
	t.marks[MILESTONE_READY] = row->ready;
	t.marks[MILESTONE_RUNNING] = row->running;
	coverage_add(&c, &t, NSEC_NONE);
	check_counters(&c, row->counters);
	/* nothing waits for these */
	c = (struct coverage){ 0 };
	t.mirror = true;
	coverage_add(&c, &t, NSEC_NONE);
	t.mirror = false;
	t.denied = true;
	coverage_add(&c, &t, NSEC_NONE);
	check_counters(&c, "");
}
END_TEST

/* A real one: everything is there, and the shares add up. */
START_TEST(test_scene)
{
	struct scene *s = scene_new();
	struct coverage c = { 0 };
	const struct timeline *t;

	scene_create(s, AT(0))->object = scene_object(s, AT(0), "app");
	scene_bind(s, AT(100), "node-1");
	scene_event(s, AT(200), "Pulled", "app", "Container image already present");
	scene_status(s, AT(300));
	scene_condition(s, "Ready", true, AT(0));
	while ((t = scene_next(s)))
		coverage_add(&c, t, NSEC_NONE);
	check_counters(&c, "pods create spec scheduled binding status events workload readyExact");
	coverage_free(&c);
	scene_free(s);
}
END_TEST

/* A container that a status shows started: with its Event, without, and with a silent log. */
START_TEST(test_lost_events)
{
	static const struct {
		bool event, dumped;
		nsec first;
		uint64_t starts, lost;
	} cases[] = {
		{ true, false, AT(0), 1, 0 },	  { false, false, AT(0), 1, 1 },
		{ false, false, AT(6000), 0, 0 }, /* it started before the log */
		{ false, true, AT(0), 0, 0 },	  { false, false, NSEC_NONE, 0, 0 },
	};
	struct scene *s = scene_new();
	struct coverage c = { 0 };
	const struct node_starts *starts;
	const struct timeline *t;

	scene_create(s, AT(0))->object = scene_object(s, AT(0), "app");
	scene_bind(s, AT(100), "node-1");
	if (cases[_i].event)
		scene_event(s, AT(5000), "Started", "app", "Started container app");
	scene_status(s, AT(5300))->dumped = cases[_i].dumped;
	if (cases[_i].dumped)
		s->record->object = scene_object(s, AT(0), "app");
	scene_running(s, "app", AT(5000));
	while ((t = scene_next(s)))
		coverage_add(&c, t, cases[_i].first);
	starts = coverage_starts(&c, STR(""), STR("node-1"));
	ck_assert_uint_eq(starts ? starts->starts : 0, cases[_i].starts);
	ck_assert_uint_eq(starts ? starts->lost : 0, cases[_i].lost);
	ck_assert_ptr_null(coverage_starts(&c, STR(""), STR("node-2")));
	coverage_free(&c);
	scene_free(s);
}
END_TEST

Suite *suite_coverage(void)
{
	Suite *s = suite_create("coverage");
	TCase *tc = tcase_create("coverage");

	tcase_add_loop_test(tc, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_scene);
	tcase_add_loop_test(tc, test_lost_events, 0, 5);
	suite_add_tcase(s, tc);
	return s;
}
