/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes slo: was every pod delivered in time, and if not, which stage took the time? */
#include "cli/blame.h"
#include "cli/choice.h"
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

struct slo_format;

struct slo_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct slo_report *report;
	struct choice choice;
	struct settings settings;
	struct slo_request request;
	struct blame blame;
	struct metrics metrics;		  /* of openmetrics */
	struct span_configuration *spans; /* NULL: none */
	struct span_metrics span_metrics;
	struct arena span_arena; /* pod */
	struct outlet outlet;
	struct buf buf;
	const struct slo_format *format;
	uint64_t n_pods; /* that have a document of their own */
	uint64_t cut;	 /* pods with more facts than are kept */
};

struct slo_format {
	struct format format;
	void (*report)(struct slo_run *run);   /* when all pods were seen; NULL: nothing then */
	void (*outcome)(struct slo_run *run, const struct timeline *t, const struct outcome *o,
			const struct delivery *d); /* of each pod as it comes; NULL: nothing */
	bool startup; /* of --slo create alone: its report has the times between milestones */
	bool spans;   /* takes --span-config */
};

static void write_text(struct slo_run *run)
{
	slo_text_report(&run->buf, run->report, pipeline_basis(run->pipeline),
			ending_style(run->options));
}

static void write_json(struct slo_run *run)
{
	slo_json_report(&run->buf, run->report, pipeline_basis(run->pipeline));
}

static void write_line(struct slo_run *run, const struct timeline *t, const struct outcome *o,
		       const struct delivery *d)
{
	slo_json_line(&run->buf, t, o, d, pipeline_basis(run->pipeline));
}

static void write_csv(struct slo_run *run)
{
	slo_rows_report(&run->buf, run->report, false, run->options->no_headers);
}

static void write_tsv(struct slo_run *run)
{
	slo_rows_report(&run->buf, run->report, true, run->options->no_headers);
}

static void observe_metrics(struct slo_run *run, const struct timeline *t, const struct outcome *o,
			    const struct delivery *d)
{
	slo_metrics_add(&run->metrics, t, o, d, &run->settings);
}

static void write_metrics(struct slo_run *run)
{
	metrics_write(&run->metrics, &run->buf);
}

static void write_burner_pod(struct slo_run *run, const struct timeline *t, const struct outcome *o,
			     const struct delivery *d)
{
	if (o->verdict == VERDICT_EXCLUDED || o->verdict == VERDICT_DENIED)
		return;
	if (!run->n_pods)
		kube_burner_begin(&run->buf);
	kube_burner_pod(&run->buf, t, run->n_pods++ == 0);
}

static void write_burner(struct slo_run *run)
{
	if (!run->n_pods)
		kube_burner_begin(&run->buf);
	kube_burner_end(&run->buf, run->report, run->n_pods == 0);
}

static void write_perfdash(struct slo_run *run)
{
	perfdash_report(&run->buf, run->report);
}

/* clang-format off */
static const struct slo_format formats[] = {
	{ { "table", FORMAT_TABLE }, write_text },
	{ { "wide", FORMAT_WIDE }, write_text },
	{ { "json", FORMAT_DOCUMENT }, write_json },
	{ { "jsonl", FORMAT_DOCUMENT }, NULL, write_line },
	{ { "csv", FORMAT_DOCUMENT }, write_csv },
	{ { "tsv", FORMAT_DOCUMENT }, write_tsv },
	{ { "markdown", FORMAT_MARKDOWN }, write_text },
	{ { "openmetrics", FORMAT_DOCUMENT }, write_metrics, observe_metrics, .spans = true },
	{ { "kube-burner", FORMAT_DOCUMENT }, write_burner, write_burner_pod, .startup = true },
	{ { "perfdash", FORMAT_DOCUMENT }, write_perfdash, .startup = true },
};
/* clang-format on */

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
		if (run->format->outcome)
			run->format->outcome(run, t, &outcomes[i], d);
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
	const struct basis *basis = pipeline_basis(run->pipeline);
	struct slo_report *r = run->report;

	slo_report_finish(r, span_of(basis->context));
	if (!run->request.sort.by_name || run->request.sort.descending)
		slo_sort(r, run->request.sort);
	if (run->format->report)
		run->format->report(run);
	outlet_put(&run->outlet, &run->buf, 0);
}

static int run_all(struct slo_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	outlet_open(&run->outlet, run->pipeline);
	if (outlet_pods(&run->outlet, observe, run, err) < 0)
		return -1;
	finish(run);
	return outlet_close(&run->outlet, err);
}

static void add_notes(const struct slo_run *run, struct buf *text)
{
	configure_notes(run->options, &run->settings, text);
	if (run->spans)
		spans_notes(run->spans, text);
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
	    .transitions = run->format->startup,
	});
	slo_metrics_begin(&run->metrics);
	if (run->spans) {
		span_config_attach(run->spans, run->pipeline);
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

	run->format = FORMAT_ROW(o->format, struct slo_format);
	if (o->span_config && !run->format->spans)
		return err_set(err, ERR_USAGE,
			       "option --span-config needs -o openmetrics: of spans only their "
			       "durations are reported; 'lunettes trace' writes them");
	if (run->format->startup && o->slo != SLO_CREATE)
		return err_set(err, ERR_USAGE,
			       "the outputs kube-burner and perfdash are of --slo create alone");
	if (configure(o, &run->settings, err) < 0 ||
	    slo_request_of(o, &run->settings, &run->request, err) < 0 ||
	    blame_open(&run->blame, o, err) < 0)
		return -1;
	return span_config(o, &run->spans, err);
}

static int run_slo(const struct options *options)
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

/* clang-format off */
const struct command command_slo = {
	.name = "slo",
	.bits = COMMAND_SLO | READERS | JUDGES | CHOOSERS | PRINTERS,
	.operands = "[OPTION]... [FILE|DIR|-]...",
	.summary = "show how well pods were delivered: the SLO tables",
	.description =
		"Gives every pod one verdict and prints how many have which, how long "
		"each stage of their delivery took, and the slowest pods; with --slo the "
		"same of deletions, upgrades in place and claims. Tables and options are "
		"explained in lunettes-slo(1), verdicts and stages in lunettes-stages(7), "
		"the keys of documents in lunettes-json(5)."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes slo audit.log\tThe tables of one file.\n"
		"lunettes slo must-gather.tar.gz\tThose of a bundle, as it is.\n"
		"lunettes slo -n 'team-*' --since 2h logs/\t"
		"Pods created in the last two hours of the logs.\n"
		"lunettes slo --by workload --sort-by -p99 logs/\t"
		"The workloads, the slowest first.\n"
		"lunettes slo --fail-on 'p99(delivery)>30s' logs/\t"
		"Exit with 1 if that holds.\n"
		"lunettes slo -o jsonl logs/ | jq 'select(.verdict == \"slow\")'\t"
		"The fact table, one line a pod.\n",
	.formats = FORMATS(formats),
	.run = run_slo,
};
/* clang-format on */
