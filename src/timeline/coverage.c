/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/coverage.h"

const struct coverage_row coverage_rows[] = {
#define COVERAGE_ROW(name, what) { #name, what, offsetof(struct coverage, name) },
	COVERAGE_COUNTERS(COVERAGE_ROW)
#undef COVERAGE_ROW
};
const size_t n_coverage_rows = ARRAY_SIZE(coverage_rows);

uint64_t coverage_value(const struct coverage *c, const struct coverage_row *row)
{
	return *(const uint64_t *)(const void *)((const char *)c + row->offset);
}

/* What the facts of one pod show. */
struct shown {
	bool create, binding, status, status_hidden, events, events_hidden;
};

static void look_at_fact(struct shown *s, const struct entry *e)
{
	const struct fact *f = &e->fact;

	switch (f->kind) {
	case FACT_CREATE:
		s->create = true;
		break;
	case FACT_BIND:
		s->binding = true;
		break;
	case FACT_WRITE:
		s->status_hidden = true;
		break;
	case FACT_EVENT:
		if (f->reason.p)
			s->events = true;
		else
			s->events_hidden = true;
		break;
	case FACT_CONDITION:
	case FACT_PHASE:
		s->status = s->status || f->written;
		break;
	default:
		break;
	}
}

static void count_ready(struct coverage *c, const struct mark *ready)
{
	if (!ready->reached)
		c->readyUnseen++;
	else if (ready->at == NSEC_NONE)
		c->readyBounded++;
	else if (ready->precision == PRECISION_EXACT)
		c->readyExact++;
	else if (ready->precision == PRECISION_SECOND)
		c->readySecond++;
	else
		c->readyInferred++;
}

void coverage_add(struct coverage *c, const struct timeline *t)
{
	struct shown s = { 0 };

	if (t->kind != OBJECT_POD || t->denied || t->mirror)
		return;
	for (size_t i = 0; i < t->n_entries; i++)
		look_at_fact(&s, &t->entries[i]);
	c->pods++;
	c->create += s.create;
	c->spec += t->object && t->object->has_spec;
	c->scheduled += s.binding || t->marks[MILESTONE_SCHEDULED].reached || t->node.n > 0;
	c->binding += s.binding;
	c->status += s.status;
	c->statusHidden += s.status_hidden && !s.status;
	c->events += s.events;
	c->eventsHidden += s.events_hidden && !s.events;
	c->dumped += t->dumped;
	c->workload += t->workload_kind.p != NULL;
	count_ready(c, timeline_delivered(t));
}
