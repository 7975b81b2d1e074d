/* SPDX-License-Identifier: Apache-2.0 */
/* One pod's diagnosis, to be pasted into an issue. */
#include "page/codes.h"
#include "page/diagnosis_parts.h"
#include "page/markdown.h"
#include "page/text.h"

struct sheet {
	struct buf *out;
	struct buf text, safe;
};

/* What has been gathered in text, as Markdown. */
static void flush(struct sheet *s)
{
	buf_reset(&s->safe);
	text_add_safe(&s->safe, buf_str(&s->text), false);
	markdown_add_text(s->out, buf_str(&s->safe));
	buf_reset(&s->text);
}

static void item(struct sheet *s, const char *key)
{
	buf_printf(s->out, "- **%s**: ", key);
	flush(s);
	buf_add_char(s->out, '\n');
}

static void add_cause(struct sheet *s, const struct cause *c)
{
	buf_printf(&s->text, STR_FMT " (" STR_FMT "), scope " STR_FMT, STR_ARG(c->rule->code),
		   STR_ARG(c->rule->id), STR_ARG(scope_name(c->scope)));
	if (c->stage != STAGE_COUNT)
		buf_printf(&s->text, ", stage " STR_FMT, STR_ARG(diagnosis_stage(c->stage)));
	buf_printf(&s->text, ", confidence " STR_FMT, STR_ARG(confidence_name(c->confidence)));
	item(s, "cause");
	buf_add_str(&s->text, c->summary);
	item(s, "what");
	buf_add_str(&s->text, c->owner == OWNER_NONE ? STR("undecided") : owner_name(c->owner));
	item(s, "owner");
	buf_add_str(&s->text, c->advice);
	item(s, "to do");
}

static void add_evidence(struct sheet *s, const struct cause *c, const struct basis *basis,
			 struct table_style style)
{
	static const struct table_column columns[] = { { .name = "TIME" },
						       { .name = "ACTOR" },
						       { .name = "FACT" },
						       { .name = "WHERE" },
						       { .name = "AUDIT ID" } };
	struct table t;

	if (!c->n_evidence)
		return;
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct entry *e = c->evidence[i];

		if (diagnosis_again(c, i) && diagnosis_same_record(c, i))
			continue;
		table_put(&t, cell_time(diagnosis_time(e)));
		table_put(&t, cell_str(diagnosis_actor(e)));
		if (diagnosis_again(c, i))
			buf_add_str(&s->text, STR("the same"));
		else
			diagnosis_add_fact(&s->text, e);
		if (e->fact.message.n && !diagnosis_again(c, i)) {
			buf_add_str(&s->text, STR(": "));
			buf_add_str(&s->text, diagnosis_same_message(c, i) ? STR("the same message")
									   : e->fact.message);
		}
		table_put(&t, cell_str(buf_str(&s->text)));
		buf_reset(&s->text);
		buf_printf(&s->text, STR_FMT ":%llu", STR_ARG(basis_file(basis, e->position)),
			   (unsigned long long)e->position.line);
		table_put(&t, cell_str(buf_str(&s->text)));
		buf_reset(&s->text);
		table_put(&t, cell_str(e->audit_id));
	}
	buf_add_char(s->out, '\n');
	markdown_add_table(s->out, &t, style);
	table_free(&t);
	diagnosis_add_times(&s->text, c, style.zone);
	if (s->text.n) {
		buf_add_char(s->out, '\n');
		flush(s);
		buf_add_char(s->out, '\n');
	}
}

static void add_also(struct sheet *s, const struct diagnosis *d)
{
	for (size_t i = 0; i < d->n_contributing; i++) {
		const struct cause *c = &d->contributing[i];

		buf_add_str(s->out, i ? STR("- ") : STR("\nAlso:\n\n- "));
		buf_printf(&s->text, STR_FMT, STR_ARG(c->rule->code));
		if (c->subject.n)
			buf_printf(&s->text, " of " STR_FMT, STR_ARG(c->subject));
		buf_printf(&s->text, " (" STR_FMT "%s): ", STR_ARG(scope_name(c->scope)),
			   c->healed ? ", passed" : "");
		buf_add_str(&s->text, c->summary);
		flush(s);
		buf_add_char(s->out, '\n');
	}
}

void diagnosis_markdown_pod(struct diagnosis_page *o, const struct diagnosed *p)
{
	struct sheet s = { .out = &o->out };
	const struct cause *c = p->diagnosis ? p->diagnosis->primary : NULL;

	buf_add_str(&o->out, o->told ? STR("\n## ") : STR("## "));
	diagnosis_add_name(&s.text, p->t);
	buf_add_str(&s.text, STR(": "));
	diagnosis_add_verdict(&s.text, p, false);
	flush(&s);
	buf_add_str(&o->out, STR("\n\n"));
	if (c) {
		add_cause(&s, c);
		add_evidence(&s, c, o->basis, o->style);
	} else if (p->diagnosis) {
		buf_add_str(&o->out, STR("No cause to be told.\n"));
	}
	if (p->diagnosis)
		add_also(&s, p->diagnosis);
	buf_free(&s.text);
	buf_free(&s.safe);
}
