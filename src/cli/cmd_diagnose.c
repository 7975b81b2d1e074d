/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes diagnose: why pods were slow, failed, crashed or were not deleted. */
#include "cli/cause_choice.h"
#include "cli/configure.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "diagnose/diagnose.h"
#include "diagnose/onset.h"
#include "documents/diagnosis.h"

enum { PAGES = 10 }; /* pods that are shown in full without --limit */

struct diagnose_format;

struct diagnose_run {
	const struct diagnose_format *format;
	struct cause_choice causes;
	struct fleet *fleet;
	struct onsets *onsets; /* writes before the cause */
	bool grouped;	       /* the causes of all pods instead of single pods */
	uint64_t limit;	       /* of pods, or of groups */
	uint64_t matched, diagnosed, beyond;
	struct map waited_for;	    /* claims of pods that are shown: cluster/namespace/name */
	struct arena arena;	    /* pod */
	struct diagnosis_out out;   /* pods with a cause, or all */
	struct diagnosis_out quiet; /* for people: those without, which come last */
};

struct diagnose_format {
	struct format format;
	const struct diagnosis_form *form; /* of pods */
	/* Shows the causes of all pods; NULL: only single pods. */
	void (*groups)(struct buf *out, const struct fleet *fleet, const struct basis *basis,
		       struct table_style style, uint64_t limit);
	bool claims;   /* otherwise it has only pods */
	bool excluded; /* excluded pods are shown, too */
};

/* clang-format off */
static const struct diagnose_format formats[] = {
	{ { "table", FORMAT_TABLE }, &diagnosis_as_page, fleet_text, .claims = true,
	  .excluded = true },
	{ { "wide", FORMAT_WIDE }, &diagnosis_as_page, fleet_text, .claims = true,
	  .excluded = true },
	{ { "json", FORMAT_DOCUMENT }, &diagnosis_as_json, fleet_json, .claims = true },
	{ { "jsonl", FORMAT_DOCUMENT }, &diagnosis_as_jsonl, .claims = true },
	{ { "csv", FORMAT_DOCUMENT }, &diagnosis_as_rows },
	{ { "tsv", FORMAT_DOCUMENT, .tabs = true }, &diagnosis_as_rows },
	{ { "markdown", FORMAT_MARKDOWN }, &diagnosis_as_page, fleet_text, .claims = true,
	  .excluded = true },
	{ { "junit", FORMAT_DOCUMENT }, &diagnosis_as_junit, .excluded = true },
};
/* clang-format on */

static bool is_for_people(const struct command_run *run)
{
	return run->options->format->kind != FORMAT_DOCUMENT;
}

static int prepare_diagnoses(struct command_run *run, struct err *err)
{
	struct diagnose_run *own = run->own;
	const struct options *o = run->options;

	own->format = run->format;
	own->fleet = fleet_new();
	run->rules = rulebook(o, err);
	if (!run->rules || cause_choice_begin(&own->causes, o, run->rules, err) < 0)
		return -1;
	run->needs.writes = true;
	own->grouped = !o->n_pods && own->format->groups;
	own->limit = o->limited				   ? o->limit
		     : is_for_people(run) && !own->grouped ? PAGES
							   : UINT64_MAX;
	return configure(o, &run->settings, err);
}

static int begin_diagnoses(struct command_run *run, struct err *err)
{
	struct diagnose_run *own = run->own;

	own->onsets = onsets_new(run->basis->writes);
	own->fleet->context = run->basis->context;
	own->fleet->names = own->grouped && !is_for_people(run);
	own->out = (struct diagnosis_out){ .form = own->format->form,
					   .page = { .style = run->style, .basis = run->basis } };
	own->quiet = own->out;
	if (own->grouped)
		return 0;
	diagnosis_begin(&own->out);
	if (!is_for_people(run)) /* for people, an overview comes first */
		run->outputs[0].text = &own->out.page.out;
	return 0;
}

/* Adds writes just before the cause: of this pod, or of all pods with the same cause. */
static void add_onset(struct diagnose_run *own, const struct timeline *t,
		      struct diagnosis *diagnosis, struct onset *room)
{
	if (!diagnosis->primary)
		return;
	if (own->grouped) {
		onsets_add(own->onsets, t, diagnosis->primary);
		return;
	}
	*room = onset_of(own->onsets, t, diagnosis->primary);
	diagnosis->onset = room;
}

static void finish_onsets(struct diagnose_run *own)
{
	onsets_finish(own->onsets);
	for (size_t i = 0; i < own->fleet->n; i++) {
		struct fleet_group *g = &own->fleet->groups[i];

		g->onset = onsets_find(own->onsets, g->rule, g->scope);
	}
}

/* Excluded pods are shown where a reader would miss them. */
static void write_pod(struct command_run *run, struct diagnose_run *own, const struct diagnosed *p)
{
	bool caused = p->diagnosis && p->diagnosis->primary;
	struct diagnosis_out *out = is_for_people(run) && !caused ? &own->quiet : &own->out;

	if (!p->diagnosis && (!own->format->excluded || cause_choice_is_narrow(&own->causes)))
		return;
	if (out->page.shown < own->limit)
		diagnosis_put(out, p);
	else
		own->beyond++;
}

static void add_claim_name(struct buf *out, const struct timeline *t, struct str claim)
{
	buf_reset(out);
	buf_printf(out, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(t->cluster), STR_ARG(t->namespace),
		   STR_ARG(claim));
}

/* Claims come after all pods; those of a pod that is not ready may be the reason. */
static void note_claims(struct diagnose_run *own, const struct timeline *t)
{
	struct str rest = t->object ? t->object->claims : (struct str){ 0 }, name;
	struct buf key = { 0 };

	while (str_cut(rest, 0, &name, &rest)) {
		add_claim_name(&key, t, name);
		map_put(&own->waited_for, buf_str(&key), NULL);
	}
	buf_free(&key);
}

/* The claim was not selected, but a selected pod may wait for it. */
static bool is_waited_for(struct diagnose_run *own, const struct timeline *t)
{
	struct buf key = { 0 };
	bool found;

	if (t->kind != OBJECT_CLAIM || !own->waited_for.n)
		return false;
	add_claim_name(&key, t, t->name);
	found = map_find(&own->waited_for, buf_str(&key)) != MAP_NONE;
	buf_free(&key);
	return found;
}

/* *ret_chosen: selected by the user; otherwise a claim that is shown only if it has a cause. */
static bool is_wanted(struct command_run *run, const struct timeline *t, bool *ret_chosen)
{
	struct diagnose_run *own = run->own;
	bool claim = t->kind == OBJECT_CLAIM;

	*ret_chosen = choice_wants(&run->choice, t);
	if (claim)
		fleet_know_claim(own->fleet, t);
	return (*ret_chosen || is_waited_for(own, t)) &&
	       (t->kind == OBJECT_POD || (claim && own->format->claims));
}

/* Counts and shows those with a cause that the user selected. */
static void add_diagnosis(struct command_run *run, const struct diagnosed *p,
			  struct diagnosis *diagnosis)
{
	struct diagnose_run *own = run->own;
	bool claim = p->t->kind == OBJECT_CLAIM;
	bool wanted = cause_choice_wants(&own->causes, p->diagnosis);
	struct onset onset;

	if (!claim)
		fleet_add(own->fleet, p->t, p->d, p->diagnosis, wanted);
	else if (wanted && p->diagnosis)
		fleet_add_claim(own->fleet, p->t, p->d, p->diagnosis);
	if (!wanted)
		return;
	if (p->diagnosis)
		cause_choice_check(&own->causes, p->t, p->diagnosis);
	if (p->diagnosis && !claim)
		add_onset(own, p->t, diagnosis, &onset);
	if (!own->grouped)
		write_pod(run, own, p);
}

static bool observe_object(struct command_run *run, const struct timeline *t,
			   const struct cluster *cluster)
{
	struct diagnose_run *own = run->own;
	struct diagnosis diagnosis;
	struct delivery d;
	struct diagnosed p = { .t = t, .d = &d };
	bool chosen;

	if (!is_wanted(run, t, &chosen))
		return true;
	d = t->kind == OBJECT_CLAIM ? diagnosed_claim(t, cluster, &run->settings)
				    : delivery_of(t, cluster, &run->settings);
	if (diagnosable(t, &d)) {
		arena_reset(&own->arena);
		diagnosis = diagnose(run->rules, t, &d, cluster, &own->arena);
		/* an excluded one is shown only with a cause */
		p.diagnosis =
		    d.verdict != VERDICT_EXCLUDED || diagnosis.primary ? &diagnosis : NULL;
	}
	if (!chosen && !(p.diagnosis && diagnosis.primary))
		return true;
	own->matched += chosen;
	own->diagnosed += p.diagnosis != NULL;
	if (run->options->n_pods && p.diagnosis && t->kind == OBJECT_POD &&
	    d.verdict != VERDICT_SUCCESS)
		note_claims(own, t);
	p.log_end = cluster_end(cluster);
	add_diagnosis(run, &p, &diagnosis);
	return true;
}

static void add_page(struct buf *out, size_t begin, struct str part)
{
	if (out->n > begin && part.n)
		buf_add_char(out, '\n');
	buf_add_str(out, part);
}

/* For people: the overview, if there are several; those with a cause; the others. */
static void write_pages(struct command_run *run, struct diagnose_run *own)
{
	size_t begin;

	basis_unread_text(&run->text, run->basis, run->style);
	begin = run->text.n;
	if (own->matched > 1)
		fleet_overview(&run->text, own->fleet, run->style);
	diagnosis_end(&own->out, own->fleet);
	add_page(&run->text, begin, buf_str(&own->out.page.out));
	add_page(&run->text, begin, buf_str(&own->quiet.page.out));
}

static int finish_diagnoses(struct command_run *run, struct err *err)
{
	struct diagnose_run *own = run->own;

	fleet_finish(own->fleet);
	finish_onsets(own);
	if (own->grouped)
		own->format->groups(&run->text, own->fleet, run->basis, run->style, own->limit);
	else if (is_for_people(run))
		write_pages(run, own);
	else
		diagnosis_end(&own->out, own->fleet);
	return 0;
}

/* Without a diagnosed pod the conditions cannot be judged. */
static void judge_causes(struct command_run *run, struct fail_on *fail_on)
{
	struct diagnose_run *own = run->own;
	const struct option_list *conditions = &run->options->fail_on;

	cause_choice_holds(&own->causes, &fail_on->holds);
	for (size_t i = 0; run->whole && !own->diagnosed && i < conditions->n; i++)
		buf_printf(&fail_on->unjudged,
			   "lunettes: --fail-on %s cannot be judged: no pod was diagnosed\n",
			   conditions->items[i]);
}

static void note_diagnoses(struct command_run *run, int result, struct buf *text)
{
	const struct diagnose_run *own = run->own;

	configure_notes(run->options, &run->settings, text);
	if (result < 0)
		return;
	choice_note(&run->choice, text);
	/* the pods that were named, where the format does not show those that are left out */
	if (run->options->n_pods && !own->format->excluded)
		choice_note_exclusions(own->fleet->exclusions,
				       "lunettes: left out and not diagnosed: ", text);
	if (own->beyond)
		buf_printf(text, "lunettes: %llu more pod%s; --limit shows more\n",
			   (unsigned long long)own->beyond, own->beyond == 1 ? "" : "s");
}

static void free_diagnoses(struct command_run *run)
{
	struct diagnose_run *own = run->own;

	diagnosis_free(&own->out);
	diagnosis_free(&own->quiet);
	cause_choice_free(&own->causes);
	fleet_free(own->fleet);
	onsets_free(own->onsets);
	map_free(&own->waited_for);
	arena_free(&own->arena);
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
	.own_size = sizeof(struct diagnose_run),
	.prepare = prepare_diagnoses,
	.begin = begin_diagnoses,
	.observe = observe_object,
	.finish = finish_diagnoses,
	.judge = judge_causes,
	.notes = note_diagnoses,
	.release = free_diagnoses,
};
/* clang-format on */
