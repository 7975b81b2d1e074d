/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes pods: the pods with their verdicts, or what kubectl would have shown at a moment. */
#include "cli/choice.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "documents/pods.h"

struct pods_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct settings settings;
	struct outlet outlet;
	struct pods pods;
	uint64_t beyond; /* rows that --limit leaves out */
};

struct pods_row {
	struct format format;
	enum pods_format pods;
};

static const struct pods_row formats[] = {
	{ { "table", FORMAT_TABLE }, PODS_TABLE },
	{ { "wide", FORMAT_WIDE }, PODS_TABLE },
	{ { "json", FORMAT_DOCUMENT }, PODS_JSON },
	{ { "jsonl", FORMAT_DOCUMENT }, PODS_JSONL },
	{ { "csv", FORMAT_DOCUMENT }, PODS_CSV },
	{ { "tsv", FORMAT_DOCUMENT }, PODS_TSV },
};

static bool observe(void *ctx, const struct timeline *t)
{
	struct pods_run *run = ctx;
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct cluster *cluster = context_find_cluster(basis->context, t->cluster);
	struct pods *pods = &run->pods;
	struct delivery d;

	if (!cluster || t->kind != OBJECT_POD || !choice_wants(&run->choice, t) ||
	    (pods->at != NSEC_NONE && !sight_exists(t, pods->at)))
		return true;
	if (run->options->limited && pods->n >= run->options->limit) {
		run->beyond++;
		return true;
	}
	d = delivery_of(t, cluster, &run->settings);
	pods_add(pods, t, &d, cluster->last != NSEC_NONE ? cluster->last : cluster->dumped_last);
	return outlet_put(&run->outlet, &run->pods.out, OUTLET_CHUNK);
}

static int resolve(struct pods_run *run, struct err *err)
{
	nsec end = pipeline_log_end(run->pipeline);

	run->pods.at = when_resolve(run->options->at, end, run->options->zone);
	if (run->options->at.kind != WHEN_NONE && run->pods.at == NSEC_NONE)
		return err_set(err, ERR_USAGE,
			       "option --at: the log has no end that this time could be counted "
			       "from; give a date and a time");
	return choice_begin(&run->choice, run->options, end, err);
}

static int run_all(struct pods_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 || resolve(run, err) < 0)
		return -1;
	run->pods.format = FORMAT_ROW(run->options->format, struct pods_row)->pods;
	run->pods.style = ending_style(run->options);
	run->pods.basis = pipeline_basis(run->pipeline);
	run->pods.clusters = pipeline_basis(run->pipeline)->context->cluster_names.n > 1;
	pods_begin(&run->pods);
	outlet_open(&run->outlet, run->pipeline);
	if (outlet_pods(&run->outlet, observe, run, err) < 0)
		return -1;
	pods_end(&run->pods);
	outlet_put(&run->outlet, &run->pods.out, 0);
	return outlet_close(&run->outlet, err);
}

/* In the buffer of the rows, which are out. */
static void own_notes(struct pods_run *run)
{
	struct buf *text = &run->pods.out;
	char at[CLOCK_TEXT];

	buf_reset(text);
	configure_notes(run->options, &run->settings, text);
	choice_note(&run->choice, text);
	if (run->beyond)
		buf_printf(text, "lunettes: --limit leaves out %llu more\n",
			   (unsigned long long)run->beyond);
	if (run->pods.at == NSEC_NONE)
		return;
	clock_format(run->pods.at, at);
	if (!run->pods.n)
		buf_printf(text, "lunettes: no pod is known to have existed at %s\n", at);
	if (run->pods.unknown)
		buf_printf(text,
			   "lunettes: of %llu of %llu pods the log does not show the STATUS at "
			   "that time\n",
			   (unsigned long long)run->pods.unknown, (unsigned long long)run->pods.n);
}

static int run_pods(const struct options *options)
{
	struct pods_run run = { .options = options, .pods.at = NSEC_NONE };
	struct err err = { 0 };
	int status, r;

	settings_init(&run.settings);
	if (configure(options, &run.settings, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		settings_free(&run.settings);
		return (int)status_of(&err);
	}
	run.pipeline = pipeline_open(options);
	r = run_all(&run, &err);
	own_notes(&run);
	status = ending_of_names(run.pipeline, options, r, &err, &run.pods.out,
				 run.outlet.out.state != SINK_CLOSED ? &run.choice : NULL);
	choice_free(&run.choice);
	pods_free(&run.pods);
	settings_free(&run.settings);
	pipeline_close(run.pipeline);
	return status;
}

/* clang-format off */
const struct command command_pods = {
	.name = "pods",
	.bits = COMMAND_PODS | READERS | JUDGES | CHOOSERS | PRINTERS,
	.operands = "[OPTION]... [pod/NS/NAME]... [FILE|DIR|-]...",
	.pods = true,
	.summary = "list the pods, or how they stood at a time",
	.description =
		"Prints one row a pod: its verdict, how long its delivery took, with "
		"-o wide each stage of it. With --at it prints what kubectl get pods would "
		"have shown at that time, of the pods that existed then."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes pods -n shop audit.log\tThe pods of one namespace.\n"
		"lunettes pods --at 10:21:30 logs/\tThe cluster at that time.\n"
		"lunettes pods -o csv logs/ > pods.csv\tA table for other programs.\n",
	.formats = FORMATS(formats),
	.run = run_pods,
};
/* clang-format on */
