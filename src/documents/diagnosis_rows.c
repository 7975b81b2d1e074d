/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnoses as CSV or TSV: one row per pod. */
#include "documents/diagnosis.h"
#include "page/diagnosis_parts.h"

static const char *const columns[] = { "cluster", "namespace",	"name",	   "uid",   "verdict",
				       "scope",	  "code",	"owner",   "stage", "subject",
				       "summary", "confidence", "first",   "last",  "times",
				       "node",	  "workload",	"evidence" };

static void begin_rows(struct diagnosis_out *o)
{
	o->csv = csv_of(&o->page.out, o->page.style.tabs);
	if (!o->page.style.no_headers)
		csv_put_keys(&o->csv, columns, ARRAY_SIZE(columns));
}

static void put_cause(struct diagnosis_out *o, const struct cause *c)
{
	csv_put_fields(&o->csv, scope_name(c->scope), c->rule->code, owner_name(c->owner),
		       stage_word(c->stage), c->subject, c->summary,
		       confidence_name(c->confidence));
	csv_put_cell(&o->csv, cell_time(c->first));
	csv_put_cell(&o->csv, cell_time(c->last));
	csv_put_cell(&o->csv, cell_count(c->times));
}

static void put_row(struct diagnosis_out *o, const struct diagnosed *p)
{
	const struct cause *c = p->diagnosis->primary;
	const struct timeline *t = p->t;
	struct buf text = { 0 };

	csv_put_fields(&o->csv, t->cluster, t->namespace, t->name.n ? t->name : t->generate_name,
		       t->uid, verdict_name(p->d->verdict));
	if (c)
		put_cause(o, c);
	for (unsigned i = 0; !c && i < 10; i++)
		csv_put(&o->csv, STR(""));
	csv_put(&o->csv, t->node);
	if (t->workload_name.n)
		buf_printf(&text, STR_FMT "/" STR_FMT, STR_ARG(t->workload_kind),
			   STR_ARG(t->workload_name));
	csv_put(&o->csv, buf_str(&text));
	buf_reset(&text);
	if (c && c->n_evidence)
		buf_printf(&text, STR_FMT ":%llu",
			   STR_ARG(basis_file(o->page.basis, c->evidence[0]->position)),
			   (unsigned long long)c->evidence[0]->position.line);
	csv_put(&o->csv, buf_str(&text));
	csv_end_row(&o->csv);
	buf_free(&text);
}

const struct diagnosis_form diagnosis_as_rows = { .begin = begin_rows, .put = put_row };
