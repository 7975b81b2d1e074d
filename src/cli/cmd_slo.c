/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes slo: was every pod delivered in time, and if not, which stage took the time? */
#include "cli/blame.h"
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "cli/slo_request.h"
#include "cli/span_config.h"
#include "documents/kube_burner.h"
#include "documents/perfdash.h"
#include "documents/slo_json.h"
#include "documents/slo_metrics.h"
#include "documents/slo_rows.h"
#include "page/slo_text.h"
#include "spans/metrics.h"

struct slo_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct slo_report *report;
	struct choice choice;
	struct settings settings;
	struct slo_request request;
	struct blame blame;
	struct metrics metrics;		  /* of OUTPUT_OPENMETRICS */
	struct span_configuration *spans; /* NULL: none */
	struct span_metrics span_metrics;
	struct arena span_arena; /* pod */
	struct outlet outlet;
	struct buf buf;
	uint64_t n_pods; /* put as a line or a document of its own */
	uint64_t cut;	 /* pods with more facts than are kept */
};

/* What goes out before the report. */
static void put(struct slo_run *run, const struct timeline *t, const struct outcome *o,
		const struct delivery *d)
{
	switch ((enum output_format)run->options->output) {
	case OUTPUT_JSONL:
		slo_json_line(&run->buf, t, o, d, pipeline_basis(run->pipeline));
		break;
	case OUTPUT_KUBE_BURNER:
		if (o->verdict != VERDICT_EXCLUDED && o->verdict != VERDICT_DENIED)
			kube_burner_pod(&run->buf, t, run->n_pods++ == 0);
		break;
	case OUTPUT_OPENMETRICS:
		slo_metrics_add(&run->metrics, t, o, d, &run->settings);
		break;
	default:
		break;
	}
}

/* The spans of one pod, into the metrics. */
static void observe_spans(struct slo_run *run, const struct timeline *t, nsec log_end)
{
	const struct span_run *runs;
	size_t n;

	if (!run->spans)
		return;
	arena_reset(&run->span_arena);
	n = spans_runs(run->spans, t, log_end, &run->span_arena, &runs);
	span_metrics_add(&run->span_metrics, &run->metrics, t, runs, n);
}

static bool observe(void *ctx, const struct timeline *t)
{
	struct slo_run *run = ctx;
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct cluster *cluster = context_find_cluster(basis->context, t->cluster);
	enum slo slo = (enum slo)run->options->slo;
	struct outcome outcomes[OUTCOMES_MAX];
	struct delivery delivery, *d = slo == SLO_CREATE ? &delivery : NULL;
	size_t n;

	if (!cluster || (t->kind == OBJECT_CLAIM) != (slo == SLO_PVC) ||
	    !choice_wants(&run->choice, t))
		return true;
	run->cut += t->cut;
	observe_spans(run, t, cluster->last);
	n = outcomes_of(slo, t, cluster, &run->settings, outcomes, &delivery);
	if (n && d)
		blame_delivery(&run->blame, t, d, cluster, &outcomes[0]);
	for (size_t i = 0; i < n; i++) {
		slo_report_add(run->report, t, &outcomes[i], d);
		put(run, t, &outcomes[i], d);
	}
	return outlet_put(&run->outlet, &run->buf, OUTLET_CHUNK);
}

/* Of all clusters' logs together. */
static struct burn_span span_of(const struct context *context)
{
	struct burn_span span = { NSEC_NONE, NSEC_NONE };

	for (size_t i = 0; i < context->cluster_names.n; i++) {
		const struct cluster *c = &context->clusters[i];

		if (c->first == NSEC_NONE)
			continue;
		span.first = span.first == NSEC_NONE ? c->first : MIN(span.first, c->first);
		span.last = clock_later(span.last, c->last);
	}
	return span;
}

static void finish(struct slo_run *run)
{
	const struct options *o = run->options;
	const struct basis *basis = pipeline_basis(run->pipeline);
	struct slo_report *r = run->report;

	slo_report_finish(r, span_of(basis->context));
	if (!run->request.sort.by_name || run->request.sort.descending)
		slo_sort(r, run->request.sort);
	switch ((enum output_format)o->output) {
	case OUTPUT_JSONL:
	case OUTPUT_JUNIT: /* of diagnose alone */
		break;
	case OUTPUT_JSON:
		slo_json_report(&run->buf, r, basis);
		break;
	case OUTPUT_CSV:
	case OUTPUT_TSV:
		slo_rows_report(&run->buf, r, o->output == OUTPUT_TSV, o->no_headers);
		break;
	case OUTPUT_OPENMETRICS:
		metrics_write(&run->metrics, &run->buf);
		break;
	case OUTPUT_KUBE_BURNER:
		kube_burner_end(&run->buf, r, run->n_pods == 0);
		break;
	case OUTPUT_PERFDASH:
		perfdash_report(&run->buf, r);
		break;
	case OUTPUT_TABLE:
	case OUTPUT_WIDE:
	case OUTPUT_MARKDOWN:
		slo_text_report(&run->buf, r, basis, ending_style(o));
		break;
	}
	outlet_put(&run->outlet, &run->buf, 0);
}

static int run_all(struct slo_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	outlet_open(&run->outlet, run->pipeline);
	if (run->options->output == OUTPUT_KUBE_BURNER)
		kube_burner_begin(&run->buf);
	if (outlet_pods(&run->outlet, observe, run, err) < 0)
		return -1;
	finish(run);
	return outlet_close(&run->outlet, err);
}

static void add_notes(const struct slo_run *run, struct buf *text)
{
	configure_notes(run->options, &run->settings, text);
	span_config_notes(run->spans, text);
	span_metrics_notes(&run->span_metrics, text);
	choice_note(&run->choice, text);
	if (run->cut)
		buf_printf(text,
			   "lunettes: %llu pods have more than %d facts; beyond that only what "
			   "decides verdicts was kept\n",
			   (unsigned long long)run->cut, TIMELINE_FACTS_MAX);
}

static int end(struct slo_run *run, int result, const struct err *err)
{
	struct buf notes = { 0 }, holds = { 0 }, empty = { 0 }, missing = { 0 };
	bool whole = result >= 0 && run->outlet.out.state != SINK_CLOSED;
	int status;

	if (whole)
		slo_request_check(&run->request, run->report, &holds, &empty);
	add_notes(run, &notes);
	if (whole)
		choice_missing(&run->choice, &missing);
	/* it is the reason why nothing could be judged, else it is only worth a note */
	buf_add_str(empty.n ? &missing : &notes, empty.n ? buf_str(&empty) : buf_str(&missing));
	status = ending(run->pipeline, run->options, result, err,
			&(struct ending_said){ buf_str(&notes), buf_str(&holds),
					       empty.n ? buf_str(&missing) : (struct str){ 0 } });
	buf_free(&notes);
	buf_free(&holds);
	buf_free(&empty);
	buf_free(&missing);
	return status;
}

static int run_report(struct slo_run *run)
{
	const struct options *o = run->options;
	struct err err = { 0 };
	int r, status;

	run->pipeline = pipeline_open(o);
	pipeline_judged_by(run->pipeline, &run->settings);
	run->report = slo_report_new(&(struct slo_report_config){
	    .slo = (enum slo)o->slo,
	    .grouping = run->request.grouping,
	    .slowest = (size_t)o->limit,
	    .settings = &run->settings,
	    .transitions = o->output == OUTPUT_KUBE_BURNER || o->output == OUTPUT_PERFDASH,
	});
	slo_metrics_begin(&run->metrics);
	if (run->spans) {
		pipeline_extract(run->pipeline, &run->spans->extract);
		span_metrics_begin(&run->span_metrics, run->spans);
	}
	r = run_all(run, &err);
	status = end(run, r, &err);
	buf_free(&run->buf);
	metrics_free(&run->metrics);
	span_metrics_free(&run->span_metrics);
	arena_free(&run->span_arena);
	slo_report_free(run->report);
	choice_free(&run->choice);
	pipeline_close(run->pipeline);
	return status;
}

static int prepare(struct slo_run *run, struct err *err)
{
	const struct options *o = run->options;

	if (o->span_config && o->output != OUTPUT_OPENMETRICS)
		return err_set(err, ERR_USAGE,
			       "option --span-config needs -o openmetrics: of spans only their "
			       "durations are reported; 'lunettes trace' writes them");
	if (configure(o, &run->settings, err) < 0 ||
	    slo_request_of(o, &run->settings, &run->request, err) < 0 ||
	    blame_open(&run->blame, o, err) < 0)
		return -1;
	return span_config(o, &run->spans, err);
}

int cmd_slo(const struct options *options)
{
	struct slo_run run = { .options = options };
	struct err err = { 0 };
	int status;

	settings_init(&run.settings);
	if (prepare(&run, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		status = (int)status_of(&err);
	} else {
		status = run_report(&run);
	}
	blame_free(&run.blame);
	spans_free(run.spans);
	settings_free(&run.settings);
	return status;
}
