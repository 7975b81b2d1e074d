/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a pod was deleted: requested, the kubelet's Killing Event, containers ended, released by the
 * kubelet, gone. What the log does not show stays unknown, but gets a bound if it must be before
 * something that is known.
 */
#include "timeline/about.h"
#include "timeline/incarnation.h"
#include "kube/kinds.h"

/* Containers end in whole seconds of a node's clock; smaller overruns are ignored. */
#define OVERRUN_MIN (2 * SECOND)

/* A Killing Event that belongs to the deletion. */
struct kill {
	struct str container;
	nsec at;
	const struct entry *entry;
};

struct dying {
	const struct timeline *t;
	const struct incarnation *in;
	struct deletion *d;
	struct stage_list stages;
	nsec from;	    /* time of the request, or minimum */
	struct kill *kills; /* by container, the earliest first */
	size_t n_kills, kills_cap;
};

static bool granted(const struct entry *e)
{
	return e->fact.kind == FACT_DELETE && e->fact.code < 300;
}

static void find_request(struct dying *y)
{
	struct mark m = y->t->marks[MILESTONE_DELETED];
	const struct entry *e = m.evidence;

	if (e && e->fact.kind == FACT_DELETE && mark_known(&m))
		y->d->request = e;
	y->d->requested = m;
	y->from = m.at; /* NSEC_NONE is before all times */
}

static bool same_record(const struct entry *a, const struct entry *b)
{
	return a->received == b->received && str_eq(a->audit_id, b->audit_id);
}

/* The entry's delete fact, or NULL. */
static const struct entry *delete_of(const struct timeline *t, const struct entry *e)
{
	const struct entry *end = t->entries + t->n_entries;

	for (const struct entry *d = entries_at(t, e); d < end && d->received == e->received; d++)
		if (granted(d) && same_record(d, e))
			return d;
	return NULL;
}

/* The requested grace period, or the shorter one of a later request. 0 counts only if a client
 * requested it, because the kubelet's last request sets it when all containers have stopped. */
static void find_grace(struct dying *y)
{
	y->d->grace = -1;
	entries_each(e, y->t) {
		const struct entry *asked;

		if (e->fact.kind != FACT_DELETING)
			continue;
		if (e->fact.message.p)
			y->d->finalizers = e->fact.message;
		asked = e->fact.code == 0 ? delete_of(y->t, e) : NULL;
		if (e->fact.code < 0 ||
		    (e->fact.code == 0 && (!asked || asked->writer == ORIGIN_KUBELET)))
			continue;
		if (y->d->grace < 0 || e->fact.code < y->d->grace)
			y->d->grace = e->fact.code;
	}
}

/* Killing */

/* Not a kill before a restart, which the kubelet reports with other messages (probes, hooks,
 * changes). */
static bool kills_for_good(const struct entry *e)
{
	static const char *const others[] = { "restarted", "FailedPostStartHook", " failed ",
					      "definition changed", "requires restart" };
	const struct fact *f = &e->fact;

	if (!fact_is_event(f, STR("Killing")))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (str_contains(f->message, str_from(others[i])))
			return false;
	return true;
}

/* The API server received it after the request, but by the node's clock it may be earlier. */
static struct mark killing_mark(const struct dying *y, const struct entry *e)
{
	struct mark m = timeline_event_mark(y->t, e);

	if (nsec_known(y->from) && m.at < y->from) {
		m.at = y->from;
		m.precision = PRECISION_INFERRED;
	}
	return m;
}

static struct str killed_container(const struct entry *e)
{
	const struct str words = STR("Stopping container ");

	if (e->fact.subject.n)
		return e->fact.subject;
	if (str_starts(e->fact.message, words))
		return str_after(e->fact.message, words.n);
	return (struct str){ 0 };
}

static int by_container(const void *a, const void *b)
{
	const struct kill *x = a, *y = b;
	int c = str_cmp(x->container, y->container);

	if (!c)
		c = (x->at > y->at) - (x->at < y->at);
	return c ? c : (x->entry > y->entry) - (x->entry < y->entry);
}

static void gather_kills(struct dying *y)
{
	entries_each(e, y->t) {
		if (e->last < y->from || !kills_for_good(e))
			continue;
		arena_reserve(y->stages.arena, y->kills, y->n_kills, y->kills_cap);
		y->kills[y->n_kills++] =
		    (struct kill){ killed_container(e), killing_mark(y, e).at, e };
	}
	if (y->n_kills)
		qsort(y->kills, y->n_kills, sizeof(*y->kills), by_container);
}

/* The first one of any container. */
static const struct entry *first_killing(const struct dying *y)
{
	const struct kill *best = NULL;

	for (size_t i = 0; i < y->n_kills; i++) {
		const struct kill *k = &y->kills[i];

		if (!best || k->at < best->at || (k->at == best->at && k->entry < best->entry))
			best = k;
	}
	return best ? best->entry : NULL;
}

/* The first one of that container. */
static const struct entry *find_killing(const struct dying *y, struct str name)
{
	size_t i;

	LOWER_BOUND(i, y->n_kills, str_cmp(y->kills[i].container, name) < 0);
	if (i == y->n_kills || !str_eq(y->kills[i].container, name))
		return NULL;
	return y->kills[i].entry;
}

/* Ends of containers */

/* The last state of a container, or NULL. */
static const struct entry *last_state(const struct timeline *t, struct str name)
{
	const struct entry *last = NULL, *e;
	struct about a = about(t, name, ABOUT_STATES);

	while ((e = about_next(&a)) != NULL)
		if (!last || e->last >= last->last)
			last = e;
	return last;
}

/* When it ended for the last time; unreached if its states show no end. Its second may begin before
 * the kill. */
static struct mark ended(const struct dying *y, struct str name)
{
	const struct entry *last = NULL, *state = last_state(y->t, name), *killing, *e;
	struct about a = about(y->t, name, ABOUT_TERMINATED);
	struct mark end;

	if (!state || state->fact.kind == FACT_RUNNING)
		return mark_unreached;
	while ((e = about_next(&a)) != NULL)
		if (nsec_known(e->fact.at) && (!last || e->fact.at > last->fact.at))
			last = e;
	if (!last)
		return mark_unreached;
	end = mark_at(last->fact.at, PRECISION_SECOND, SOURCE_STATUS, last);
	killing = find_killing(y, name);
	if (killing && killing_mark(y, killing).at < end.at + SECOND)
		end.at = MAX(end.at, killing_mark(y, killing).at);
	return end;
}

/* A time between two edges is known if they are close. */
static struct mark between(nsec from, const struct mark *to)
{
	if (mark_known(to) && to->at < from)
		return mark_unreached; /* forced: the API server did not wait */
	if (!mark_known(to) || !nsec_known(from) || to->at - from > BOUND_MAX)
		return mark_by(mark_latest(to), SOURCE_BOUND, to->evidence);
	return mark_at(to->at, PRECISION_INFERRED, SOURCE_BOUND, to->evidence);
}

/* The last end of all containers that ran. Returns false if one of them may not have ended. */
static bool last_end(const struct dying *y, struct mark *ret_end)
{
	const struct pod_object *o = y->t->object;
	bool ran = false;

	if (!o || !o->has_spec)
		return false;
	specs_each(c, y->t) {
		const struct entry *state = last_state(y->t, c->name);
		struct mark end = ended(y, c->name);

		if (c->kind == CONTAINER_EPHEMERAL)
			continue;
		if (!state && find_killing(y, c->name))
			return false;
		if (!state || (state->fact.kind == FACT_WAITING && !end.reached))
			continue; /* it never ran */
		if (!end.reached)
			return false;
		ran = true;
		*ret_end = mark_later(*ret_end, end);
	}
	return ran;
}

static void find_stopped(struct dying *y)
{
	struct deletion *d = y->d;
	struct mark end = mark_unreached;

	if (last_end(y, &end)) {
		/* a container that ended before the request did not need to be stopped; if the time
		 * of the request is unknown, only a Killing Event proves that it did */
		if (nsec_known(y->from) && end.at < y->from)
			end.at = y->from;
		if (nsec_known(y->from) || d->killing.reached)
			d->stopped = end;
	} else if (d->released.reached && d->killing.reached) {
		d->stopped = between(d->killing.at, &d->released);
	}
	d->overrun = NSEC_NONE;
	if (!mark_known(&d->stopped) || !mark_known(&d->requested) || d->grace < 0)
		return;
	d->overrun = d->stopped.at - d->requested.at - d->grace * SECOND;
	if (d->overrun <= OVERRUN_MIN)
		d->overrun = 0;
}

/* Released and gone */

/* The request that set the grace period to 0, or found it at 0. */
static void find_released(struct dying *y)
{
	const struct timeline *t = y->t;

	for (size_t i = 0; i < t->n_entries && !y->d->released.reached; i++) {
		const struct entry *e = &t->entries[i];
		bool zero = e->fact.kind == FACT_DELETING && e->fact.code == 0;
		bool asked = granted(e) && e->writer == ORIGIN_KUBELET;

		if (!zero && !asked)
			continue;
		asked = asked || delete_of(t, e);
		y->d->released =
		    asked ? mark_written(e, SOURCE_AUDIT) : mark_by(e->received, SOURCE_BOUND, e);
	}
}

/* Anything except an Event that shows it alive, or a successful request for it. */
static bool shows_alive(const struct entry *e)
{
	return e->fact.kind != FACT_EVENT && (e->fact.kind != FACT_SEEN || e->fact.code < 300);
}

/* When it was last seen alive, and when with finalizers. */
struct last_seen {
	nsec alive, held;
};

static struct last_seen last_seen(const struct timeline *t)
{
	struct last_seen seen = { NSEC_NONE, NSEC_NONE };

	entries_each(e, t) {
		if (e->fact.kind == FACT_DELETING && e->fact.message.n)
			seen.held = clock_later(seen.held, e->last);
		if (shows_alive(e))
			seen.alive = clock_later(seen.alive, e->last);
	}
	return seen;
}

/* The response of the request shows the object before its removal. */
static bool shows_deleting(const struct timeline *t, const struct entry *request)
{
	const struct entry *end = t->entries + t->n_entries;
	const struct entry *e = entries_at(t, request);

	for (; e < end && e->received == request->received; e++)
		if (e->fact.kind == FACT_DELETING && same_record(e, request))
			return true;
	return false;
}

/* Did a finalizer delay it longer? Without a response the finalizers are unknown; then the write
 * that removes the last one is seen later. */
static bool held_later(const struct timeline *t, const struct last_seen *seen,
		       const struct entry *request)
{
	return seen->held > request->received ||
	       (seen->alive > request->completed && !shows_deleting(t, request));
}

/* Was its phase Succeeded or Failed when it was to be deleted? */
static bool had_finished(const struct timeline *t, const struct entry *request)
{
	struct str phase = { 0 };

	entries_each(e, t)
		if (e->fact.kind == FACT_PHASE && e->received <= request->received)
			phase = e->fact.reason;
	return str_eq(phase, STR("Succeeded")) || str_eq(phase, STR("Failed"));
}

/* A pod without a node, or a finished one, has no kubelet that must stop it: the API server removes
 * it with the request. Without a response this is inferred, if the pod was not seen afterwards. */
static bool gone_with_request(const struct dying *y)
{
	const struct timeline *t = y->t;
	const struct entry *request = y->d->request;
	bool unbound = t->kind == OBJECT_POD && y->in->has_create &&
		       !t->marks[MILESTONE_SCHEDULED].reached &&
		       !t->marks[MILESTONE_KUBELET].reached && !t->node.n;

	if (!request || (!unbound && !had_finished(t, request)))
		return false;
	entries_each(e, t) {
		if (e->fact.kind == FACT_DELETING ||
		    (shows_alive(e) && e->last > request->completed))
			return false;
	}
	return true;
}

/* A read after the request found no pod. */
static struct mark not_found(const struct dying *y)
{
	const struct timeline *t = y->t;
	nsec alive = y->from;
	struct mark m;

	entries_each(e, t) {
		if (shows_alive(e))
			alive = clock_later(alive, e->last);
		if (e->fact.kind != FACT_SEEN || e->fact.code != 404 || !nsec_known(y->from) ||
		    e->received <= y->from)
			continue;
		m = mark_seen(e);
		return between(alive < e->received ? alive : y->from, &m);
	}
	return mark_unreached;
}

/* An object with a deletionTimestamp, no grace period and no finalizers is removed at once, so a
 * record of one proves the removal. */
static void find_gone(struct dying *y)
{
	const struct timeline *t = y->t;
	struct deletion *d = y->d;
	struct last_seen seen = last_seen(t);

	entries_each(e, t) {
		const struct fact *f = &e->fact;

		if ((granted(e) && f->truth && !held_later(t, &seen, e)) ||
		    (f->kind == FACT_DELETING && !e->dumped && f->code == 0 && f->message.p &&
		     !f->message.n)) {
			d->gone = mark_written(e, SOURCE_AUDIT);
			return;
		}
	}
	if (gone_with_request(y))
		d->gone = mark_seen(d->request);
	else
		d->gone = not_found(y);
	if (!d->gone.reached && nsec_known(y->in->replaced) && y->in->replaced > y->from)
		d->gone = mark_by(y->in->replaced, SOURCE_BOUND, NULL);
}

/*
 * How long "not gone" is proven. To the end of the log, if it contains kubelet writes with bodies
 * (which show finalizers and forced deletions). Otherwise to the last look at the pod, or to a
 * write to it whose content is not logged.
 */
static nsec proven_until(const struct timeline *t, const struct cluster *cluster)
{
	nsec look = NSEC_NONE, blind = NSEC_NONE;
	bool shown = false, held = false;

	entries_each(e, t) {
		shown = shown || e->fact.kind == FACT_DELETING;
		held = held || (e->fact.kind == FACT_DELETING && e->fact.message.n);
		if (e->fact.kind == FACT_SEEN && e->actor.n && e->writer != ORIGIN_KUBELET)
			blind = clock_later(blind, e->last);
		else if (shows_alive(e))
			look = clock_later(look, e->last);
	}
	look = clock_later(look, t->dumped_until);
	if (!cluster || !shown || blind > look ||
	    !object_status_writes(cluster, t->kind))
		return look;
	/* once its kubelet has released it, the removal of the last finalizer deletes it */
	return MIN(timeline_hole_behind(t->kubelet_holes, look),
		   held ? timeline_hole_behind(t->holder_holes, look) : INT64_MAX);
}

/* Stages */

/* One stage per container with a Killing Event. */
static void stages_stop(struct dying *y)
{
	const struct deletion *d = y->d;

	for (size_t i = 0; i < y->n_kills; i++) {
		struct str name = y->kills[i].container;
		struct mark start, end;

		if (!name.n || (i && str_eq(name, y->kills[i - 1].container)))
			continue;
		start = killing_mark(y, y->kills[i].entry);
		end = ended(y, name);
		if (!mark_known(&end) || end.at < start.at)
			end =
			    d->released.reached ? between(start.at, &d->released) : mark_unreached;
		stage_list_add(&y->stages,
			       (struct stage){ STAGE_STOP, name, start, end,
					       !d->released.reached && !d->gone.reached });
	}
}

/* The remaining finalizers when the kubelet had released the pod. */
static struct str holders(const struct dying *y)
{
	struct str names = { 0 };

	entries_each(e, y->t) {
		if (e->fact.kind == FACT_DELETING && e->fact.message.n &&
		    e->last >= y->d->released.at)
			names = e->fact.message;
	}
	return names;
}

/* A pod that is not known to run and was never killed has no such stage. */
static void stage_kill_wait(struct dying *y)
{
	const struct deletion *d = y->d;
	/* without a body it is unknown whether anything has to be killed */
	bool waits = !d->killing.reached && !d->stopped.reached && !d->released.reached &&
		     !d->gone.reached && entries_first(y->t, FACT_DELETING);

	if (mark_known(&d->killing) || waits)
		stage_list_add(&y->stages, (struct stage){ STAGE_KILL_WAIT, STR(""), d->requested,
							   d->killing, waits });
}

static void find_stages(struct dying *y)
{
	struct deletion *d = y->d;
	struct str names = mark_known(&d->released) ? holders(y) : (struct str){ 0 };

	if (y->t->kind == OBJECT_POD &&
	    (d->killing.reached || y->t->marks[MILESTONE_SCHEDULED].reached))
		stage_kill_wait(y);
	stages_stop(y);
	stage_list_add(&y->stages, (struct stage){ STAGE_CLEANUP, STR(""), d->stopped, d->released,
						   !d->released.reached && !d->gone.reached });
	if (names.n)
		stage_list_add(&y->stages, (struct stage){ STAGE_FINALIZERS, names, d->released,
							   d->gone, !d->gone.reached });
	d->stages = stage_list_sort(&y->stages, &d->n_stages);
}

void timeline_deletion(struct timeline *t, const struct incarnation *in,
		       const struct cluster *cluster, struct arena *arena)
{
	struct dying y = { .t = t, .in = in, .stages.arena = arena };
	const struct entry *killing;

	if (!t->marks[MILESTONE_DELETED].reached)
		return;
	y.d = arena_new(arena, struct deletion);
	y.d->killing = y.d->stopped = y.d->released = y.d->gone = mark_unreached;
	find_request(&y);
	find_grace(&y);
	gather_kills(&y);
	killing = first_killing(&y);
	if (killing)
		y.d->killing = killing_mark(&y, killing);
	find_released(&y);
	find_stopped(&y);
	find_gone(&y);
	y.d->until = y.d->gone.reached ? NSEC_NONE : proven_until(t, cluster);
	find_stages(&y);
	t->deletion = y.d;
}
