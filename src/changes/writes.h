/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes to objects that pods depend on: who changed which workload, quota, webhook
 * configuration or node, when, and what changed. Collected only if the decoders get
 * writes_observe.
 *
 * Legal order: zero a struct writes per thread, whose decoder adds to it in any order; merge all
 * into one; writes_finish, which sorts the writes of each object by time and compares them;
 * read; free. Threads and the order of the inputs do not change the result; duplicates count
 * once. write_rows.c lists the resources and the relevant parts of their bodies.
 *
 * Values of Secrets and ConfigMaps, and values that look like secrets elsewhere, are never kept:
 * only the name of the key, and a hash that shows whether it changed.
 */
#pragma once

#include "base/arena.h"
#include "kube/record.h"

enum {
	WRITES_MAX = 65536,		/* the last ones are kept */
	WRITES_BYTES = 8 * 1024 * 1024, /* memory for these; whichever limit is reached first */
	WRITE_LEAVES_MAX = 64,		/* kept per body */
	WRITE_LEAVES_BYTES = 4096,
	WRITE_VALUE_MAX = 160,	/* shown per value */
	WRITE_CHANGES_MAX = 16, /* reported per write */
	/* More changes of an object by one actor, without bodies, are routine. */
	WRITES_ROUTINE = 16,
};

enum leaf_kind {
	LEAF_VALUE,
	LEAF_GONE,  /* removed, including everything below */
	LEAF_WHOLE, /* everything below is replaced by the other leaves below */
};

/* One value of a body. */
struct write_leaf {
	struct str path;  /* spec.template.spec.containers[web].image */
	struct str value; /* shortened; empty if hidden */
	uint64_t hash;	  /* of the complete value */
	enum leaf_kind kind;
	bool hidden;
};

/* before and after: p == NULL: unknown; empty: no value. */
struct write_change {
	struct str path, before, after;
	bool hidden; /* the value is secret and left unknown */
};

enum write_body {
	WRITE_BARE,  /* no body is logged */
	WRITE_PATCH, /* the leaves are what it sets */
	WRITE_APPLY, /* the leaves are what one manager applies: some may be unchanged */
	WRITE_WHOLE, /* the leaves are all relevant fields of the object */
};

struct write_row {
	const char *resource, *group, *old_group; /* old_group: a former group, or NULL */
	const char *kind;
	bool names_only;	  /* values are never kept */
	const char *const *paths; /* the relevant fields: these, and everything below */
	bool workload;		  /* pods may belong to it */
};

struct write {
	const struct write_row *row;
	struct str cluster, namespace, name; /* name empty: a collection */
	struct str subresource;
	nsec at; /* received time */
	struct str verb, actor, agent;
	struct str impersonator; /* the user who impersonated actor; empty: none */
	struct str audit_id;
	uint64_t uri_hash;
	int32_t status;
	bool by_controller; /* by kube-controller-manager, or a kubelet */
	enum write_body body;
	const struct write_leaf *leaves; /* sorted by path */
	size_t n_leaves;
	bool cut; /* more leaves than are kept */
	struct position position;
	/* Made by writes_finish. */
	bool news;     /* a person or an autoscaler changed something, as far as logged */
	bool compared; /* changes are complete for the row's paths */
	const struct write_change *changes; /* sorted by path */
	size_t n_changes;
	size_t more_changes; /* not kept */
};

struct writes {
	struct arena arena;
	struct write *list; /* after finish by object, then time */
	size_t n, cap;
	size_t bytes;
	bool cut;  /* there were more */
	nsec from; /* after finish, if cut: time of the earliest one kept; otherwise NSEC_NONE */
};

extern const struct write_row write_rows[];
extern const size_t n_write_rows;
/* NULL: writes to that resource are not collected. */
const struct write_row *write_row_of(struct str resource, struct str group);
const struct write_row *write_row_of_kind(struct str kind);

struct audit;

/* audit_writes.c: a decode_event (kube/decode.h); ctx is the struct writes to add to. */
void writes_observe(void *ctx, const struct audit *a, const struct position *position,
		    struct arena *line);
void writes_add(struct writes *w, const struct write *write); /* copies */
void writes_merge(struct writes *sum, const struct writes *more);
void writes_finish(struct writes *w); /* call it once */
void writes_free(struct writes *w);

/* writes_diff.c: sets news and changes for the writes of one object, sorted by time. */
void writes_compare(struct write *list, size_t n, struct arena *arena);
