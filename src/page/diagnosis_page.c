/* SPDX-License-Identifier: Apache-2.0 */
/* One pod's diagnosis: verdict, cause, advice, recent changes, evidence, context. */
#include "base/arena.h"
#include "page/diagnosis_parts.h"
#include "page/onset.h"
#include "page/phrase.h"
#include "page/pod_story.h"

enum {
	LABEL = 12,	   /* columns of "  to do     " */
	MESSAGE_LINES = 3, /* a longer message is shortened here, but never in documents */
};

static void add_value(struct page *p, const char *key, struct str value)
{
	buf_add_str(&p->text, value);
	page_value(p, key, PAGE_SHORTEN);
}

/* Scope and confidence as one word each. */
static void add_brief_cause(struct page *p, const struct cause *c)
{
	buf_printf(&p->text, ", scope " STR_FMT, STR_ARG(scope_name(c->scope)));
	if (c->stage != STAGE_COUNT)
		buf_printf(&p->text, ", stage " STR_FMT, STR_ARG(stage_word(c->stage)));
	buf_printf(&p->text, ", confidence " STR_FMT, STR_ARG(confidence_name(c->confidence)));
	page_value(p, "cause", PAGE_SHORTEN);
	add_value(p, "what", c->summary);
	add_value(p, "owner", owner_or_undecided(c->owner));
}

static void add_whole_cause(struct page *p, const struct cause *c)
{
	static const char *const why[] = { "it may be only an effect",
					   "no text or exit code proves it",
					   "a text or an exit code proves it" };

	if (c->subject.n)
		buf_printf(&p->text, " of " STR_FMT, STR_ARG(c->subject));
	buf_printf(&p->text, ", in its %s",
		   c->scope == SCOPE_CREATE ? "delivery"
		   : c->scope == SCOPE_RUN  ? "run"
					    : "deletion");
	if (c->stage != STAGE_COUNT && c->scope == SCOPE_CREATE)
		buf_printf(&p->text, ", stage " STR_FMT, STR_ARG(stage_word(c->stage)));
	page_value(p, "cause", PAGE_SHORTEN);
	add_value(p, "", c->summary);
	buf_printf(&p->text, STR_FMT " (confidence " STR_FMT ": %s)",
		   STR_ARG(owner_or_undecided(c->owner)), STR_ARG(confidence_name(c->confidence)),
		   c->confidence == CONFIDENCE_LOW && !c->rule->symptom ? "no rule holds"
									: why[c->confidence]);
	page_value(p, "owner", PAGE_SHORTEN);
}

static void add_cause(struct page *p, const struct cause *c)
{
	buf_printf(&p->text, STR_FMT " (" STR_FMT ")", STR_ARG(c->rule->code),
		   STR_ARG(c->rule->id));
	if (page_is_brief(p))
		add_brief_cause(p, c);
	else
		add_whole_cause(p, c);
	add_value(p, "to do", c->advice);
}

static void add_evidence(struct page *p, const struct cause *c, const struct basis *basis)
{
	struct arena arena = { 0 };
	struct page_evidence *list = arena_array(&arena, struct page_evidence, c->n_evidence);
	struct buf fact = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct entry *e = c->evidence[i];
		bool again = diagnosis_again(c, i);

		if (again && diagnosis_same_record(c, i))
			continue;
		buf_reset(&fact);
		diagnosis_add_fact(&fact, e);
		list[n++] = (struct page_evidence){ .at = diagnosis_time(e),
						    .actor = diagnosis_actor(e),
						    .fact = arena_str(&arena, buf_str(&fact)),
						    .message = e->fact.message,
						    .file = basis_file(basis, e->position),
						    .line = e->position.line,
						    .audit_id = e->audit_id,
						    .again = again,
						    .same_message = diagnosis_same_message(c, i) };
	}
	page_evidence(p, list, n, c->first);
	diagnosis_add_times(&p->text, c, p->style.zone);
	if (n && p->text.n)
		page_paragraph(p, PAGE_INSIDE);
	buf_reset(&p->text);
	buf_free(&fact);
	arena_free(&arena);
}

static void add_also(struct page *p, const struct diagnosis *d)
{
	if (d->n_contributing)
		page_subtitle(p, "ALSO");
	for (size_t i = 0; i < d->n_contributing; i++) {
		const struct cause *c = &d->contributing[i];

		buf_printf(&p->text, STR_FMT, STR_ARG(c->rule->code));
		if (c->subject.n)
			buf_printf(&p->text, " of " STR_FMT, STR_ARG(c->subject));
		phrase_add(&p->text, STR(" ("), scope_name(c->scope),
			   c->healed ? STR(", passed): ") : STR("): "), c->summary);
		page_item(p, 1, MESSAGE_LINES);
	}
}

/* A healthy pod is one line, the rest of the heading. */
static void add_nothing(struct page *p, const struct diagnosed *pod)
{
	const struct diagnosis *d = pod->diagnosis;

	buf_add_str(&p->text, pod->d->verdict == VERDICT_OPEN
				  ? STR("; the log ends here, and nothing is wrong so far")
				  : STR("; no cause to be told"));
	for (size_t i = 0; i < d->n_contributing; i++)
		buf_printf(&p->text, "%s" STR_FMT,
			   i ? ", " : " (seen: ", STR_ARG(d->contributing[i].rule->code));
	if (d->n_contributing)
		buf_add_char(&p->text, ')');
	if (d->longest == STAGE_COUNT)
		return;
	buf_printf(&p->text, "; longest stage: " STR_FMT ", ", STR_ARG(stage_word(d->longest)));
	page_add_duration(p, d->longest_time);
}

static void add_head(struct page *p, const struct diagnosed *pod, const struct cause *cause)
{
	struct buf name = { 0 };

	diagnosis_add_name(&name, pod->t);
	buf_add_str(&p->text, STR(": "));
	diagnosis_add_verdict(&p->text, pod, p->style.ascii);
	if (!cause && pod->diagnosis && !page_is_brief(p))
		add_nothing(p, pod);
	page_head(p, buf_str(&name), !cause);
	buf_free(&name);
}

void diagnosis_page_pod(struct diagnosis_page *o, const struct diagnosed *pod)
{
	struct page p = page_of(&o->out, o->style);
	const struct diagnosis *d = pod->diagnosis;
	const struct cause *c = d ? d->primary : NULL;

	p.label = LABEL;
	if (c)
		page_gap(&p);
	add_head(&p, pod, c);
	if (c) {
		add_cause(&p, c);
		onset_page_pod(&p, d->onset, o->basis);
		add_evidence(&p, c, o->basis);
	} else if (d && page_is_brief(&p)) {
		buf_printf(&p.text, "No cause to be told.");
		page_paragraph(&p, PAGE_BELOW);
	}
	if (c || (d && page_is_brief(&p)))
		add_also(&p, d);
	if (c && !page_is_brief(&p))
		o->legend |= diagnosis_page_around(&p, pod, o->basis);
	page_free(&p);
}

void diagnosis_page_end(struct diagnosis_page *o)
{
	struct page p = page_of(&o->out, o->style);

	if (o->legend && !o->style.no_headers) {
		page_gap(&p);
		waterfall_legend(&p);
	}
	page_free(&p);
}
