/* SPDX-License-Identifier: Apache-2.0 */
/* The causes of many pods, for people. */
#include "page/codes.h"
#include "page/diagnosis_parts.h"
#include "page/markdown.h"
#include "page/onset.h"
#include "page/phrase.h"
#include "page/text.h"

enum { EXAMPLE_MOST = 40 }; /* columns, where the width is limited */

static void add_owners(struct buf *out, const struct fleet *f)
{
	static const enum owner order[] = { OWNER_PLATFORM, OWNER_USER, OWNER_NONE };
	const char *sep = " (owner: ";

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (!f->owners[order[i]])
			continue;
		buf_printf(
		    out, "%s" STR_FMT " %llu", sep,
		    STR_ARG(order[i] == OWNER_NONE ? STR("undecided") : owner_name(order[i])),
		    (unsigned long long)f->owners[order[i]]);
		sep = ", ";
	}
	if (f->pods > f->healthy)
		buf_add_char(out, ')');
}

/* The trait that tells the most. */
static const struct trait_share *telling(const struct fleet_group *g, enum trait *ret)
{
	const struct trait_share *best = NULL;

	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		if (g->traits[k].tells && (!best || g->traits[k].p < best->p)) {
			best = &g->traits[k];
			*ret = (enum trait)k;
		}
	return best;
}

static void add_most(struct buf *out, const struct fleet_group *g, struct table_style style)
{
	static const char *const prepositions[TRAIT_COUNT] = {
		[TRAIT_WEBHOOK] = "by",		[TRAIT_NODE] = "on",	   [TRAIT_ZONE] = "in",
		[TRAIT_STORAGE_CLASS] = "with", [TRAIT_REGISTRY] = "from", [TRAIT_IMAGE] = "with",
		[TRAIT_WORKLOAD] = "of",	[TRAIT_NAMESPACE] = "in",
	};
	enum trait trait = TRAIT_COUNT;
	const struct trait_share *s = telling(g, &trait);

	buf_printf(out, "Most often " STR_FMT ": ", STR_ARG(g->rule->code));
	phrase_add_count(out, g->pods, "pod", "pods");
	if (nsec_known(g->first)) {
		buf_add_str(out, STR(", from "));
		phrase_add_second(out, style.zone, g->first);
		buf_add_str(out, STR(" to "));
		phrase_add_second(out, style.zone, g->last);
	}
	if (s) {
		if (s->pods == g->pods)
			buf_add_str(out, STR(", all of them "));
		else
			buf_printf(out, ", %llu of them ", (unsigned long long)s->pods);
		buf_printf(out, "%s " STR_FMT " ", prepositions[trait], STR_ARG(trait_name(trait)));
		text_add_safe(out, s->value, style.ascii);
	}
	buf_add_str(out, STR(".\n"));
}

static void add_verdicts(struct buf *out, const struct fleet *f)
{
	const char *sep = "Verdicts: ";
	uint64_t excluded = 0;

	for (int v = 0; v < VERDICT_COUNT; v++) {
		if (!f->verdicts[v] || v == VERDICT_EXCLUDED)
			continue;
		buf_printf(out, "%s%llu " STR_FMT, sep, (unsigned long long)f->verdicts[v],
			   STR_ARG(verdict_name((enum verdict)v)));
		sep = ", ";
	}
	/* those that are left out are told below, with why */
	if (f->unjudged)
		buf_printf(out, "%s%llu whose delivery is not judged", sep,
			   (unsigned long long)f->unjudged);
	if (f->pods)
		buf_add_str(out, STR(".\n"));
	for (int e = 0; e < EXCLUSION_COUNT; e++)
		excluded += f->exclusions[e];
	if (!excluded)
		return;
	buf_printf(out, "Left out: ");
	sep = "";
	for (int e = 0; e < EXCLUSION_COUNT; e++) {
		if (!f->exclusions[e])
			continue;
		buf_printf(out, "%s%llu " STR_FMT, sep, (unsigned long long)f->exclusions[e],
			   STR_ARG(exclusion_name((enum exclusion)e)));
		sep = ", ";
	}
	buf_add_str(out, STR(".\n"));
}

static void add_claims(struct buf *text, const struct fleet *f)
{
	const char *sep = ": ";
	char ill[STR_GROUPED];

	if (!f->claims)
		return;
	buf_add_str(text, str_grouped(f->claims - f->healthy_claims, ill));
	buf_add_str(text, STR(" of "));
	phrase_add_count(text, f->claims, "claim", "claims");
	buf_printf(text, " %s a cause", f->claims - f->healthy_claims == 1 ? "has" : "have");
	for (int v = 0; v < VERDICT_COUNT; v++) {
		if (!f->claim_verdicts[v])
			continue;
		buf_printf(text, "%s%llu " STR_FMT, sep, (unsigned long long)f->claim_verdicts[v],
			   STR_ARG(verdict_name((enum verdict)v)));
		sep = ", ";
	}
	buf_add_str(text, STR(".\n"));
}

/* Of how many pods a cause could be told: where some are not judged, these and others like them. */
static uint64_t told_of(const struct fleet *f)
{
	if (!f->unjudged)
		return f->offered;
	return f->offered + f->exclusions[EXCLUSION_BEFORE] + f->exclusions[EXCLUSION_UNCREATED] +
	       f->exclusions[EXCLUSION_UNREADY];
}

static void overview(struct buf *text, const struct fleet *f, struct table_style style)
{
	char ill[STR_GROUPED];
	bool some = f->offered > f->pods; /* others were not asked for */

	if (!f->offered) {
		if (!f->claims)
			buf_add_str(text, STR("No pod can be diagnosed.\n"));
		add_verdicts(text, f);
		add_claims(text, f);
		return;
	}
	buf_add_str(text, str_grouped(f->pods - f->healthy, ill));
	buf_add_str(text, STR(" of "));
	phrase_add_count(text, told_of(f), "pod", "pods");
	buf_printf(text, " %s %s", f->pods - f->healthy == 1 ? "has" : "have",
		   some ? "such a cause" : "a cause to be told");
	add_owners(text, f);
	buf_add_str(text, STR(".\n"));
	if (f->n && f->groups[0].pods > 1)
		add_most(text, &f->groups[0], style);
	if (f->unmet)
		buf_printf(text, "Of %llu that %s denied, slow or failed, %llu %s a known cause.\n",
			   (unsigned long long)f->unmet, f->unmet == 1 ? "was" : "were",
			   (unsigned long long)f->unmet_known,
			   f->unmet_known == 1 ? "has" : "have");
	add_verdicts(text, f);
	add_claims(text, f);
}

void fleet_overview(struct buf *out, const struct fleet *f, struct table_style style)
{
	struct buf text = { 0 };

	overview(&text, f, style);
	phrase_add_wrapped(out, buf_str(&text), style.width);
	buf_free(&text);
}

static void title(struct buf *out, const char *name, struct table_style style)
{
	if (style.markdown)
		markdown_add_title(out, str_from(name));
	else
		buf_printf(out, style.bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", name);
}

/* Whether all times of the table are of one day, which then need not stand in each row. */
static bool one_day(const struct fleet *f, clock_zone *zone)
{
	enum { DAY = sizeof("2026-11-22") - 1 };
	char day[CLOCK_TEXT] = "", text[CLOCK_TEXT];

	for (size_t i = 0; i < f->n; i++)
		for (int k = 0; k < 2; k++) {
			nsec at = k ? f->groups[i].last : f->groups[i].first;

			if (!nsec_known(at))
				continue;
			clock_format_in(zone, at, 0, text);
			if (!*day)
				memcpy(day, text, sizeof(day));
			if (memcmp(day, text, DAY) != 0)
				return false;
		}
	return true;
}

static struct table_cell time_cell(struct buf *room, nsec at, bool short_form, clock_zone *zone)
{
	buf_reset(room);
	if (!nsec_known(at))
		return cell_empty();
	if (short_form)
		diagnosis_add_time(room, zone, at, at, 0);
	else
		phrase_add_second(room, zone, at);
	return cell_str(buf_str(room));
}

static struct table_cell example_cell(struct buf *room, const struct fleet_group *g,
				      struct table_style style)
{
	struct buf safe = { 0 };

	buf_reset(room);
	if (!style.width)
		return cell_str(g->example.p ? g->example : STR(""));
	text_add_safe(&safe, g->example.p ? g->example : STR(""), style.ascii);
	text_add_shortened(room, buf_str(&safe), EXAMPLE_MOST, style.ascii);
	buf_free(&safe);
	return cell_str(buf_str(room));
}

/* With its scope if other groups have the same code. */
static struct table_cell code_cell(struct buf *room, const struct fleet *f,
				   const struct fleet_group *g)
{
	unsigned same = 0;

	buf_reset(room);
	for (size_t i = 0; i < f->n; i++)
		same += f->groups[i].rule == g->rule;
	buf_add_str(room, g->rule->code);
	if (same > 1)
		buf_printf(room, " (" STR_FMT ")", STR_ARG(scope_name(g->scope)));
	return cell_str(buf_str(room));
}

static void add_groups(struct buf *out, const struct fleet *f, size_t n, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "PODS", .align = TABLE_RIGHT },
		{ .name = "CLAIMS", .align = TABLE_RIGHT, .sparse = true },
		{ .name = "CODE", .min_width = 20 },
		{ .name = "ID", .wide_only = true },
		{ .name = "SCOPE", .drop = 1 },
		{ .name = "OWNER" },
		{ .name = "FIRST", .min_width = 8 },
		{ .name = "LAST", .min_width = 8 },
		{ .name = "FOR EXAMPLE", .min_width = 16 },
		{ .name = "WHICH IS THAT", .wide_only = true },
	};
	bool short_form = style.width && one_day(f, style.zone);
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++) {
		const struct fleet_group *g = &f->groups[i];

		table_put(&t, cell_count(g->pods));
		table_put(&t, g->claims ? cell_count(g->claims) : cell_empty());
		table_put(&t, code_cell(&text, f, g));
		table_put(&t, cell_str(g->rule->id));
		table_put(&t, cell_str(scope_name(g->scope)));
		table_put(&t, cell_str(owner_name(g->rule->owner)));
		table_put(&t, time_cell(&text, g->first, short_form, style.zone));
		table_put(&t, time_cell(&text, g->last, short_form, style.zone));
		table_put(&t, example_cell(&text, g, style));
		table_put(&t, cell_str(g->summary.p ? g->summary : STR("")));
	}
	table_render(&t, style, out);
	table_free(&t);
	buf_free(&text);
}

static void put_share(struct table *t, struct buf *room, uint64_t part, uint64_t whole)
{
	buf_reset(room);
	buf_printf(room, "%llu of %llu", (unsigned long long)part, (unsigned long long)whole);
	table_put(t, cell_str(buf_str(room)));
}

static void add_common(struct buf *out, const struct fleet *f, size_t n, struct table_style style)
{
	static const struct table_column columns[] = {
		{ .name = "CODE", .min_width = 16 },
		{ .name = "TRAIT" },
		{ .name = "VALUE", .min_width = 16 },
		{ .name = "OF THESE", .align = TABLE_RIGHT, .min_width = 10 },
		{ .name = "OF OTHERS", .align = TABLE_RIGHT, .min_width = 10 },
	};
	struct buf text = { 0 };
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < TRAIT_COUNT; k++) {
			const struct fleet_group *g = &f->groups[i];
			const struct trait_share *s = &g->traits[k];

			if (!s->tells)
				continue;
			table_put(&t, code_cell(&text, f, g));
			table_put(&t, cell_str(trait_name((enum trait)k)));
			table_put(&t, cell_str(s->value));
			put_share(&t, &text, s->pods, g->pods);
			put_share(&t, &text, s->others, s->known);
		}
	if (t.n_cells) {
		title(out, "WHAT THEY HAVE IN COMMON, AND OTHER PODS MOSTLY DO NOT", style);
		table_render(&t, style, out);
	}
	table_free(&t);
	buf_free(&text);
}

static void add_paragraphs(struct buf *out, struct str lines)
{
	struct str line;

	while (str_cut(lines, '\n', &line, &lines))
		markdown_add_paragraph(out, line);
}

void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit)
{
	size_t n = (size_t)MIN((uint64_t)f->n, limit);
	struct buf text = { 0 };

	basis_text(&text, basis, style);
	if (style.markdown) {
		markdown_add_list(out, buf_str(&text));
		buf_reset(&text);
		overview(&text, f, style);
		add_paragraphs(out, buf_str(&text));
	} else {
		buf_add_char(&text, '\n');
		overview(&text, f, style);
		phrase_add_wrapped(out, buf_str(&text), style.width);
	}
	buf_free(&text);
	if (n) {
		title(out, "CAUSES", style);
		add_groups(out, f, n, style);
		if (f->n > n)
			buf_printf(out, "%s%llu more; --limit shows more\n",
				   style.markdown ? "\n" : "", (unsigned long long)(f->n - n));
		add_common(out, f, n, style);
	}
	if (!style.markdown)
		onset_text_fleet(out, f, basis, style);
	if (n && !style.markdown && !style.no_headers)
		phrase_add_wrapped(out,
				   STR("\n'lunettes diagnose pod/NAMESPACE/NAME' tells one pod's; "
				       "'lunettes codes CODE' explains.\n"),
				   style.width);
}
