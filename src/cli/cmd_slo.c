/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes slo: was every pod delivered in time, and if not, which stage took the time? */
#include "cli/configure.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "cli/slo_request.h"
#include "cli/span_config.h"
#include "diagnose/diagnose.h"
#include "documents/kube_burner.h"
#include "documents/perfdash.h"
#include "documents/slo_json.h"
#include "documents/slo_metrics.h"
#include "documents/slo_rows.h"
#include "page/slo_text.h"
#include "spans/metrics.h"

struct slo_format;

struct slo_run {
	const struct slo_format *format;
	struct slo_report *report;
	struct slo_request request;
	struct metrics metrics;		  /* of openmetrics */
	struct span_configuration *spans; /* NULL: none */
	struct span_metrics span_metrics;
	struct arena arena; /* pod */
	uint64_t n_pods;    /* that have a document of their own */
	uint64_t cut;	    /* pods with more facts than are kept */
};

struct slo_format {
	struct format format;
	/* Called after all pods; NULL: not needed. */
	void (*report)(struct buf *out, struct slo_report *report, const struct basis *basis,
		       struct table_style style);
	void (*finish)(struct command_run *run, struct slo_run *own);
	/* Called for each pod; NULL: not needed. */
	void (*outcome)(struct command_run *run, struct slo_run *own, const struct timeline *t,
			const struct outcome *o);
	bool startup; /* of --slo create alone: its report has the times between milestones */
	bool spans;   /* takes --span-config */
};

static void write_line(struct command_run *run, struct slo_run *own, const struct timeline *t,
		       const struct outcome *o)
{
	slo_json_line(&run->text, t, o, run->basis);
}

static void observe_metrics(struct command_run *run, struct slo_run *own, const struct timeline *t,
			    const struct outcome *o)
{
	slo_metrics_add(&own->metrics, t, o, &run->settings);
}

static void write_metrics(struct command_run *run, struct slo_run *own)
{
	metrics_write(&own->metrics, &run->text);
}

static void write_burner_pod(struct command_run *run, struct slo_run *own, const struct timeline *t,
			     const struct outcome *o)
{
	if (o->verdict == VERDICT_EXCLUDED || o->verdict == VERDICT_DENIED)
		return;
	kube_burner_pod(&run->text, t, own->n_pods++ == 0);
}

static void write_burner(struct command_run *run, struct slo_run *own)
{
	kube_burner_end(&run->text, own->report, own->n_pods == 0);
}

/* clang-format off */
static const struct slo_format formats[] = {
	{ { "table", FORMAT_TABLE }, slo_text_report },
	{ { "wide", FORMAT_WIDE }, slo_text_report },
	{ { "json", FORMAT_DOCUMENT }, slo_json_report },
	{ { "jsonl", FORMAT_DOCUMENT }, .outcome = write_line },
	{ { "csv", FORMAT_DOCUMENT }, slo_rows_report },
	{ { "tsv", FORMAT_DOCUMENT, .tabs = true }, slo_rows_report },
	{ { "markdown", FORMAT_MARKDOWN }, slo_text_report },
	{ { "openmetrics", FORMAT_DOCUMENT }, NULL, write_metrics, observe_metrics,
	  .spans = true },
	{ { "kube-burner", FORMAT_DOCUMENT }, NULL, write_burner, write_burner_pod,
	  .startup = true },
	{ { "perfdash", FORMAT_DOCUMENT }, perfdash_report, .startup = true },
};
/* clang-format on */

static int check_format(const struct options *o, const struct slo_format *format, struct err *err)
{
	if (o->span_config && !format->spans)
		return err_set(err, ERR_USAGE,
			       "option --span-config needs -o openmetrics: of spans only their "
			       "durations are reported; 'lunettes trace' writes them");
	if (format->startup && o->slo != SLO_CREATE)
		return err_set(err, ERR_USAGE,
			       "the outputs kube-burner and perfdash are of --slo create alone");
	return 0;
}

static int prepare_slo(struct command_run *run, struct err *err)
{
	struct slo_run *own = run->own;
	const struct options *o = run->options;

	own->format = run->format;
	if (check_format(o, own->format, err) < 0 || configure(o, &run->settings, err) < 0 ||
	    slo_request_of(o, &run->settings, &own->request, err) < 0 ||
	    !(run->rules = rulebook(o, err)) || span_config(o, &own->spans, &run->needs, err) < 0)
		return -1;
	run->needs.settings = &run->settings;
	own->report = slo_report_new(&(struct slo_report_config){
	    .slo = (enum slo)o->slo,
	    .grouping = own->request.grouping,
	    .slowest = (size_t)o->limit,
	    .settings = &run->settings,
	    .transitions = own->format->startup,
	});
	slo_metrics_begin(&own->metrics);
	if (own->spans)
		span_metrics_begin(&own->span_metrics, own->spans);
	return 0;
}

/* The spans of one pod, into the metrics. */
static void observe_spans(struct slo_run *own, const struct timeline *t, nsec log_end)
{
	const struct span_run *runs;
	size_t n;

	if (!own->spans)
		return;
	arena_reset(&own->arena);
	n = spans_runs(own->spans, t, log_end, &own->arena, &runs);
	span_metrics_add(&own->span_metrics, &own->metrics, t, runs, n);
}

/* The code and the owner of the cause of a slow or unfinished delivery. */
static void blame_delivery(struct command_run *run, const struct timeline *t,
			   const struct cluster *cluster, struct outcome *o)
{
	struct arena *arena = &((struct slo_run *)run->own)->arena;
	enum verdict verdict = o->delivery.verdict;
	struct diagnosis diagnosis;

	if (verdict != VERDICT_SLOW && verdict != VERDICT_FAILED && verdict != VERDICT_ABORTED &&
	    verdict != VERDICT_OPEN)
		return;
	arena_reset(arena);
	diagnosis = diagnose(run->rules, t, &o->delivery, cluster, arena);
	if (!diagnosis.primary || diagnosis.primary->scope != SCOPE_CREATE)
		return;
	o->code = diagnosis.primary->rule->code;
	o->owner = diagnosis.primary->owner;
}

static bool observe_outcomes(struct command_run *run, const struct timeline *t,
			     const struct cluster *cluster)
{
	struct slo_run *own = run->own;
	enum slo slo = (enum slo)run->options->slo;
	struct outcome outcomes[OUTCOMES_MAX];
	struct judging judging = { t, cluster, &run->settings };
	size_t n;

	if (t->kind != slo_rows[slo].about || !choice_wants(&run->choice, t))
		return true;
	own->cut += t->cut;
	observe_spans(own, t, cluster->last);
	n = outcomes_of(slo, &judging, outcomes);
	if (n && slo == SLO_CREATE)
		blame_delivery(run, t, cluster, &outcomes[0]);
	for (size_t i = 0; i < n; i++) {
		slo_report_add(own->report, t, &outcomes[i]);
		if (own->format->outcome)
			own->format->outcome(run, own, t, &outcomes[i]);
	}
	return true;
}

/* The logs of all clusters together. */
static struct burn_span span_of(const struct context *context)
{
	struct burn_span span = { NSEC_NONE, NSEC_NONE };

	for (size_t i = 0; i < context->cluster_names.n; i++) {
		const struct cluster *c = &context->clusters[i];

		if (!nsec_known(c->first))
			continue;
		span.first = clock_earlier(span.first, c->first);
		span.last = clock_later(span.last, c->last);
	}
	return span;
}

static int write_report(struct command_run *run, struct err *err)
{
	struct slo_run *own = run->own;

	slo_report_finish(own->report, span_of(run->basis->context));
	if (!own->request.sort.by_name || own->request.sort.descending)
		slo_sort(own->report, own->request.sort);
	if (own->format->report)
		own->format->report(&run->text, own->report, run->basis, run->style);
	if (own->format->finish)
		own->format->finish(run, own);
	return 0;
}

static void judge_report(struct command_run *run, struct fail_on *fail_on)
{
	struct slo_run *own = run->own;

	if (run->whole)
		slo_request_check(&own->request, own->report, &fail_on->holds, &fail_on->unjudged);
}

static void note_slo(struct command_run *run, int result, struct buf *text)
{
	const struct slo_run *own = run->own;

	configure_notes(run->options, &run->settings, text);
	if (own->spans)
		spans_notes(own->spans, text);
	span_metrics_notes(&own->span_metrics, text);
	choice_note(&run->choice, text);
	if (own->cut)
		buf_printf(text,
			   "lunettes: %llu pods have more than %d facts; beyond that only what "
			   "decides verdicts was kept\n",
			   (unsigned long long)own->cut, TIMELINE_FACTS_MAX);
}

static void free_slo(struct command_run *run)
{
	struct slo_run *own = run->own;

	metrics_free(&own->metrics);
	span_metrics_free(&own->span_metrics);
	arena_free(&own->arena);
	slo_report_free(own->report);
	spans_free(own->spans);
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
	.own_size = sizeof(struct slo_run),
	.prepare = prepare_slo,
	.observe = observe_outcomes,
	.finish = write_report,
	.judge = judge_report,
	.notes = note_slo,
	.release = free_slo,
};
/* clang-format on */
