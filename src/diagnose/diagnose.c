/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/diagnose.h"

#include "diagnose/suspects.h"
#include "slo/outcome.h"

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

bool diagnosable(const struct timeline *t, const struct delivery *delivery)
{
	if (delivery->verdict != VERDICT_EXCLUDED || t->kind != OBJECT_POD)
		return delivery->verdict != VERDICT_EXCLUDED;
	/* for names known only from Events it is unknown whether the error passed */
	return t->object && delivery->exclusion != EXCLUSION_IGNORED &&
	       delivery->exclusion != EXCLUSION_MIRROR;
}

struct delivery diagnosed_claim(const struct timeline *t, const struct cluster *cluster,
				const struct settings *settings)
{
	struct outcome outcomes[OUTCOMES_MAX];
	struct delivery d = { .verdict = VERDICT_EXCLUDED, .total = NSEC_NONE };
	struct judging judging = { t, cluster, settings };
	const struct outcome *o = outcomes;

	d.user = d.delivery = d.startup = d.kubelet = d.until = d.waited = NSEC_NONE;
	d.deadline_limit = d.delivery_limit = NSEC_NONE;
	if (!outcomes_of(SLO_PVC, &judging, outcomes))
		return d;
	d.verdict = d.deadline_verdict = d.delivery_verdict = o->verdict;
	d.exclusion = o->exclusion;
	d.total = o->total;
	d.delivery = o->measured;
	d.user = nsec_known(o->total) ? o->total - o->measured : NSEC_NONE;
	d.delivery_limit = o->limit;
	d.until = o->until;
	d.waited = o->waited;
	return d;
}

/* Finds the stage that took most of the delivery. If the delivery is unfinished, an open stage. */
static void find_longest(const struct hits *h, struct diagnosis *d)
{
	bool waits = nsec_known(h->d->until) && stages_open(h->t->stages, h->t->n_stages);

	d->longest = STAGE_COUNT;
	d->longest_time = NSEC_NONE;
	for (size_t i = 0; i < h->t->n_stages; i++) {
		const struct stage *s = &h->t->stages[i];
		nsec end = nsec_known(s->end.at) ? s->end.at : s->open ? h->d->until : NSEC_NONE;

		if (!nsec_known(end) || end - s->start.at <= d->longest_time || s->open < waits)
			continue;
		d->longest = s->stage;
		d->longest_subject = s->subject;
		d->longest_time = end - s->start.at;
	}
}

static void add_evidence(struct cause *cause, const struct entry *e)
{
	if (e && (!cause->n_evidence || cause->evidence[cause->n_evidence - 1] != e))
		cause->evidence[cause->n_evidence++] = e;
}

static struct cause cause_of(const struct hits *h, const struct suspect *s)
{
	const struct hit *hit = s->hit;
	struct cause cause = {
		.rule = s->rule,
		.scope = s->scope,
		.stage = hit->stage,
		.owner = s->rule->owner,
		.healed = s->healed,
		.subject = hit->subject,
		.summary = sentence_filled(h, hit, s->rule->summary),
		.advice = sentence_filled(h, hit, s->rule->advice),
		.webhook = hit_value(h, hit, STR("webhook")),
		.first = hit->first,
		.last = hit->last,
		.times = hit->times,
		.took = hit->took,
		.change = s->change,
		.confidence = s->rule->symptom ? CONFIDENCE_LOW
			      : hit->by_text   ? CONFIDENCE_HIGH
					       : CONFIDENCE_MEDIUM,
	};

	add_evidence(&cause, s->change ? s->change->trigger : NULL);
	add_evidence(&cause, hit->first_entry);
	add_evidence(&cause, hit->last_entry);
	return cause;
}

/* Errors after an in-place update are mostly caused by it. */
static struct str change_said(const struct hits *h, const struct cause *c)
{
	struct str said = change_sentence(c->change, h->arena);

	return arena_printf(h->arena, STR_FMT STR_FMT, STR_ARG(c->summary), STR_ARG(said));
}

/* Records that would show the cause may be missing from the log. */
static bool may_lack_the_cause(const struct hits *h)
{
	const struct timeline *t = h->t;
	nsec created = t->marks[MILESTONE_CREATED].at, bound = t->marks[MILESTONE_SCHEDULED].at;
	nsec end = mark_latest(timeline_delivered(t));

	end = nsec_known(end) ? end : h->d->until;
	if (!nsec_known(created) || !nsec_known(end))
		return false;
	if (t->no_events)
		return true;
	if (nsec_known(bound) && bound < end && !hits_covered(h, STAGE_SANDBOX, bound, end))
		return true;
	return !hits_covered(h, STAGE_SCHEDULE, created, nsec_known(bound) ? bound : end);
}

/* No rule matches: uses the code Unknown and the last Events. */
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

/* Is there a more specific rule for the same fact and container? A pod's own facts, like a
 * scheduler's message, may have several causes; a PVC's fact has one. */
static bool has_better(const struct hits *h, const struct suspects *all, const struct suspect *s)
{
	if (!s->hit->subject.n && h->t->kind == OBJECT_POD)
		return false;
	for (size_t i = 0; i < all->n; i++) {
		const struct suspect *other = &all->list[i];

		if (other->hit->first_entry == s->hit->first_entry &&
		    other->hit->part == s->hit->part && other->rule->rank < s->rule->rank &&
		    str_eq(other->hit->subject, s->hit->subject))
			return true;
	}
	return false;
}

static void add_contributing(const struct hits *h, const struct suspects *all,
			     const struct suspect *primary, struct diagnosis *d)
{
	struct cause *list = arena_array(h->arena, struct cause, MIN(all->n, CAUSES_MAX));
	size_t n = 0;

	for (size_t i = 0; i < all->n && n < CAUSES_MAX; i++)
		if (&all->list[i] != primary && !has_better(h, all, &all->list[i]))
			list[n++] = cause_of(h, &all->list[i]);
	if (n)
		qsort(list, n, sizeof(*list), by_scope_and_time);
	d->contributing = list;
	d->n_contributing = n;
}

static bool ready_at_the_end(const struct timeline *t)
{
	const struct entry *last = timeline_last_ready(t);

	return last && last->fact.truth;
}

/* It happened during the log, or is in progress. For judged pods everything is reported. */
static bool is_news(const struct hits *h, const struct hit *hit)
{
	nsec first = h->cluster->first;

	if (!unjudged(h))
		return true;
	return (nsec_known(first) && hit->last >= first) || !ready_at_the_end(h->t);
}

struct diagnosis diagnose(const struct rules *rules, const struct timeline *t,
			  const struct delivery *delivery, const struct cluster *cluster,
			  struct arena *arena)
{
	struct hits h = {
		.rules = rules, .t = t, .d = delivery, .cluster = cluster, .arena = arena
	};
	struct diagnosis d = { .longest = STAGE_COUNT };
	const struct suspect *primary;
	struct suspects all;
	struct cause *cause;

	find_longest(&h, &d);
	hits_find(&h);
	d.nodes = h.nodes;
	suspects_find(&h, &all);
	primary = suspects_choose(&h, &all, d.longest);
	if (primary && !is_news(&h, primary->hit))
		primary = NULL;
	add_contributing(&h, &all, primary, &d);
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
