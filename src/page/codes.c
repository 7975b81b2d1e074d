/* SPDX-License-Identifier: Apache-2.0 */
#include "page/codes.h"

#include "diagnose/diagnose.h"
#include "page/markdown.h"
#include "page/phrase.h"
#include "page/text.h"

struct str stage_word(enum lifecycle_stage stage)
{
	return stage == STAGE_COUNT ? STR("") : str_from(lifecycle_rows[stage].name);
}

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
		table_put(&t, cell_str(r->information ? STR("no error") : owner_name(r->owner)));
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
	codes_add_scopes(&scopes, r->scopes);
	add_line(&s, "what", r->summary);
	add_line(&s, "to do", r->advice);
	add_line(&s, "owner", r->owner == OWNER_NONE ? STR("undecided") : owner_name(r->owner));
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
