/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who writes into the audit log of a cluster, and when: the scheduler, each node's kubelet, each
 * controller. Silence proves something only of a writer that is present: in a control plane of
 * several API servers each one logs what its own clients wrote, files are lost, disks are full.
 *
 * Each thread makes its own, merged in any order. Memory: a chart a writer, of which all beyond
 * their first pages take no more than PRESENCE_PAGES; then the slots of all become wider.
 *
 * Legal order: presence_add*, presence_merge*; presence_finish for each cluster; reading.
 */
#pragma once

#include "base/map.h"
#include "kube/chart.h"

enum { PRESENCE_PAGES = 64 * 1024 }; /* of 72 bytes */

/* Writers that are no users of the log: */
#define WRITER_ALL STR("")		    /* everybody together */
#define WRITER_KUBELETS STR("system:nodes") /* made by finish: the holes of any kubelet */
#define WRITER_KUBELET STR("kubelet")	    /* one that does not say of which node */
#define WRITER_UNKNOWN STR("unknown")	    /* it never writes */
/* And those that the API server's own names are for: */
#define WRITER_SCHEDULER STR("system:kube-scheduler")
#define WRITER_CONTROLLERS STR("system:kube-controller-manager")
#define WRITER_NODE STR("system:node:")
#define WRITER_ACCOUNT STR("system:serviceaccount:kube-system:")

struct log_writer {
	struct str cluster, name;  /* in the map */
	struct chart chart, asked; /* when it wrote, and when it was given something to do */
	uint64_t bound;		   /* pods that a scheduler gave it */
	uint64_t events;	   /* of the records: Events, created or counted on */
	uint64_t leases;	   /* of the records: leases, which it renews whatever happens */
	struct holes doubts; /* and of a controller, which has no beat: what it did not outlast */
	struct holes holes;  /* with those of WRITER_ALL; made by finish */
	nsec first, last;    /* to the slot; made by finish */
	bool rare;	     /* it wrote too little: its own rate is unknown */
	bool accounts;	     /* of WRITER_CONTROLLERS: some have accounts of their own */
	bool own;	     /* it has holes that are not those of WRITER_ALL */
};

struct presence {
	struct map names; /* cluster\\0name */
	struct log_writer *writers;
	size_t cap;
	uint32_t *order; /* numbers of writers by (cluster, name); made by presence_sort */
	size_t n_order;
	size_t pages;	/* of all charts, beyond their first ones */
	unsigned shift; /* slots are a second << shift wide */
};

/* What a record was about, as far as it matters here. */
enum writing { WRITING_OTHER, WRITING_LEASE, WRITING_EVENT };

void presence_add(struct presence *p, struct str cluster, struct str writer, nsec at,
		  enum writing what);
/* The writer was given something to do: a pod to place, or, a kubelet, one to run or to stop. */
void presence_ask(struct presence *p, struct str cluster, struct str writer, nsec at);
/* bound: a scheduler has chosen the node, so there is one. */
void presence_ask_kubelet(struct presence *p, struct str cluster, struct str node, nsec at,
			  bool bound);
void presence_merge(struct presence *sum, const struct presence *more);
/* To be called once, behind the last merge. */
void presence_sort(struct presence *p);
/* Numbers of the writers of one cluster, by name, without WRITER_KUBELETS; behind presence_sort. */
size_t presence_of(const struct presence *p, struct str cluster, const uint32_t **ret_numbers);
/* A kubelet's silence that something else in the log explains: it was stopped, and came back. */
typedef bool presence_explained(const void *ctx, struct str cluster, struct str node,
				const struct gap *gap);
/* Finds the holes of one cluster's writers. */
void presence_finish(struct presence *p, struct str cluster, struct gap window,
		     presence_explained *explained, const void *ctx);
void presence_free(struct presence *p);

/* NULL: it never wrote, and nothing made it expected. */
const struct log_writer *presence_find(const struct presence *p, struct str cluster,
				       struct str name);
/*
 * Where what this writer wrote may be missing from the log, with the holes of everybody; never
 * NULL. Of one that never wrote: everywhere. NODE's kubelet is presence_kubelet.
 */
const struct holes *presence_holes(const struct presence *p, struct str cluster, struct str name);
const struct log_writer *presence_find_kubelet(const struct presence *p, struct str cluster,
					       struct str node); /* or NULL */
/* It wrote something, or was given a pod. */
bool presence_knows(const struct log_writer *w);
bool presence_knows_kubelet(const struct presence *p, struct str cluster, struct str node);
/*
 * Of a controller of kube-controller-manager, with an account of its own or not; an empty name: of
 * all of them together.
 */
const struct holes *presence_controller(const struct presence *p, struct str cluster,
					struct str controller);
const struct holes *presence_kubelet(const struct presence *p, struct str cluster, struct str node);
