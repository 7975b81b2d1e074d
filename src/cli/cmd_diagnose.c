/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diagnose: why pods were slow, failed, died or did not go. */
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "cli/rulebook.h"
#include "diagnose/diagnose.h"
#include "diagnose/onset.h"
#include "output/diagnosis.h"
#include "output/onset.h"

struct diagnose_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct settings settings;
	struct rules *rules;
	struct fleet *fleet;   /* of all, if no pod is named */
	struct onsets *onsets; /* what was written before; made when all is read */
	uint64_t told;
	struct arena arena; /* pod */
	struct outlet out;
	struct buf buf;
};

/* Without a name: all of them, grouped; with one: each pod by itself. */
static bool grouped(const struct options *o)
{
	return !o->n_pods && o->output != OUTPUT_JSONL;
}

static void tell(struct diagnose_run *run, const struct timeline *t, const struct delivery *d,
		 struct diagnosis *diagnosis)
{
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct options *o = run->options;
	struct onset onset;

	if (!grouped(o) && diagnosis->primary) {
		onset = onset_of(run->onsets, t, diagnosis->primary);
		diagnosis->onset = &onset;
	}
	if (grouped(o)) {
		fleet_add(run->fleet, t, d, diagnosis);
		if (diagnosis->primary)
			onsets_add(run->onsets, t, diagnosis->primary);
	} else if (o->output == OUTPUT_TABLE || o->output == OUTPUT_WIDE) {
		if (run->told)
			buf_add_char(&run->buf, '\n');
		diagnosis_text_pod(&run->buf, t, d, diagnosis, basis, ending_style(o));
		onset_text_pod(&run->buf, diagnosis->onset, basis, ending_style(o));
	} else {
		diagnosis_json_line(&run->buf, t, d, diagnosis, basis);
	}
	run->told++;
}

static void finish(struct diagnose_run *run)
{
	const struct basis *basis = pipeline_basis(run->pipeline);

	if (!grouped(run->options))
		return;
	fleet_finish(run->fleet);
	onsets_finish(run->onsets);
	for (size_t i = 0; i < run->fleet->n; i++) {
		struct fleet_group *g = &run->fleet->groups[i];

		g->onset = onsets_find(run->onsets, g->rule, g->scope);
	}
	if (run->options->output == OUTPUT_JSON)
		fleet_json(&run->buf, run->fleet, basis);
	else
		fleet_text(&run->buf, run->fleet, basis, ending_style(run->options));
}

static bool observe(void *ctx, const struct timeline *t)
{
	struct diagnose_run *run = ctx;
	const struct context *context = pipeline_basis(run->pipeline)->context;
	const struct cluster *cluster = context_find_cluster(context, t->cluster);
	struct diagnosis diagnosis;
	struct delivery d;

	if (!cluster || t->kind != OBJECT_POD || !choice_wants(&run->choice, t))
		return true;
	d = delivery_of(t, cluster, &run->settings);
	if (d.verdict == VERDICT_EXCLUDED)
		return true;
	arena_reset(&run->arena);
	diagnosis = diagnose(run->rules, t, &d, cluster, &run->arena);
	tell(run, t, &d, &diagnosis);
	return outlet_put(&run->out, &run->buf, OUTLET_CHUNK);
}

static int run_all(struct diagnose_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	run->onsets = onsets_new(&pipeline_basis(run->pipeline)->context->writes);
	outlet_open(&run->out, run->pipeline);
	if (outlet_pods(&run->out, observe, run, err) < 0)
		return -1;
	finish(run);
	outlet_put(&run->out, &run->buf, 0);
	return outlet_close(&run->out, err);
}

static int prepare(struct diagnose_run *run, struct err *err)
{
	settings_init(&run->settings);
	run->fleet = fleet_new();
	run->rules = rulebook(run->options, err);
	return run->rules ? configure(run->options, &run->settings, err) : -1;
}

int cmd_diagnose(const struct options *options)
{
	struct diagnose_run run = { .options = options };
	struct err err = { 0 };
	struct buf notes = { 0 };
	int status, r;

	if (prepare(&run, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		status = (int)status_of(&err);
	} else {
		run.pipeline = pipeline_open(options);
		r = run_all(&run, &err);
		configure_notes(options, &run.settings, &notes);
		choice_note(&run.choice, &notes);
		status = ending(run.pipeline, options, r, &err, buf_str(&notes));
		pipeline_close(run.pipeline);
	}
	fleet_free(run.fleet);
	onsets_free(run.onsets);
	rules_free(run.rules);
	settings_free(&run.settings);
	arena_free(&run.arena);
	buf_free(&run.buf);
	buf_free(&notes);
	return status;
}
