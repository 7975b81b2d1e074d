/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/sight.h"

#include "timeline/about.h"

enum { CONTAINERS_MANY = 16 }; /* fewer are searched without an index */

/* A container with its state at a time. init is also set for sidecars. */
struct seen_container {
	struct str name;
	bool init, sidecar;
	const struct container_spec *spec; /* NULL: not shown */
	/* The latest of each kind; [1] written, [0] read back. */
	const struct entry *live[2], *end[2];
	uint32_t restarts;
	nsec last_end; /* NSEC_NONE: none */

	const struct fact *state; /* NULL: none yet */
};

/* The status at a time. */
struct status_look {
	const struct timeline *t;
	nsec until; /* uses everything received by then */
	nsec status_at, hidden_at;
	struct str phase, reason; /* phase.p == NULL: not shown yet */
	const struct fact *scheduled, *initialized, *ready, *containers_ready;
	bool created, deleting;
	struct seen_container *containers; /* init first, in the order of the spec; then by name */
	size_t n, n_init;
	struct name_index
	    *names; /* of the containers, while states are collected; NULL: only a few */
};

static bool released(const struct entry *e)
{
	const struct fact *f = &e->fact;

	if (f->kind == FACT_DELETE)
		return f->code < 300 && f->truth;
	/* no grace period and no finalizers left: the API server removes such an object at once */
	return f->kind == FACT_DELETING && f->code == 0 && f->message.p && !f->message.n &&
	       !e->dumped;
}

nsec sight_gone(const struct timeline *t)
{
	if (t->deletion)
		return t->deletion->gone.at;
	entries_each(e, t)
		if (released(e))
			return e->received;
	return NSEC_NONE;
}

bool sight_exists(const struct timeline *t, nsec at)
{
	nsec created = t->marks[MILESTONE_CREATED].at, admitted = t->marks[MILESTONE_ADMITTED].at;
	nsec gone = sight_gone(t);

	if (t->denied || (nsec_known(gone) && gone <= at))
		return false;
	if (!nsec_known(created))
		return t->n_entries && t->entries[0].received <= at;
	/* while webhooks decide, there is no object */
	return (nsec_known(admitted) && admitted > created ? admitted : created) <= at;
}

/* Containers */

static struct seen_container *find(struct status_look *l, struct str name)
{
	if (l->names) {
		size_t i = names_find(l->names, name);

		return i < l->n ? &l->containers[i] : NULL;
	}
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->containers[i].name, name))
			return &l->containers[i];
	return NULL;
}

/* From the spec; if it is not shown, from the states. */
static void list_containers(struct status_look *l, struct arena *arena)
{
	const struct pod_object *o = l->t->object;
	size_t most = o ? o->n_containers : 0;

	entries_each(e, l->t)
		most += fact_is_state(&e->fact) && !o;
	l->containers = arena_array(arena, struct seen_container, most);
	specs_each(c, l->t) {
		if (c->kind == CONTAINER_EPHEMERAL)
			continue;
		l->containers[l->n++] = (struct seen_container){
			.name = c->name,
			.init = c->kind != CONTAINER_APP,
			.sidecar = c->kind == CONTAINER_SIDECAR,
			.spec = c,
			.last_end = NSEC_NONE,
		};
		l->n_init += c->kind != CONTAINER_APP;
	}
	for (size_t i = 0; !o && i < l->t->n_entries; i++) {
		const struct entry *e = &l->t->entries[i];

		if (fact_is_state(&e->fact) && e->received <= l->until && !find(l, e->fact.subject))
			l->containers[l->n++] = (struct seen_container){ .name = e->fact.subject,
									 .last_end = NSEC_NONE };
	}
}

static void index_names(struct status_look *l, struct arena *arena)
{
	struct str *list;

	if (l->n < CONTAINERS_MANY)
		return;
	list = arena_array(arena, struct str, l->n);
	for (size_t i = 0; i < l->n; i++)
		list[i] = l->containers[i].name;
	l->names = names_new(arena, list, l->n);
}

static int by_name(const void *a, const void *b)
{
	const struct seen_container *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

/* An end that was not observed (ContainerStatusUnknown) has no time and was found last. */
static nsec ended_at(const struct entry *e)
{
	return nsec_known(e->fact.at) ? e->fact.at : INT64_MAX;
}

static void read_state(struct status_look *l, const struct entry *e)
{
	struct seen_container *c = find(l, e->fact.subject);
	const struct entry **place;

	if (!c)
		return;
	c->restarts = MAX(c->restarts, e->fact.count);
	if (e->fact.kind != FACT_TERMINATED) {
		c->live[e->fact.written] = e;
		return;
	}
	/* of two ends in one record the later one is the current state */
	place = &c->end[e->fact.written];
	if (!*place || (*place)->received != e->received || ended_at(e) >= ended_at(*place))
		*place = e;
	if (nsec_known(e->fact.at))
		c->last_end = clock_later(c->last_end, e->fact.at);
}

/*
 * A termination is reported as the current state, or as the last state together with another
 * current one. The latter was then received in the same record, or later. Of folded facts only the
 * first and last time are known.
 */
static const struct entry *present(const struct status_look *l, const struct entry *live,
				   const struct entry *end)
{
	if (!live || !end)
		return live ? live : end;
	if (live->last < end->received || (end->last <= l->until && end->last > live->last))
		return end;
	return live;
}

static nsec seen_at(const struct status_look *l, const struct entry *e)
{
	return e->last <= l->until ? e->last : e->received;
}

static void decide_states(struct status_look *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct seen_container *c = &l->containers[i];
		const struct entry *read = present(l, c->live[0], c->end[0]);
		const struct entry *written = present(l, c->live[1], c->end[1]);

		if (!read || (written && seen_at(l, written) >= seen_at(l, read)))
			read = written;
		c->state = read ? &read->fact : NULL;
	}
}

static void read_condition(struct status_look *l, const struct fact *f)
{
	static const char *const types[] = { "PodScheduled", "Initialized", "Ready",
					     "ContainersReady" };
	const struct fact **places[] = { &l->scheduled, &l->initialized, &l->ready,
					 &l->containers_ready };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq(f->subject, str_from(types[i])))
			*places[i] = f;
}

static void read_entry(struct status_look *l, const struct entry *e)
{
	const struct fact *f = &e->fact;

	switch (f->kind) {
	case FACT_CREATE:
		l->created = l->created || f->code < 300;
		break;
	case FACT_DELETE:
		l->deleting = l->deleting || f->code < 300;
		break;
	case FACT_DELETING:
		l->deleting = true;
		break;
	case FACT_WRITE: /* of repetitions only the first and the last are known */
		l->hidden_at = clock_later(l->hidden_at, seen_at(l, e));
		break;
	case FACT_PHASE:
		l->phase = f->reason;
		l->reason = f->subject;
		break;
	case FACT_CONDITION:
		read_condition(l, f);
		break;
	default:
		break;
	}
	if (fact_is_state(f))
		read_state(l, e);
	if (f->kind == FACT_PHASE || f->kind == FACT_CONDITION || fact_is_state(f))
		l->status_at = clock_later(l->status_at, seen_at(l, e));
}

static struct status_look look_of(const struct timeline *t, nsec until, struct arena *arena)
{
	struct status_look l = {
		.t = t, .until = until, .status_at = NSEC_NONE, .hidden_at = NSEC_NONE
	};

	list_containers(&l, arena);
	index_names(&l, arena);
	entries_each(e, t)
		if (e->received <= until)
			read_entry(&l, e);
	decide_states(&l);
	/* kubelets sort the states of app containers by name */
	if (l.n > l.n_init)
		qsort(l.containers + l.n_init, l.n - l.n_init, sizeof(*l.containers), by_name);
	return l;
}

/* Is it one of the names in "containers with unready status: [a b]"? */
static bool named(struct str message, struct str container, bool *ret_lists)
{
	struct str head, inside, rest = message, word;

	*ret_lists = false;
	while (str_cut(rest, '[', &head, &rest) && str_cut(rest, ']', &inside, &rest)) {
		*ret_lists = true;
		while (str_next(&inside, ' ', &word))
			if (str_eq(word, container))
				return true;
	}
	return false;
}

bool sight_runs_ready(const struct fact *containers_ready, const struct container_spec *spec,
		      const struct fact *running, bool *ret_known)
{
	bool lists = false, unready;

	*ret_known = true;
	if (running->code) /* the status shows it */
		return running->code == 1;
	if (containers_ready && containers_ready->truth)
		return true;
	unready = containers_ready && named(containers_ready->message, running->subject, &lists);
	if (unready || lists)
		return !unready;
	*ret_known = spec != NULL;
	return spec && !spec->readiness_probe && (!spec->startup_probe || running->truth);
}

static bool is_ready(const struct status_look *l, const struct seen_container *c, bool *ret_known)
{
	*ret_known = c->state != NULL;
	if (!c->state || c->state->kind != FACT_RUNNING)
		return false;
	return sight_runs_ready(l->containers_ready, c->spec, c->state, ret_known);
}

/* STATUS */

static struct str ended_as(const struct fact *f, const char *before, struct arena *arena)
{
	if (f->reason.n)
		return arena_printf(arena, "%s" STR_FMT, before, STR_ARG(f->reason));
	return arena_printf(arena, "%sExitCode:%d", before, f->code);
}

/* The state of the first unfinished init container; p == NULL: all are done. */
static struct str initializing(const struct status_look *l, struct arena *arena)
{
	for (size_t i = 0, at = 0; i < l->n_init; i++) {
		const struct seen_container *c = &l->containers[i];
		const struct fact *f = c->state;

		if (!f)
			continue; /* not in the status yet */
		at++;
		if (f->kind == FACT_TERMINATED && f->code == 0)
			continue;
		if (c->sidecar && f->kind == FACT_RUNNING && f->truth)
			continue;
		if (f->kind == FACT_TERMINATED)
			return ended_as(f, "Init:", arena);
		if (f->kind == FACT_WAITING && f->reason.n &&
		    !str_eq(f->reason, STR("PodInitializing")))
			return arena_printf(arena, "Init:" STR_FMT, STR_ARG(f->reason));
		return arena_printf(arena, "Init:%zu/%zu", at - 1, l->n_init);
	}
	return (struct str){ 0 };
}

/* The reason of the first app container that is not running. ret: does any run and is ready? */
static struct str by_containers(const struct status_look *l, struct str status, struct arena *arena)
{
	bool runs = false, known;

	for (size_t i = l->n; i > l->n_init; i--) {
		const struct seen_container *c = &l->containers[i - 1];

		if (!c->state)
			continue;
		if (c->state->kind == FACT_WAITING && c->state->reason.n)
			status = c->state->reason;
		else if (c->state->kind == FACT_TERMINATED)
			status = ended_as(c->state, "", arena);
		else
			runs = runs || is_ready(l, c, &known);
	}
	if (!runs || !str_eq(status, STR("Completed")))
		return status;
	return l->ready && l->ready->truth ? STR("Running") : STR("NotReady");
}

static bool over(struct str phase)
{
	return str_eq(phase, STR("Succeeded")) || str_eq(phase, STR("Failed"));
}

static struct str status_of(const struct status_look *l, struct arena *arena)
{
	struct str status = l->reason.n ? l->reason : l->phase, init = initializing(l, arena);

	if (l->scheduled && str_eq(l->scheduled->reason, STR("SchedulingGated")))
		status = STR("SchedulingGated");
	if (init.p)
		status = init;
	if (!init.p || (l->initialized && l->initialized->truth))
		status = by_containers(l, status, arena);
	if (l->deleting && str_eq(l->reason, STR("NodeLost")))
		return STR("Unknown");
	return l->deleting && !over(l->phase) ? STR("Terminating") : status;
}

/* Counts */

static void count(const struct status_look *l, struct sight *s, struct arena *arena)
{
	bool through = !initializing(l, arena).p || (l->initialized && l->initialized->truth);

	s->ready_known = s->restarts_known = true;
	for (size_t i = 0; i < l->n; i++) {
		const struct seen_container *c = &l->containers[i];
		bool known = true, ready = is_ready(l, c, &known);

		s->containers += !c->init || c->sidecar;
		if (!c->state)
			continue;
		/* during initialization only init containers count; afterwards only those that keep
		 * running */
		if (through ? c->init && !c->sidecar : !c->init)
			continue;
		s->restarts += c->restarts;
		if (c->restarts)
			s->last_restart = clock_later(s->last_restart, c->last_end);
		if (c->init && !c->sidecar)
			continue;
		s->ready += ready && (!c->sidecar || c->state->truth);
		s->ready_known = s->ready_known && known;
	}
	if (!s->restarts)
		s->last_restart = NSEC_NONE;
	if (!l->t->object && !l->n)
		s->ready_known = false;
}

/* The first status received after a time is also true at that time if nothing in it began later,
 * which transitions and starts show. Waiting containers do not show it. */
static nsec held_since(const struct timeline *t, nsec at)
{
	nsec received = NSEC_NONE;

	entries_each(e, t) {
		const struct fact *f = &e->fact;
		bool condition = f->kind == FACT_CONDITION;

		if (e->received <= at || (!condition && f->kind != FACT_PHASE && !fact_is_state(f)))
			continue;
		if (!nsec_known(received))
			received = e->received;
		if (e->received != received)
			break;
		if (f->kind == FACT_WAITING || (condition && !nsec_known(f->at)) || f->at > at)
			return NSEC_NONE;
	}
	return received;
}

static struct str node_at(const struct timeline *t, nsec at)
{
	const struct mark *scheduled = &t->marks[MILESTONE_SCHEDULED];

	return nsec_known(scheduled->at) && scheduled->at > at ? STR("") : t->node;
}

struct sight sight_of(const struct timeline *t, nsec at, struct arena *arena)
{
	struct sight s = { .last_restart = NSEC_NONE, .age = NSEC_NONE, .node = node_at(t, at) };
	nsec created = t->marks[MILESTONE_CREATED].at, later;
	struct status_look l = look_of(t, at, arena);

	if (nsec_known(created))
		s.age = at - created;
	s.exists = sight_exists(t, at);
	if (!s.exists)
		return s;
	if (!l.phase.p && nsec_known(later = held_since(t, at))) {
		bool deleting = l.deleting;

		l = look_of(t, later, arena);
		l.deleting = deleting;
	}
	if (l.phase.p && (!nsec_known(l.hidden_at) || l.hidden_at <= l.status_at)) {
		s.status = status_of(&l, arena);
		count(&l, &s, arena);
	} else if (l.deleting) {
		s.status = STR("Terminating"); /* overrides the rest */
	}
	return s;
}

bool sight_restarts(const struct timeline *t, uint64_t *ret_restarts)
{
	struct arena arena = { 0 };
	struct status_look l = look_of(t, INT64_MAX, &arena);
	bool known = false;

	*ret_restarts = 0;
	for (size_t i = 0; i < l.n; i++) {
		known = known || l.containers[i].state;
		*ret_restarts += l.containers[i].restarts;
	}
	arena_free(&arena);
	return known;
}
