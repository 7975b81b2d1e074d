/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster context: facts about nodes, owners and the log that affect how pods are interpreted.
 * It lives for the whole run and is small. Each thread builds its own; merging in any order gives
 * the same context.
 */
#pragma once

#include "base/clock.h"
#include "base/map.h"
#include "kube/copies.h"
#include "kube/delay.h"
#include "kube/presence.h"

enum {
	/* Even a quiet cluster renews leases every few seconds; a minute of silence is a gap. */
	CONTEXT_MINUTES_MAX = 4 * 1024 * 1024, /* about 8 years; later times are ignored */
	CONTEXT_NODE_CHANGES_MAX = 4096,       /* per node */
};

/* The first and last record of a minute. */
struct minute {
	int64_t minute;
	nsec first, last;
};

struct cluster {
	nsec first, last; /* stageTimestamps; NSEC_NONE while there is none */
	uint64_t records;
	uint64_t status_writes; /* of pods, with or without a body */
	uint64_t status_bodies; /* those with a request body */
	uint64_t claim_writes;	/* of PVC status, with or without a body */
	uint64_t bindings;	/* successful ones, of pods */
	nsec dumped_first;	/* the earliest time in any dumped object */
	nsec dumped_last;	/* the latest */
	nsec dumped_older;	/* the latest time in any outdated copy of an object */
	bool pods_twice;	/* some Pod is in the dumps more than once */
	struct minute *minutes; /* open addressing by minute while reading; sorted afterwards */
	size_t n_minutes, minutes_cap;
	/* without any record for a minute or more, or for unusually long; sorted */
	struct gap *gaps; /* made by context_finish */
	size_t n_gaps, gaps_cap;
};

#define NODE_KUBELET "kubelet" /* subject of a change: the kubelet was started */

/* A write to a node that affects its pods. */
struct node_change {
	nsec at;
	struct str subject; /* condition type, taint "key:effect", "unschedulable", NODE_KUBELET */
	bool truth;
};

struct node {
	struct delays delays; /* of Events created by its kubelet */
	struct node_change *changes;
	size_t n_changes, changes_cap;
	struct str zone; /* label topology.kubernetes.io/zone; p == NULL: not shown */
	nsec created;	 /* the earliest of that name; NSEC_NONE: not shown */
	nsec behind;	 /* its clock is slow by at least this, because it saw pods before their
			    creation; 0: not known */
};

/* An object between a pod and its workload: a ReplicaSet or a Job. */
struct owned {
	struct str owner; /* kind\0name of its controller; p == NULL: not shown */
	nsec created;	  /* the earliest of that name; NSEC_NONE: not shown */
};

struct context {
	struct map cluster_names;
	struct cluster *clusters;
	size_t clusters_cap;
	uint32_t *by_name; /* indexes of the clusters sorted by name; see context_finish */
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
/* Records a binding; node is empty if the log does not show it. */
void context_bound(struct context *c, struct str cluster, struct str node, nsec at);
struct node *context_node(struct context *c, struct str cluster, struct str node);
void context_delay(struct context *c, struct str cluster, struct str node, nsec delay);
void context_node_change(struct context *c, struct str cluster, struct str node,
			 const struct node_change *change);
/* The controller of a ReplicaSet or a Job, as shown by one body. */
struct ownership {
	struct str cluster, namespace, kind, name;
	struct str owner_kind, owner_name; /* no kind: no owner */
	nsec created;			   /* 0 or NSEC_NONE: not shown */
};

void context_owner(struct context *c, const struct ownership *o);

void context_dumped(struct context *c, struct str cluster, nsec at); /* NSEC_NONE: nothing */
/* An object of a dump. */
struct dumped_copy {
	struct str cluster, kind;
	struct str identity; /* its UID, otherwise its name */
	struct str version;
	nsec at;
};

void context_copy(struct context *c, const struct dumped_copy *dumped);
void context_node_zone(struct context *c, struct str cluster, struct str node, struct str zone);
void context_node_created(struct context *c, struct str cluster, struct str node, nsec created);
void context_node_behind(struct context *c, struct str cluster, struct str node, nsec behind);

void context_merge(struct context *sum, const struct context *more);
/* Sorts everything that is printed. Call it once, after the last merge. */
void context_finish(struct context *c);
void context_free(struct context *c);

/* For reading. Is there a newer copy of that object, with a time that is no later? */
bool context_outdated(const struct context *c, const struct dumped_copy *dumped);
const struct cluster *context_find_cluster(const struct context *c,
					   struct str cluster); /* or NULL */
const struct node *context_find_node(const struct context *c, struct str cluster,
				     struct str node); /* or NULL */
/* The topmost controlling owner that the log shows. Returns false if none is known. */
bool context_workload(const struct context *c, struct str cluster, struct str namespace,
		      struct str *kind, struct str *name);
/* When it was created; NSEC_NONE: not shown. */
nsec context_created(const struct context *c, struct str cluster, struct str namespace,
		     struct str kind, struct str name);
/* Add this to a time of the node's clock to get API server time. Zero if the clocks cannot be
 * compared (see context.c). */
nsec context_clock_offset(const struct context *c, struct str cluster, struct str node);
/* Is the node known from its object, its kubelet or a binding? */
bool context_has_node(const struct context *c, struct str cluster, struct str node);
/* The minimum by which its clock is slow, where that cannot be corrected; 0: not slow. */
nsec context_clock_behind(const struct node *node);
struct str context_zone(const struct context *c, struct str cluster, struct str node); /* or "" */
