/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a pod was slow, failed, crashed or got stuck terminating: one primary cause with the facts
 * that prove it, and contributing causes. The result depends only on the timeline, the delivery
 * and the rules.
 *
 * causes.c chooses the primary cause. Precision is more important than recall: without proof the
 * code is Unknown, and the longest stage and the gaps of the log are shown.
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
	bool healed;		    /* the delayed stage continued later */
	struct str subject;	    /* container, image, volume, node, ...; empty: none */
	struct str summary, advice; /* with all placeholders filled in */
	struct str webhook;	    /* that rejected it; p == NULL: none */
	nsec first, last;	    /* of its facts */
	uint32_t times;
	nsec took;				    /* duration of a slow stage; otherwise
						       NSEC_NONE */
	const struct upgrade *change;		    /* the in-place update that it follows, or
						       NULL */
	const struct entry *evidence[EVIDENCE_MAX]; /* the first and last ones, sorted by time */
	size_t n_evidence;
};

/* Key of a group of causes: one rule in one part of the pods' lives. */
#define CAUSE_KEY(rule, scope)                                                                     \
	((struct str){ (const char *)&(uint32_t[]){ (rule)->rank, (uint32_t)(scope) },             \
		       2 * sizeof(uint32_t) })

struct onset;

struct diagnosis {
	const struct cause *primary;	  /* NULL: healthy */
	const struct cause *contributing; /* by scope, then time */
	size_t n_contributing;
	enum lifecycle_stage longest; /* the stage that took most of the delivery */
	struct str longest_subject;
	nsec longest_time;	   /* NSEC_NONE: unknown */
	const struct nodes *nodes; /* the scheduler's last message, or NULL */
	const struct onset *onset; /* recent changes (onset.h); NULL: not requested */
	struct str lacks; /* data missing from the log for a diagnosis; empty: none */
};

/* A pod that is excluded only because the log does not show its creation or readiness can still be
 * diagnosed for what happened later. Other excluded pods cannot. */
bool diagnosable(const struct timeline *t, const struct delivery *delivery);
struct str scope_name(enum scope scope);
struct str confidence_name(enum confidence confidence);

/* A PVC's verdict in the form of a delivery: it is delivered when it is Bound. */
struct delivery diagnosed_claim(const struct timeline *t, const struct cluster *cluster,
				const struct settings *settings);
/* For a pod or a PVC. Lives as long as the arena and the timeline. */
struct diagnosis diagnose(const struct rules *rules, const struct timeline *t,
			  const struct delivery *d, const struct cluster *cluster,
			  struct arena *arena);
