/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which clients write to the audit log of a cluster, and when: the scheduler, each kubelet, each
 * controller. Silence proves something only for a client that is present: with several API
 * servers each logs only its own clients, files get lost, disks fill up.
 *
 * Each thread builds its own, merged in any order. Memory: one chart per client. All pages
 * beyond the first ones are limited to PRESENCE_PAGES; then all slots get wider.
 *
 * Legal order: presence_add*, presence_merge*; presence_finish for each cluster; reading.
 */
#pragma once

#include "base/map.h"
#include "kube/chart.h"

enum { PRESENCE_PAGES = 64 * 1024 }; /* of 72 bytes each */

/* Writers that are not users in the log: */
#define WRITER_ALL STR("")		    /* all clients together */
#define WRITER_KUBELETS STR("system:nodes") /* made by finish: holes of any kubelet */
#define WRITER_KUBELET STR("kubelet")	    /* a kubelet that does not give its node name */
#define WRITER_UNKNOWN STR("unknown")	    /* it never writes */
/* Names used for components that do not give their own: */
#define WRITER_SCHEDULER STR("system:kube-scheduler")
#define WRITER_CONTROLLERS STR("system:kube-controller-manager")
#define WRITER_NODE STR("system:node:")
#define WRITER_ACCOUNT STR("system:serviceaccount:kube-system:")

struct log_writer {
	struct str cluster, name;  /* in the map */
	struct chart chart, asked; /* when it wrote, and when it was given work */
	uint64_t bound;		   /* pods bound by a scheduler */
	uint64_t events;	   /* records that create or update Events */
	uint64_t leases;	   /* records of leases, which it renews regularly */
	struct holes doubts; /* of a controller, which renews no lease: from its last write on */
	struct holes holes;  /* including those of WRITER_ALL; made by finish */
	nsec first, last;    /* to the slot; made by finish */
	bool rare;	     /* it wrote too little for a known rate */
	bool accounts;	     /* of WRITER_CONTROLLERS: some controllers have accounts of their
				own */
	bool own;	     /* it has holes besides those of WRITER_ALL */
};

struct presence {
	struct map names; /* cluster\\0name */
	struct log_writer *writers;
	size_t cap;
	uint32_t *order; /* indexes of writers by (cluster, name); made by presence_sort */
	size_t n_order;
	size_t pages;	/* of all charts, without their first ones */
	unsigned shift; /* slots are a second << shift wide */
};

/* What a record is about, as far as it is used here. */
enum writing { WRITING_OTHER, WRITING_LEASE, WRITING_EVENT };

void presence_add(struct presence *p, struct str cluster, struct str writer, nsec at,
		  enum writing what);
/* The client was given work: a pod to place, or for a kubelet a pod to start or stop. */
void presence_ask(struct presence *p, struct str cluster, struct str writer, nsec at);
/* bound: a scheduler has chosen the node, so there is one. */
void presence_ask_kubelet(struct presence *p, struct str cluster, struct str node, nsec at,
			  bool bound);
void presence_merge(struct presence *sum, const struct presence *more);
/* Call it once, after the last merge. */
void presence_sort(struct presence *p);
/* Indexes of the writers of a cluster, by name, without WRITER_KUBELETS. Call presence_sort
 * first. */
size_t presence_of(const struct presence *p, struct str cluster, const uint32_t **ret_numbers);
/* Is the kubelet's silence explained by the log: was it stopped, and did it come back? */
typedef bool presence_explained(const void *ctx, struct str cluster, struct str node,
				const struct gap *gap);
/* Finds the holes of one cluster's writers. */
void presence_finish(struct presence *p, struct str cluster, struct gap window,
		     presence_explained *explained, const void *ctx);
void presence_free(struct presence *p);

/* NULL: it never wrote and was not expected to. */
const struct log_writer *presence_find(const struct presence *p, struct str cluster,
				       struct str name);
/* Where writes of this client may be missing from the log, including the holes of all clients.
 * Never NULL; unbounded if it never wrote. Use presence_kubelet for a NODE's kubelet. */
const struct holes *presence_holes(const struct presence *p, struct str cluster, struct str name);
const struct log_writer *presence_find_kubelet(const struct presence *p, struct str cluster,
					       struct str node); /* or NULL */
/* Did it write, or was it given a pod? */
bool presence_knows(const struct log_writer *w);
bool presence_knows_kubelet(const struct presence *p, struct str cluster, struct str node);
/* Of a controller in kube-controller-manager, with or without an account of its own. An empty name
 * means all of them. */
const struct holes *presence_controller(const struct presence *p, struct str cluster,
					struct str controller);
const struct holes *presence_kubelet(const struct presence *p, struct str cluster, struct str node);
