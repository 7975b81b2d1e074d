/* SPDX-License-Identifier: Apache-2.0 */
/* The result of comparing two sets of deliveries (slo/compare.h). Only values. */
#pragma once

#include "base/quantile.h"
#include "slo/delivery.h"

#define COMPARE_ALPHA 0.05

enum {
	/* Durations per side, or pods in a share on both sides: fewer prove little. */
	COMPARE_LEAST = 5,
	COMPARE_NEWS = 10, /* new things that are examined per kind */
};

enum side { SIDE_BEFORE, SIDE_AFTER, SIDES };

/* The kinds of shares. */
enum share_kind { SHARE_ATTAINMENT, SHARE_VERDICT, SHARE_CODE, SHARE_EXCLUSION };

enum compare_by {
	COMPARE_BY_NOTHING,
	COMPARE_BY_NAMESPACE,
	COMPARE_BY_WORKLOAD,
	COMPARE_BY_NODE,
	COMPARE_BY_IMAGE
};
enum thing { THING_IMAGE, THING_REGISTRY, THING_NODE, THING_WORKLOAD_KIND, THING_COUNT };

enum test_kind { TEST_NONE, TEST_RANKSUM_EXACT, TEST_RANKSUM_NORMAL, TEST_FISHER };
enum tendency { TENDENCY_UNTESTED, TENDENCY_NONE, TENDENCY_LESS, TENDENCY_MORE };

struct compare_test {
	enum test_kind kind;
	double p, corrected;
	double share; /* in ranks: the share of pairs in which the value of after is larger */
	bool more;    /* its direction */
	enum tendency tendency;
};

struct compare_pod {
	struct str namespace, name, uid; /* p == NULL as in the timeline */
	nsec created;
	enum verdict verdict;
	enum exclusion exclusion;
	uint32_t code, namespace_at, workload, workload_kind, node; /* texts; MAP_NONE: none */
	const uint32_t *images;					    /* deduplicated */
	size_t n_images;
	struct position at; /* of its creation */
};

struct compare_value {
	nsec value;
	bool censored;
	uint32_t pod;
	struct position at; /* of its end */
};

/* When a regression started, and the first affected pod. */
struct compare_onset {
	bool clear, in_before; /* clear: a start was found and is significant */
	nsec at;
	double p;			   /* of Pettitt's test */
	const struct compare_pod *first;   /* of after, above p99 of before; NULL: none */
	const struct compare_value *value; /* its duration; NULL: for a share */
};

struct compare_duration {
	enum sli measure;
	struct quantile values[SIDES];
	uint64_t censored[SIDES];
	nsec change; /* of the median; NSEC_NONE: one of them is unknown */
	struct compare_test test;
	struct compare_onset onset;
};

struct compare_share {
	enum share_kind kind;
	unsigned which; /* verdict or exclusion */
	struct str name;
	uint64_t part[SIDES], whole[SIDES];
	struct compare_test test;
	struct compare_onset onset;
};

/* One of the two is set: regressions, in the order of their start. */
struct compare_worse {
	const struct compare_duration *duration;
	const struct compare_share *share;
};

/* Only on the side after: pods with it are compared with those without, on that side. */
struct compare_new {
	enum thing thing;
	struct str name;
	uint64_t pods;
	nsec with, without; /* medians of the delivery time; NSEC_NONE */
	struct compare_test test;
};

struct compare_group {
	struct str name;
	uint64_t n[SIDES];
	struct quantile_value median[SIDES];
	nsec change;
	struct compare_test test;
};

/* Does one side follow the other, so that regressions have a start? */
enum compare_order { ORDER_FOLLOWS, ORDER_EMPTY, ORDER_CLUSTERS, ORDER_OVERLAP, ORDER_REVERSED };

struct comparison {
	uint64_t pods[SIDES], excluded[SIDES]; /* excluded: among all pods */
	nsec first[SIDES], last[SIDES]; /* creations of pods that are not excluded; NSEC_NONE */
	size_t n_tests; /* for which p-values of durations and shares are corrected */
	struct compare_duration *durations; /* quantile_at may sort them */
	size_t n_durations;
	struct compare_share *shares;
	size_t n_shares;
	enum compare_order order;
	struct compare_worse *worse; /* regressions, in the order of their start */
	size_t n_worse;
	struct compare_new *news;
	size_t n_news, n_things[THING_COUNT]; /* n_things: number of all new ones */
	struct compare_group *groups;
	size_t n_groups, n_alone[SIDES]; /* n_alone: groups that exist on one side only */
};

struct str thing_name(enum thing thing);
/* It changed, for the worse. */
bool comparison_is_worse(const struct compare_share *share);
bool comparison_is_slower(const struct comparison *c); /* a duration, or the attainment */
