/* SPDX-License-Identifier: Apache-2.0 */
/* In-place updates of a pod: another image, a restart with a new definition, other resources. Each
 * lasts until the pod is Ready again. Crashes and failed probes change nothing. */
#include "timeline/about.h"
#include "timeline/incarnation.h"

enum { UPGRADES_MAX = 64 }; /* per pod; as slo/outcome.h counts them */

struct changing {
	const struct timeline *t;
	struct arena *arena;
	struct upgrade *u;
	nsec from, to;	   /* records in between belong to it; by received time */
	struct str *names; /* the containers that must restart */
	struct name_index *by_name;
	const struct entry **runs;
	size_t n, n_runs; /* n_runs: the runs that were seen */
};

/* Which there are */

static struct mark begin_of(const struct spec_change *c)
{
	const struct entry *e = c->trigger;

	if (c->write)
		return mark_written(e, SOURCE_AUDIT);
	if (e->dumped) /* the time of a dump is not recorded */
		return mark_by(NSEC_NONE, SOURCE_BOUND, e);
	if (nsec_known(c->seen_before) && e->received - c->seen_before <= BOUND_MAX)
		return mark_seen(e);
	return mark_by(e->received, SOURCE_BOUND, e);
}

static struct str resources(struct arena *arena, const struct container_spec *c)
{
	return arena_printf(arena, "cpu=%lldm,memory=%lld", (long long)c->cpu_milli,
			    (long long)c->memory);
}

static bool differs(const struct spec_change *c, size_t i)
{
	const struct container_spec *a = &c->before[i], *b = &c->after[i];

	if (a->kind == CONTAINER_EPHEMERAL || !str_eq(a->name, b->name))
		return false;
	if (c->kind == UPGRADE_IMAGE)
		return a->image.n && b->image.n && !str_eq(a->image, b->image);
	return a->cpu_milli != b->cpu_milli || a->memory != b->memory;
}

/* The names of changed containers, joined by ','; the first one is known. */
static struct str names_from(struct arena *arena, const struct spec_change *c, size_t first)
{
	size_t n = MIN(c->n_before, c->n_after), size = 0;
	char *out, *p;

	for (size_t i = first; i < n; i++)
		size += c->after[i].name.n + 1;
	out = p = arena_alloc(arena, size, 1);
	for (size_t i = first; i < n; i++) {
		if (!differs(c, i))
			continue;
		if (p > out)
			*p++ = ',';
		if (c->after[i].name.n)
			p = mempcpy(p, c->after[i].name.p, c->after[i].name.n);
	}
	return str_from_to(out, p);
}

static struct upgrade of_change(struct arena *arena, const struct spec_change *c)
{
	struct upgrade u = { .kind = c->kind, .trigger = c->trigger, .begin = begin_of(c) };

	u.ready = mark_unreached;
	for (size_t i = 0; i < MIN(c->n_before, c->n_after); i++) {
		bool image = c->kind == UPGRADE_IMAGE;

		if (!differs(c, i))
			continue;
		u.before = image ? c->before[i].image : resources(arena, &c->before[i]);
		u.after = image ? c->after[i].image : resources(arena, &c->after[i]);
		u.containers = names_from(arena, c, i);
		break;
	}
	return u;
}

static bool changes_container(const struct spec_change *c, struct str name)
{
	for (size_t i = 0; i < MIN(c->n_before, c->n_after); i++)
		if (str_eq(c->after[i].name, name) && differs(c, i))
			return true;
	return false;
}

/* Does the Event follow a change of that container that the specs show? */
static bool shown_by_spec(const struct incarnation *in, const struct entry *e)
{
	for (size_t i = in->n_changes; i-- > 0;)
		if (in->changes[i].trigger->received <= e->received + BOUND_MAX &&
		    changes_container(&in->changes[i], e->fact.subject))
			return true;
	return false;
}

static nsec received_of(const struct upgrade *u)
{
	return mark_known(&u->begin) ? u->begin.at : u->trigger->received;
}

static int by_begin(const void *a, const void *b)
{
	nsec x = received_of(a), y = received_of(b);

	return (x > y) - (x < y);
}

/* The last occurrence. Only the first one has its time in the name; others have 1 s resolution. */
static struct mark occurred(const struct changing *g, const struct entry *e)
{
	struct mark m = timeline_event_mark(g->t, e);

	if (m.at >= g->from)
		return m;
	if (nsec_known(e->fact.at) && e->fact.at + SECOND > g->from)
		return mark_at(MAX(e->fact.at, g->from), PRECISION_SECOND, SOURCE_EVENT, e);
	return mark_at(MAX(e->received, g->from), PRECISION_INFERRED, SOURCE_EVENT, e);
}

static size_t restarts_alone(struct timeline *t, const struct incarnation *in, struct upgrade *list,
			     size_t n)
{
	entries_each(e, t) {
		struct changing g = { .t = t, .from = e->received - BOUND_MAX };

		if (n == UPGRADES_MAX || !event_restarts_in_place(&e->fact) || !e->fact.subject.n ||
		    shown_by_spec(in, e))
			continue;
		list[n++] = (struct upgrade){
			.kind = UPGRADE_RESTART,
			.containers = e->fact.subject,
			.trigger = e,
			.begin = occurred(&g, e),
			.ready = mark_unreached,
		};
	}
	return n;
}

/* Until Ready again */

static bool is_init(const struct changing *g, struct str name)
{
	const struct container_spec *c = timeline_container(g->t, name);

	return c && c->kind == CONTAINER_INIT;
}

/* Lists the containers that must be seen to start again. */
static void find_names(struct changing *g)
{
	struct str rest = g->u->containers, name;
	size_t n = 1;

	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == ',';
	g->names = arena_array(g->arena, struct str, n);
	g->runs = arena_array(g->arena, const struct entry *, n);
	while (str_next(&rest, ',', &name))
		if (!is_init(g, name))
			g->names[g->n++] = name;
	g->by_name = names_new(g->arena, g->names, g->n);
}

static bool inside(const struct changing *g, const struct entry *e)
{
	return e->received >= g->from && e->received < g->to;
}

/* Has it run since before the change? */
static bool ran_before(const struct changing *g, const struct fact *run)
{
	struct about a = about(g->t, run->subject, ABOUT_RUNNING);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL && e->received < g->from)
		if (e->fact.at == run->at)
			return true;
	return false;
}

static void note_run(struct changing *g, const struct entry *e)
{
	size_t i;

	if (e->fact.kind != FACT_RUNNING || !nsec_known(e->fact.at) ||
	    e->fact.at + SECOND <= g->from)
		return;
	i = names_find(g->by_name, e->fact.subject);
	if (i == g->n || g->runs[i] || ran_before(g, &e->fact))
		return;
	g->runs[i] = e;
	g->n_runs++;
}

/* The last of the new starts, or NULL if one is not seen. */
static const struct entry *all_run(const struct changing *g)
{
	const struct entry *last = NULL;

	for (size_t i = 0; i < g->n && g->n_runs == g->n; i++) {
		if (!last || g->runs[i]->received > last->received)
			last = g->runs[i];
	}
	return last;
}

/* Prefers the write of a transition to a response that shows the same one. */
static const struct entry *better(const struct entry *have, const struct entry *e)
{
	return have && have->fact.at == e->fact.at && have->fact.written ? have : e;
}

/* The write that shows it; otherwise the second of the transition or the start. */
static struct mark ready_mark(const struct changing *g, const struct entry *e)
{
	nsec at = e->fact.at;

	if (e->fact.written && (!nsec_known(at) || e->received - at <= PATCH_FRESH))
		return mark_written(e, SOURCE_STATUS);
	if (!nsec_known(at))
		return mark_seen(e);
	return mark_at(MAX(at, g->from), PRECISION_SECOND, SOURCE_STATUS, e);
}

/* Walks the records after the change. It is Ready again when all changed containers run again and
 * Ready is True: by a transition after the change, or because it never became False. */
static void until_ready(struct changing *g)
{
	const struct entry *ready = NULL, *run = NULL;

	for (size_t i = 0; i < g->t->n_entries && g->t->entries[i].received < g->to; i++) {
		const struct entry *e = &g->t->entries[i];
		const struct entry *next = i + 1 < g->t->n_entries ? e + 1 : NULL;

		if (fact_is_condition(&e->fact, STR("Ready")))
			ready = e->fact.truth ? better(ready, e) : NULL;
		if (!inside(g, e))
			continue;
		note_run(g, e);
		if (!run)
			run = all_run(g);
		if (!ready || (g->n ? !run : ready->received < g->from) ||
		    (next && next->received == e->received))
			continue;
		/* unchanged since before the update, so it is true from the new start on */
		if (run && (ready->received < g->from || ready->fact.at + SECOND <= run->fact.at))
			ready = run;
		g->u->ready = ready_mark(g, ready);
		if (run && g->u->ready.at < run->fact.at)
			g->u->ready.at = run->fact.at;
		break;
	}
	g->u->restarted = g->n && all_run(g);
}

/* With new resources only a container that is stopped for it restarts. */
static bool stopped_for_resize(const struct changing *g)
{
	entries_each(e, g->t) {
		if (e->fact.kind == FACT_EVENT && inside(g, e) &&
		    str_contains(e->fact.message, STR(" resize requires restart")))
			return true;
	}
	return false;
}

/* Stages */

/* The first such Event about the container received after the change. */
static const struct entry *event_behind(const struct changing *g, const char *reason,
					struct str name, nsec from)
{
	struct about a = about(g->t, name, ABOUT_EVENTS);
	struct str word = str_from(reason);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL) {
		struct mark m;

		if (!inside(g, e) || !str_eq(e->fact.reason, word))
			continue;
		m = occurred(g, e);
		if (m.at >= from || (m.precision == PRECISION_SECOND && m.at + SECOND > from))
			return e;
	}
	return NULL;
}

/* Its time, but not before what must come first. */
static struct mark event_mark(const struct changing *g, const char *reason, struct str name,
			      nsec from)
{
	const struct entry *e = event_behind(g, reason, name, from);
	struct mark m = e ? occurred(g, e) : mark_unreached;

	if (e)
		m.at = MAX(m.at, from);
	return m;
}

/* The end of the container that ran before the change. */
static struct mark old_end(const struct changing *g, struct str name, nsec killing)
{
	struct about a = about(g->t, name, ABOUT_TERMINATED);
	const struct entry *e;

	while ((e = about_next(&a)) != NULL)
		if (inside(g, e) && nsec_known(e->fact.at) && e->fact.at + SECOND > killing &&
		    e->fact.begin <= g->from)
			return mark_at(e->fact.at, PRECISION_SECOND, SOURCE_STATUS, e);
	return mark_unreached;
}

static struct str pulled_image(const struct entry *e)
{
	struct str head, image;

	if (str_cut(e->fact.message, '"', &head, &image) && str_cut(image, '"', &image, &head))
		return image;
	return (struct str){ "", 0 };
}

static struct mark run_mark(const struct changing *g, const struct entry *run)
{
	return mark_at(MAX(run->fact.at, g->from), PRECISION_SECOND, SOURCE_STATUS, run);
}

static void stages_of(struct changing *g, struct stage_list *l, struct str name,
		      const struct entry *run)
{
	bool over = run || g->u->ready.reached;
	struct mark killing = event_mark(g, "Killing", name, g->from), pulled, created, started;
	struct mark asked = event_mark(g, "Pulling", name, g->from);

	pulled = event_mark(g, "Pulled", name, MAX(asked.at, g->from));
	created = event_mark(g, "Created", name, MAX(pulled.at, g->from));
	started = event_mark(g, "Started", name, MAX(created.at, g->from));
	if (!mark_known(&started) && run)
		started = run_mark(g, run);
	stage_list_add(l, (struct stage){ STAGE_STOP, name, killing, old_end(g, name, killing.at),
					  !over && !pulled.reached });
	if (asked.evidence)
		stage_list_add(l, (struct stage){ STAGE_IMAGE_PULL, pulled_image(asked.evidence),
						  asked, pulled, !over && !created.reached });
	stage_list_add(l, (struct stage){ STAGE_CREATE, name, pulled, created, !over });
	stage_list_add(l, (struct stage){ STAGE_START, name, created, started, !over });
}

static void find_stages(struct changing *g)
{
	struct stage_list l = { .arena = g->arena };
	struct mark last = mark_unreached;
	const struct entry *run = all_run(g);

	for (size_t i = 0; i < g->n; i++)
		stages_of(g, &l, g->names[i], g->runs[i]);
	for (size_t i = 0; i < l.n; i++)
		if (l.list[i].stage == STAGE_START && l.list[i].end.at > last.at)
			last = l.list[i].end;
	if (run && !mark_known(&last))
		last = run_mark(g, run);
	if (run)
		stage_list_add(&l, (struct stage){ STAGE_READINESS, STR(""), last, g->u->ready,
						   !g->u->ready.reached });
	g->u->stages = stage_list_sort(&l, &g->u->n_stages);
}

static size_t most_upgrades(const struct timeline *t, const struct incarnation *in)
{
	size_t n = in->n_changes;

	for (size_t i = 0; i < t->n_entries && n < UPGRADES_MAX; i++)
		n += event_restarts_in_place(&t->entries[i].fact);
	return MIN(n, UPGRADES_MAX);
}

void timeline_upgrades(struct timeline *t, const struct incarnation *in, struct arena *arena)
{
	nsec deleted = mark_latest(&t->marks[MILESTONE_DELETED]);
	size_t n = 0, most = most_upgrades(t, in);
	struct upgrade *list;

	if (!most)
		return;
	list = arena_array(arena, struct upgrade, most);
	for (size_t i = 0; i < in->n_changes && n < most; i++)
		list[n++] = of_change(arena, &in->changes[i]);
	n = restarts_alone(t, in, list, n);
	if (n)
		qsort(list, n, sizeof(*list), by_begin);
	for (size_t i = 0; i < n; i++) {
		struct changing g = {
			.t = t,
			.arena = arena,
			.u = &list[i],
			.from = received_of(&list[i]),
			.to = i + 1 < n ? received_of(&list[i + 1]) : INT64_MAX,
		};

		if (deleted > g.from) /* how it stops then belongs to the deletion */
			g.to = MIN(g.to, deleted);
		find_names(&g);
		if (list[i].kind == UPGRADE_RESIZE && !stopped_for_resize(&g))
			continue; /* it keeps running; the log does not show when the node applied
				     the change */
		until_ready(&g);
		find_stages(&g);
	}
	t->upgrades = list;
	t->n_upgrades = n;
}
