/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes timeline: what happened to one pod, when, and by whom. */
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "output/pod_story.h"
#include "output/sink.h"
#include "output/text.h"

#include <unistd.h>

struct timeline_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct settings settings;
	struct table_style style;
	struct sink out;
	struct buf buf;
	struct near_names *near; /* one for each operand that names a pod */
	uint64_t told, beyond;
};

static void tell(struct timeline_run *run, const struct timeline *t, const struct cluster *cluster)
{
	struct delivery d = delivery_of(t, cluster, &run->settings);
	struct story story;

	story_make(&story, t, &d, pipeline_basis(run->pipeline),
		   cluster->last != NSEC_NONE ? cluster->last : cluster->dumped_last);
	if (run->options->output == OUTPUT_JSON) {
		story_json(&run->buf, &story);
		buf_add_char(&run->buf, '\n');
	} else {
		if (run->told)
			buf_add_char(&run->buf, '\n');
		story_text(&run->buf, &story, run->style);
	}
	story_free(&story);
	run->told++;
}

static int observe(struct timeline_run *run, const struct timeline *t)
{
	const struct options *o = run->options;
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct cluster *cluster = context_find_cluster(basis->context, t->cluster);

	if (!cluster || t->kind != OBJECT_POD)
		return 0;
	if (!choice_wants(&run->choice, t)) {
		for (size_t i = 0; !run->told && i < o->n_pods; i++)
			near_names_offer(&run->near[i], t->namespace, t->name);
		return 0;
	}
	if (run->told >= o->limit) {
		run->beyond++;
		return 0;
	}
	if (isatty(STDOUT_FILENO))
		pipeline_end_progress(run->pipeline);
	tell(run, t, cluster);
	sink_write(&run->out, buf_str(&run->buf));
	buf_reset(&run->buf);
	return run->out.state == SINK_OPEN ? 0 : 1;
}

static int run_all(struct timeline_run *run, struct err *err)
{
	const struct timeline *t;
	int r;

	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	run->style = ending_style(run->options);
	sink_open(&run->out, STDOUT_FILENO, "standard output");
	while ((r = pipeline_next(run->pipeline, &t, err)) > 0)
		if (observe(run, t) != 0)
			break;
	if (r < 0) {
		struct err ignored;

		sink_close(&run->out, &ignored);
		return -1;
	}
	return sink_close(&run->out, err);
}

/* Nothing was found: what may have been meant. */
static void add_near(struct timeline_run *run, struct buf *text)
{
	for (size_t i = 0; i < run->options->n_pods; i++) {
		const struct near_names *near = &run->near[i];

		buf_printf(text, "lunettes: no pod matches %s in these logs", near->pattern->text);
		for (size_t k = 0; k < near->n; k++) {
			buf_printf(text, "%s", k ? ", " : "; near names: ");
			text_add_safe(text, near->names[k], false);
		}
		buf_add_char(text, '\n');
	}
}

static struct str own_notes(struct timeline_run *run, int result)
{
	struct buf *text = &run->buf;

	buf_reset(text);
	if (result < 0)
		return buf_str(text);
	configure_notes(run->options, &run->settings, text);
	if (!run->told && !run->beyond)
		add_near(run, text);
	if (run->beyond)
		buf_printf(text, "lunettes: %llu more pod%s match; --limit shows more\n",
			   (unsigned long long)run->beyond, run->beyond == 1 ? "" : "s");
	return buf_str(text);
}

int cmd_timeline(const struct options *options)
{
	struct timeline_run run = { .options = options };
	struct arena arena = { 0 };
	struct err err = { 0 };
	int status, r;

	settings_init(&run.settings);
	if (configure(options, &run.settings, &err) < 0) {
		settings_free(&run.settings);
		fprintf(stderr, "lunettes: %s\n", err.message);
		return (int)status_of(&err);
	}
	run.near = arena_array(&arena, struct near_names, options->n_pods);
	for (size_t i = 0; i < options->n_pods; i++)
		run.near[i].pattern = &options->pods[i];
	run.pipeline = pipeline_open(options);
	r = run_all(&run, &err);
	status = ending(run.pipeline, options, r, &err, own_notes(&run, r));
	for (size_t i = 0; i < options->n_pods; i++)
		near_names_free(&run.near[i]);
	buf_free(&run.buf);
	arena_free(&arena);
	settings_free(&run.settings);
	pipeline_close(run.pipeline);
	return status;
}
