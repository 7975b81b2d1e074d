/* SPDX-License-Identifier: Apache-2.0 */
#include "output/codes.h"

#include "diagnose/diagnose.h"
#include "output/csv.h"
#include "output/markdown.h"
#include "output/phrase.h"
#include "output/put.h"
#include "output/text.h"

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

/* Long ones are shortened before columns are dropped for them. */
static struct table_cell summary_cell(struct buf *room, const struct rule *r,
				      struct table_style style)
{
	enum { LEAST = 44, OTHERS = 76 }; /* columns: of it, and of all others with their gaps */
	struct buf safe = { 0 };

	if (!style.width)
		return cell_str(r->summary);
	buf_reset(room);
	text_add_safe(&safe, r->summary, style.ascii);
	text_add_shortened(room, buf_str(&safe), MAX(style.width, LEAST + OTHERS) - OTHERS,
			   style.ascii);
	buf_free(&safe);
	return cell_str(buf_str(room));
}

void codes_text(struct buf *out, const struct rules *rules, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "ID", .drop = 3 },
		{ .name = "CODE", .min_width = 24 },
		{ .name = "STAGE", .drop = 2 },
		{ .name = "OWNER", .drop = 1 },
		{ .name = "SUMMARY", .min_width = 36 },
		{ .name = "ALIPAY'S CODE", .wide_only = true },
		{ .name = "KUBERNETES", .wide_only = true },
	};
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *r = rules_at(rules, i);

		table_put(&t, cell_str(r->id));
		table_put(&t, cell_str(r->code));
		table_put(&t, cell_str(stage_word(r->stage)));
		table_put(&t, cell_str(r->information ? STR("no error") : owner_word(r->owner)));
		table_put(&t, summary_cell(&text, r, style));
		table_put(&t, cell_str(r->upstream));
		table_put(&t, cell_str(r->kubernetes));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
}

/* How one is told, whatever the form. */
struct entry_sheet {
	struct buf *out;
	struct table_style style;
};

static void add_line(struct entry_sheet *s, const char *key, struct str value)
{
	enum { INDENT = 13 };

	if (!value.n)
		return;
	if (s->style.markdown) {
		buf_printf(s->out, "- **%s**: ", key);
		markdown_add_text(s->out, value);
	} else {
		buf_printf(s->out, "  %-*s", INDENT - 2, key);
		phrase_add_column(
		    s->out, value,
		    (struct phrase_column){ INDENT, s->style.width, 0, s->style.ascii });
	}
	buf_add_char(s->out, '\n');
}

static void add_name(struct entry_sheet *s, const struct rule *r)
{
	bool bold = s->style.bold && !s->style.markdown;

	buf_printf(s->out, "%s%s" STR_FMT "%s (" STR_FMT ")\n%s", s->style.markdown ? "## " : "",
		   bold ? "\033[1m" : "", STR_ARG(r->code), bold ? "\033[0m" : "", STR_ARG(r->id),
		   s->style.markdown ? "\n" : "");
}

void codes_text_one(struct buf *out, const struct rule *r, struct table_style style)
{
	struct entry_sheet s = { out, style };
	struct buf scopes = { 0 };

	add_name(&s, r);
	add_scopes(&scopes, r->scopes);
	add_line(&s, "what", r->summary);
	add_line(&s, "to do", r->advice);
	add_line(&s, "owner", r->owner == OWNER_NONE ? STR("undecided") : owner_word(r->owner));
	if (r->about >> OBJECT_CLAIM & 1)
		add_line(&s, "about",
			 r->about >> OBJECT_POD & 1 ? STR("pods and claims") : STR("claims"));
	add_line(&s, "stage", stage_word(r->stage));
	add_line(&s, "scope", buf_str(&scopes));
	if (r->symptom)
		add_line(&s, "note",
			 STR("an effect: it is the cause only where nothing better is known"));
	if (r->information)
		add_line(&s, "note", STR("no error: it is never a cause"));
	add_line(&s, "Kubernetes", r->kubernetes);
	add_line(&s, "Alipay's", r->upstream);
	buf_free(&scopes);
}

static void put_row(struct csv *c, const struct rule *r)
{
	struct buf scopes = { 0 };

	csv_put(c, r->id);
	csv_put(c, r->code);
	csv_put(c, stage_word(r->stage));
	csv_put(c, owner_word(r->owner));
	add_scopes(&scopes, r->scopes);
	csv_put(c, buf_str(&scopes));
	csv_put(c, r->symptom ? STR("true") : STR("false"));
	csv_put(c, r->information ? STR("true") : STR("false"));
	csv_put(c, r->summary);
	csv_put(c, r->advice);
	csv_put(c, r->kubernetes);
	csv_put(c, r->upstream);
	csv_end_row(c);
	buf_free(&scopes);
}

void codes_rows(struct buf *out, const struct rules *rules, const struct rule *rule, bool tabs,
		bool no_headers)
{
	static const char *const columns[] = { "id",	 "code",       "stage",	      "owner",
					       "scopes", "symptom",    "information", "summary",
					       "advice", "kubernetes", "upstreamCode" };
	struct csv c = csv_of(out, tabs);

	for (size_t i = 0; i < ARRAY_SIZE(columns) && !no_headers; i++)
		csv_put(&c, str_from(columns[i]));
	if (!no_headers)
		csv_end_row(&c);
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
