/* SPDX-License-Identifier: Apache-2.0 */
/* The causes of many pods, as the document DiagnosisReport. */
#include "documents/diagnosis.h"
#include "documents/parts.h"
#include "page/diagnosis_parts.h"

static void put_trait(struct json_writer *w, enum trait trait, const struct trait_share *s)
{
	if (!s->value.p)
		return;
	json_begin_object(w);
	put_str(w, "trait", str_from(trait_rows[trait].name));
	put_str(w, "value", s->value);
	put_u64(w, "pods", s->pods);
	put_u64(w, "ofAllWithIt", s->pods + s->others);
	put_u64(w, "others", s->others);
	put_u64(w, "othersKnown", s->known);
	put_bool(w, "tells", s->tells);
	json_end_object(w);
}

static void put_group(struct json_writer *w, const struct fleet_group *g, const struct basis *basis)
{
	json_begin_object(w);
	put_str(w, "code", g->rule->code);
	put_str(w, "id", g->rule->id);
	put_str(w, "scope", scope_name(g->scope));
	put_str(w, "stage", stage_word(g->rule->stage));
	put_str(w, "owner", owner_name(g->rule->owner));
	put_u64(w, "pods", g->pods);
	put_u64(w, "claims", g->claims);
	put_time(w, "first", g->first);
	put_time(w, "last", g->last);
	put_maybe(w, "example", g->example);
	put_maybe(w, "summary", g->summary);
	put_array(w, "inCommon");
	for (unsigned k = 0; k < TRAIT_COUNT; k++)
		put_trait(w, (enum trait)k, &g->traits[k]);
	json_end_array(w);
	put_array(w, "names");
	for (size_t i = 0; i < g->n_names; i++)
		json_put_str(w, g->names[i]);
	json_end_array(w);
	onset_json(w, g->onset, basis);
	json_end_object(w);
}

void fleet_put_totals(struct json_writer *w, const struct fleet *f)
{
	put_object(w, "totals");
	put_u64(w, "pods", f->pods);
	put_u64(w, "healthy", f->healthy);
	put_object(w, "verdicts");
	for (int v = 0; v < VERDICT_COUNT; v++)
		put_u64(w, verdict_name((enum verdict)v).p, f->verdicts[v]);
	json_end_object(w);
	put_object(w, "owners");
	put_u64(w, "platform", f->owners[OWNER_PLATFORM]);
	put_u64(w, "user", f->owners[OWNER_USER]);
	put_u64(w, "undecided", f->owners[OWNER_NONE]);
	json_end_object(w);
	put_u64(w, "unmet", f->unmet);
	put_u64(w, "unmetKnown", f->unmet_known);
	put_object(w, "excludedReasons");
	for (int e = 0; e < EXCLUSION_COUNT; e++)
		if (f->exclusions[e])
			put_u64(w, exclusion_name((enum exclusion)e).p, f->exclusions[e]);
	json_end_object(w);
	put_u64(w, "claims", f->claims);
	put_u64(w, "healthyClaims", f->healthy_claims);
	put_object(w, "claimVerdicts");
	for (int v = 0; v < VERDICT_COUNT; v++)
		put_u64(w, verdict_name((enum verdict)v).p, f->claim_verdicts[v]);
	json_end_object(w);
	json_end_object(w);
}

void fleet_json(struct buf *out, const struct fleet *f, const struct basis *basis,
		struct table_style style, uint64_t limit)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "DiagnosisReport");
	basis_json(&w, basis);
	fleet_put_totals(&w, f);
	put_array(&w, "groups");
	for (size_t i = 0; i < f->n && i < limit; i++)
		put_group(&w, &f->groups[i], basis);
	json_end_array(&w);
	end_line(&w);
}
