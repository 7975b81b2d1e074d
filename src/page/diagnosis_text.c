/* SPDX-License-Identifier: Apache-2.0 */
/* One pod's diagnosis, as a good colleague tells it: verdict, cause, what to do, proof, context. */
#include "page/codes.h"
#include "page/diagnosis_parts.h"
#include "page/onset.h"
#include "page/phrase.h"
#include "page/pod_story.h"
#include "page/text.h"

enum {
	LABEL = 12,	   /* columns of "  to do     " */
	WHEN = 14,	   /* of "10:11:28.396  " */
	MESSAGE_LINES = 3, /* a longer message is cut here, but never in documents */
};

struct page {
	struct buf *out;
	const struct diagnosed *p;
	const struct diagnosis *diagnosis;
	const struct basis *basis;
	struct table_style style;
	struct buf text, safe;
};

static void bold(struct page *p, const char *on)
{
	if (p->style.bold)
		buf_printf(p->out, "\033[%sm", on);
}

/* What has been gathered in text, made safe, set in. */
static void add_column(struct page *p, size_t indent, unsigned lines)
{
	buf_reset(&p->safe);
	text_add_safe(&p->safe, buf_str(&p->text), p->style.ascii);
	phrase_add_column(p->out, buf_str(&p->safe),
			  (struct phrase_column){ indent, p->style.width, lines, p->style.ascii });
	buf_add_char(p->out, '\n');
	buf_reset(&p->text);
}

static void add_line(struct page *p, const char *label)
{
	buf_printf(p->out, "  %-*s", LABEL - 2, label);
	add_column(p, LABEL, 0);
}

static void add_title(struct page *p, const char *title)
{
	buf_add_char(p->out, '\n');
	bold(p, "1");
	buf_printf(p->out, "%s", title);
	bold(p, "0");
}

static void add_head(struct page *p)
{
	diagnosis_add_name(&p->text, p->p->t);
	bold(p, "1");
	text_add_safe(p->out, buf_str(&p->text), p->style.ascii);
	bold(p, "0");
	buf_reset(&p->text);
	buf_add_str(p->out, STR(": "));
	diagnosis_add_verdict(p->out, p->p, p->style.ascii);
}

static void add_cause(struct page *p, const struct cause *c)
{
	static const char *const why[] = { "it may be only an effect",
					   "no text or exit code proves it",
					   "a text or an exit code proves it" };

	buf_printf(&p->text, STR_FMT " (" STR_FMT ")", STR_ARG(c->rule->code),
		   STR_ARG(c->rule->id));
	if (c->subject.n)
		buf_printf(&p->text, " of " STR_FMT, STR_ARG(c->subject));
	buf_printf(&p->text, ", in its %s",
		   c->scope == SCOPE_CREATE ? "delivery"
		   : c->scope == SCOPE_RUN  ? "run"
					    : "deletion");
	if (c->stage != STAGE_COUNT && c->scope == SCOPE_CREATE)
		buf_printf(&p->text, ", stage " STR_FMT, STR_ARG(diagnosis_stage(c->stage)));
	add_line(p, "cause");
	buf_add_str(&p->text, c->summary);
	add_line(p, "");
	buf_add_str(&p->text, c->owner == OWNER_NONE ? STR("undecided") : owner_name(c->owner));
	buf_printf(&p->text, " (confidence " STR_FMT ": %s)",
		   STR_ARG(confidence_name(c->confidence)),
		   c->confidence == CONFIDENCE_LOW && !c->rule->symptom ? "no rule holds"
									: why[c->confidence]);
	add_line(p, "owner");
	buf_add_str(&p->text, c->advice);
	add_line(p, "to do");
}

/* FILE:LINE and auditID; the folders only where there is room for them. */
static void add_where(struct page *p, const struct entry *e)
{
	struct str file = basis_file(p->basis, e->position), folder, name = file;
	size_t room = p->style.width,
	       id = e->audit_id.n ? sizeof("  auditID ") - 1 + e->audit_id.n : 0;

	buf_printf(&p->text, STR_FMT ":%llu", STR_ARG(file), (unsigned long long)e->position.line);
	if (room && 2 + WHEN + p->text.n + id > room && str_cut_last(file, '/', &folder, &name)) {
		buf_reset(&p->text);
		buf_printf(&p->text, STR_FMT ":%llu", STR_ARG(name),
			   (unsigned long long)e->position.line);
	}
	text_add_safe(p->out, buf_str(&p->text), p->style.ascii);
	if (id && room && 2 + WHEN + p->text.n + id > room)
		buf_printf(p->out, "\n%*s", 2 + WHEN, "");
	else if (id)
		buf_add_str(p->out, STR("  "));
	buf_reset(&p->text);
	if (id) {
		buf_add_str(p->out, STR("auditID "));
		text_add_safe(p->out, e->audit_id, p->style.ascii);
	}
	buf_add_char(p->out, '\n');
}

/* The day of all times below that do not name another one. */
static void add_day(struct page *p, nsec day)
{
	enum { DAY = sizeof("2026-11-22") - 1, SECONDS = sizeof("2026-11-22T10:11:28") - 1 };
	char text[CLOCK_TEXT];
	size_t n;

	if (!nsec_known(day))
		return;
	n = clock_format_in(p->style.zone, day, 0, text);
	if (p->style.zone)
		buf_printf(p->out, "  %.*s %.*s", DAY, text, (int)(n - SECONDS), text + SECONDS);
	else
		buf_printf(p->out, "  %.*s UTC", DAY, text);
}

static void add_evidence(struct page *p, const struct cause *c)
{
	if (!c->n_evidence)
		return;
	add_title(p, "EVIDENCE");
	add_day(p, c->first);
	buf_add_char(p->out, '\n');
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct entry *e = c->evidence[i];
		size_t before = p->out->n;
		bool again = diagnosis_again(c, i);

		if (again && diagnosis_same_record(c, i))
			continue;
		buf_add_str(p->out, STR("  "));
		diagnosis_add_time(p->out, p->style.zone, diagnosis_time(e), c->first, 3);
		while (p->out->n < before + 2 + WHEN)
			buf_add_char(p->out, ' ');
		buf_printf(&p->text, STR_FMT ": ", STR_ARG(diagnosis_actor(e)));
		if (again)
			buf_add_str(&p->text, STR("the same"));
		else
			diagnosis_add_fact(&p->text, e);
		add_column(p, 2 + WHEN, 0);
		if (e->fact.message.n && !again) {
			buf_printf(p->out, "%*s", 2 + WHEN, "");
			buf_add_str(&p->text, diagnosis_same_message(c, i)
						  ? STR("with the same message")
						  : e->fact.message);
			add_column(p, 2 + WHEN, p->style.width ? MESSAGE_LINES : 0);
		}
		buf_printf(p->out, "%*s", 2 + WHEN, "");
		add_where(p, e);
	}
	diagnosis_add_times(&p->text, c, p->style.zone);
	if (p->text.n) {
		buf_add_str(p->out, STR("  "));
		add_column(p, 2, 0);
	}
}

static void add_also(struct page *p)
{
	const struct diagnosis *d = p->diagnosis;

	for (size_t i = 0; i < d->n_contributing; i++) {
		const struct cause *c = &d->contributing[i];

		if (!i) {
			add_title(p, "ALSO");
			buf_add_char(p->out, '\n');
		}
		buf_printf(&p->text, STR_FMT, STR_ARG(c->rule->code));
		if (c->subject.n)
			buf_printf(&p->text, " of " STR_FMT, STR_ARG(c->subject));
		buf_printf(&p->text, " (" STR_FMT "%s): ", STR_ARG(scope_name(c->scope)),
			   c->healed ? ", passed" : "");
		buf_add_str(&p->text, c->summary);
		buf_add_str(p->out, STR("  "));
		add_column(p, 4, MESSAGE_LINES);
	}
}

/* Nothing is wrong: it is said in a line. */
static void add_nothing(struct page *p)
{
	const struct diagnosis *d = p->diagnosis;

	buf_add_str(p->out, p->p->d->verdict == VERDICT_OPEN
				? STR("; the log ends here, and nothing is wrong so far")
				: STR("; no cause to be told"));
	for (size_t i = 0; i < d->n_contributing; i++) {
		buf_add_str(p->out, i ? STR(", ") : STR(" (seen: "));
		text_add_safe(p->out, d->contributing[i].rule->code, p->style.ascii);
	}
	if (d->n_contributing)
		buf_add_char(p->out, ')');
	if (d->longest == STAGE_COUNT)
		return;
	buf_printf(p->out, "; longest stage: " STR_FMT ", ", STR_ARG(diagnosis_stage(d->longest)));
	waterfall_add_duration(p->out, d->longest_time, p->style.ascii);
}

/* The head, and all there is to say of a pod without a cause. */
static void add_summary(struct page *p, bool ended)
{
	struct buf *out = p->out, line = { 0 };

	if (!ended || p->style.bold) {
		add_head(p);
		if (ended && p->diagnosis)
			add_nothing(p);
		buf_add_char(out, '\n');
		return;
	}
	p->out = &line;
	add_head(p);
	if (p->diagnosis)
		add_nothing(p);
	buf_add_char(&line, '\n');
	p->out = out;
	phrase_add_wrapped(out, buf_str(&line), p->style.width);
	buf_free(&line);
}

void diagnosis_text_pod(struct diagnosis_page *o, const struct diagnosed *pod)
{
	struct page p = { .out = &o->out,
			  .p = pod,
			  .diagnosis = pod->diagnosis,
			  .basis = o->basis,
			  .style = o->style };
	const struct cause *c = pod->diagnosis ? pod->diagnosis->primary : NULL;

	if (c && o->told)
		buf_add_char(&o->out, '\n');
	add_summary(&p, !c);
	if (c) {
		add_cause(&p, c);
		onset_text_pod(p.out, p.diagnosis->onset, p.basis, p.style);
		add_evidence(&p, c);
		add_also(&p);
		diagnosis_text_around(o, pod);
	}
	buf_free(&p.text);
	buf_free(&p.safe);
}
