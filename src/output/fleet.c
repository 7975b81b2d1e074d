/* SPDX-License-Identifier: Apache-2.0 */
/* The causes of many pods: a table, and the document DiagnosisReport. */
#include "output/codes.h"
#include "output/diagnosis.h"
#include "output/phrase.h"
#include "output/put.h"

/* The trait that tells the most: shared by at least two pods and by four fifths of them. */
static const struct trait_share *common(const struct fleet_group *g, enum trait *ret)
{
	for (unsigned k = 0; k < TRAIT_COUNT; k++) {
		const struct trait_share *s = &g->traits[k];

		if (s->value.p && s->pods >= 2 && s->pods * 5 >= g->pods * 4) {
			*ret = (enum trait)k;
			return s;
		}
	}
	return NULL;
}

static void add_table(struct buf *out, const struct fleet *f, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "PODS", .align = TABLE_RIGHT },
		{ .name = "CLAIMS", .align = TABLE_RIGHT, .sparse = true },
		{ .name = "CODE", .min_width = 20 },
		{ .name = "SCOPE" },
		{ .name = "OWNER" },
		{ .name = "FIRST", .drop = 2 },
		{ .name = "LAST", .wide_only = true },
		{ .name = "IN COMMON", .min_width = 16, .drop = 1 },
		{ .name = "FOR EXAMPLE", .min_width = 16 },
	};
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < f->n; i++) {
		const struct fleet_group *g = &f->groups[i];
		enum trait trait = TRAIT_COUNT;
		const struct trait_share *s = common(g, &trait);

		buf_reset(&text);
		if (s)
			buf_printf(&text, STR_FMT " " STR_FMT ": %llu of %llu",
				   STR_ARG(trait_name(trait)), STR_ARG(s->value),
				   (unsigned long long)s->pods, (unsigned long long)g->pods);
		table_put(&t, cell_count(g->pods));
		table_put(&t, g->claims ? cell_count(g->claims) : cell_str(STR("")));
		table_put(&t, cell_str(g->rule->code));
		table_put(&t, cell_str(scope_name(g->scope)));
		table_put(&t, cell_str(owner_word(g->rule->owner)));
		table_put(&t, cell_time(g->first));
		table_put(&t, cell_time(g->last));
		table_put(&t, cell_str(buf_str(&text)));
		table_put(&t, cell_str(g->example.p ? g->example : STR("")));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
}

static void add_sum(struct buf *out, uint64_t causes, const uint64_t *verdicts)
{
	buf_printf(out, ": ");
	phrase_add_count(out, causes, "has", "have");
	buf_printf(out, " a cause to be told");
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (verdicts[v])
			buf_printf(out, ", %llu " STR_FMT, (unsigned long long)verdicts[v],
				   STR_ARG(verdict_name((enum verdict)v)));
	buf_add_char(out, '\n');
}

void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style)
{
	struct buf text = { 0 };

	basis_text(&text, basis, style);
	buf_add_char(&text, '\n');
	phrase_add_count(&text, f->pods, "pod", "pods");
	add_sum(&text, f->pods - f->healthy, f->verdicts);
	if (f->claims) {
		phrase_add_count(&text, f->claims, "claim", "claims");
		add_sum(&text, f->claims - f->healthy_claims, f->claim_verdicts);
	}
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
	if (!f->n)
		return;
	buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", "CAUSES");
	add_table(out, f, style);
	buf_printf(out,
		   "\nlunettes diagnose pod/NAMESPACE/NAME tells one pod's; lunettes codes CODE "
		   "explains.\n");
}

static void put_group(struct json_writer *w, const struct fleet_group *g)
{
	json_begin_object(w);
	put_str(w, "code", g->rule->code);
	put_str(w, "id", g->rule->id);
	put_str(w, "scope", scope_name(g->scope));
	put_str(w, "owner", owner_word(g->rule->owner));
	put_u64(w, "pods", g->pods);
	put_u64(w, "claims", g->claims);
	put_time(w, "first", g->first);
	put_time(w, "last", g->last);
	put_maybe(w, "example", g->example);
	put_array(w, "inCommon");
	for (unsigned k = 0; k < TRAIT_COUNT; k++) {
		if (!g->traits[k].value.p)
			continue;
		json_begin_object(w);
		put_str(w, "trait", trait_name((enum trait)k));
		put_str(w, "value", g->traits[k].value);
		put_u64(w, "pods", g->traits[k].pods);
		put_u64(w, "ofAllWithIt", g->traits[k].all);
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}

void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "DiagnosisReport");
	basis_json(&w, basis);
	put_object(&w, "totals");
	put_u64(&w, "pods", f->pods);
	put_u64(&w, "healthy", f->healthy);
	put_object(&w, "verdicts");
	for (int v = 0; v < VERDICT_COUNT; v++)
		put_u64(&w, verdict_name((enum verdict)v).p, f->verdicts[v]);
	json_end_object(&w);
	put_u64(&w, "claims", f->claims);
	put_u64(&w, "healthyClaims", f->healthy_claims);
	put_object(&w, "claimVerdicts");
	for (int v = 0; v < VERDICT_COUNT; v++)
		put_u64(&w, verdict_name((enum verdict)v).p, f->claim_verdicts[v]);
	json_end_object(&w);
	json_end_object(&w);
	put_array(&w, "groups");
	for (size_t i = 0; i < f->n; i++)
		put_group(&w, &f->groups[i]);
	json_end_array(&w);
	json_end_object(&w);
	buf_add_char(out, '\n');
}
