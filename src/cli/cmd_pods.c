/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes pods: the pods with their verdicts, or as kubectl would have shown them at some time. */
#include "cli/configure.h"
#include "cli/drive.h"
#include "documents/pods.h"

struct pods_run {
	struct pods pods;
	uint64_t beyond; /* rows that --limit leaves out */
};

struct pods_form {
	struct format format;
	enum pods_format pods;
};

static const struct pods_form formats[] = {
	{ { "table", FORMAT_TABLE }, PODS_PAGE },
	{ { "wide", FORMAT_WIDE }, PODS_PAGE },
	{ { "json", FORMAT_DOCUMENT }, PODS_JSON },
	{ { "jsonl", FORMAT_DOCUMENT }, PODS_JSONL },
	{ { "csv", FORMAT_DOCUMENT }, PODS_ROWS },
	{ { "tsv", FORMAT_DOCUMENT, .tabs = true }, PODS_ROWS },
	{ { "markdown", FORMAT_MARKDOWN }, PODS_PAGE },
};

static int prepare_pods(struct command_run *run, struct err *err)
{
	struct pods_run *own = run->own;

	own->pods.at = NSEC_NONE;
	return configure(run->options, &run->settings, err);
}

static int begin_pods(struct command_run *run, struct err *err)
{
	const struct options *o = run->options;
	struct pods *pods = &((struct pods_run *)run->own)->pods;

	pods->at = when_resolve(o->at, pipeline_log_end(&run->pipeline), o->zone);
	if (o->at.kind != WHEN_NONE && !nsec_known(pods->at))
		return err_set(err, ERR_USAGE,
			       "option --at: the log has no end that this time could be counted "
			       "from; give a date and a time");
	pods->format = ((const struct pods_form *)run->format)->pods;
	pods->style = run->style;
	pods->basis = run->basis;
	pods->clusters = run->basis->context->cluster_names.n > 1;
	pods_begin(pods);
	run->outputs[0].text = &pods->out;
	return 0;
}

static bool list_pod(struct command_run *run, const struct timeline *t,
		     const struct cluster *cluster)
{
	struct pods_run *own = run->own;
	struct pods *pods = &own->pods;
	struct delivery d;

	if (t->kind != OBJECT_POD || !choice_wants(&run->choice, t) ||
	    (nsec_known(pods->at) && !sight_exists(t, pods->at)))
		return true;
	if (run->options->limited && pods->n >= run->options->limit) {
		own->beyond++;
		return true;
	}
	d = delivery_of(t, cluster, &run->settings);
	pods_add(pods, t, &d, nsec_known(cluster->last) ? cluster->last : cluster->dumped_last);
	return true;
}

static int finish_pods(struct command_run *run, struct err *err)
{
	pods_end(&((struct pods_run *)run->own)->pods);
	return 0;
}

static void note_pods(struct command_run *run, int result, struct buf *text)
{
	const struct pods_run *own = run->own;
	const struct pods *pods = &own->pods;
	char at[CLOCK_TEXT];

	configure_notes(run->options, &run->settings, text);
	choice_note(&run->choice, text);
	if (own->beyond)
		buf_printf(text, "lunettes: --limit leaves out %llu more\n",
			   (unsigned long long)own->beyond);
	if (!nsec_known(pods->at))
		return;
	clock_format(pods->at, at);
	if (!pods->n)
		buf_printf(text, "lunettes: no pod is known to have existed at %s\n", at);
	if (pods->unknown)
		buf_printf(text,
			   "lunettes: of %llu of %llu pods the log does not show the STATUS at "
			   "that time\n",
			   (unsigned long long)pods->unknown, (unsigned long long)pods->n);
}

static void free_pods(struct command_run *run)
{
	pods_free(&((struct pods_run *)run->own)->pods);
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
	.own_size = sizeof(struct pods_run),
	.prepare = prepare_pods,
	.begin = begin_pods,
	.observe = list_pod,
	.finish = finish_pods,
	.notes = note_pods,
	.release = free_pods,
};
/* clang-format on */
