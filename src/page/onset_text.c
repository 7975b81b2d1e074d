/* SPDX-License-Identifier: Apache-2.0 */
#include "page/onset.h"
#include "page/phrase.h"
#include "page/text.h"

enum {
	CHANGES_TOLD = 4, /* of one write, in a table that is not wide */
	GROUPS_TOLD = 10,
	LABEL = 9, /* and a blank: as in diagnosis_text.c */
};

struct page {
	struct buf *out;
	const struct basis *basis;
	struct table_style style;
	struct buf line;
};

static void safe(struct page *p, struct str text)
{
	text_add_safe(&p->line, text, p->style.ascii);
}

static void add_time(struct page *p, nsec at)
{
	char text[CLOCK_TEXT];

	buf_add(&p->line, text, clock_format_in(p->style.zone, at, 3, text));
}

/* No word is so long that a column would have to shorten it: where a record stands is told whole.
 */
static bool fits_column(const struct page *p, size_t indent)
{
	struct str rest = buf_str(&p->line), word;

	while (str_cut(rest, ' ', &word, &rest))
		if (p->style.width && indent + word.n > p->style.width)
			return false;
	return !p->style.width || indent + rest.n <= p->style.width;
}

/* The line that was gathered, wrapped, so many blanks from the left. */
static void flush(struct page *p, unsigned indent, const char *label)
{
	struct buf whole = { 0 };
	size_t column = indent + LABEL + 1;

	if (label && fits_column(p, column)) {
		buf_printf(p->out, "%*s%-*s ", (int)indent, "", LABEL, label);
		phrase_add_column(
		    p->out, buf_str(&p->line),
		    (struct phrase_column){ column, p->style.width, 0, p->style.ascii });
		buf_add_char(p->out, '\n');
		buf_reset(&p->line);
		return;
	}
	buf_printf(&whole, "%*s", (int)indent, "");
	if (label)
		buf_printf(&whole, "%-*s ", LABEL, label);
	buf_add_str(&whole, buf_str(&p->line));
	buf_add_char(&whole, '\n');
	phrase_add_wrapped(p->out, buf_str(&whole), p->style.width);
	buf_free(&whole);
	buf_reset(&p->line);
}

static void add_object(struct page *p, const struct write *w)
{
	bool all = !w->name.n;

	buf_printf(&p->line, "%s%s ", all ? "all objects of kind " : "", w->row->kind);
	if (all && w->namespace.n)
		buf_printf(&p->line, "in namespace ");
	if (w->namespace.n)
		safe(p, w->namespace);
	if (w->namespace.n && !all)
		buf_add_char(&p->line, '/');
	safe(p, w->name);
	if (p->basis->context->cluster_names.n > 1) {
		buf_printf(&p->line, " of cluster ");
		safe(p, w->cluster.n ? w->cluster : STR("\"\""));
	}
}

static const char *done_of(const struct write *w)
{
	if (w->subresource.n)
		return "scaled";
	if (str_starts(w->verb, STR("delete")))
		return "deleted";
	return str_eq(w->verb, STR("create")) || w->status == 201 ? "created" : "changed";
}

/* 3.00s after Deployment shop/web was changed by alice */
static void add_after(struct page *p, const struct onset_write *one)
{
	const struct write *w = one->write;

	phrase_add_duration(&p->line, one->since - w->at);
	buf_printf(&p->line, " after ");
	add_object(p, w);
	buf_printf(&p->line, w->name.n ? " was %s by " : " were %s by ", done_of(w));
	safe(p, w->actor.n ? w->actor : STR("an unknown user"));
	if (w->impersonator.n) {
		buf_printf(&p->line, ", as whom ");
		safe(p, w->impersonator);
		buf_printf(&p->line, " acted");
	}
}

/* before: unknown, none or a value; after: likewise. */
static void add_change(struct page *p, const struct write_change *c)
{
	safe(p, c->path);
	if (c->hidden && !c->after.p) {
		buf_printf(&p->line, c->before.p ? " added; its value is not shown"
						 : " changed; its values are not shown");
	} else if (!c->after.n) {
		buf_printf(&p->line, " taken off");
		if (c->before.n) {
			buf_printf(&p->line, "; it was ");
			safe(p, c->before);
		}
	} else if (c->before.n) {
		buf_printf(&p->line, ": ");
		safe(p, c->before);
		buf_printf(&p->line, " -> ");
		safe(p, c->after);
	} else {
		buf_printf(&p->line, c->before.p ? " added: " : " set to ");
		safe(p, c->after);
	}
}

static void add_changes(struct page *p, const struct write *w, unsigned indent, const char *label)
{
	size_t told = p->style.wide ? w->n_changes : MIN(w->n_changes, (size_t)CHANGES_TOLD);
	size_t more = w->n_changes - told + w->more_changes;
	bool silent = strcmp(done_of(w), "created") == 0 || strcmp(done_of(w), "deleted") == 0;

	for (size_t i = 0; i < told; i++) {
		add_change(p, &w->changes[i]);
		flush(p, indent, label);
	}
	if (more) {
		buf_printf(&p->line, "and %zu more", more);
		flush(p, indent, label);
	}
	if (w->n_changes || silent)
		return;
	if (w->subresource.n)
		buf_printf(&p->line, "to how many is not known: the log shows no body of it");
	else
		buf_printf(&p->line,
			   w->body == WRITE_BARE
			       ? "what changed is not known: the log shows no body of it"
			       : "what changed is not known: the log shows no earlier body");
	flush(p, indent, label);
}

static void add_where(struct page *p, const struct write *w)
{
	buf_add_char(&p->line, '[');
	safe(p, basis_file(p->basis, w->position));
	buf_printf(&p->line, ":%llu", (unsigned long long)w->position.line);
	if (w->audit_id.n) {
		buf_printf(&p->line, " auditID ");
		safe(p, w->audit_id);
	}
	buf_add_char(&p->line, ']');
}

/* Writes before that were too many to be kept. */
static void add_lack(struct page *p, unsigned indent, const char *label)
{
	const struct writes *writes = p->basis->writes;

	if (!writes->cut)
		return;
	buf_printf(&p->line, "Of more writes than can be kept, those from ");
	add_time(p, writes->from);
	buf_printf(&p->line, " on were looked at.");
	flush(p, indent, label);
}

/* What the pods share that the write touches; what the write is to says it already, or nothing. */
static void add_shared(struct page *p, const struct onset_write *one)
{
	const struct write *w = one->write;

	if (one->tie == TIE_WORKLOAD || one->tie == TIE_NODE) {
		buf_printf(&p->line, ": ");
		add_object(p, w);
	} else if (one->tie == TIE_NAMESPACE) {
		buf_printf(&p->line, ": namespace ");
		safe(p, w->namespace.n ? w->namespace : w->name);
	}
}

static void add_first(struct page *p, const struct fleet_group *g)
{
	const struct onset_write *one = &g->onset->writes[0];

	safe(p, g->rule->code);
	buf_printf(&p->line, " (" STR_FMT "): %llu of %llu %s", STR_ARG(scope_name(g->scope)),
		   (unsigned long long)one->pods, (unsigned long long)g->onset->pods,
		   g->onset->pods == 1 ? "pod" : "pods");
	add_shared(p, one);
	buf_printf(&p->line, ", since ");
	add_time(p, one->since);
	buf_printf(&p->line, ", ");
	add_after(p, one);
	flush(p, 2, NULL);
	add_changes(p, one->write, 6, NULL);
	add_where(p, one->write);
	flush(p, 6, NULL);
}

static void add_next(struct page *p, const struct onset *onset, size_t i)
{
	const struct onset_write *one = &onset->writes[i];

	buf_printf(&p->line, "also ");
	add_after(p, one);
	if (onset->pods > 1)
		buf_printf(&p->line, " (%llu of %llu pods)", (unsigned long long)one->pods,
			   (unsigned long long)onset->pods);
	buf_add_char(&p->line, ' ');
	add_where(p, one->write);
	flush(p, 4, NULL);
	add_changes(p, one->write, 6, NULL);
}

void onset_text_fleet(struct buf *out, const struct fleet *f, const struct basis *basis,
		      struct table_style style)
{
	struct page p = { .out = out, .basis = basis, .style = style };
	size_t told = 0, more = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct fleet_group *g = &f->groups[i];

		if (!g->onset || !g->onset->n)
			continue;
		if (told == GROUPS_TOLD && !style.wide) {
			more++;
			continue;
		}
		if (!told++)
			buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n",
				   "CHANGED JUST BEFORE");
		add_first(&p, g);
		for (size_t k = 1; k < g->onset->n; k++)
			add_next(&p, g->onset, k);
	}
	if (more) {
		buf_printf(&p.line, "%zu more %s with -o wide.", more,
			   more == 1 ? "cause" : "causes");
		flush(&p, 2, NULL);
	}
	if (told) {
		buf_printf(&p.line, "That it came before does not prove that it was the reason.");
		flush(&p, 2, NULL);
	}
	add_lack(&p, 2, NULL);
	buf_free(&p.line);
}

void onset_text_pod(struct buf *out, const struct onset *onset, const struct basis *basis,
		    struct table_style style)
{
	struct page p = { .out = out, .basis = basis, .style = style };

	if (!onset)
		return;
	for (size_t i = 0; i < onset->n; i++) {
		const struct onset_write *one = &onset->writes[i];

		buf_printf(&p.line, "it began ");
		add_after(&p, one);
		buf_printf(&p.line, " at ");
		add_time(&p, one->write->at);
		buf_add_char(&p.line, ' ');
		add_where(&p, one->write);
		flush(&p, 2, i ? "" : "before");
		add_changes(&p, one->write, 2, "");
	}
	add_lack(&p, 2, "");
	buf_free(&p.line);
}
