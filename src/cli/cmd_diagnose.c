/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diagnose: why pods were slow, failed, died or did not go. */
#include "cli/choice.h"
#include "cli/commands.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "cli/rulebook.h"
#include "diagnose/diagnose.h"
#include "output/diagnosis.h"

struct diagnose_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct settings settings;
	struct rules *rules;
	struct fleet *fleet;   /* of all, if no pod is named */
	struct map waited_for; /* claims of the pods that were told of: cluster/namespace/name */
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
		 const struct diagnosis *diagnosis)
{
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct options *o = run->options;

	if (grouped(o) && t->kind == OBJECT_CLAIM) {
		fleet_add_claim(run->fleet, t, d, diagnosis);
	} else if (grouped(o)) {
		fleet_add(run->fleet, t, d, diagnosis);
	} else if (o->output == OUTPUT_TABLE || o->output == OUTPUT_WIDE) {
		if (run->told)
			buf_add_char(&run->buf, '\n');
		diagnosis_text_pod(&run->buf, t, d, diagnosis, basis, ending_style(o));
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
	if (run->options->output == OUTPUT_JSON)
		fleet_json(&run->buf, run->fleet, basis);
	else
		fleet_text(&run->buf, run->fleet, basis, ending_style(run->options));
}

static void add_claim_name(struct buf *out, const struct timeline *t, struct str claim)
{
	buf_reset(out);
	buf_printf(out, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(t->cluster), STR_ARG(t->namespace),
		   STR_ARG(claim));
}

/* Claims come behind all pods: those of a pod that did not get its turn may say why. */
static void note_claims(struct diagnose_run *run, const struct timeline *t)
{
	struct str rest = t->object ? t->object->claims : (struct str){ 0 }, name;
	struct buf key = { 0 };

	while (str_cut(rest, 0, &name, &rest)) {
		add_claim_name(&key, t, name);
		map_put(&run->waited_for, buf_str(&key), NULL);
	}
	buf_free(&key);
}

/* Nobody asked for the claim, but for a pod that may wait for it. */
static bool waited_for(struct diagnose_run *run, const struct timeline *t)
{
	struct buf key = { 0 };
	bool found;

	if (t->kind != OBJECT_CLAIM || !run->waited_for.n)
		return false;
	add_claim_name(&key, t, t->name);
	found = map_find(&run->waited_for, buf_str(&key)) != MAP_NONE;
	buf_free(&key);
	return found;
}

static bool observe(void *ctx, const struct timeline *t)
{
	struct diagnose_run *run = ctx;
	const struct context *context = pipeline_basis(run->pipeline)->context;
	const struct cluster *cluster = context_find_cluster(context, t->cluster);
	struct diagnosis diagnosis;
	struct delivery d;
	bool wanted;

	if (!cluster)
		return true;
	wanted = choice_wants(&run->choice, t);
	if (!wanted && !waited_for(run, t))
		return true;
	d = t->kind == OBJECT_CLAIM ? diagnosed_claim(t, cluster, &run->settings)
				    : delivery_of(t, cluster, &run->settings);
	if (d.verdict == VERDICT_EXCLUDED)
		return true;
	arena_reset(&run->arena);
	diagnosis = diagnose(run->rules, t, &d, cluster, &run->arena);
	if (!wanted && !diagnosis.primary)
		return true;
	if (run->options->n_pods && t->kind == OBJECT_POD && d.verdict != VERDICT_SUCCESS)
		note_claims(run, t);
	tell(run, t, &d, &diagnosis);
	return outlet_put(&run->out, &run->buf, OUTLET_CHUNK);
}

static int run_all(struct diagnose_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
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
	map_free(&run.waited_for);
	rules_free(run.rules);
	settings_free(&run.settings);
	arena_free(&run.arena);
	buf_free(&run.buf);
	buf_free(&notes);
	return status;
}
