/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/diagnosis.h"
#include "documents/parts.h"
#include "page/diagnosis_parts.h"
#include "documents/pod_json.h"

static void put_evidence(struct json_writer *w, const struct cause *c, const struct basis *basis)
{
	put_array(w, "evidence");
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct entry *e = c->evidence[i];

		json_begin_object(w);
		put_time(w, "time", diagnosis_time(e));
		put_maybe(w, "actor", e->actor);
		put_str(w, "writer", origin_name(e->writer));
		put_str(w, "fact", fact_kind_name(e->fact.kind));
		put_maybe(w, "subject", e->fact.subject);
		put_maybe(w, "reason", e->fact.reason);
		put_maybe(w, "message", e->fact.message);
		put_known(w, "exitCode", e->fact.kind == FACT_TERMINATED, e->fact.code);
		put_known(w, "status",
			  (e->fact.kind == FACT_CREATE || e->fact.kind == FACT_DELETE) &&
			      e->fact.code > 0,
			  e->fact.code);
		put_record(w, basis, e->position, e->audit_id);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_cause(struct json_writer *w, const struct cause *c, const struct basis *basis)
{
	json_begin_object(w);
	put_str(w, "code", c->rule->code);
	put_str(w, "id", c->rule->id);
	put_str(w, "scope", scope_name(c->scope));
	put_str(w, "stage", stage_word(c->stage));
	put_str(w, "owner", owner_name(c->owner));
	put_str(w, "confidence", confidence_name(c->confidence));
	put_str(w, "subject", c->subject);
	put_str(w, "summary", c->summary);
	put_str(w, "advice", c->advice);
	put_str(w, "upstreamCode", c->rule->upstream.p ? c->rule->upstream : STR(""));
	put_bool(w, "healed", c->healed);
	put_time(w, "first", c->first);
	put_time(w, "last", c->last);
	put_u64(w, "times", c->times);
	put_seconds(w, "seconds", c->took);
	if (put_object_if(w, "change", c->change)) {
		put_time(w, "time", c->change->begin.at);
		pod_json_upgrade(w, c->change);
		json_end_object(w);
	}
	put_evidence(w, c, basis);
	json_end_object(w);
}

static void put_pod(struct json_writer *w, const struct diagnosed *p, const struct basis *basis)
{
	const struct diagnosis *d = p->diagnosis;
	const struct cause *c = d->primary;

	put_head(w, object_words(p->t->kind)->diagnosis);
	if (p->t->kind == OBJECT_POD)
		pod_json_identity(w, p->t);
	else if (p->t->kind == OBJECT_CLAIM)
		claim_json_identity(w, p->t);
	else
		object_json_identity(w, p->t);
	put_str(w, "verdict", verdict_name(p->d->verdict));
	put_str(w, "reason", exclusion_name(p->d->exclusion));
	put_str(w, "scope", c ? scope_name(c->scope) : STR(""));
	json_put_key(w, "cause");
	if (c)
		put_cause(w, c, basis);
	else
		json_put_null(w);
	put_array(w, "contributing");
	for (size_t i = 0; i < d->n_contributing; i++)
		put_cause(w, &d->contributing[i], basis);
	json_end_array(w);
	put_object(w, "longest");
	put_str(w, "stage", stage_word(d->longest));
	put_str(w, "subject", d->longest_subject.p ? d->longest_subject : STR(""));
	put_seconds(w, "seconds", d->longest_time);
	json_end_object(w);
	onset_json(w, d->onset, basis);
	json_end_object(w);
}

static void begin_report(struct diagnosis_out *o)
{
	o->json = json_writer_of(&o->page.out);
	put_head(&o->json, "DiagnosisReport");
	basis_json(&o->json, o->page.basis);
	put_array(&o->json, "diagnoses");
}

static void put_item(struct diagnosis_out *o, const struct diagnosed *p)
{
	put_pod(&o->json, p, o->page.basis);
}

static void end_report(struct diagnosis_out *o, const struct fleet *totals)
{
	json_end_array(&o->json);
	fleet_put_totals(&o->json, totals);
	end_line(&o->json);
}

static void put_line(struct diagnosis_out *o, const struct diagnosed *p)
{
	struct json_writer w = json_writer_of(&o->page.out);

	put_pod(&w, p, o->page.basis);
	buf_add_char(&o->page.out, '\n');
}

const struct diagnosis_form diagnosis_as_json = { begin_report, put_item, end_report, NULL },
			    diagnosis_as_jsonl = { .put = put_line };
