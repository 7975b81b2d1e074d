/* SPDX-License-Identifier: Apache-2.0 */
/* What has matched of the rules, while a cause is looked for. */
#pragma once

#include "diagnose/nodes.h"
#include "diagnose/ruleset.h"
#include "slo/delivery.h"

/*
 * What has matched of one rule about one subject in one part of the pod's life: what happened
 * before the delivery says nothing of what happened after it.
 */
struct hit {
	uint32_t rule;
	struct str subject; /* container; empty: the pod */
	enum scope part; /* SCOPE_COUNT: excuses, and what only fills in words, of the whole life */
	nsec first, last;
	uint32_t times;
	const struct entry *first_entry, *last_entry;
	struct captures captures; /* of the last one */
	bool by_text;		  /* a pattern matched, not only a reason */
	nsec excused;		  /* the latest excuse; NSEC_NONE: none */
	nsec took;		  /* of a slow stage */
	uint32_t place; /* of a reason why no node will do: from 1, the likely cause first */
	bool open;	/* of a slow stage: it goes on */
	nsec waited;	/* of a slow pull: in the kubelet's queue; else NSEC_NONE */
	int64_t bytes;	/* of a slow pull: the image's size; 0: not shown */
	enum lifecycle_stage stage;
};

enum { KILLED_ENDS_MAX = 16 };

struct hits {
	const struct rules *rules;
	const struct timeline *t;
	const struct delivery *d;
	const struct cluster *cluster;
	struct arena *arena;
	const struct nodes *nodes;	 /* what the scheduler said last; or NULL */
	const struct entry *nodes_entry; /* where */
	struct hit *list;
	size_t n, cap;
	/* of containers.c: ends that the kubelet was the cause of, one of each kind; and the last
	 * that was judged */
	const struct entry *killed_ends[KILLED_ENDS_MAX];
	size_t n_killed_ends;
	const struct entry *judged;
	bool judged_killed;
};

/* A fact that a matcher holds for. */
struct matched {
	const struct matcher *m;
	const struct entry *e;
	struct captures captures;
	uint32_t place; /* as in struct hit */
};

static inline const struct rule *hits_rule(const struct hits *h, const struct hit *hit)
{
	return &h->rules->list[hit->rule];
}

/* Its delivery is not judged: the log does not show its creation, or when it became ready. */
static inline bool unjudged(const struct hits *h)
{
	return h->d->verdict == VERDICT_EXCLUDED && h->t->kind == OBJECT_POD;
}

/* match.c: all that the facts of a timeline match. */
void hits_find(struct hits *h);

/* hits.c: the hit of that rule about that subject, made if there is none yet. */
struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject, enum scope part);
void hits_add(struct hits *h, const struct matched *found);
/* Its rule speaks of what the timeline is of: a pod, a claim; and if it asks for jobs, it is one.
 */
bool hits_about(const struct hits *h, const struct matcher *m);
bool hits_meant(const struct hits *h, const struct matcher *m);
/* A container's own facts are about it; those of the pod about the pod: empty. */
struct str hits_subject(const struct entry *e);

/* The first Event with that reason; NULL: none. */
const struct entry *hits_event(const struct timeline *t, const char *reason);

/* slow.c: stages that took longer than a matcher says. */
void hits_find_slow(struct hits *h);
/*
 * What ends that stage would be in the log, had it happened in that time; and of one that goes on,
 * until the pod or the log ends.
 */
bool hits_covered(const struct hits *h, enum lifecycle_stage stage, nsec from, nsec to);
bool hits_covered_open(const struct hits *h, enum lifecycle_stage stage, nsec from);
/* Signs of a kubelet between the two, both of which may be such signs themselves. */
bool hits_kubelet_seen(const struct timeline *t, nsec from, nsec to);

/* parts.c: in which part of the pod's life that is; and for that rule: false if it is not meant. */
enum scope hits_part(const struct hits *h, nsec at);
bool hits_part_of(const struct hits *h, const struct matcher *m, const struct entry *e, nsec at,
		  enum scope *ret);

/* containers.c: one waited at that time to be run again, because it ended too often. */
bool hits_backing_off(const struct hits *h, nsec at);
/* What kind of container that is; false: the log does not show it. */
bool kind_of_container(const struct timeline *t, struct str name, enum container_kind *ret);
/* The kubelet ended it: it did not end by itself. e is a FACT_TERMINATED. */
bool killed_by_kubelet(struct hits *h, const struct entry *e);

/*
 * changes.c: the change in place behind which it happened, before the pod was Ready again; NULL: it
 * has nothing to do with one. And the sentence that says so.
 */
const struct upgrade *hits_change(const struct hits *h, const struct hit *hit, enum scope scope);
struct str change_sentence(const struct upgrade *u, struct arena *arena);

/* sentence.c: the value of one {name} of a sentence; n == 0: unknown. */
struct str hit_value(const struct hits *h, const struct hit *hit, struct str name);
/*
 * The sentence with each {name} filled in. What is not known becomes "unknown", or of {name|words}
 * these words. The arena's.
 */
struct str sentence_filled(const struct hits *h, const struct hit *hit, struct str sentence);

/*
 * When an entry happened, on the API servers' clock. How a container ended is in every body until
 * it ends again: it happened when it ended, which is known to the second.
 */
static inline nsec entry_at(const struct entry *e)
{
	if (e->fact.kind == FACT_TERMINATED && nsec_known(e->fact.at))
		return MIN(e->received, e->fact.at + SECOND);
	if (e->fact.kind == FACT_EVENT && nsec_known(e->fact.begin))
		return e->fact.begin;
	return e->received;
}

/* And when it happened last, if it holds many equal facts. */
static inline nsec entry_last(const struct entry *e)
{
	nsec last = e->times > 1 && e->fact.kind != FACT_TERMINATED ? e->last : entry_at(e);

	return e->fact.kind == FACT_EVENT && nsec_known(e->fact.at) ? MAX(last, e->fact.at) : last;
}
