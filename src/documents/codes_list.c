/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/codes_list.h"

#include "diagnose/diagnose.h"
#include "documents/csv.h"
#include "documents/put.h"
#include "page/codes.h"
#include "page/slo_words.h"

static void put_row(struct csv *c, const struct rule *r)
{
	struct buf scopes = { 0 };

	codes_add_scopes(&scopes, r->scopes);
	csv_put_fields(c, r->id, r->code, stage_word(r->stage), owner_name(r->owner),
		       buf_str(&scopes), r->symptom ? STR("true") : STR("false"),
		       r->information ? STR("true") : STR("false"), r->summary, r->advice,
		       r->kubernetes, r->upstream);
	csv_end_row(c);
	buf_free(&scopes);
}

void codes_rows(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style)
{
	static const char *const columns[] = { "id",	 "code",       "stage",	      "owner",
					       "scopes", "symptom",    "information", "summary",
					       "advice", "kubernetes", "upstreamCode" };
	struct csv c = csv_of(out, style.tabs);

	if (!style.no_headers)
		csv_put_keys(&c, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < rules_count(rules); i++)
		if (!rule || rule == rules_at(rules, i))
			put_row(&c, rules_at(rules, i));
}

static void put_rule(struct json_writer *w, const struct rule *r)
{
	json_begin_object(w);
	put_str(w, "code", r->code);
	put_str(w, "id", r->id);
	put_str(w, "stage", stage_word(r->stage));
	put_str(w, "owner", owner_name(r->owner));
	put_array(w, "scopes");
	for (unsigned i = 0; i < SCOPE_COUNT; i++)
		if (r->scopes >> i & 1)
			json_put_str(w, scope_name((enum scope)i));
	json_end_array(w);
	put_array(w, "about");
	for (unsigned i = 0; i < OBJECT_KINDS; i++)
		if (r->about >> i & 1)
			json_put_str(w, str_from(object_words((enum object_kind)i)->noun));
	json_end_array(w);
	put_bool(w, "symptom", r->symptom);
	put_bool(w, "information", r->information);
	put_str(w, "summary", r->summary);
	put_str(w, "advice", r->advice);
	put_str(w, "kubernetes", r->kubernetes.p ? r->kubernetes : STR(""));
	put_str(w, "upstreamCode", r->upstream.p ? r->upstream : STR(""));
	json_end_object(w);
}

void codes_json(struct buf *out, const struct rules *rules, const struct rule *rule,
		struct table_style style)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "CodeList");
	put_array(&w, "codes");
	for (size_t i = 0; i < rules_count(rules); i++)
		if (!rule || rule == rules_at(rules, i))
			put_rule(&w, rules_at(rules, i));
	json_end_array(&w);
	end_line(&w);
}
