/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of the fact tables: one outcome per line. */
#include "documents/slo_json.h"

#include "kube/refusal.h"
#include "documents/parts.h"
#include "documents/pod_json.h"
#include "page/slo_words.h"

enum { SHOWN_MAX = 8 }; /* marks of one line */

/* "" if the owner is unknown or undecided. */
static struct str owner_of(const struct timeline *t, const struct outcome *o)
{
	const struct refusal *refusal = t->denied ? refusal_by_code(t->refusal) : NULL;

	return refusal ? str_from(refusal->owner) : owner_name(o->owner);
}

static void put_verdicts(struct json_writer *w, const struct timeline *t, const struct outcome *o)
{
	const struct delivery *d = &o->delivery;

	put_maybe(w, "class", d->class_name);
	put_known_bool(w, "job", t->job_known, t->job);
	put_str(w, "verdict", verdict_name(d->verdict));
	put_object(w, "verdicts");
	put_str(w, "deadline", verdict_name(d->deadline_verdict));
	put_str(w, "delivery", verdict_name(d->delivery_verdict));
	json_end_object(w);
	put_str(w, "reason", exclusion_name(d->exclusion));
	put_str(w, "code", o->code);
	put_str(w, "owner", owner_of(t, o));
	put_u64(w, "attempts", t->attempts);
}

/* The milestones in a delivery's line. */
static const enum milestone printed[] = { MILESTONE_CREATED, MILESTONE_SCHEDULED, MILESTONE_RUNNING,
					  MILESTONE_READY, MILESTONE_DELETED };

/* A mark that is printed. */
struct shown_mark {
	const char *key;
	const struct mark *mark; /* NULL: unknown */
};

static void put_times(struct json_writer *w, const struct shown_mark *shown, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_time(w, shown[i].key, shown[i].mark ? shown[i].mark->at : NSEC_NONE);
}

static void put_found(struct json_writer *w, const char *fact, const struct entry *e,
		      const struct basis *basis)
{
	json_begin_object(w);
	put_str(w, "fact", str_from(fact));
	put_record(w, basis, e->position, e->audit_id);
	json_end_object(w);
}

/* In time order; marks of one moment keep their order. */
static void put_evidence(struct json_writer *w, const struct shown_mark *shown, size_t n_shown,
			 const struct basis *basis)
{
	bool done[SHOWN_MAX] = { false };

	assert(n_shown <= SHOWN_MAX);
	put_array(w, "evidence");
	for (size_t n = 0; n < n_shown; n++) {
		const struct mark *first = NULL;
		size_t at = 0;

		for (size_t i = 0; i < n_shown; i++) {
			const struct mark *m = shown[i].mark;

			if (done[i] || !m || !nsec_known(m->at) || !m->evidence ||
			    (first && m->at >= first->at))
				continue;
			first = m;
			at = i;
		}
		if (!first)
			break;
		done[at] = true;
		put_found(w, shown[at].key, first->evidence, basis);
	}
	json_end_array(w);
}

static void put_stages(struct json_writer *w, const struct outcome *o)
{
	put_array(w, "stages");
	for (size_t i = 0; i < o->n_stages; i++) {
		json_begin_object(w);
		pod_json_stage(w, &o->stages[i]);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_delivery(struct json_writer *w, const struct timeline *t, const struct outcome *o,
			 const struct basis *basis)
{
	const struct delivery *d = &o->delivery;
	struct shown_mark shown[ARRAY_SIZE(printed)];

	for (size_t i = 0; i < ARRAY_SIZE(printed); i++)
		shown[i] =
		    (struct shown_mark){ milestone_rows[printed[i]].name, &t->marks[printed[i]] };
	pod_json_identity(w, t);
	put_verdicts(w, t, o);
	put_times(w, shown, ARRAY_SIZE(shown));
	put_object(w, "seconds");
	put_seconds(w, "total", d->total);
	put_seconds(w, "delivery", d->delivery);
	put_seconds(w, "user", d->user);
	put_seconds(w, "startup", d->startup);
	json_end_object(w);
	put_object(w, "limitSeconds");
	put_seconds(w, "deadline", d->deadline_limit);
	put_seconds(w, "delivery", d->class == CLASS_UNKNOWN ? NSEC_NONE : d->delivery_limit);
	json_end_object(w);
	put_stages(w, o);
	put_evidence(w, shown, ARRAY_SIZE(shown), basis);
}

/* What the lines of all others share. */

static void put_outcome(struct json_writer *w, const struct outcome *o)
{
	put_str(w, "verdict", verdict_name(o->verdict));
	put_str(w, "reason", exclusion_name(o->exclusion));
	put_str(w, "code", o->code);
	put_str(w, "owner", owner_name(o->owner));
}

static void put_rest(struct json_writer *w, const struct outcome *o, const struct shown_mark *shown,
		     size_t n, const struct basis *basis)
{
	put_object(w, "seconds");
	put_seconds(w, "total", o->total);
	put_seconds(w, "waited", o->waited);
	json_end_object(w);
	put_object(w, "limitSeconds");
	put_seconds(w, "total", o->limit);
	json_end_object(w);
	put_stages(w, o);
	put_evidence(w, shown, n, basis);
}

static void put_deletion(struct json_writer *w, const struct timeline *t, const struct outcome *o,
			 const struct basis *basis)
{
	static const struct deletion unknown = { .grace = -1, .overrun = NSEC_NONE };
	const struct deletion *d = t->deletion ? t->deletion : &unknown;
	const struct shown_mark shown[] = { { "requested", t->deletion ? &d->requested : NULL },
					    { "killing", t->deletion ? &d->killing : NULL },
					    { "stopped", t->deletion ? &d->stopped : NULL },
					    { "released", t->deletion ? &d->released : NULL },
					    { "gone", t->deletion ? &d->gone : NULL } };

	pod_json_identity(w, t);
	put_outcome(w, o);
	put_times(w, shown, ARRAY_SIZE(shown));
	pod_json_deletion(w, d);
	put_maybe(w, "step", o->step);
	put_rest(w, o, shown, ARRAY_SIZE(shown), basis);
}

static void put_upgrade(struct json_writer *w, const struct timeline *t, const struct outcome *o,
			const struct basis *basis)
{
	const struct upgrade *u = o->upgrade;
	const struct shown_mark shown[] = { { "requested", &u->begin }, { "ready", &u->ready } };

	pod_json_identity(w, t);
	put_outcome(w, o);
	put_times(w, shown, ARRAY_SIZE(shown));
	pod_json_upgrade(w, u);
	put_rest(w, o, shown, ARRAY_SIZE(shown), basis);
}

static void put_claim(struct json_writer *w, const struct timeline *t, const struct outcome *o,
		      const struct basis *basis)
{
	const struct shown_mark shown[] = { { "created", &t->marks[MILESTONE_CREATED] },
					    { "bound", &t->marks[MILESTONE_BOUND] },
					    { "deleted", &t->marks[MILESTONE_DELETED] } };

	object_json_identity(w, t);
	put_outcome(w, o);
	put_times(w, shown, ARRAY_SIZE(shown));
	claim_json_volume(w, t->claim);
	put_rest(w, o, shown, ARRAY_SIZE(shown), basis);
}

static void put_begin_and_end(struct json_writer *w, const struct timeline *t,
			      const struct outcome *o, const struct basis *basis)
{
	if (t->kind == OBJECT_POD)
		pod_json_identity(w, t);
	else
		object_json_identity(w, t);
	put_outcome(w, o);
	put_time(w, "begin", o->begin);
	put_time(w, "end", o->end);
	put_rest(w, o, NULL, 0, basis);
}

/* Of SLOs that have more than their begin and end. */
static void (*const writers[SLO_COUNT])(struct json_writer *w, const struct timeline *t,
					const struct outcome *o, const struct basis *basis) = {
	[SLO_CREATE] = put_delivery,
	[SLO_DELETE] = put_deletion,
	[SLO_UPGRADE] = put_upgrade,
	[SLO_PVC] = put_claim,
};

void slo_json_line(struct buf *out, const struct timeline *t, const struct outcome *o,
		   const struct basis *basis)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, slo_rows[o->slo].kind);
	(writers[o->slo] ? writers[o->slo] : put_begin_and_end)(&w, t, o, basis);
	end_line(&w);
}
