/* SPDX-License-Identifier: Apache-2.0 */
#include "page/codes.h"

#include "diagnose/diagnose.h"
#include "page/page.h"
#include "page/slo_words.h"

void codes_add_scopes(struct buf *out, unsigned scopes)
{
	const char *sep = "";

	if (scopes == (1u << SCOPE_COUNT) - 1)
		return;
	for (unsigned i = 0; i < SCOPE_COUNT; i++) {
		if (!(scopes >> i & 1))
			continue;
		buf_printf(out, "%s" STR_FMT, sep, STR_ARG(scope_name((enum scope)i)));
		sep = ", ";
	}
}

static void add_list(struct page *p, const struct rules *rules)
{
	/* columns: of the summary, which is shortened before others are dropped, and of these */
	enum { LEAST = 44, OTHERS = 76 };
	static const struct table_column columns[] = {
		{ .name = "ID", .drop = 3 },
		{ .name = "CODE", .min_width = 24 },
		{ .name = "STAGE", .drop = 2 },
		{ .name = "OWNER", .drop = 1 },
		{ .name = "SUMMARY", .min_width = 36 },
		{ .name = "ALIPAY'S CODE", .wide_only = true },
		{ .name = "KUBERNETES", .wide_only = true },
	};
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *r = rules_at(rules, i);

		table_put(&t, cell_str(r->id));
		table_put(&t, cell_str(r->code));
		table_put(&t, cell_str(stage_word(r->stage)));
		table_put(&t, cell_str(r->information ? STR("no error") : owner_name(r->owner)));
		page_add_shortened(p, r->summary, MAX(p->style.width, LEAST + OTHERS) - OTHERS);
		page_put_cell(p, &t);
		table_put(&t, cell_str(r->upstream));
		table_put(&t, cell_str(r->kubernetes));
	}
	page_table(p, &t);
}

static void add_value(struct page *p, const char *key, struct str value)
{
	if (!value.n)
		return;
	buf_add_str(&p->text, value);
	page_value(p, key, PAGE_SHORTEN);
}

static void explain_one(struct page *p, const struct rule *r)
{
	struct buf scopes = { 0 };

	page_gap(p);
	buf_printf(&p->text, " (" STR_FMT ")", STR_ARG(r->id));
	page_head(p, r->code, false);
	codes_add_scopes(&scopes, r->scopes);
	add_value(p, "what", r->summary);
	add_value(p, "to do", r->advice);
	add_value(p, "owner", owner_or_undecided(r->owner));
	if (r->about >> OBJECT_CLAIM & 1)
		add_value(p, "about",
			  r->about >> OBJECT_POD & 1 ? STR("pods and claims") : STR("claims"));
	add_value(p, "stage", stage_word(r->stage));
	add_value(p, "scope", buf_str(&scopes));
	if (r->symptom)
		add_value(p, "note",
			  STR("an effect: it is the cause only where nothing better is known"));
	if (r->information)
		add_value(p, "note", STR("no error: it is never a cause"));
	add_value(p, "Kubernetes", r->kubernetes);
	add_value(p, "Alipay's", r->upstream);
	buf_free(&scopes);
}

void codes_text(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style)
{
	struct page p = page_of(out, style);

	if (rule)
		explain_one(&p, rule);
	else
		add_list(&p, rules);
	page_free(&p);
}
