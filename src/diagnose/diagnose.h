/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a pod was slow, failed, died or did not go: one primary cause with the facts that prove it,
 * and what else was wrong. Pure: the same timeline, delivery and rules give the same diagnosis.
 *
 * causes.c says how the primary cause is chosen. Precision goes before recall: where nothing is
 * proved, the code is Unknown, and the longest stage and what the log lacks are shown.
 */
#pragma once

#include "diagnose/nodes.h"
#include "diagnose/rules.h"
#include "slo/delivery.h"

enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };

enum { EVIDENCE_MAX = 8, CAUSES_MAX = 32 };

struct cause {
	const struct rule *rule;
	enum scope scope;
	enum lifecycle_stage stage; /* STAGE_COUNT: none */
	enum owner owner;
	enum confidence confidence;
	bool healed;		    /* what it held up went on later */
	struct str subject;	    /* container, image, volume, node, ...; empty: none */
	struct str summary, advice; /* with everything filled in */
	struct str webhook;	    /* that refused it; p == NULL: none */
	nsec first, last;	    /* of its facts */
	uint32_t times;
	nsec took;				    /* of a slow stage; else NSEC_NONE */
	const struct upgrade *change;		    /* in place, which it followed; NULL: none */
	const struct entry *evidence[EVIDENCE_MAX]; /* first and last ones, in time order */
	size_t n_evidence;
};

/* Causes of one rule in one part of the pods' lives are a group: the key of a map of groups. */
#define CAUSE_KEY(rule, scope)                                                                     \
	((struct str){ (const char *)&(uint32_t[]){ (rule)->rank, (uint32_t)(scope) },             \
		       2 * sizeof(uint32_t) })

struct onset;

struct diagnosis {
	const struct cause *primary;	  /* NULL: healthy */
	const struct cause *contributing; /* by scope, then time; with the runners-up */
	size_t n_contributing;
	enum lifecycle_stage longest; /* the stage that took the most of the delivery */
	struct str longest_subject;
	nsec longest_time;	   /* NSEC_NONE: none is known */
	const struct nodes *nodes; /* what the scheduler said last; NULL: nothing of the kind */
	const struct onset *onset; /* what came just before (onset.h); NULL: not asked for */
	struct str lacks; /* what the log does not show that would be needed; empty: nothing */
};

/*
 * Of a pod that is excluded because the log does not show its creation, or when it became ready,
 * what happened to it can be shown all the same; of others that are excluded nothing is.
 */
bool diagnosable(const struct timeline *t, const struct delivery *delivery);
struct str scope_name(enum scope scope);
struct str confidence_name(enum confidence confidence);

/* A claim's verdict in the form of a delivery, for diagnose: it is delivered when it is Bound. */
struct delivery diagnosed_claim(const struct timeline *t, const struct cluster *cluster,
				const struct settings *settings);
/* Of a pod or a claim. Lives as long as the arena and the timeline. */
struct diagnosis diagnose(const struct rules *rules, const struct timeline *t,
			  const struct delivery *d, const struct cluster *cluster,
			  struct arena *arena);
