/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/coverage.h"

#include "base/mem.h"
#include "timeline/edges.h"

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

/* What the facts of a pod contain. */
struct facts_shown {
	bool create, binding, status, status_hidden, events, events_hidden;
};

static void note_fact(struct facts_shown *s, const struct entry *e)
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
	else if (!mark_known(ready))
		c->readyBounded++;
	else if (ready->precision == PRECISION_EXACT)
		c->readyExact++;
	else if (ready->precision == PRECISION_SECOND)
		c->readySecond++;
	else
		c->readyInferred++;
}

/* Node names are DNS names. This limits the length of cluster and node together. */
enum { NODE_KEY_MAX = 768 };

static struct str node_key(char key[NODE_KEY_MAX], struct str cluster, struct str node)
{
	if (!node.n || cluster.n + node.n + 1 > NODE_KEY_MAX)
		return (struct str){ 0 };
	if (cluster.n)
		memcpy(key, cluster.p, cluster.n);
	key[cluster.n] = 0;
	memcpy(key + cluster.n + 1, node.p, node.n);
	return (struct str){ key, cluster.n + 1 + node.n };
}

/* Events are sent at once, and retried for a while. */
#define EVENT_SOON (30 * SECOND)

static void count_starts(struct coverage *c, const struct timeline *t, nsec first)
{
	char buf[NODE_KEY_MAX];
	struct str key = node_key(buf, t->cluster, t->node);
	struct node_starts *starts;
	bool is_new;
	uint32_t i;

	if (!key.n || !nsec_known(first) || t->dumped)
		return;
	i = map_put(&c->nodes, key, &is_new);
	array_reserve(c->starts, c->starts_cap, (size_t)i + 1);
	if (is_new)
		c->starts[i] = (struct node_starts){ 0 };
	starts = &c->starts[i];
	for (size_t k = 0; k < t->n_containers; k++) {
		nsec at = t->containers[k].started.at;

		if (!nsec_known(at) || at < first ||
		    !timeline_covered(t, STAGE_START, at, at + EVENT_SOON))
			continue;
		starts->starts++;
		starts->lost += !entries_event(t, "Started", t->containers[k].name);
	}
}

const struct node_starts *coverage_starts(const struct coverage *c, struct str cluster,
					  struct str node)
{
	char buf[NODE_KEY_MAX];
	struct str key = node_key(buf, cluster, node);
	uint32_t i = key.n ? map_find(&c->nodes, key) : MAP_NONE;

	return i == MAP_NONE ? NULL : &c->starts[i];
}

void coverage_free(struct coverage *c)
{
	map_free(&c->nodes);
	mem_free(c->starts);
	*c = (struct coverage){ 0 };
}

void coverage_add(struct coverage *c, const struct timeline *t, nsec first)
{
	struct facts_shown s = { 0 };

	if (t->kind != OBJECT_POD || t->denied || t->mirror)
		return;
	entries_each(e, t)
		note_fact(&s, e);
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
	count_ready(c, timeline_became(t));
	count_starts(c, t, first);
}
