/* SPDX-License-Identifier: Apache-2.0 */
/* Complete logs have no findings; each thing that is removed has exactly one. */
#include "suites.h"

#include "slo/findings.h"

#include "base/mem.h"

/* Ten pods of one cluster, all of whose lives are there. */
struct world {
	struct coverage coverage;
	struct ingest ingest;
	struct context context;
	struct survey survey;
	struct cluster *cluster;
	struct findings_ground ground;
};

static void set_up(struct world *w)
{
	*w = (struct world){ 0 };
	w->coverage = (struct coverage){ .pods = 10,
					 .create = 10,
					 .spec = 10,
					 .scheduled = 9,
					 .binding = 9,
					 .status = 10,
					 .events = 10,
					 .workload = 10,
					 .readyExact = 8,
					 .readyUnseen = 2 };
	w->ingest.records = 500;
	w->ingest.podRecords = 100;
	for (int minute = 0; minute < 10; minute++)
		context_record(&w->context, STR(""), AT(minute * 50), WRITING_OTHER);
	context_finish(&w->context);
	w->cluster = context_cluster(&w->context, STR(""));
	w->cluster->status_writes = w->cluster->status_bodies = 40;
	survey_finish(&w->survey);
	w->ground = (struct findings_ground){ &w->coverage, &w->ingest, &w->context, &w->survey,
					      .files = 3 };
}

static void tear_down(struct world *w)
{
	context_free(&w->context);
	survey_free(&w->survey);
}

/* What is taken away. */

static void nothing(struct world *w)
{
	(void)w;
}

static void dumps(struct world *w)
{
	w->ingest.records = w->cluster->records = 0;
	w->coverage.create = w->coverage.binding = w->coverage.scheduled = 0;
	w->cluster->status_writes = w->cluster->status_bodies = 0;
}

static void pods(struct world *w)
{
	w->coverage = (struct coverage){ 0 };
	w->ingest.podRecords = 0;
}

static void status_writes(struct world *w)
{
	w->coverage.status = 1; /* of another cluster */
	w->cluster->status_writes = w->cluster->status_bodies = 0;
}

static void status_bodies(struct world *w)
{
	w->cluster->status_bodies = 5;
}

static void ready(struct world *w)
{
	w->coverage.readyExact = 2;
	w->coverage.readySecond = 1;
	w->coverage.readyInferred = 2;
	w->coverage.readyBounded = 3;
}

static void creates(struct world *w)
{
	w->coverage.create = 6;
}

static void names(struct world *w)
{
	w->ingest.unattributed = 7;
}

static void specs(struct world *w)
{
	w->coverage.spec = 1;
}

static void bindings(struct world *w)
{
	w->coverage.binding = 0;
}

static void events(struct world *w)
{
	w->coverage.events = 4;
}

static void event_bodies(struct world *w)
{
	w->coverage.events = 4;
	w->coverage.eventsHidden = 6;
}

static void bodies(struct world *w)
{
	w->ingest.truncated = 11;
}

static void minutes(struct world *w)
{
	context_free(&w->context);
	w->context = (struct context){ 0 };
	for (int hour = 0; hour < 3; hour++)
		context_record(&w->context, STR(""), AT(hour * 3600), WRITING_OTHER);
	context_finish(&w->context);
	w->cluster = context_cluster(&w->context, STR(""));
	w->cluster->status_writes = w->cluster->status_bodies = 40;
}

/* A log of 450 s: a kubelet that writes only from 100 to 200 s, another writer, or none. */
static void writers(struct world *w, const char *kubelet, bool controller)
{
	struct presence *p;

	context_free(&w->context);
	w->context = (struct context){ 0 };
	p = &w->context.presence;
	for (int second = 0; second <= 450; second++)
		context_record(&w->context, STR(""), AT(second), WRITING_LEASE);
	for (int second = 0; second <= 450; second += 10) {
		if (kubelet && (second < 100 || second > 200))
			presence_add(p, STR(""), str_from(kubelet), AT(second), WRITING_LEASE);
		if (controller)
			presence_add(p, STR(""), WRITER_CONTROLLERS, AT(second), WRITING_LEASE);
	}
	context_bound(&w->context, STR(""), STR("n1"), AT(10));
	presence_ask(p, STR(""), WRITER_SCHEDULER, AT(10));
	presence_add(p, STR(""), WRITER_SCHEDULER, AT(11), WRITING_OTHER);
	context_finish(&w->context);
	w->cluster = context_cluster(&w->context, STR(""));
	w->cluster->status_writes = w->cluster->status_bodies = 40;
}

static void kubelet_holes(struct world *w)
{
	writers(w, "system:node:n1", true);
}

static void no_kubelet(struct world *w)
{
	writers(w, NULL, true);
}

static void no_controller(struct world *w)
{
	writers(w, "system:node:n1", false);
	for (size_t i = 0; i < w->context.presence.names.n; i++)
		w->context.presence.writers[i].own = false;
}

static void no_scheduler(struct world *w)
{
	presence_ask(&w->context.presence, STR(""), WRITER_SCHEDULER, AT(10));
}

static void clocks(struct world *w)
{
	w->survey.runs = mem_zalloc(2 * sizeof(*w->survey.runs));
	w->survey.n_runs = 2;
	w->survey.runs[0].jumps = 1;
	w->survey.runs[1].jumps = 2;
}

static void a_clock_behind(struct world *w)
{
	context_node_behind(&w->context, STR(""), STR("n1"), 34 * SECOND);
	context_node_behind(&w->context, STR(""), STR("n2"), 0);
}

static void one_cluster(struct world *w)
{
	static const char *const uids[] = { "u1", "u2", "u2", "u3" };
	size_t n = ARRAY_SIZE(uids);

	w->survey.identities = mem_zalloc(n * sizeof(*w->survey.identities));
	for (size_t i = 0; i < n; i++) {
		char key[64];
		int len = snprintf(key, sizeof(key), "%cnode-controller%c%s", 0, 0, uids[i]);
		uint32_t at =
		    map_put(&w->survey.identity_names, (struct str){ key, (size_t)len }, NULL);

		w->survey.identities[at] =
		    (struct survey_identity){ .cluster = STR(""),
					      .account = STR("node-controller"),
					      .uid = str_from(uids[i]),
					      .first = { .line = i } };
	}
}

static void lines(struct world *w)
{
	w->ingest.malformed = 13;
}

static void files(struct world *w)
{
	w->ground.damaged_files = 2;
}

static void deletes(struct world *w)
{
	w->ingest.unnamedDeletes = 14;
}

static void stages(struct world *w)
{
	w->ingest.stageRequestReceived = 15;
}

static const struct row {
	void (*take)(struct world *w);
	const char *finding;
	uint64_t n, of;
} rows[] = {
	{ nothing, NULL, 0, 0 },
	{ dumps, "onlyDumps", 10, 0 },
	{ pods, "podsMissing", 500, 0 },
	{ status_writes, "statusWritesMissing", 9, 10 },
	{ status_bodies, "statusBodiesMissing", 35, 40 },
	{ no_kubelet, "kubeletsAbsent", 1, 1 },
	{ no_scheduler, "schedulerAbsent", 1, 0 },
	{ ready, "readyUnsharp", 6, 8 },
	{ creates, "createsMissing", 4, 10 },
	{ names, "createsNameless", 7, 0 },
	{ specs, "specsMissing", 9, 10 },
	{ bindings, "bindingsMissing", 9, 9 },
	{ events, "eventsMissing", 6, 10 },
	{ event_bodies, "eventsHidden", 6, 10 },
	{ bodies, "truncated", 11, 500 },
	{ minutes, "gaps", 2, 0 },
	{ no_controller, "controllersAbsent", 1, 0 },
	{ kubelet_holes, "writerHoles", 1, 3 },
	{ clocks, "clockJumps", 3, 0 },
	{ a_clock_behind, "clocksBehind", 1, 2 },
	{ one_cluster, "clustersMixed", 2, 0 },
	{ lines, "damaged", 13, 0 },
	{ files, "filesDamaged", 2, 3 },
	{ deletes, "deletesNameless", 14, 0 },
	{ stages, "requestReceived", 15, 500 },
};

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	struct world w;

	set_up(&w);
	row->take(&w);
	for (size_t i = 0; i < n_finding_rows; i++) {
		const struct finding_row *f = &finding_rows[i];
		bool mine = row->finding && strcmp(f->finding, row->finding) == 0;
		uint64_t n = 0, of = 0;

		f->count(&w.ground, &n, &of);
		ck_assert_msg(n == (mine ? row->n : 0), "%s: %llu", f->finding,
			      (unsigned long long)n);
		if (mine)
			ck_assert_uint_eq(of, row->of);
	}
	tear_down(&w);
}
END_TEST

/* Every finding is judged above, has a name of its own, and reads well for one. */
START_TEST(test_complete)
{
	ck_assert_uint_eq(n_finding_rows, ARRAY_SIZE(rows) - 1);
	for (size_t i = 0; i < n_finding_rows; i++) {
		bool found = false;

		for (size_t k = 0; k < ARRAY_SIZE(rows); k++)
			found = found || (rows[k].finding &&
					  strcmp(rows[k].finding, finding_rows[i].finding) == 0);
		ck_assert_msg(found, "finding %s needs a row in this test",
			      finding_rows[i].finding);
	}
	for (size_t k = 1; k < ARRAY_SIZE(rows); k++)
		for (size_t i = 0; i < n_finding_rows; i++)
			if (!rows[k].of && strcmp(rows[k].finding, finding_rows[i].finding) == 0)
				ck_assert_msg(finding_rows[i].one, "%s is no share: it needs .one",
					      rows[k].finding);
}
END_TEST

/* An empty input has no finding: there is nothing that could be missing from it. */
START_TEST(test_empty)
{
	struct coverage coverage = { 0 };
	struct ingest ingest = { 0 };
	struct context context = { 0 };
	struct survey survey = { 0 };
	struct findings_ground ground = { &coverage, &ingest, &context, &survey, .files = 1 };

	for (size_t i = 0; i < n_finding_rows; i++) {
		uint64_t n = 0, of = 0;

		finding_rows[i].count(&ground, &n, &of);
		ck_assert_uint_eq(n, 0);
	}
}
END_TEST

Suite *suite_findings(void)
{
	Suite *s = suite_create("findings");
	TCase *tc = tcase_create("findings");

	tcase_add_loop_test(tc, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_complete);
	tcase_add_test(tc, test_empty);
	suite_add_tcase(s, tc);
	return s;
}
