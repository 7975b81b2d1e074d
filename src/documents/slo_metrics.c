/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/slo_metrics.h"

#include "slo/dimension.h"

#define S(seconds) ((nsec)(seconds)*SECOND)

/* Upstream's buckets. */
static const nsec startup_bounds[] = {
	SECOND / 2, S(1),    S(2),    S(4),    S(6),	S(10),	  S(20),    S(30),    S(45),
	S(60),	    S(120),  S(180),  S(240),  S(300),	S(360),	  S(480),   S(600),   S(900),
	S(1200),    S(1800), S(2700), S(3600), S(7200), S(14400), S(43200), S(86400),
};

/* Those of kubelet_pod_start_sli_duration_seconds and kubelet_image_pull_duration_seconds. */
static const nsec kubelet_bounds[] = {
	SECOND / 2, S(1),   S(2),   S(3),    S(4),    S(5),    S(6),	S(8),	S(10),
	S(20),	    S(30),  S(45),  S(60),   S(120),  S(180),  S(240),	S(300), S(360),
	S(480),	    S(600), S(900), S(1200), S(1800), S(2700), S(3600),
};
static const nsec pull_bounds[] = {
	S(1),	S(5),	S(10),	S(20),	S(30),	S(60),	 S(120),  S(180),  S(240),
	S(300), S(360), S(480), S(600), S(900), S(1200), S(1800), S(2700), S(3600),
};

enum {
	POD_CREATE,
	RESULTS, /* and the SLO */
	POD_STARTUP_SLO_RESULTS = RESULTS + SLO_COUNT,
	LATENCY, /* and the SLO */
	POD_STARTUP_LATENCY_SCHEDULED = LATENCY + SLO_COUNT,
	POD_STARTUP_SLO_LATENCY,
	POD_START_SLI,
	POD_START_KUBELET,
	IMAGE_PULL,
	SPAN_DURATION,
	FAMILY_COUNT
};

#define BOUNDS(b) (b), ARRAY_SIZE(b)
#define NO_BOUNDS NULL, 0
#define SLO_FAMILIES(id, name, judge, metric, results, latency, ...)                               \
	[RESULTS + SLO_##id] = { "slo_" metric "_results_total", results, NO_BOUNDS },             \
	[LATENCY + SLO_##id] = { "slo_" metric "_latency_seconds", latency,                        \
				 BOUNDS(startup_bounds) },

static const struct metric_family families[FAMILY_COUNT] = {
	SLOS(SLO_FAMILIES) /**/
	[POD_CREATE] = { "slo_pod_create_total", "Pods whose creation was asked for.", NO_BOUNDS },
	[POD_STARTUP_SLO_RESULTS] = { "slo_pod_startup_slo_results_total",
				      "Pods by the verdict on their delivery time alone.",
				      NO_BOUNDS },
	[POD_STARTUP_LATENCY_SCHEDULED] = { "slo_pod_startup_latency_excluding_scheduling_seconds",
					    "From the binding to a node to a milestone.",
					    BOUNDS(startup_bounds) },
	[POD_STARTUP_SLO_LATENCY] = { "slo_pod_startup_slo_latency_seconds",
				      "Delivery time: without the user's own.",
				      BOUNDS(startup_bounds) },
	[POD_START_SLI] = { "slo_pod_start_sli_duration_seconds",
			    "The pod startup SLI of Kubernetes.", BOUNDS(kubelet_bounds) },
	[POD_START_KUBELET] = { "slo_pod_start_sli_kubelet_duration_seconds",
				"The same as kubelet_pod_start_sli_duration_seconds of 1.35 "
				"measures it.",
				BOUNDS(kubelet_bounds) },
	[IMAGE_PULL] = { "slo_image_pull_duration_seconds",
			 "Pulling one image, with the waiting for other pulls.",
			 BOUNDS(pull_bounds) },
	[SPAN_DURATION] = { "lunettes_span_duration_seconds",
			    "Spans that --span-config defines, of which both ends were seen.",
			    BOUNDS(startup_bounds) },
};

static const enum milestone milestones[] = { MILESTONE_SCHEDULED,	 MILESTONE_SANDBOX,
					     MILESTONE_INITIALIZED,	 MILESTONE_RUNNING,
					     MILESTONE_CONTAINERS_READY, MILESTONE_READY };

void slo_metrics_begin(struct metrics *m)
{
	metrics_begin(m, families, FAMILY_COUNT);
}

struct ground {
	struct metrics *m;
	const struct timeline *t;
	const struct outcome *o;
	struct buf cores;
};

static void start(struct ground *g, size_t family)
{
	metrics_start(g->m, family);
	metrics_label(g->m, "cluster", g->t->cluster);
	metrics_label(g->m, "namespace", g->t->namespace);
}

static void start_pod(struct ground *g, size_t family)
{
	start(g, family);
	metrics_label(g->m, "ownerref", g->t->workload_kind);
	metrics_label(g->m, "is_job",
		      !g->t->job_known ? STR("")
		      : g->t->job      ? STR("true")
				       : STR("false"));
	metrics_label(g->m, "cores", buf_str(&g->cores));
}

static void start_limited(struct ground *g, size_t family)
{
	char text[DURATION_TEXT];
	nsec limit = g->o->limit;

	start_pod(g, family);
	metrics_label(
	    g->m, "slo_time",
	    (struct str){ text, nsec_known(limit) ? duration_format_seconds(limit, text) : 0 });
}

/* Upstream's word for a verdict. */
static struct str delivery_status(enum verdict verdict)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_EXCLUDED] = "EXCLUDED", [VERDICT_DENIED] = "FAIL",
		[VERDICT_SUCCESS] = "SUCCESS",	 [VERDICT_SLOW] = "FAIL",
		[VERDICT_FAILED] = "FAIL",	 [VERDICT_ABORTED] = "KILL",
		[VERDICT_OPEN] = "OPEN",
	};

	return str_from(words[verdict]);
}

static void count_result(struct ground *g, enum verdict verdict)
{
	metrics_label(g->m, "result", g->o->code.n ? g->o->code : verdict_name(verdict));
	metrics_label(g->m, "verdict", verdict_name(verdict));
	metrics_label(g->m, "delivery_status", delivery_status(verdict));
	metrics_count(g->m, 1);
}

static void observe_between(struct ground *g, size_t family, enum milestone from)
{
	const struct mark *marks = g->t->marks;

	for (size_t i = 0; i < ARRAY_SIZE(milestones); i++) {
		nsec at = marks[milestones[i]].at, begin = marks[from].at;

		if (milestones[i] == from || !nsec_known(at) || !nsec_known(begin))
			continue;
		start_pod(g, family);
		metrics_label(g->m, "milestone", str_from(milestone_rows[milestones[i]].name));
		metrics_observe(g->m, at > begin ? at - begin : 0);
	}
}

static void observe(struct ground *g, nsec value)
{
	if (nsec_known(value))
		metrics_observe(g->m, value);
}

static void add_pulls(struct ground *g)
{
	for (size_t i = 0; i < g->o->n_stages; i++) {
		const struct stage *s = &g->o->stages[i];

		if (s->stage != STAGE_IMAGE_PULL || !nsec_known(s->end.at))
			continue;
		start(g, IMAGE_PULL);
		observe(g, s->end.at - s->start.at);
	}
}

static void add_delivery(struct ground *g)
{
	const struct delivery *d = &g->o->delivery;

	start_pod(g, POD_CREATE);
	metrics_count(g->m, 1);
	start_pod(g, RESULTS + SLO_CREATE);
	count_result(g, d->verdict);
	start_limited(g, POD_STARTUP_SLO_RESULTS);
	count_result(g, d->delivery_verdict);
	if (d->verdict == VERDICT_DENIED)
		return;
	observe_between(g, LATENCY + SLO_CREATE, MILESTONE_CREATED);
	observe_between(g, POD_STARTUP_LATENCY_SCHEDULED, MILESTONE_SCHEDULED);
	start_limited(g, POD_STARTUP_SLO_LATENCY);
	observe(g, d->delivery);
	start(g, POD_START_SLI);
	observe(g, d->startup);
	start(g, POD_START_KUBELET);
	observe(g, d->kubelet);
	add_pulls(g);
}

static void add_result(struct ground *g)
{
	start(g, RESULTS + g->o->slo);
	if (slo_rows[g->o->slo].about == OBJECT_POD)
		metrics_label(g->m, "node", g->t->node);
	count_result(g, g->o->verdict);
}

static void add_deletion(struct ground *g)
{
	const struct deletion *d = g->t->deletion;

	add_result(g);
	if (d && nsec_known(d->killing.at) && nsec_known(d->requested.at)) {
		start(g, LATENCY + SLO_DELETE);
		metrics_label(g->m, "phase", STR("killingpod"));
		observe(g, MAX(d->killing.at - d->requested.at, 0));
	}
	start(g, LATENCY + SLO_DELETE);
	metrics_label(g->m, "phase", STR("finish"));
	observe(g, g->o->total);
}

static void add_outcome(struct ground *g)
{
	add_result(g);
	start(g, LATENCY + g->o->slo);
	observe(g, g->o->total);
}

/* Of SLOs that have more than the result and the whole time. */
static void (*const adders[SLO_COUNT])(struct ground *g) = {
	[SLO_CREATE] = add_delivery,
	[SLO_DELETE] = add_deletion,
};

void slo_metrics_add(struct metrics *m, const struct timeline *t, const struct outcome *o,
		     const struct settings *settings)
{
	struct ground g = { .m = m, .t = t, .o = o };
	struct dimension_ground key = { .t = t, .o = o, .settings = settings };

	if (o->verdict == VERDICT_EXCLUDED)
		return;
	if (!dimension_rows[BY_CORES].key(&key, &g.cores))
		buf_reset(&g.cores);
	(adders[o->slo] ? adders[o->slo] : add_outcome)(&g);
	buf_free(&g.cores);
}

void slo_metrics_start_span(struct metrics *m, const struct timeline *t)
{
	struct ground g = { .m = m, .t = t };

	start(&g, SPAN_DURATION);
}
