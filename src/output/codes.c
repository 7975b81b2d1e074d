/* SPDX-License-Identifier: Apache-2.0 */
#include "output/codes.h"

#include "diagnose/diagnose.h"
#include "output/phrase.h"
#include "output/put.h"

struct str owner_word(enum owner owner)
{
	static const char *const names[] = { "", "platform", "user" };

	return str_from(names[owner]);
}

static struct str stage_word(enum lifecycle_stage stage)
{
	return stage == STAGE_COUNT ? STR("") : str_from(lifecycle_rows[stage].name);
}

/* "create, run", or nothing if it may be any. */
static void add_scopes(struct buf *out, unsigned scopes)
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

void codes_text(struct buf *out, const struct rules *rules, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "ID", .min_width = 7 },
		{ .name = "CODE", .min_width = 24 },
		{ .name = "STAGE" },
		{ .name = "OWNER" },
		{ .name = "SUMMARY", .min_width = 24 },
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
		table_put(&t,
			  cell_str(r->information ? STR("(information)") : owner_word(r->owner)));
		table_put(&t, cell_str(r->summary));
		table_put(&t, cell_str(r->upstream));
		table_put(&t, cell_str(r->kubernetes));
	}
	table_render(&t, style, out);
	table_free(&t);
}

static void add_line(struct buf *out, const char *key, struct str value, unsigned width)
{
	struct buf line = { 0 };

	if (!value.n)
		return;
	buf_printf(&line, "  %-11s" STR_FMT "\n", key, STR_ARG(value));
	phrase_add_wrapped(out, buf_str(&line), width);
	buf_free(&line);
}

void codes_text_one(struct buf *out, const struct rule *r, struct table_style style)
{
	struct buf scopes = { 0 };

	buf_printf(out,
		   style.bold ? "\033[1m" STR_FMT "\033[0m (" STR_FMT ")\n"
			      : STR_FMT " (" STR_FMT ")\n",
		   STR_ARG(r->code), STR_ARG(r->id));
	add_scopes(&scopes, r->scopes);
	add_line(out, "what", r->summary, style.width);
	add_line(out, "to do", r->advice, style.width);
	add_line(out, "owner", r->owner == OWNER_NONE ? STR("undecided") : owner_word(r->owner),
		 style.width);
	if (r->about >> OBJECT_CLAIM & 1)
		add_line(out, "about",
			 r->about >> OBJECT_POD & 1 ? STR("pods and claims") : STR("claims"),
			 style.width);
	add_line(out, "stage", stage_word(r->stage), style.width);
	add_line(out, "scope", buf_str(&scopes), style.width);
	if (r->symptom)
		add_line(out, "note",
			 STR("an effect: it is the cause only where nothing better is known"),
			 style.width);
	if (r->information)
		add_line(out, "note", STR("no error: it is never a cause"), style.width);
	add_line(out, "Kubernetes", r->kubernetes, style.width);
	add_line(out, "Alipay's", r->upstream, style.width);
	buf_free(&scopes);
}

static void put_rule(struct json_writer *w, const struct rule *r)
{
	json_begin_object(w);
	put_str(w, "code", r->code);
	put_str(w, "id", r->id);
	put_str(w, "stage", stage_word(r->stage));
	put_str(w, "owner", owner_word(r->owner));
	put_array(w, "scopes");
	for (unsigned i = 0; i < SCOPE_COUNT; i++)
		if (r->scopes >> i & 1)
			json_put_str(w, scope_name((enum scope)i));
	json_end_array(w);
	put_array(w, "about");
	if (r->about >> OBJECT_POD & 1)
		json_put_str(w, STR("pod"));
	if (r->about >> OBJECT_CLAIM & 1)
		json_put_str(w, STR("claim"));
	json_end_array(w);
	json_put_key(w, "symptom");
	json_put_bool(w, r->symptom);
	json_put_key(w, "information");
	json_put_bool(w, r->information);
	put_str(w, "summary", r->summary);
	put_str(w, "advice", r->advice);
	put_str(w, "kubernetes", r->kubernetes.p ? r->kubernetes : STR(""));
	put_str(w, "upstreamCode", r->upstream.p ? r->upstream : STR(""));
	json_end_object(w);
}

void codes_json(struct buf *out, const struct rules *rules, const struct rule *rule)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "CodeList");
	put_array(&w, "codes");
	for (size_t i = 0; i < rules_count(rules); i++)
		if (!rule || rule == rules_at(rules, i))
			put_rule(&w, rules_at(rules, i));
	json_end_array(&w);
	json_end_object(&w);
	buf_add_char(out, '\n');
}
