/* SPDX-License-Identifier: Apache-2.0 */
/* The matches of the rules, from which the causes are chosen. */
#pragma once

#include "diagnose/nodes.h"
#include "diagnose/ruleset.h"
#include "slo/delivery.h"

/* The matches of one rule for one subject in one part of the pod's life. What happened before the
 * delivery does not explain what happened after it. */
struct hit {
	uint32_t rule;
	struct str subject; /* container; empty: the pod */
	enum scope part; /* SCOPE_COUNT: excuses and words, for the whole life */
	nsec first, last;
	uint32_t times;
	const struct entry *first_entry, *last_entry;
	struct captures captures; /* of the last match */
	bool by_text;		  /* a pattern matched, not only the reason */
	nsec excused;		  /* time of the latest excuse; NSEC_NONE: none */
	nsec took;		  /* of a slow stage */
	uint32_t place; /* rank of a reason why no node fits: from 1, the most likely first */
	bool open;	/* of a slow stage: it is in progress */
	nsec waited;	/* of a slow pull: time in the kubelet's queue; otherwise NSEC_NONE */
	int64_t bytes;	/* of a slow pull: image size; 0: not shown */
	enum lifecycle_stage stage;
};

enum { KILLED_ENDS_MAX = 16 };

struct hits {
	const struct rules *rules;
	const struct timeline *t;
	const struct delivery *d;
	const struct cluster *cluster;
	struct arena *arena;
	const struct nodes *nodes;	 /* the scheduler's last message, or NULL */
	const struct entry *nodes_entry; /* its entry */
	struct hit *list;
	size_t n, cap;
	/* for containers.c: terminations caused by the kubelet, one of each kind; and the last one
	 * examined */
	const struct entry *killed_ends[KILLED_ENDS_MAX];
	size_t n_killed_ends;
	const struct entry *judged;
	bool judged_killed;
};

/* A fact that a matcher matches. */
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

/* Its delivery is not judged: the log does not show its creation or readiness. */
static inline bool unjudged(const struct hits *h)
{
	return h->d->verdict == VERDICT_EXCLUDED && h->t->kind == OBJECT_POD;
}

/* match.c: finds all matches in a timeline. */
void hits_find(struct hits *h);

/* hits.c: finds or makes the hit of a rule for a subject. */
struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject, enum scope part);
void hits_add(struct hits *h, const struct matched *found);
/* Does the rule apply to the timeline's kind (pod or PVC), and is it a job if the rule requires
 * that? */
bool hits_about(const struct hits *h, const struct matcher *m);
bool hits_meant(const struct hits *h, const struct matcher *m);
/* The container of a fact; empty for facts about the pod. */
struct str hits_subject(const struct entry *e);

/* The first Event with that reason, or NULL. */
const struct entry *hits_event(const struct timeline *t, const char *reason);

/* slow.c: finds stages that exceed a matcher's threshold. */
void hits_find_slow(struct hits *h);
/* Would the end of that stage be in the log if it had happened in that time? For one in progress:
 * until the pod or the log ends. */
bool hits_covered(const struct hits *h, enum lifecycle_stage stage, nsec from, nsec to);
bool hits_covered_open(const struct hits *h, enum lifecycle_stage stage, nsec from);
/* Are there signs of a kubelet between the two times, which do not count themselves? */
bool hits_kubelet_seen(const struct timeline *t, nsec from, nsec to);

/* parts.c: the part of the pod's life at a time; false: the rule does not apply to it. */
enum scope hits_part(const struct hits *h, nsec at);
bool hits_part_of(const struct hits *h, const struct matcher *m, const struct entry *e, nsec at,
		  enum scope *ret);

/* containers.c: was a container in back-off at that time? */
bool hits_backing_off(const struct hits *h, nsec at);
/* The kind of a container. Returns false if it is not logged. */
bool kind_of_container(const struct timeline *t, struct str name, enum container_kind *ret);
/* Did the kubelet end it? e is a FACT_TERMINATED. */
bool killed_by_kubelet(struct hits *h, const struct entry *e);

/* changes.c: the in-place update after which it happened, before the pod was Ready again, or NULL;
 * and the sentence that reports it. */
const struct upgrade *hits_change(const struct hits *h, const struct hit *hit, enum scope scope);
struct str change_sentence(const struct upgrade *u, struct arena *arena);

/* sentence.c: the value of a {name} in a sentence; n == 0: unknown. */
struct str hit_value(const struct hits *h, const struct hit *hit, struct str name);
/* Fills in each {name}. An unknown one becomes "unknown", or `words` for {name|words}. In the
 * arena. */
struct str sentence_filled(const struct hits *h, const struct hit *hit, struct str sentence);

/* When an entry happened, in API server time. A termination is repeated in later bodies; it
 * happened at its own time (1 s resolution). */
static inline nsec entry_at(const struct entry *e)
{
	if (e->fact.kind == FACT_TERMINATED && nsec_known(e->fact.at))
		return MIN(e->received, e->fact.at + SECOND);
	if (e->fact.kind == FACT_EVENT && nsec_known(e->fact.begin))
		return e->fact.begin;
	return e->received;
}

/* When it happened last, if it represents many equal facts. */
static inline nsec entry_last(const struct entry *e)
{
	nsec last = e->times > 1 && e->fact.kind != FACT_TERMINATED ? e->last : entry_at(e);

	return e->fact.kind == FACT_EVENT && nsec_known(e->fact.at) ? MAX(last, e->fact.at) : last;
}
