/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes timeline: what happened to one pod, when, and by whom. */
#include "cli/choice.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "documents/pod_story_json.h"

struct timeline_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct settings settings;
	struct table_style style;
	struct outlet outlet;
	struct buf buf;
	uint64_t told, beyond;
};

struct timeline_format {
	struct format format;
	void (*write)(struct timeline_run *run, const struct story *story);
};

static void write_text(struct timeline_run *run, const struct story *story)
{
	if (run->told)
		buf_add_char(&run->buf, '\n');
	story_text(&run->buf, story, run->style);
}

static void write_json(struct timeline_run *run, const struct story *story)
{
	story_json(&run->buf, story);
	buf_add_char(&run->buf, '\n');
}

static const struct timeline_format formats[] = {
	{ { "table", FORMAT_TABLE }, write_text },
	{ { "wide", FORMAT_WIDE }, write_text },
	{ { "json", FORMAT_DOCUMENT }, write_json },
};

static void write_story(struct timeline_run *run, const struct timeline *t,
			const struct cluster *cluster)
{
	struct delivery d = delivery_of(t, cluster, &run->settings);
	struct story story;

	story_make(&story, t, &d, pipeline_basis(run->pipeline),
		   cluster->last != NSEC_NONE ? cluster->last : cluster->dumped_last);
	FORMAT_ROW(run->options->format, struct timeline_format)->write(run, &story);
	story_free(&story);
	run->told++;
}

static bool observe(void *ctx, const struct timeline *t)
{
	struct timeline_run *run = ctx;
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct cluster *cluster = context_find_cluster(basis->context, t->cluster);

	if (!cluster || t->kind != OBJECT_POD || !choice_wants(&run->choice, t))
		return true;
	if (run->told >= run->options->limit) {
		run->beyond++;
		return true;
	}
	write_story(run, t, cluster);
	return outlet_put(&run->outlet, &run->buf, 0);
}

static int run_all(struct timeline_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	run->style = ending_style(run->options);
	outlet_open(&run->outlet, run->pipeline);
	if (run->options->format->kind != FORMAT_DOCUMENT)
		basis_unread_text(&run->buf, pipeline_basis(run->pipeline), run->style);
	if (outlet_pods(&run->outlet, observe, run, err) < 0)
		return -1;
	return outlet_close(&run->outlet, err);
}

/* In the buffer, which is empty now. */
static void own_notes(struct timeline_run *run, int result)
{
	struct buf *text = &run->buf;

	buf_reset(text);
	if (result < 0)
		return;
	configure_notes(run->options, &run->settings, text);
	if (run->beyond)
		buf_printf(text, "lunettes: %llu more pod%s match; --limit shows more\n",
			   (unsigned long long)run->beyond, run->beyond == 1 ? "" : "s");
}

static int run_timeline(const struct options *options)
{
	struct timeline_run run = { .options = options };
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
	own_notes(&run, r);
	status = ending_of_names(run.pipeline, options, r, &err, &run.buf,
				 run.outlet.out.state != SINK_CLOSED ? &run.choice : NULL);
	buf_free(&run.buf);
	choice_free(&run.choice);
	settings_free(&run.settings);
	pipeline_close(run.pipeline);
	return status;
}

/* clang-format off */
const struct command command_timeline = {
	.name = "timeline",
	.bits = COMMAND_TIMELINE | READERS | JUDGES | PRINTERS,
	.operands = "[OPTION]... pod/NS/NAME... [FILE|DIR|-]...",
	.pods = true,
	.needs_pod = true,
	.summary = "show one pod's life: what happened when, and by whom",
	.description =
		"Prints everything that the logs say about a pod, in order of time, with "
		"who did it and where it stands, and the stages of its delivery as bars. "
		"A pod is named pod/NAMESPACE/NAME, pod/NAME together with -n, or "
		"uid/PREFIX; names may hold * and ?. Where several pods match, or one "
		"name had several lives, they follow one another."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes timeline pod/shop/web-6d4-x2 audit.log\tThe life of one pod.\n"
		"lunettes timeline 'pod/shop/web-*' --limit 3 logs/\tThose of three.\n"
		"lunettes timeline uid/1f0c -o json logs/ | jq .facts\t"
		"What happened, for other programs.\n",
	.formats = FORMATS(formats),
	.run = run_timeline,
};
/* clang-format on */
