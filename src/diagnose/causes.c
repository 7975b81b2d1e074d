/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chooses the primary cause among all matches, by these rules in order:
 *
 * 1. A pod that was delivered late or never has its cause in scope create, at the earliest
 * unfinished stage, because later stages wait for it. An error that a later success disproves
 * (an image that was pulled in the end) is healed: it can explain a slow pod, but not a failed
 * one.
 * 2. Otherwise what happened while it ran. The last event is used, because it ended the run.
 * Events close to the deletion request count as simultaneous with it, and so does the requester.
 * But deleting a pod that keeps crashing ended nothing, and neither did failures that a job
 * recovered from.
 * 3. Otherwise what delayed its deletion. For a pod whose delivery is not judged, because the
 * log does not show its creation or readiness, rules 2 and 3 apply, then its current error.
 * 4. Otherwise a stage over its threshold, although the pod was in time or was deleted before:
 * the error in that stage, if there is one, or a healed error that lasted as long.
 *
 * Within a rule, causes proven by a message come before those with only a reason, causes before
 * symptoms, specific rules before general ones. Reasons why no node fits are ordered by nodes.c.
 */
#include "diagnose/suspects.h"

#define HELD_UP (60 * SECOND) /* the threshold of most stages owned by the user */

/* Negative if a comes before b. */
typedef int order(const struct suspect *a, const struct suspect *b);

static int by_worth(const struct suspect *a, const struct suspect *b)
{
	if (a->rule->symptom != b->rule->symptom)
		return a->rule->symptom ? 1 : -1;
	if (a->excused != b->excused)
		return a->excused ? 1 : -1;
	if (a->hit->by_text != b->hit->by_text)
		return a->hit->by_text ? -1 : 1;
	if (a->hit->place != b->hit->place)
		return a->hit->place < b->hit->place ? -1 : 1;
	if (a->rule->rank != b->rule->rank)
		return a->rule->rank < b->rule->rank ? -1 : 1;
	return str_cmp(a->hit->subject, b->hit->subject);
}

/* Rule 1: the earliest unfinished stage. */
static int by_stage(const struct suspect *a, const struct suspect *b)
{
	return a->order != b->order ? (a->order < b->order ? -1 : 1) : by_worth(a, b);
}

/* Rule 2: the last event; symptoms and slow stages come after all others. */
static int by_end(const struct suspect *a, const struct suspect *b)
{
	if (a->rule->symptom != b->rule->symptom)
		return a->rule->symptom ? 1 : -1;
	return a->end != b->end ? (a->end > b->end ? -1 : 1) : by_worth(a, b);
}

/* Rule 4: the longest. */
static int by_time(const struct suspect *a, const struct suspect *b)
{
	if (a->hit->took != b->hit->took)
		return a->hit->took > b->hit->took ? -1 : 1;
	return by_worth(a, b);
}

/* Requirements for the first suspect in an order. */
struct wanted {
	order *order;
	enum scope scope;
	bool unhealed;		    /* has not healed */
	bool slow;		    /* is a slow stage, or (unless of a deletion) is none */
	enum lifecycle_stage stage; /* in that stage; STAGE_COUNT: in any */
};

static bool is_wanted(const struct suspect *s, const struct wanted *w)
{
	return s->cause && s->scope == w->scope && !(w->unhealed && s->healed) &&
	       (w->scope == SCOPE_DELETE || nsec_known(s->hit->took) == w->slow) &&
	       (w->stage == STAGE_COUNT || (!s->late && s->stage == w->stage));
}

/* For rules 1 to 3. */
static const struct wanted unhealed = { by_stage, SCOPE_CREATE, true, false, STAGE_COUNT };
static const struct wanted in_run = { by_end, SCOPE_RUN, false, false, STAGE_COUNT };
static const struct wanted in_deletion = { by_worth, SCOPE_DELETE, false, false, STAGE_COUNT };

static const struct suspect *first_of(const struct suspects *all, const struct wanted *w)
{
	const struct suspect *first = NULL;

	for (size_t i = 0; i < all->n; i++)
		if (is_wanted(&all->list[i], w) && (!first || w->order(&all->list[i], first) < 0))
			first = &all->list[i];
	return first;
}

static const struct suspect *find_error(const struct suspects *all, enum lifecycle_stage stage)
{
	return first_of(all, &(struct wanted){ by_worth, SCOPE_CREATE, false, false, stage });
}

static const struct suspect *find_slow(const struct suspects *all, enum lifecycle_stage stage,
				       bool still)
{
	return first_of(all, &(struct wanted){ by_time, SCOPE_CREATE, still, true, stage });
}

/* An error that lasted so long that it explains the delivery's time, though no stage shows it. */
static const struct suspect *find_held_up(const struct hits *h, const struct suspects *all)
{
	nsec delivered = timeline_delivered(h->t)->at;
	const struct suspect *first = NULL;

	for (size_t i = 0; nsec_known(delivered) && i < all->n; i++) {
		const struct suspect *s = &all->list[i];

		if (s->cause && s->scope == SCOPE_CREATE && s->healed && !s->rule->symptom &&
		    !nsec_known(s->hit->took) &&
		    MIN(s->hit->last, delivered) - s->hit->first >= HELD_UP &&
		    (!first || by_stage(s, first) < 0))
			first = s;
	}
	return first;
}

/* The longest stage over its threshold, with or without an excuse, or NULL. */
static const struct hit *find_longest(const struct hits *h)
{
	const struct hit *longest = NULL;

	for (size_t i = 0; i < h->n; i++) {
		const struct hit *hit = &h->list[i];

		if (nsec_known(hit->took) && hit->times && hit->part == SCOPE_CREATE &&
		    hits_rule(h, hit)->scopes == 1u << SCOPE_CREATE &&
		    (!longest || hit->took > longest->took))
			longest = hit;
	}
	return longest;
}

/* Rule 4. An error in that stage, even if healed, says more than its length; if the stage only
 * waited for the error, it is the whole explanation. */
static const struct suspect *find_slowest(const struct hits *h, const struct suspects *all)
{
	const struct suspect *slow = find_slow(all, STAGE_COUNT, false);
	const struct hit *longest = find_longest(h);
	const struct suspect *error = longest ? find_error(all, longest->stage) : NULL;

	if (error && !error->rule->symptom)
		return error;
	return slow ? slow : find_held_up(h, all);
}

const struct suspect *suspects_choose(const struct hits *h, const struct suspects *all,
				      enum lifecycle_stage longest)
{
	enum verdict v = h->d->verdict;
	const struct suspect *s = NULL;

	if (v == VERDICT_DENIED || v == VERDICT_FAILED || v == VERDICT_OPEN ||
	    v == VERDICT_ABORTED) {
		s = first_of(all, &unhealed);
		/* no error, but it is stuck in an unfinished stage */
		s = s ? s : find_slow(all, longest, true);
		/* or an earlier one took the time */
		return s || v == VERDICT_FAILED || v == VERDICT_DENIED ? s : find_slowest(h, all);
	}
	if (v == VERDICT_SLOW && longest != STAGE_COUNT) {
		s = find_error(all, longest);
		s = s ? s : find_slow(all, longest, false);
		if (s)
			return s;
	}
	s = first_of(all, &in_run);
	/* a failed job counts as delivered, and what made it fail came before */
	if (!s && h->t->marks[MILESTONE_FAILED].reached)
		s = first_of(all, &unhealed);
	s = s ? s : first_of(all, &in_deletion);
	if (v == VERDICT_EXCLUDED) /* report where it is stuck, but not how long its delivery
				      took */
		return s ? s : first_of(all, &unhealed);
	return s ? s : find_slowest(h, all);
}
