/* SPDX-License-Identifier: Apache-2.0 */
/* Text that all forms of a diagnosis share. */
#include "page/diagnosis_parts.h"

#include "page/phrase.h"

void diagnosis_add_name(struct buf *out, const struct timeline *t)
{
	struct str name = t->name.n || !t->generate_name.p ? t->name : t->generate_name;

	buf_printf(out, "%s" STR_FMT "/" STR_FMT, object_words(t->kind)->operands[0],
		   STR_ARG(t->namespace), STR_ARG(name.n ? name : STR("-")));
}

void diagnosis_add_verdict(struct buf *out, const struct diagnosed *p, bool ascii)
{
	nsec created = p->t->marks[MILESTONE_CREATED].at;
	const char *done = object_words(p->t->kind)->done;

	buf_add_str(out, verdict_name(p->d->verdict));
	if (p->d->exclusion != EXCLUSION_NONE) {
		buf_printf(out, ": " STR_FMT, STR_ARG(exclusion_name(p->d->exclusion)));
	} else if (p->t->denied) {
		buf_printf(out, ", %u attempt%s", p->t->attempts, p->t->attempts == 1 ? "" : "s");
	} else if (nsec_known(p->d->total)) {
		buf_printf(out, ", %s in ", done);
		phrase_add_duration(out, p->d->total, ascii);
	} else if (nsec_known(p->d->until) && nsec_known(created) && p->d->until >= created) {
		buf_printf(out, ", not %s after ", done);
		phrase_add_duration(out, p->d->until - created, ascii);
	}
}

struct str diagnosis_actor(const struct entry *e)
{
	return e->actor.p ? e->actor : origin_name(e->writer);
}

nsec diagnosis_time(const struct entry *e)
{
	return e->fact.kind == FACT_EVENT && nsec_known(e->fact.begin) ? e->fact.begin
								       : e->received;
}

void diagnosis_add_fact(struct buf *out, const struct entry *e)
{
	const struct fact *f = &e->fact;

	switch (f->kind) {
	case FACT_EVENT:
		buf_printf(out, "Event " STR_FMT, STR_ARG(f->reason));
		break;
	case FACT_CONDITION:
		buf_printf(out, "condition " STR_FMT " %s", STR_ARG(f->subject),
			   f->truth ? "True" : "False");
		break;
	case FACT_WAITING:
	case FACT_TERMINATED:
		buf_printf(out, "container " STR_FMT " " STR_FMT, STR_ARG(f->subject),
			   STR_ARG(fact_kind_name(f->kind)));
		break;
	default:
		buf_add_str(out, fact_kind_name(f->kind));
		break;
	}
	if (f->kind == FACT_EVENT && f->subject.n)
		buf_printf(out, ", container " STR_FMT, STR_ARG(f->subject));
	if (f->kind != FACT_EVENT && f->reason.n && !str_eq(f->reason, fact_kind_name(f->kind)))
		buf_printf(out, ", " STR_FMT, STR_ARG(f->reason));
	if (f->kind == FACT_TERMINATED)
		buf_printf(out, ", exit code %d", f->code);
	else if ((f->kind == FACT_CREATE || f->kind == FACT_DELETE) && f->code >= 300)
		buf_printf(out, ", status %d", f->code);
}

static bool says_the_same(const struct entry *a, const struct entry *b)
{
	const struct fact *x = &a->fact, *y = &b->fact;

	return x->kind == y->kind && str_eq(x->subject, y->subject) &&
	       str_eq(x->reason, y->reason) && str_eq(x->message, y->message) &&
	       x->code == y->code && x->truth == y->truth &&
	       str_eq(diagnosis_actor(a), diagnosis_actor(b));
}

bool diagnosis_again(const struct cause *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (says_the_same(c->evidence[k], c->evidence[i]))
			return true;
	return false;
}

bool diagnosis_same_message(const struct cause *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(c->evidence[k]->fact.message, c->evidence[i]->fact.message))
			return true;
	return false;
}

bool diagnosis_same_record(const struct cause *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (memcmp(&c->evidence[k]->position, &c->evidence[i]->position,
			   sizeof(struct position)) == 0)
			return true;
	return false;
}

void diagnosis_add_times(struct buf *out, const struct cause *c, clock_zone *zone)
{
	if (c->times < 2)
		return;
	buf_printf(out, "%u times", c->times);
	if (c->last <= c->first)
		return;
	buf_add_str(out, STR(", from "));
	phrase_add_time_of_day(out, zone, c->first, c->first, 0);
	buf_add_str(out, STR(" to "));
	phrase_add_time_of_day(out, zone, c->last, c->first, 0);
}
