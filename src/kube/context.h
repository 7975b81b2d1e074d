/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster context: the few things that are not about one pod but decide how pods are read. It
 * lives for the run, is small (nodes, owners, minutes), and is made by each thread on its own and
 * merged; merging in any order gives the same context.
 */
#pragma once

#include "base/clock.h"
#include "base/map.h"
#include "kube/copies.h"
#include "kube/delay.h"
#include "kube/presence.h"

enum {
	/* A quiet cluster still renews leases every few seconds; a minute of silence is a gap. */
	CONTEXT_MINUTES_MAX = 4 * 1024 * 1024, /* about 8 years; times beyond are not charted */
	CONTEXT_NODE_CHANGES_MAX = 4096,       /* kept a node */
};

/* The first and last record of one minute. */
struct minute {
	int64_t minute;
	nsec first, last;
};

struct cluster {
	nsec first, last; /* stageTimestamps; NSEC_NONE while there is none */
	uint64_t records;
	uint64_t status_writes; /* of pods, with or without a body */
	uint64_t status_bodies; /* of them, with a request body */
	uint64_t claim_writes;	/* of claims' status, with or without a body */
	uint64_t bindings;	/* of pods, that were granted */
	nsec dumped_first;	/* the earliest time in any dumped object */
	nsec dumped_last;	/* the latest */
	nsec dumped_older;	/* the latest one in any object of which there is a newer copy */
	bool pods_twice;	/* dumps contain some Pod more than once */
	struct minute *minutes; /* open addressing by minute while reading; then in order */
	size_t n_minutes, minutes_cap;
	/* without any record for a minute or more, or for far longer than usual; in order */
	struct gap *gaps; /* made by context_finish */
	size_t n_gaps, gaps_cap;
};

#define NODE_KUBELET "kubelet" /* subject of a change: its kubelet was started */

/* A write to a node that matters to its pods. */
struct node_change {
	nsec at;
	struct str subject; /* condition type, taint "key:effect", "unschedulable", NODE_KUBELET */
	bool truth;
};

struct node {
	struct delays delays; /* of the Events that its kubelet created */
	struct node_change *changes;
	size_t n_changes, changes_cap;
	struct str zone; /* label topology.kubernetes.io/zone; p == NULL: not shown */
	nsec created;	 /* of several of one name the first; NSEC_NONE: not shown */
	nsec behind;	 /* its clock is by that much, or more, for it saw pods before they were
			    created; 0: not known to be */
};

/* What is controlled by something, and controls pods: a ReplicaSet, a Job. */
struct owned {
	struct str owner; /* kind\0name of what controls it; p == NULL: not shown */
	nsec created;	  /* of several of one name the first; NSEC_NONE not shown */
};

struct context {
	struct map cluster_names;
	struct cluster *clusters;
	size_t clusters_cap;
	uint32_t *by_name; /* numbers of the clusters in order of their names; see context_finish */
	struct map node_names; /* cluster\0node */
	struct node *nodes;
	size_t nodes_cap;
	struct map owner_names; /* cluster\0namespace\0kind\0name */
	struct owned *owners;
	size_t owners_cap;
	struct presence presence;
	struct copies copies; /* of Pods, claims and Nodes in dumps */
	struct arena arena;
	struct {
		char *p;
		size_t cap;
	} key;
};

struct cluster *context_cluster(struct context *c, struct str cluster);
void context_record(struct context *c, struct str cluster, nsec at, enum writing what);
/* A pod was bound; node is empty where the log does not show to which one. */
void context_bound(struct context *c, struct str cluster, struct str node, nsec at);
struct node *context_node(struct context *c, struct str cluster, struct str node);
void context_delay(struct context *c, struct str cluster, struct str node, nsec delay);
void context_node_change(struct context *c, struct str cluster, struct str node,
			 const struct node_change *change);
/* What controls a ReplicaSet or a Job, as one body shows it. */
struct ownership {
	struct str cluster, namespace, kind, name;
	struct str owner_kind, owner_name; /* without a kind there is no owner */
	nsec created;			   /* 0 or NSEC_NONE: not shown */
};

void context_owner(struct context *c, const struct ownership *o);

void context_dumped(struct context *c, struct str cluster, nsec at); /* NSEC_NONE: nothing */
/* An object of a dump. */
struct dumped_copy {
	struct str cluster, kind;
	struct str identity; /* its UID, or its name */
	struct str version;
	nsec at;
};

void context_copy(struct context *c, const struct dumped_copy *dumped);
void context_node_zone(struct context *c, struct str cluster, struct str node, struct str zone);
void context_node_created(struct context *c, struct str cluster, struct str node, nsec created);
void context_node_behind(struct context *c, struct str cluster, struct str node, nsec behind);

void context_merge(struct context *sum, const struct context *more);
/* Sorts what is printed. To be called once, after the last merge. */
void context_finish(struct context *c);
void context_free(struct context *c);

/* Reading: there is a newer copy of that object, and its time is no later. */
bool context_outdated(const struct context *c, const struct dumped_copy *dumped);
const struct cluster *context_find_cluster(const struct context *c,
					   struct str cluster); /* or NULL */
const struct node *context_find_node(const struct context *c, struct str cluster,
				     struct str node); /* or NULL */
/* The top of the chain of controlling owners that the log shows; false: none above is known. */
bool context_workload(const struct context *c, struct str cluster, struct str namespace,
		      struct str *kind, struct str *name);
/* When it was created; NSEC_NONE: not shown. */
nsec context_created(const struct context *c, struct str cluster, struct str namespace,
		     struct str kind, struct str name);
/*
 * What to add to a time on this node's clock to get the API servers'. Zero while the two cannot be
 * told apart (see context.c).
 */
nsec context_clock_offset(const struct context *c, struct str cluster, struct str node);
/* Something shows that there is such a node: it, its kubelet, or that a pod was bound to it. */
bool context_has_node(const struct context *c, struct str cluster, struct str node);
/* How much its clock is behind at least, where that cannot be corrected; 0: it is not. */
nsec context_clock_behind(const struct node *node);
struct str context_zone(const struct context *c, struct str cluster, struct str node); /* or "" */
