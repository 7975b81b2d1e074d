/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diagnose: why pods were slow, failed, died or did not go. */
#include "cli/cause_choice.h"
#include "cli/choice.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "cli/rulebook.h"
#include "diagnose/diagnose.h"
#include "diagnose/onset.h"
#include "documents/diagnosis.h"

enum { PAGES = 10 }; /* pods that are told in full if nobody says how many */

struct diagnose_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice;
	struct cause_choice causes;
	struct settings settings;
	struct rules *rules;
	struct fleet *fleet;
	struct onsets *onsets; /* what was written before; made when all is read */
	uint64_t limit;	       /* of pods, or of groups */
	uint64_t matched, diagnosed, beyond;
	struct map waited_for; /* claims of the pods that were told of: cluster/namespace/name */
	struct arena arena;    /* pod */
	struct outlet outlet;
	struct diagnosis_out out;   /* pods with a cause, or all */
	struct diagnosis_out quiet; /* for people: those without, which come last */
};

struct diagnose_format {
	struct format format;
	enum diagnosis_format form; /* of pods */
	void (*groups)(struct diagnose_run *run); /* of all pods; NULL: only single ones */
	bool claims;				  /* else it has pods alone */
	bool excluded;				  /* pods that are left out are there, too */
};

static void write_groups(struct diagnose_run *run)
{
	fleet_text(&run->out.page.out, run->fleet, run->out.page.basis, run->out.page.style,
		   run->limit);
}

static void write_groups_json(struct diagnose_run *run)
{
	fleet_json(&run->out.page.out, run->fleet, run->out.page.basis, run->limit);
}

/* clang-format off */
static const struct diagnose_format formats[] = {
	{ { "table", FORMAT_TABLE }, DIAGNOSIS_TEXT, write_groups, .claims = true,
	  .excluded = true },
	{ { "wide", FORMAT_WIDE }, DIAGNOSIS_TEXT, write_groups, .claims = true,
	  .excluded = true },
	{ { "json", FORMAT_DOCUMENT }, DIAGNOSIS_JSON, write_groups_json, .claims = true },
	{ { "jsonl", FORMAT_DOCUMENT }, DIAGNOSIS_JSONL, .claims = true },
	{ { "csv", FORMAT_DOCUMENT }, DIAGNOSIS_CSV },
	{ { "tsv", FORMAT_DOCUMENT }, DIAGNOSIS_TSV },
	{ { "markdown", FORMAT_MARKDOWN }, DIAGNOSIS_MARKDOWN, write_groups, .claims = true,
	  .excluded = true },
	{ { "junit", FORMAT_DOCUMENT }, DIAGNOSIS_JUNIT, .excluded = true },
};
/* clang-format on */

static const struct diagnose_format *format_of(const struct options *o)
{
	return FORMAT_ROW(o->format, struct diagnose_format);
}

static bool for_people(const struct options *o)
{
	return o->format->kind != FORMAT_DOCUMENT;
}

/* Without names all pods are shown in groups of one cause; otherwise, one by one. */
static bool grouped(const struct options *o)
{
	return !o->n_pods && format_of(o)->groups;
}

/* The pods that are left out stand where a reader would miss them. */
static bool shows_excluded(const struct diagnose_run *run)
{
	return format_of(run->options)->excluded && !cause_choice_is_narrow(&run->causes);
}

/* What came just before: of this pod, or, with those of its cause, of them all. */
static void add_onset(struct diagnose_run *run, const struct timeline *t,
		      struct diagnosis *diagnosis, struct onset *room)
{
	if (!diagnosis->primary)
		return;
	if (grouped(run->options)) {
		onsets_add(run->onsets, t, diagnosis->primary);
		return;
	}
	*room = onset_of(run->onsets, t, diagnosis->primary);
	diagnosis->onset = room;
}

static void finish_onsets(struct diagnose_run *run)
{
	onsets_finish(run->onsets);
	for (size_t i = 0; i < run->fleet->n; i++) {
		struct fleet_group *g = &run->fleet->groups[i];

		g->onset = onsets_find(run->onsets, g->rule, g->scope);
	}
}

static void tell(struct diagnose_run *run, const struct diagnosed *p)
{
	bool people = for_people(run->options);
	struct diagnosis_out *out =
	    people && !(p->diagnosis && p->diagnosis->primary) ? &run->quiet : &run->out;

	if (!p->diagnosis && !shows_excluded(run))
		return;
	if (out->page.told < run->limit)
		diagnosis_put(out, p);
	else
		run->beyond++;
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

/* asked: it was chosen, and is not told of only because a pod waited for it. */
static bool takes(struct diagnose_run *run, const struct timeline *t, bool *ret_asked)
{
	bool claim = t->kind == OBJECT_CLAIM;

	*ret_asked = choice_wants(&run->choice, t);
	if (claim)
		fleet_know_claim(run->fleet, t);
	return (*ret_asked || waited_for(run, t)) && (!claim || format_of(run->options)->claims);
}

/* What is wanted is counted, and told. */
static void add(struct diagnose_run *run, const struct diagnosed *p, struct diagnosis *diagnosis)
{
	bool claim = p->t->kind == OBJECT_CLAIM;
	bool wanted = cause_choice_wants(&run->causes, p->diagnosis);
	struct onset onset;

	if (!claim)
		fleet_add(run->fleet, p->t, p->d, p->diagnosis, wanted);
	else if (wanted && p->diagnosis)
		fleet_add_claim(run->fleet, p->t, p->d, p->diagnosis);
	if (!wanted)
		return;
	if (p->diagnosis)
		cause_choice_check(&run->causes, p->t, p->diagnosis);
	if (p->diagnosis && !claim)
		add_onset(run, p->t, diagnosis, &onset);
	if (!grouped(run->options))
		tell(run, p);
}

static bool observe(void *ctx, const struct timeline *t)
{
	struct diagnose_run *run = ctx;
	const struct context *context = pipeline_basis(run->pipeline)->context;
	const struct cluster *cluster = context_find_cluster(context, t->cluster);
	struct diagnosis diagnosis;
	struct delivery d;
	struct diagnosed p = { .t = t, .d = &d };
	bool asked;

	if (!cluster || !takes(run, t, &asked))
		return true;
	d = t->kind == OBJECT_CLAIM ? diagnosed_claim(t, cluster, &run->settings)
				    : delivery_of(t, cluster, &run->settings);
	if (diagnosable(t, &d)) {
		arena_reset(&run->arena);
		diagnosis = diagnose(run->rules, t, &d, cluster, &run->arena);
		/* of what is excluded only a cause is told */
		p.diagnosis =
		    d.verdict != VERDICT_EXCLUDED || diagnosis.primary ? &diagnosis : NULL;
	}
	if (!asked && !(p.diagnosis && diagnosis.primary))
		return true;
	run->matched += asked;
	run->diagnosed += p.diagnosis != NULL;
	if (run->options->n_pods && p.diagnosis && t->kind == OBJECT_POD &&
	    d.verdict != VERDICT_SUCCESS)
		note_claims(run, t);
	p.log_end = cluster_end(cluster);
	add(run, &p, &diagnosis);
	/* an overview comes first where people read */
	return for_people(run->options) ||
	       outlet_put(&run->outlet, &run->out.page.out, OUTLET_CHUNK);
}

/* What people read: how many there are, if several; those with a cause; the others. */
static void finish_pages(struct diagnose_run *run, struct buf *first)
{
	struct diagnosis_out *out = &run->out, *quiet = &run->quiet;

	if (run->matched > 1)
		fleet_overview(first, run->fleet, out->page.style);
	diagnosis_end(out, run->fleet);
	if (first->n && out->page.out.n)
		buf_add_char(first, '\n');
	buf_add_str(first, buf_str(&out->page.out));
	if (first->n && quiet->page.out.n)
		buf_add_char(first, '\n');
	buf_add_str(first, buf_str(&quiet->page.out));
	buf_reset(&out->page.out);
	basis_unread_text(&out->page.out, out->page.basis, out->page.style);
	buf_add_str(&out->page.out, buf_str(first));
}

static void finish(struct diagnose_run *run)
{
	struct buf first = { 0 };

	fleet_finish(run->fleet);
	finish_onsets(run);
	if (grouped(run->options))
		format_of(run->options)->groups(run);
	else if (for_people(run->options))
		finish_pages(run, &first);
	else
		diagnosis_end(&run->out, run->fleet);
	buf_free(&first);
}

static void begin(struct diagnose_run *run)
{
	const struct options *o = run->options;
	const struct basis *basis = pipeline_basis(run->pipeline);

	run->limit = o->limited ? o->limit : for_people(o) && !grouped(o) ? PAGES : UINT64_MAX;
	run->fleet->context = basis->context;
	run->fleet->names = grouped(o) && !for_people(o);
	run->out = (struct diagnosis_out){ .format = format_of(o)->form,
					   .page = { .style = ending_style(o), .basis = basis } };
	run->quiet = run->out;
	if (!grouped(o))
		diagnosis_begin(&run->out);
}

static int run_all(struct diagnose_run *run, struct err *err)
{
	if (pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	begin(run);
	run->onsets = onsets_new(pipeline_basis(run->pipeline)->writes);
	outlet_open(&run->outlet, run->pipeline);
	if (outlet_pods(&run->outlet, observe, run, err) < 0)
		return -1;
	finish(run);
	outlet_put(&run->outlet, &run->out.page.out, 0);
	return outlet_close(&run->outlet, err);
}

static int prepare(struct diagnose_run *run, struct err *err)
{
	const struct options *o = run->options;

	settings_init(&run->settings);
	run->fleet = fleet_new();
	run->rules = rulebook(o, err);
	if (!run->rules || cause_choice_begin(&run->causes, o, run->rules, err) < 0)
		return -1;
	return configure(o, &run->settings, err);
}

static void excluded_note(const struct diagnose_run *run, struct buf *out)
{
	const char *sep = "lunettes: left out and not diagnosed: ";

	if (format_of(run->options)->excluded)
		return;
	for (int e = 0; e < EXCLUSION_COUNT; e++) {
		if (!run->fleet->exclusions[e] || !run->options->n_pods)
			continue;
		buf_printf(out, "%s%llu " STR_FMT, sep,
			   (unsigned long long)run->fleet->exclusions[e],
			   STR_ARG(exclusion_name((enum exclusion)e)));
		sep = ", ";
	}
	if (*sep == ',')
		buf_add_char(out, '\n');
}

static void own_notes(struct diagnose_run *run, int result, struct buf *text)
{
	configure_notes(run->options, &run->settings, text);
	if (result < 0)
		return;
	choice_note(&run->choice, text);
	excluded_note(run, text);
	if (run->beyond)
		buf_printf(text, "lunettes: %llu more pod%s; --limit shows more\n",
			   (unsigned long long)run->beyond, run->beyond == 1 ? "" : "s");
}

static void free_all(struct diagnose_run *run)
{
	choice_free(&run->choice);
	diagnosis_free(&run->out);
	diagnosis_free(&run->quiet);
	cause_choice_free(&run->causes);
	fleet_free(run->fleet);
	onsets_free(run->onsets);
	map_free(&run->waited_for);
	rules_free(run->rules);
	settings_free(&run->settings);
	arena_free(&run->arena);
}

/* What could not be answered, and why: the names, the conditions. */
static void add_empty(const struct diagnose_run *run, struct buf *notes, struct buf *empty)
{
	const struct option_list *conditions = &run->options->fail_on;
	bool judged = run->diagnosed || !conditions->n;
	struct buf missing = { 0 };

	if (choice_missing(&run->choice, &missing) && (run->options->n_pods || !judged))
		buf_add_str(empty, buf_str(&missing));
	else
		buf_add_str(notes, buf_str(&missing));
	for (size_t i = 0; !judged && i < conditions->n; i++)
		buf_printf(empty, "lunettes: --fail-on %s cannot be judged: no pod was diagnosed\n",
			   conditions->items[i]);
	buf_free(&missing);
}

static int end(struct diagnose_run *run, int result, const struct err *err)
{
	struct buf notes = { 0 }, holds = { 0 }, empty = { 0 };
	int status;

	own_notes(run, result, &notes);
	if (result >= 0 && run->outlet.out.state != SINK_CLOSED)
		add_empty(run, &notes, &empty);
	if (result >= 0)
		cause_choice_holds(&run->causes, &holds);
	status = ending(run->pipeline, run->options, result, err,
			&(struct ending_said){ buf_str(&notes), buf_str(&holds), buf_str(&empty) });
	buf_free(&notes);
	buf_free(&holds);
	buf_free(&empty);
	return status;
}

static int run_diagnose(const struct options *options)
{
	struct diagnose_run run = { .options = options };
	struct err err = { 0 };
	int status;

	if (prepare(&run, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		status = (int)status_of(&err);
	} else {
		run.pipeline = pipeline_open(options);
		status = end(&run, run_all(&run, &err), &err);
		pipeline_close(run.pipeline);
	}
	free_all(&run);
	return status;
}

/* clang-format off */
const struct command command_diagnose = {
	.name = "diagnose",
	.bits = COMMAND_DIAGNOSE | READERS | JUDGES | CHOOSERS | PRINTERS,
	.operands = "[OPTION]... [pod/NS/NAME|pvc/...]... [FILE|DIR|-]...",
	.pods = true,
	.claims = true,
	.summary = "tell why pods were slow, failed, died or did not go",
	.description =
		"With pods: of each its verdict, the cause, who can mend it, what to "
		"do, and the facts that prove it. Without: the causes of all pods and "
		"claims, grouped. A claim is named pvc/NAMESPACE/NAME. The codes are "
		"explained in lunettes-codes(7)."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes diagnose logs/\tWhat went wrong, and how often.\n"
		"lunettes diagnose pod/shop/web-0 logs/\tWhy one pod was slow or failed.\n",
	.formats = FORMATS(formats),
	.run = run_diagnose,
};
/* clang-format on */
