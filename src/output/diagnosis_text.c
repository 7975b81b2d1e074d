/* SPDX-License-Identifier: Apache-2.0 */
/* One pod's diagnosis, as a good colleague tells it: verdict, cause, what to do, proof, context. */
#include "output/codes.h"
#include "output/diagnosis.h"
#include "output/phrase.h"
#include "output/text.h"
#include "timeline/lifecycle.h"

enum { AROUND_BEFORE = 3, AROUND_AFTER = 4, LABEL = 10 };

struct page {
	struct buf *out;
	const struct timeline *t;
	const struct delivery *d;
	const struct diagnosis *diagnosis;
	const struct basis *basis;
	struct table_style style;
	struct buf line;
};

/* What has been gathered in line, behind a label, wrapped. */
static void flush(struct page *p, const char *label)
{
	struct buf whole = { 0 };

	buf_printf(&whole, "  %-*s ", LABEL, label);
	buf_add_str(&whole, buf_str(&p->line));
	buf_add_char(&whole, '\n');
	phrase_add_wrapped(p->out, buf_str(&whole), p->style.width);
	buf_free(&whole);
	buf_reset(&p->line);
}

static void safe(struct page *p, struct str text)
{
	text_add_safe(&p->line, text, p->style.ascii);
}

static void add_head(struct page *p)
{
	struct buf name = { 0 };
	bool claim = p->t->kind == OBJECT_CLAIM;
	const char *done = claim ? "bound" : "delivered";

	buf_printf(
	    &name, "%s/" STR_FMT "/" STR_FMT, claim ? "pvc" : "pod", STR_ARG(p->t->namespace),
	    STR_ARG(p->t->name.n || !p->t->generate_name.p ? p->t->name : p->t->generate_name));
	buf_printf(p->out, "%s", p->style.bold ? "\033[1m" : "");
	text_add_safe(p->out, buf_str(&name), p->style.ascii);
	buf_printf(p->out, "%s: " STR_FMT, p->style.bold ? "\033[0m" : "",
		   STR_ARG(verdict_name(p->d->verdict)));
	buf_free(&name);
	if (p->d->total != NSEC_NONE) {
		buf_printf(p->out, ", %s in ", done);
		phrase_add_duration(p->out, p->d->total);
	} else if (p->d->until != NSEC_NONE && p->t->marks[MILESTONE_CREATED].at != NSEC_NONE) {
		buf_printf(p->out, ", not %s after ", done);
		phrase_add_duration(p->out, p->d->until - p->t->marks[MILESTONE_CREATED].at);
	}
	buf_add_char(p->out, '\n');
}

static void add_cause(struct page *p, const struct cause *c)
{
	safe(p, c->rule->code);
	buf_printf(&p->line, " (" STR_FMT "), scope " STR_FMT ", confidence " STR_FMT,
		   STR_ARG(c->rule->id), STR_ARG(scope_name(c->scope)),
		   STR_ARG(confidence_name(c->confidence)));
	flush(p, "cause");
	safe(p, c->summary);
	flush(p, "");
	if (c->owner != OWNER_NONE) {
		safe(p, owner_word(c->owner));
		flush(p, "owner");
	}
	safe(p, c->advice);
	flush(p, "to do");
}

static void add_where(struct page *p, const struct entry *e)
{
	safe(p, basis_file(p->basis, e->position));
	buf_printf(&p->line, ":%llu", (unsigned long long)e->position.line);
	if (e->audit_id.n) {
		buf_printf(&p->line, " auditID ");
		safe(p, e->audit_id);
	}
}

static void add_time(struct page *p, nsec at)
{
	char text[CLOCK_TEXT];

	if (at == NSEC_NONE)
		return;
	buf_add(&p->line, text, clock_format_in(p->style.zone, at, 3, text));
	buf_add_char(&p->line, ' ');
}

static void add_evidence(struct page *p, const struct cause *c)
{
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct entry *e = c->evidence[i];
		const struct fact *f = &e->fact;

		add_time(p,
			 f->kind == FACT_EVENT && f->begin != NSEC_NONE ? f->begin : e->received);
		safe(p, e->actor.p ? e->actor : origin_name(e->writer));
		buf_printf(&p->line, ": ");
		safe(p, f->kind == FACT_EVENT ? f->reason : fact_kind_name(f->kind));
		if (f->subject.n) {
			buf_add_char(&p->line, ' ');
			safe(p, f->subject);
		}
		if (f->kind != FACT_EVENT && f->reason.n) {
			buf_add_char(&p->line, ' ');
			safe(p, f->reason);
		}
		if (f->kind == FACT_TERMINATED || (f->kind == FACT_CREATE && f->code))
			buf_printf(&p->line, " %d", f->code);
		if (f->message.n) {
			buf_printf(&p->line, ": ");
			safe(p, f->message);
		}
		buf_printf(&p->line, " [");
		add_where(p, e);
		buf_add_char(&p->line, ']');
		flush(p, i ? "" : "evidence");
	}
	if (c->times > 1) {
		buf_printf(&p->line, "%u times, the last at ", c->times);
		add_time(p, c->last);
		flush(p, "");
	}
}

static void add_contributing(struct page *p)
{
	for (size_t i = 0; i < p->diagnosis->n_contributing; i++) {
		const struct cause *c = &p->diagnosis->contributing[i];

		safe(p, c->rule->code);
		if (c->subject.n) {
			buf_add_char(&p->line, ' ');
			safe(p, c->subject);
		}
		buf_printf(&p->line, " (" STR_FMT "%s): ", STR_ARG(scope_name(c->scope)),
			   c->healed ? ", passed" : "");
		safe(p, c->summary);
		flush(p, i ? "" : "also");
	}
}

/* The rows of its life around the time of the cause. */
static void add_around(struct page *p, nsec at)
{
	struct arena arena = { 0 };
	const struct life_row *rows;
	size_t n = life_rows(p->t, &arena, &rows), middle = 0;

	while (middle + 1 < n && rows[middle].at < at)
		middle++;
	for (size_t i = middle > AROUND_BEFORE ? middle - AROUND_BEFORE : 0;
	     i < n && i < middle + AROUND_AFTER; i++) {
		add_time(p, rows[i].at);
		safe(p, rows[i].who);
		buf_add_char(&p->line, ' ');
		safe(p, rows[i].operation);
		if (rows[i].reason.n) {
			buf_add_char(&p->line, ' ');
			safe(p, rows[i].reason);
		}
		flush(p,
		      i == (middle > AROUND_BEFORE ? middle - AROUND_BEFORE : 0) ? "around" : "");
	}
	arena_free(&arena);
}

static void add_nothing(struct page *p)
{
	const struct diagnosis *d = p->diagnosis;

	buf_printf(&p->line,
		   p->d->verdict == VERDICT_OPEN
		       ? "none: the log ends before it is %s, and nothing is wrong so far"
		       : "none: nothing went wrong that the log shows",
		   p->t->kind == OBJECT_CLAIM ? "bound" : "delivered");
	flush(p, "cause");
	if (d->longest == STAGE_COUNT)
		return;
	safe(p, str_from(lifecycle_rows[d->longest].name));
	if (d->longest_subject.n) {
		buf_add_char(&p->line, ' ');
		safe(p, d->longest_subject);
	}
	buf_printf(&p->line, ", ");
	phrase_add_duration(&p->line, d->longest_time);
	flush(p, "longest");
}

void diagnosis_text_pod(struct buf *out, const struct timeline *t, const struct delivery *d,
			const struct diagnosis *diagnosis, const struct basis *basis,
			struct table_style style)
{
	struct page p = {
		.out = out, .t = t, .d = d, .diagnosis = diagnosis, .basis = basis, .style = style
	};

	add_head(&p);
	if (diagnosis->primary) {
		add_cause(&p, diagnosis->primary);
		add_evidence(&p, diagnosis->primary);
	} else {
		add_nothing(&p);
	}
	add_contributing(&p);
	if (diagnosis->primary)
		add_around(&p, diagnosis->primary->first);
	buf_free(&p.line);
}
