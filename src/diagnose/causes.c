/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of all that matched is the cause. The rules, in the order in which they are asked:
 *
 * 1. A pod that was never delivered, or too late, has its cause in scope create: at the earliest
 *    stage that is not done, for what comes later waits for it. What a later success disproves
 *    (an image that was pulled at last) is healed: it explains a slow pod, never a failed one.
 * 2. Else what happened to it while it ran: what came last, for that is what ended it. Whatever
 *    stands close to the request to delete it counts as of the same time, and so does who asked;
 *    but who takes away a pod that crashes again and again has ended nothing, and what a job got
 *    over has not ended it.
 * 3. Else what held up its deletion.
 *    A pod whose delivery is not judged, for the log does not show its creation or when it became
 *    ready, has 2 and 3, and else the error in which it hangs.
 * 4. Else a stage that took longer than its threshold, though the pod was in time, or was taken
 *    away before it could be: what went wrong in it, if something did; or an error that healed,
 *    but lasted as long.
 *
 * Within one of these: what is proved by a text before what only has a name, causes before
 * symptoms, special rules before general ones; reasons why no node will do, as nodes.c has them.
 */
#include "diagnose/hits.h"

struct str scope_name(enum scope scope)
{
	static const char *const names[SCOPE_COUNT] = { "create", "run", "delete" };

	return str_from(names[scope]);
}

struct str confidence_name(enum confidence confidence)
{
	static const char *const names[] = { "low", "medium", "high" };

	return str_from(names[confidence]);
}

/* In the order of a delivery; what is not in it comes last. */
static unsigned stage_order(enum lifecycle_stage stage)
{
	return stage <= STAGE_READINESS_GATE || stage >= STAGE_CONSUMER ? (unsigned)stage
									: STAGE_COUNT;
}

/* What is done only while the pod is being deleted has delivered nothing. */
static nsec in_its_delivery(const struct timeline *t, nsec at)
{
	nsec deleted = t->marks[MILESTONE_DELETED].at;

	return deleted != NSEC_NONE && at > deleted && !timeline_delivered(t)->reached ? NSEC_NONE
										       : at;
}

/* When the stage was done for that container (or for the pod); NSEC_NONE: never. */
static nsec done_at(const struct timeline *t, enum lifecycle_stage stage, struct str container)
{
	static const enum milestone ends[] = {
		[STAGE_ADMISSION] = MILESTONE_ADMITTED,
		[STAGE_SCHEDULING_GATE] = MILESTONE_UNGATED,
		[STAGE_SCHEDULE] = MILESTONE_SCHEDULED,
		[STAGE_STARTUP_WAIT] = MILESTONE_KUBELET,
		[STAGE_SANDBOX] = MILESTONE_SANDBOX,
		[STAGE_IMAGE_PULL] = MILESTONE_STARTED,
		[STAGE_INIT] = MILESTONE_INITIALIZED,
		[STAGE_CREATE] = MILESTONE_STARTED,
		[STAGE_START] = MILESTONE_STARTED,
		[STAGE_POST_START_HOOK] = MILESTONE_CONTAINERS_READY,
		[STAGE_READINESS] = MILESTONE_READY,
		[STAGE_READINESS_GATE] = MILESTONE_READY,
		[STAGE_CONSUMER] = MILESTONE_SCHEDULED,
		[STAGE_PROVISION] = MILESTONE_BOUND,
		[STAGE_BIND] = MILESTONE_BOUND,
	};
	nsec at = NSEC_NONE;

	if (stage_order(stage) == STAGE_COUNT)
		return NSEC_NONE;
	if (container.n &&
	    (stage == STAGE_IMAGE_PULL || stage == STAGE_CREATE || stage == STAGE_START))
		for (size_t i = 0; i < t->n_containers; i++)
			if (str_eq(t->containers[i].name, container) &&
			    t->containers[i].started.at != NSEC_NONE)
				at = t->containers[i].started.at;
	return in_its_delivery(t, clock_later(at, t->marks[ends[stage]].at));
}

nsec hits_excused(const struct hits *h, const struct hit *hit)
{
	nsec latest = hit->excused;

	for (size_t i = 0; i < h->n; i++) {
		const struct hit *note = &h->list[i];

		if (note->rule == hit->rule && note->part == SCOPE_COUNT &&
		    (!note->subject.n || str_eq(note->subject, hit->subject)))
			latest = clock_later(latest, note->excused);
	}
	return latest;
}

static bool healed(const struct hits *h, const struct hit *hit)
{
	nsec done = done_at(h->t, hit->stage, hit->subject);

	return done != NSEC_NONE && done >= hit->first;
}

/* The stage was done already, so it cannot have been held up by that: a volume of a running pod
 * that could not be refreshed, a sandbox that was lost. */
static bool too_late(const struct hits *h, const struct hit *hit)
{
	nsec done = done_at(h->t, hit->stage, hit->subject);

	return done != NSEC_NONE && done < hit->first;
}

/* Where in the pod's life it happened; false: the rule does not speak of that part. */
static bool scope_of(const struct hits *h, const struct hit *hit, enum scope *ret)
{
	unsigned scopes = h->rules->list[hit->rule].scopes;
	enum scope scope = hit->part;

	/* a rule of one scope knows better than the clock, but nothing is created any more then */
	if (scope == SCOPE_DELETE && scopes == 1u << SCOPE_CREATE)
		return false;
	for (unsigned i = 0; i < SCOPE_COUNT; i++)
		if (scopes == 1u << i)
			scope = (enum scope)i;
	*ret = scope;
	return scopes >> scope & 1;
}

/* Choosing */

#define HELD_UP (60 * SECOND) /* as the threshold of most stages of the user */

struct choice {
	const struct hit *hit;
	enum scope scope;
	enum lifecycle_stage stage; /* in which it was seen */
	bool healed, excused, late;
	bool moot;		      /* told, but no cause */
	const struct upgrade *change; /* in place, behind which it came; or NULL */
};

/* What is excused explains nothing that came later, but it may have cost the time before. */
static bool is_cause(const struct hits *h, const struct choice *c)
{
	return !c->moot && !(c->excused && c->scope != SCOPE_CREATE) &&
	       !h->rules->list[c->hit->rule].information;
}

static int by_worth(const struct hits *h, const struct choice *a, const struct choice *b)
{
	const struct rule *x = &h->rules->list[a->hit->rule], *y = &h->rules->list[b->hit->rule];

	if (x->symptom != y->symptom)
		return x->symptom ? 1 : -1;
	if (a->excused != b->excused)
		return a->excused ? 1 : -1;
	if (a->hit->by_text != b->hit->by_text)
		return a->hit->by_text ? -1 : 1;
	if (a->hit->place != b->hit->place)
		return a->hit->place < b->hit->place ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return str_cmp(a->hit->subject, b->hit->subject);
}

/* Rule 1: the earliest stage that is not done. What came behind its stage holds up the last one. */
static int by_stage(const struct hits *h, const struct choice *a, const struct choice *b)
{
	unsigned x = stage_order(a->late ? STAGE_READINESS : a->stage);
	unsigned y = stage_order(b->late ? STAGE_READINESS : b->stage);

	return x != y ? (x < y ? -1 : 1) : by_worth(h, a, b);
}

/*
 * When it ended the pod, if it did: who ends a pod asks for its deletion, and what he says of it
 * comes just before or after that.
 */
static nsec end_of(const struct hits *h, const struct hit *hit)
{
	nsec deleted = h->t->marks[MILESTONE_DELETED].at;

	return deleted != NSEC_NONE && hit->last > deleted - 5 * SECOND ? deleted : hit->last;
}

/* Whoever takes away a pod that crashes all the time has not ended its work: that had ended before.
 */
static bool ended_nothing(const struct hits *h, const struct choice *c)
{
	return c->scope == SCOPE_RUN && h->rules->list[c->hit->rule].stage == STAGE_COUNT &&
	       hits_backing_off(h, c->hit->first);
}

/* A job that succeeded at last has not failed by what failed before. */
static bool made_good(const struct hits *h, const struct choice *c)
{
	return h->t->job && c->scope == SCOPE_RUN &&
	       h->rules->list[c->hit->rule].stage != STAGE_COUNT &&
	       h->t->marks[MILESTONE_FINISHED].reached && !h->t->marks[MILESTONE_FAILED].reached;
}

/*
 * A probe has failed when it failed three times, if nobody asks for another number, and for longer
 * than things take to start: before that a pod is only not ready yet, or was slow to answer once.
 */
static bool too_early(const struct hits *h, const struct choice *c)
{
	const struct entry *e = c->hit->last_entry;
	bool undecided = h->d->verdict == VERDICT_ABORTED || h->d->verdict == VERDICT_OPEN;

	if (!e || e->fact.kind != FACT_EVENT || !str_eq(e->fact.reason, STR("Unhealthy")))
		return false;
	if (c->scope == SCOPE_RUN)
		return c->hit->times < 3;
	return undecided && c->scope == SCOPE_CREATE &&
	       (c->hit->times < 3 || c->hit->last - c->hit->first < 10 * SECOND);
}

/* A create that was refused before the one that was granted: it is a fact of its admission. */
static bool before_granted(const struct hits *h, const struct choice *c)
{
	const struct entry *e = c->hit->last_entry;

	return !h->t->denied && e && e->fact.kind == FACT_CREATE && e->fact.code >= 300;
}

/* A pod that is changed in place is not Ready for a while; that has gone well if it is again. */
static bool only_changed(const struct hits *h, const struct choice *c)
{
	return c->change && c->change->ready.reached && h->rules->list[c->hit->rule].symptom;
}

/* Rule 2: what came last; symptoms and slow stages behind all others. */
static int by_end(const struct hits *h, const struct choice *a, const struct choice *b)
{
	const struct rule *x = &h->rules->list[a->hit->rule], *y = &h->rules->list[b->hit->rule];

	if (x->symptom != y->symptom)
		return x->symptom ? 1 : -1;
	if (end_of(h, a->hit) != end_of(h, b->hit))
		return end_of(h, a->hit) > end_of(h, b->hit) ? -1 : 1;
	return by_worth(h, a, b);
}

/* Rule 4: what took the longest. */
static int by_time(const struct hits *h, const struct choice *a, const struct choice *b)
{
	if (a->hit->took != b->hit->took)
		return a->hit->took > b->hit->took ? -1 : 1;
	return by_worth(h, a, b);
}

typedef int order(const struct hits *h, const struct choice *a, const struct choice *b);

struct choices {
	struct choice *list;
	size_t n;
};

/*
 * Of the kubelet's first sign a dump often knows only that it came before something exact: what it
 * complained of until then lies in the wait for it.
 */
static enum lifecycle_stage seen_in(const struct hits *h, const struct hit *hit)
{
	for (size_t i = 0; hit->stage == STAGE_SANDBOX && i < h->t->n_stages; i++)
		if (h->t->stages[i].stage == STAGE_STARTUP_WAIT &&
		    hit->first < h->t->stages[i].end.at)
			return STAGE_STARTUP_WAIT;
	return hit->stage;
}

static void all_choices(const struct hits *h, struct choices *ret)
{
	ret->list = arena_array(h->arena, struct choice, h->n);
	ret->n = 0;
	for (size_t i = 0; i < h->n; i++) {
		struct choice c = { .hit = &h->list[i], .stage = seen_in(h, &h->list[i]) };
		nsec excuse = hits_excused(h, c.hit);

		if (!c.hit->times || c.hit->part == SCOPE_COUNT || !scope_of(h, c.hit, &c.scope))
			continue;
		/* a stage that was held up by something is not slow by itself */
		if (c.hit->took != NSEC_NONE && excuse != NSEC_NONE)
			continue;
		c.excused = excuse != NSEC_NONE && excuse >= c.hit->last;
		c.healed = c.excused || (c.scope == SCOPE_CREATE && healed(h, c.hit));
		c.late = c.scope == SCOPE_CREATE && too_late(h, c.hit);
		c.change = hits_change(h, c.hit, c.scope);
		c.moot = ended_nothing(h, &c) || too_early(h, &c) || made_good(h, &c) ||
			 only_changed(h, &c) || before_granted(h, &c) || hits_unexplained(h, c.hit);
		ret->list[ret->n++] = c;
	}
}

enum want { WANT_UNHEALED, WANT_ANY };

static const struct choice *best(const struct hits *h, const struct choices *all, enum scope scope,
				 enum want want, enum lifecycle_stage stage, bool slow,
				 order *before)
{
	const struct choice *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct choice *c = &all->list[i];

		if (c->scope != scope || !is_cause(h, c) || (want == WANT_UNHEALED && c->healed) ||
		    (scope != SCOPE_DELETE && (c->hit->took != NSEC_NONE) != slow) ||
		    (stage != STAGE_COUNT && (c->late || c->stage != stage)))
			continue;
		if (!best || before(h, c, best) < 0)
			best = c;
	}
	return best;
}

/* The stage that took the most of the delivery: of what is not done the open one. */
static void longest(const struct hits *h, struct diagnosis *d)
{
	bool waits = h->d->until != NSEC_NONE && stages_open(h->t->stages, h->t->n_stages);

	d->longest = STAGE_COUNT;
	d->longest_time = NSEC_NONE;
	for (size_t i = 0; i < h->t->n_stages; i++) {
		const struct stage *s = &h->t->stages[i];
		nsec end = s->end.at != NSEC_NONE ? s->end.at : s->open ? h->d->until : NSEC_NONE;

		if (end == NSEC_NONE || end - s->start.at <= d->longest_time || s->open < waits)
			continue;
		d->longest = s->stage;
		d->longest_subject = s->subject;
		d->longest_time = end - s->start.at;
	}
}

static struct cause cause_of(const struct hits *h, const struct choice *c)
{
	const struct rule *r = &h->rules->list[c->hit->rule];
	struct cause cause = {
		.rule = r,
		.scope = c->scope,
		.stage = c->hit->stage,
		.owner = r->owner,
		.healed = c->healed,
		.subject = c->hit->subject,
		.summary = sentence_filled(h, c->hit, r->summary),
		.advice = sentence_filled(h, c->hit, r->advice),
		.webhook = hit_value(h, c->hit, STR("webhook")),
		.first = c->hit->first,
		.last = c->hit->last,
		.times = c->hit->times,
		.took = c->hit->took,
		.confidence = r->symptom	? CONFIDENCE_LOW
			      : c->hit->by_text ? CONFIDENCE_HIGH
						: CONFIDENCE_MEDIUM,
	};

	cause.change = c->change;
	if (c->change && c->change->trigger && c->change->trigger != c->hit->first_entry)
		cause.evidence[cause.n_evidence++] = c->change->trigger;
	if (c->hit->first_entry)
		cause.evidence[cause.n_evidence++] = c->hit->first_entry;
	if (c->hit->last_entry && c->hit->last_entry != c->hit->first_entry)
		cause.evidence[cause.n_evidence++] = c->hit->last_entry;
	return cause;
}

/* What is wrong behind a change in place is mostly wrong with the change. */
static struct str change_said(const struct hits *h, const struct cause *c)
{
	struct str said = change_sentence(c->change, h->arena);

	return arena_printf(h->arena, STR_FMT STR_FMT, STR_ARG(c->summary), STR_ARG(said));
}

/* Something more may have been written about it, which the log does not hold. */
static bool may_lack_the_cause(const struct hits *h)
{
	const struct timeline *t = h->t;
	nsec created = t->marks[MILESTONE_CREATED].at, bound = t->marks[MILESTONE_SCHEDULED].at;
	nsec end = mark_latest(timeline_delivered(t));

	end = end != NSEC_NONE ? end : h->d->until;
	if (created == NSEC_NONE || end == NSEC_NONE)
		return false;
	if (t->no_events)
		return true;
	if (bound != NSEC_NONE && bound < end && !hits_covered(h, STAGE_SANDBOX, bound, end))
		return true;
	return !hits_covered(h, STAGE_SCHEDULE, created, bound != NSEC_NONE ? bound : end);
}

/* No rule holds: the code says so, and the last Events are what there is. */
static struct cause unknown(const struct hits *h, const struct diagnosis *d)
{
	const struct rule *r = rules_find(h->rules, STR("Unknown"));
	const struct entry *latest[3];
	size_t n = 0;
	struct cause cause = {
		.rule = r,
		.scope = SCOPE_CREATE,
		.stage = d->longest,
		.owner = OWNER_NONE,
		.subject = STR(""),
		.summary = r->summary,
		.advice = r->advice,
		.first = h->t->marks[MILESTONE_CREATED].at,
		.last = h->d->until,
		.times = 1,
		.took = NSEC_NONE,
	};

	for (size_t i = h->t->n_entries; i-- > 0 && n < ARRAY_SIZE(latest);)
		if (h->t->entries[i].fact.kind == FACT_EVENT)
			latest[n++] = &h->t->entries[i];
	while (n)
		cause.evidence[cause.n_evidence++] = latest[--n];
	return cause;
}

/* What went wrong for so long that it was the delivery's time, though no stage shows it. */
static const struct choice *held_up(const struct hits *h, const struct choices *all)
{
	nsec delivered = timeline_delivered(h->t)->at;
	const struct choice *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct choice *c = &all->list[i];

		if (c->scope == SCOPE_CREATE && c->healed && is_cause(h, c) &&
		    !h->rules->list[c->hit->rule].symptom && c->hit->took == NSEC_NONE &&
		    delivered != NSEC_NONE &&
		    MIN(c->hit->last, delivered) - c->hit->first >= HELD_UP &&
		    (!best || by_stage(h, c, best) < 0))
			best = c;
	}
	return best;
}

/* The longest stage over its threshold, with or without an excuse; NULL: none. */
static const struct hit *longest_slow(const struct hits *h)
{
	const struct hit *longest = NULL;

	for (size_t i = 0; i < h->n; i++) {
		const struct hit *hit = &h->list[i];

		if (hit->took != NSEC_NONE && hit->times && hit->part == SCOPE_CREATE &&
		    h->rules->list[hit->rule].scopes == 1u << SCOPE_CREATE &&
		    (!longest || hit->took > longest->took))
			longest = hit;
	}
	return longest;
}

/*
 * Rule 4. What went wrong in that stage, though it healed, says more than that it took long; and
 * where the stage only waited for that, it is all there is to say.
 */
static const struct choice *slowest(const struct hits *h, const struct choices *all)
{
	const struct choice *slow =
	    best(h, all, SCOPE_CREATE, WANT_ANY, STAGE_COUNT, true, by_time);
	const struct hit *longest = longest_slow(h);
	const struct choice *error = NULL;

	if (longest)
		error = best(h, all, SCOPE_CREATE, WANT_ANY, longest->stage, false, by_worth);
	if (error && !h->rules->list[error->hit->rule].symptom)
		return error;
	return slow ? slow : held_up(h, all);
}

static const struct choice *choose(const struct hits *h, const struct choices *all,
				   const struct diagnosis *d)
{
	enum verdict v = h->d->verdict;
	const struct choice *c = NULL;

	if (v == VERDICT_DENIED || v == VERDICT_FAILED || v == VERDICT_OPEN ||
	    v == VERDICT_ABORTED) {
		c = best(h, all, SCOPE_CREATE, WANT_UNHEALED, STAGE_COUNT, false, by_stage);
		/* nothing went wrong, but it hangs in a stage that is not done */
		c = c ? c : best(h, all, SCOPE_CREATE, WANT_UNHEALED, d->longest, true, by_time);
		/* or its time went by before */
		return c || v == VERDICT_FAILED || v == VERDICT_DENIED ? c : slowest(h, all);
	}
	if (v == VERDICT_SLOW && d->longest != STAGE_COUNT) {
		c = best(h, all, SCOPE_CREATE, WANT_ANY, d->longest, false, by_worth);
		c = c ? c : best(h, all, SCOPE_CREATE, WANT_ANY, d->longest, true, by_time);
		if (c)
			return c;
	}
	c = best(h, all, SCOPE_RUN, WANT_ANY, STAGE_COUNT, false, by_end);
	/* a job is delivered as soon as it has failed, and what made it fail came before */
	if (!c && h->t->marks[MILESTONE_FAILED].reached)
		c = best(h, all, SCOPE_CREATE, WANT_UNHEALED, STAGE_COUNT, false, by_stage);
	c = c ? c : best(h, all, SCOPE_DELETE, WANT_ANY, STAGE_COUNT, false, by_worth);
	if (v == VERDICT_EXCLUDED) /* and what it hangs in, but not what its delivery took */
		return c ? c
			 : best(h, all, SCOPE_CREATE, WANT_UNHEALED, STAGE_COUNT, false, by_stage);
	return c ? c : slowest(h, all);
}

static int by_scope_and_time(const void *a, const void *b)
{
	const struct cause *x = a, *y = b;

	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule->rank < y->rule->rank ? -1 : 1;
	return str_cmp(x->subject, y->subject);
}

/*
 * A special rule rests on the same fact about that container. Of a pod's own facts one may well
 * have several causes, as a scheduler's sentence has; what is said of a claim has one.
 */
static bool told_better(const struct hits *h, const struct choices *all, const struct choice *c)
{
	const struct rule *rule = &h->rules->list[c->hit->rule];

	if (!c->hit->subject.n && h->t->kind == OBJECT_POD)
		return false;
	for (size_t i = 0; i < all->n; i++) {
		const struct hit *other = all->list[i].hit;

		if (other->first_entry == c->hit->first_entry && other->part == c->hit->part &&
		    h->rules->list[other->rule].rank < rule->rank &&
		    str_eq(other->subject, c->hit->subject))
			return true;
	}
	return false;
}

static void contributing(const struct hits *h, const struct choices *all,
			 const struct choice *primary, struct diagnosis *d)
{
	struct cause *list = arena_array(h->arena, struct cause, MIN(all->n, CAUSES_MAX));
	size_t n = 0;

	for (size_t i = 0; i < all->n && n < CAUSES_MAX; i++)
		if (&all->list[i] != primary && !told_better(h, all, &all->list[i]))
			list[n++] = cause_of(h, &all->list[i]);
	if (n)
		qsort(list, n, sizeof(*list), by_scope_and_time);
	d->contributing = list;
	d->n_contributing = n;
}

struct diagnosis diagnose(const struct rules *rules, const struct timeline *t,
			  const struct delivery *delivery, const struct cluster *cluster,
			  struct arena *arena)
{
	struct hits h = {
		.rules = rules, .t = t, .d = delivery, .cluster = cluster, .arena = arena
	};
	struct diagnosis d = { .longest = STAGE_COUNT };
	const struct choice *primary;
	struct choices all;
	struct cause *cause;

	longest(&h, &d);
	hits_find(&h);
	d.nodes = h.nodes;
	all_choices(&h, &all);
	primary = choose(&h, &all, &d);
	if (primary && !hits_news(&h, primary->hit))
		primary = NULL;
	contributing(&h, &all, primary, &d);
	if (!primary && delivery->verdict != VERDICT_FAILED && delivery->verdict != VERDICT_SLOW &&
	    delivery->verdict != VERDICT_DENIED)
		return d;
	if (!primary && delivery->verdict != VERDICT_DENIED && may_lack_the_cause(&h))
		return d;
	cause = arena_new(arena, struct cause);
	*cause = primary ? cause_of(&h, primary) : unknown(&h, &d);
	if (cause->change)
		cause->summary = change_said(&h, cause);
	d.primary = cause;
	return d;
}
