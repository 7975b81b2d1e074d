/* SPDX-License-Identifier: Apache-2.0 */
#include "page/onset.h"
#include "page/phrase.h"

enum {
	CHANGES_SHOWN = 4, /* of one write, in a table that is not wide */
	GROUPS_SHOWN = 10,
};

/* Position of the lines about one write: items of that level, or, at 0, below the key "before". */
static void end_line(struct page *p, unsigned level, const char *key)
{
	if (level)
		page_item(p, level, 0);
	else
		page_value(p, key, PAGE_UNCUT);
}

static void add_cluster(struct page *p, const struct basis *basis, const struct write *w)
{
	if (basis->context->cluster_names.n > 1)
		phrase_add(&p->text, STR(" of cluster "), w->cluster.n ? w->cluster : STR("\"\""));
}

static void add_object(struct page *p, const struct basis *basis, const struct write *w)
{
	bool all = !w->name.n;

	phrase_add(&p->text, all ? STR("all objects of kind ") : STR(""), str_from(w->row->kind),
		   STR(" "), all && w->namespace.n ? STR("in namespace ") : STR(""), w->namespace,
		   all || !w->namespace.n ? STR("") : STR("/"), w->name);
	add_cluster(p, basis, w);
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
static void add_after(struct page *p, const struct basis *basis, const struct onset_write *one)
{
	const struct write *w = one->write;

	page_add_duration(p, one->since - w->at);
	buf_printf(&p->text, " after ");
	add_object(p, basis, w);
	buf_printf(&p->text, w->name.n ? " was %s by " : " were %s by ", done_of(w));
	buf_add_str(&p->text, w->actor.n ? w->actor : STR("an unknown user"));
	if (w->impersonator.n)
		phrase_add(&p->text, STR(", as whom "), w->impersonator, STR(" acted"));
}

/* before: unknown, none or a value; after: the same. */
static void add_change(struct buf *out, const struct write_change *c)
{
	buf_add_str(out, c->path);
	if (c->hidden && !c->after.p)
		buf_printf(out, c->before.p ? " added; its value is not shown"
					    : " changed; its values are not shown");
	else if (!c->after.n && c->before.n)
		phrase_add(out, STR(" taken off; it was "), c->before);
	else if (!c->after.n)
		buf_printf(out, " taken off");
	else if (c->before.n)
		phrase_add(out, STR(": "), c->before, STR(" -> "), c->after);
	else
		phrase_add(out, c->before.p ? STR(" added: ") : STR(" set to "), c->after);
}

static void add_changes(struct page *p, const struct write *w, unsigned level)
{
	size_t shown = p->style.wide ? w->n_changes : MIN(w->n_changes, (size_t)CHANGES_SHOWN);
	size_t more = w->n_changes - shown + w->more_changes;
	bool silent = strcmp(done_of(w), "created") == 0 || strcmp(done_of(w), "deleted") == 0;

	for (size_t i = 0; i < shown; i++) {
		add_change(&p->text, &w->changes[i]);
		end_line(p, level, "");
	}
	if (more)
		buf_printf(&p->text, "and %zu more", more);
	else if (w->n_changes || silent)
		return;
	else if (w->subresource.n)
		buf_printf(&p->text, "to how many is not known: the log shows no body of it");
	else
		buf_printf(&p->text, "what changed is not known: the log shows no %s",
			   w->body == WRITE_BARE ? "body of it" : "earlier body");
	end_line(p, level, "");
}

static void add_where(struct page *p, const struct basis *basis, const struct write *w)
{
	buf_printf(&p->text, "[" STR_FMT ":%llu", STR_ARG(basis_file(basis, w->position)),
		   (unsigned long long)w->position.line);
	if (w->audit_id.n)
		phrase_add(&p->text, STR(" auditID "), w->audit_id);
	buf_add_char(&p->text, ']');
}

/* Earlier writes that exceeded the limit of kept ones; false: none. */
static bool add_lack(struct page *p, const struct basis *basis)
{
	const struct writes *writes = basis->writes;

	if (!writes->cut)
		return false;
	buf_printf(&p->text, "Of more writes than can be kept, those from ");
	page_add_time(p, writes->from);
	buf_printf(&p->text, " on were looked at.");
	return true;
}

/* The relation between the pods and the written object. */
static void add_shared(struct page *p, const struct basis *basis, const struct onset_write *one)
{
	const struct write *w = one->write;

	if (one->tie == TIE_WORKLOAD || one->tie == TIE_NODE) {
		buf_printf(&p->text, ": ");
		add_object(p, basis, w);
	} else if (one->tie == TIE_NAMESPACE) {
		phrase_add(&p->text, STR(": namespace "), w->namespace.n ? w->namespace : w->name);
	}
}

static void add_first(struct page *p, const struct basis *basis, const struct fleet_group *g)
{
	const struct onset_write *one = &g->onset->writes[0];

	buf_printf(&p->text, STR_FMT " (" STR_FMT "): %llu of %llu %s", STR_ARG(g->rule->code),
		   STR_ARG(scope_name(g->scope)), (unsigned long long)one->pods,
		   (unsigned long long)g->onset->pods, g->onset->pods == 1 ? "pod" : "pods");
	add_shared(p, basis, one);
	buf_printf(&p->text, ", since ");
	page_add_time(p, one->since);
	buf_printf(&p->text, ", ");
	add_after(p, basis, one);
	page_item(p, 1, 0);
	add_changes(p, one->write, 3);
	add_where(p, basis, one->write);
	page_item(p, 3, 0);
}

static void add_next(struct page *p, const struct basis *basis, const struct onset *onset, size_t i)
{
	const struct onset_write *one = &onset->writes[i];

	buf_printf(&p->text, "also ");
	add_after(p, basis, one);
	if (onset->pods > 1)
		buf_printf(&p->text, " (%llu of %llu pods)", (unsigned long long)one->pods,
			   (unsigned long long)onset->pods);
	buf_add_char(&p->text, ' ');
	add_where(p, basis, one->write);
	page_item(p, 2, 0);
	add_changes(p, one->write, 3);
}

void onset_page_fleet(struct page *p, const struct fleet *f, const struct basis *basis)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct fleet_group *g = &f->groups[i];

		if (!g->onset || !g->onset->n)
			continue;
		if (shown == GROUPS_SHOWN && !p->style.wide) {
			more++;
			continue;
		}
		if (!shown++)
			page_title(p, NULL, "CHANGED JUST BEFORE");
		add_first(p, basis, g);
		for (size_t k = 1; k < g->onset->n; k++)
			add_next(p, basis, g->onset, k);
	}
	if (more) {
		buf_printf(&p->text, "%zu more %s with -o wide.", more,
			   more == 1 ? "cause" : "causes");
		page_paragraph(p, PAGE_INSIDE);
	}
	if (shown) {
		buf_printf(&p->text, "That it came before does not prove that it was the reason.");
		page_paragraph(p, PAGE_INSIDE);
	}
	if (add_lack(p, basis))
		page_paragraph(p, PAGE_INSIDE);
}

void onset_page_pod(struct page *p, const struct onset *onset, const struct basis *basis)
{
	if (!onset)
		return;
	for (size_t i = 0; i < onset->n; i++) {
		const struct onset_write *one = &onset->writes[i];

		buf_printf(&p->text, "it began ");
		add_after(p, basis, one);
		buf_printf(&p->text, " at ");
		page_add_time(p, one->write->at);
		buf_add_char(&p->text, ' ');
		add_where(p, basis, one->write);
		end_line(p, 0, i ? "" : "before");
		add_changes(p, one->write, 0);
	}
	if (add_lack(p, basis))
		end_line(p, 0, "");
}
