/* SPDX-License-Identifier: Apache-2.0 */
#include "ground.h"

void ground_make(struct ground *g, struct str cluster)
{
	*g = (struct ground){ 0 };
	g->sources[0] = (struct basis_source){ .name = STR("audit.log"),
					       .log_set = STR("audit.log"),
					       .form = "plain",
					       .bytes = 1000,
					       .records = 10 };
	g->sources[1] = (struct basis_source){ .name = STR("audit-2026-01-01T00-00-00.000.log.gz"),
					       .log_set = STR("audit.log"),
					       .source = 1,
					       .form = "gzip",
					       .damage = "torn",
					       .bytes = 500,
					       .records = 5 };
	g->ingest.records = 15;
	g->ingest.podRecords = 9;
	g->ingest.duplicates = 1;
	context_cluster(&g->context, cluster);
	for (int i = -100; i <= 3600; i += 20)
		context_record(&g->context, cluster, AT(i), WRITING_OTHER);
	g->report = pod_report_new(10);
}

void ground_ready(struct ground *g)
{
	context_finish(&g->context);
	pod_report_finish(g->report);
	g->basis = (struct basis){ .sources = g->sources,
				   .n_sources = ARRAY_SIZE(g->sources),
				   .ingest = &g->ingest,
				   .context = &g->context };
}

void ground_free(struct ground *g)
{
	slo_report_free(g->report);
	context_free(&g->context);
}

static void add(struct ground *g, struct pod *p, enum verdict expected)
{
	pod_report_add(g->report, p);
	ck_assert_int_eq(p->d.verdict, expected);
}

void ground_add_pods(struct ground *g, struct str cluster, struct str namespace, struct str name)
{
	for (int i = 0; i < VERDICT_COUNT; i++) {
		struct pod p;

		pod_make(&p);
		p.t.cluster = cluster;
		p.t.namespace = namespace;
		p.t.name = name;
		p.t.mirror = i == VERDICT_EXCLUDED;
		p.t.denied = i == VERDICT_DENIED;
		if (i == VERDICT_SUCCESS || i == VERDICT_SLOW) {
			pod_stage(&p, STAGE_SANDBOX, AT(0), AT(2));
			pod_stage(&p, STAGE_IMAGE_PULL, AT(2), AT(60))->subject = name;
			pod_stage(&p, STAGE_READINESS, AT(60), AT(70));
		}
		if (i == VERDICT_SUCCESS || i == VERDICT_SLOW)
			pod_mark(&p, MILESTONE_READY, AT(i == VERDICT_SUCCESS ? 80 : 500));
		if (i == VERDICT_ABORTED)
			pod_mark(&p, MILESTONE_DELETED, AT(10));
		if (i == VERDICT_OPEN)
			p.cluster.last = AT(50);
		add(g, &p, (enum verdict)i);
	}
}

static size_t count_plain(struct str line, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == c && (i == 0 || line.p[i - 1] != '\\');
	return n;
}

size_t ground_check_markdown(struct str text)
{
	bool blank = true, code = false;
	size_t cells = 0, tables = 0;
	struct str line;

	while (str_cut(text, '\n', &line, &text)) {
		size_t n = 0;

		if (str_starts(line, STR("```")))
			code = !code;
		else if (!code)
			n = count_plain(line, '|');
		ck_assert_msg(code || !count_plain(line, '<'), STR_FMT, STR_ARG(line));
		ck_assert_msg(!n || (cells ? n == cells : blank), STR_FMT, STR_ARG(line));
		tables += n && !cells;
		cells = n;
		blank = !line.n;
	}
	ck_assert(!code);
	return tables;
}
