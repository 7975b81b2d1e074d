/* SPDX-License-Identifier: Apache-2.0 */
/* The causes of many pods, for people. */
#include "page/diagnosis_parts.h"
#include "page/onset.h"
#include "page/phrase.h"

enum { EXAMPLE_MOST = 40 }; /* columns, where the width is limited */

/* The count of each: "Verdicts: 2 denied, 3 success". */
static void add_count(struct page *p, const char **sep, uint64_t n, struct str name)
{
	if (n)
		buf_printf(&p->text, "%s%llu " STR_FMT, *sep, (unsigned long long)n, STR_ARG(name));
	if (n)
		*sep = ", ";
}

static void end_sentence(struct page *p)
{
	buf_add_char(&p->text, '.');
	page_paragraph(p, PAGE_BELOW);
}

static void add_owners(struct page *p, const struct fleet *f)
{
	static const enum owner order[] = { OWNER_PLATFORM, OWNER_USER, OWNER_NONE };
	const char *sep = " (owner: ";

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (!f->owners[order[i]])
			continue;
		buf_printf(&p->text, "%s" STR_FMT " %llu", sep,
			   STR_ARG(owner_or_undecided(order[i])),
			   (unsigned long long)f->owners[order[i]]);
		sep = ", ";
	}
	if (f->pods > f->healthy)
		buf_add_char(&p->text, ')');
}

/* The most significant trait. */
static const struct trait_share *main_trait(const struct fleet_group *g, enum trait *ret)
{
	const struct trait_share *best = NULL;

	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		if (g->traits[k].tells && (!best || g->traits[k].p < best->p)) {
			best = &g->traits[k];
			*ret = (enum trait)k;
		}
	return best;
}

static void add_most(struct page *p, const struct fleet_group *g)
{
	enum trait trait = TRAIT_COUNT;
	const struct trait_share *s = main_trait(g, &trait);

	buf_printf(&p->text, "Most often " STR_FMT ": ", STR_ARG(g->rule->code));
	phrase_add_count(&p->text, g->pods, "pod", "pods");
	if (nsec_known(g->first)) {
		buf_add_str(&p->text, STR(", from "));
		page_add_second(p, g->first);
		buf_add_str(&p->text, STR(" to "));
		page_add_second(p, g->last);
	}
	if (s) {
		if (s->pods == g->pods)
			buf_add_str(&p->text, STR(", all of them "));
		else
			buf_printf(&p->text, ", %llu of them ", (unsigned long long)s->pods);
		phrase_add(&p->text, str_from(trait_rows[trait].preposition), STR(" "),
			   str_from(trait_rows[trait].name), STR(" "), s->value);
	}
	end_sentence(p);
}

static void add_verdicts(struct page *p, const struct fleet *f)
{
	const char *sep = "Verdicts: ";

	for (int v = 0; v < VERDICT_COUNT; v++)
		if (v != VERDICT_EXCLUDED)
			add_count(p, &sep, f->verdicts[v], verdict_name((enum verdict)v));
	/* excluded pods are below, with the reason */
	add_count(p, &sep, f->unjudged, STR("whose delivery is not judged"));
	if (f->pods)
		end_sentence(p);
	sep = "Left out: ";
	for (int e = 0; e < EXCLUSION_COUNT; e++)
		add_count(p, &sep, f->exclusions[e], exclusion_name((enum exclusion)e));
	if (p->text.n)
		end_sentence(p);
}

/* "8 of 11 pods have" */
static void add_share(struct page *p, uint64_t ill, uint64_t all, const char *one, const char *many)
{
	char text[STR_GROUPED];

	buf_printf(&p->text, "%s of ", str_grouped(ill, text).p);
	phrase_add_count(&p->text, all, one, many);
	buf_printf(&p->text, " %s ", ill == 1 ? "has" : "have");
}

static void add_claims(struct page *p, const struct fleet *f)
{
	const char *sep = ": ";

	if (!f->claims)
		return;
	add_share(p, f->claims - f->healthy_claims, f->claims, "claim", "claims");
	buf_printf(&p->text, "a cause");
	for (int v = 0; v < VERDICT_COUNT; v++)
		add_count(p, &sep, f->claim_verdicts[v], verdict_name((enum verdict)v));
	end_sentence(p);
}

/* The pods that could have a cause: with pods that are not judged, also similar excluded ones. */
static uint64_t judgeable(const struct fleet *f)
{
	if (!f->unjudged)
		return f->offered;
	return f->offered + f->exclusions[EXCLUSION_BEFORE] + f->exclusions[EXCLUSION_UNCREATED] +
	       f->exclusions[EXCLUSION_UNREADY];
}

static void add_overview(struct page *p, const struct fleet *f)
{
	bool some = f->offered > f->pods; /* the user's options exclude others */

	if (f->offered) {
		add_share(p, f->pods - f->healthy, judgeable(f), "pod", "pods");
		buf_printf(&p->text, some ? "such a cause" : "a cause to be told");
		add_owners(p, f);
		end_sentence(p);
		if (f->n && f->groups[0].pods > 1)
			add_most(p, &f->groups[0]);
		if (f->unmet) {
			buf_printf(&p->text,
				   "Of %llu that %s denied, slow or failed, %llu %s a known cause",
				   (unsigned long long)f->unmet, f->unmet == 1 ? "was" : "were",
				   (unsigned long long)f->unmet_known,
				   f->unmet_known == 1 ? "has" : "have");
			end_sentence(p);
		}
	} else if (!f->claims) {
		buf_printf(&p->text, "No pod can be diagnosed");
		end_sentence(p);
	}
	add_verdicts(p, f);
	add_claims(p, f);
}

void fleet_overview(struct buf *out, const struct fleet *f, struct table_style style)
{
	struct page p = page_of(out, style);

	add_overview(&p, f);
	page_free(&p);
}

/* Whether all times in the table are of one day, which need not be in each row then. */
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

static void put_time(struct page *p, struct table *t, nsec at, bool short_form)
{
	if (nsec_known(at) && short_form)
		phrase_add_time_of_day(&p->text, p->style.zone, at, at, 0);
	else if (nsec_known(at))
		page_add_second(p, at);
	page_put_cell(p, t);
}

/* With its scope if other groups have the same code. */
static void put_code(struct page *p, struct table *t, const struct fleet *f,
		     const struct fleet_group *g)
{
	unsigned same = 0;

	for (size_t i = 0; i < f->n; i++)
		same += f->groups[i].rule == g->rule;
	buf_add_str(&p->text, g->rule->code);
	if (same > 1)
		buf_printf(&p->text, " (" STR_FMT ")", STR_ARG(scope_name(g->scope)));
	page_put_cell(p, t);
}

static void add_groups(struct page *p, const struct fleet *f, size_t n)
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
	bool short_form = p->style.width && one_day(f, p->style.zone);
	struct table t;

	page_title(p, NULL, "CAUSES");
	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++) {
		const struct fleet_group *g = &f->groups[i];

		table_put(&t, cell_count(g->pods));
		table_put(&t, g->claims ? cell_count(g->claims) : cell_empty());
		put_code(p, &t, f, g);
		table_put(&t, cell_str(g->rule->id));
		table_put(&t, cell_str(scope_name(g->scope)));
		table_put(&t, cell_str(owner_name(g->rule->owner)));
		put_time(p, &t, g->first, short_form);
		put_time(p, &t, g->last, short_form);
		page_add_shortened(p, g->example, EXAMPLE_MOST);
		page_put_cell(p, &t);
		table_put(&t, cell_str(g->summary));
	}
	page_table(p, &t);
}

static void put_share(struct page *p, struct table *t, uint64_t part, uint64_t whole)
{
	buf_printf(&p->text, "%llu of %llu", (unsigned long long)part, (unsigned long long)whole);
	page_put_cell(p, t);
}

static void add_common(struct page *p, const struct fleet *f, size_t n)
{
	static const struct table_column columns[] = {
		{ .name = "CODE", .min_width = 16 },
		{ .name = "TRAIT" },
		{ .name = "VALUE", .min_width = 16 },
		{ .name = "OF THESE", .align = TABLE_RIGHT, .min_width = 10 },
		{ .name = "OF OTHERS", .align = TABLE_RIGHT, .min_width = 10 },
	};
	struct table t;

	table_begin(&t, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < TRAIT_COUNT; k++) {
			const struct fleet_group *g = &f->groups[i];
			const struct trait_share *s = &g->traits[k];

			if (!s->tells)
				continue;
			put_code(p, &t, f, g);
			table_put(&t, cell_str(str_from(trait_rows[k].name)));
			table_put(&t, cell_str(s->value));
			put_share(p, &t, s->pods, g->pods);
			put_share(p, &t, s->others, s->known);
		}
	if (t.n_cells) {
		page_title(p, NULL, "WHAT THEY HAVE IN COMMON, AND OTHER PODS MOSTLY DO NOT");
		page_table(p, &t);
	}
}

void fleet_text(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit)
{
	size_t n = (size_t)MIN((uint64_t)f->n, limit);
	struct page p = page_of(out, style);

	basis_page(&p, basis, NULL);
	page_gap(&p);
	add_overview(&p, f);
	if (n) {
		add_groups(&p, f, n);
		if (f->n > n) {
			buf_printf(&p.text, "%llu more; --limit shows more",
				   (unsigned long long)(f->n - n));
			page_paragraph(&p, PAGE_BELOW);
		}
		add_common(&p, f, n);
	}
	onset_page_fleet(&p, f, basis);
	if (n && !style.no_headers) {
		buf_printf(&p.text, "'lunettes diagnose pod/NAMESPACE/NAME' tells one pod's; "
				    "'lunettes codes CODE' explains.");
		page_hint(&p, PAGE_APART);
	}
	page_free(&p);
}
