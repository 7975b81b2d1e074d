/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/mark.h"

struct entry entry_of(const struct record *r, const struct fact *f)
{
	return (struct entry){
		.fact = *f,
		.received = r->received,
		.completed = r->completed,
		.last = r->received,
		.times = 1,
		.writer = r->origin,
		.actor = r->actor,
		.update = str_eq(r->verb, STR("update")),
		.audit_id = r->audit_id,
		.dumped = r->dumped,
		.position = r->position,
	};
}

bool fact_is_state(const struct fact *f)
{
	return f->kind == FACT_WAITING || f->kind == FACT_RUNNING || f->kind == FACT_TERMINATED;
}

bool fact_is_condition(const struct fact *f, struct str type)
{
	return f->kind == FACT_CONDITION && str_eq(f->subject, type);
}

bool fact_is_event(const struct fact *f, struct str reason)
{
	return f->kind == FACT_EVENT && str_eq(f->reason, reason);
}

const struct mark mark_unreached = { .at = NSEC_NONE, .until = NSEC_NONE };

struct mark mark_at(nsec at, enum precision precision, enum edge_source source,
		    const struct entry *evidence)
{
	return (struct mark){ at, precision, source, true, NSEC_NONE, evidence };
}

struct mark mark_by(nsec until, enum edge_source source, const struct entry *evidence)
{
	return (struct mark){ NSEC_NONE, PRECISION_INFERRED, source, true, until, evidence };
}

struct mark mark_written(const struct entry *e, enum edge_source source)
{
	return mark_at(e->received, PRECISION_EXACT, source, e);
}

struct mark mark_seen(const struct entry *e)
{
	return mark_at(e->received, PRECISION_INFERRED, SOURCE_BOUND, e);
}

struct mark mark_inferred(struct mark m)
{
	m.precision = PRECISION_INFERRED;
	m.source = SOURCE_BOUND;
	return m;
}

void mark_bound(struct mark *m, nsec until)
{
	m->until = until;
	m->at = NSEC_NONE;
}

struct mark mark_not_before(struct mark m, const struct mark *first)
{
	if (m.reached && mark_known(&m) && mark_known(first) && m.at < first->at)
		m.at = first->at;
	return m;
}

struct mark mark_earlier(struct mark a, struct mark b)
{
	return !mark_known(&a) || (mark_known(&b) && b.at < a.at) ? b : a;
}

struct mark mark_later(struct mark a, struct mark b)
{
	return !mark_known(&a) || b.at > a.at ? b : a;
}

nsec mark_latest(const struct mark *m)
{
	return mark_known(m) ? m->at : m->until;
}

struct str edge_source_name(enum edge_source source)
{
	static const char *const names[] = { "audit", "event", "status", "bound" };

	return str_from((size_t)source < ARRAY_SIZE(names) ? names[source] : "?");
}
