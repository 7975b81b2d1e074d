/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes to what pods depend on: who changed which workload, quota, webhook configuration or node,
 * when, and what changed. They are gathered only where writes_observe is given to the decoders.
 *
 * Legal order: zero a struct writes for each thread, whose decoder adds to it in any order; merge
 * them all into one; writes_finish, which puts the writes of each object in order of time and
 * compares them; read; free. Neither threads nor the order of the inputs change the result;
 * duplicates count once. write_rows.c lists the resources, and the parts of their bodies.
 *
 * Values of Secrets and ConfigMaps are never kept, nor what looks like a secret elsewhere: only the
 * name of the key, and a hash that tells whether it changed.
 */
#pragma once

#include "base/arena.h"
#include "kube/record.h"

enum {
	WRITES_MAX = 65536,		/* kept: the last ones in time */
	WRITES_BYTES = 8 * 1024 * 1024, /* of what is kept, whichever is reached first */
	WRITE_LEAVES_MAX = 64,		/* kept of one body */
	WRITE_LEAVES_BYTES = 4096,
	WRITE_VALUE_MAX = 160,	/* shown of one value */
	WRITE_CHANGES_MAX = 16, /* reported of one write */
	/* So many changes of one object by one actor, without bodies, are that actor's routine. */
	WRITES_ROUTINE = 16,
};

enum leaf_kind {
	LEAF_VALUE,
	LEAF_GONE,  /* removed, with all under it */
	LEAF_WHOLE, /* all under it is replaced by the other leaves under it */
};

/* One value of a body. */
struct write_leaf {
	struct str path;  /* spec.template.spec.containers[web].image */
	struct str value; /* shortened; empty if hidden */
	uint64_t hash;	  /* of all of it */
	enum leaf_kind kind;
	bool hidden;
};

/* before and after: p == NULL: unknown; empty: none. */
struct write_change {
	struct str path, before, after;
	bool hidden; /* a value must not be shown: it is left unknown */
};

enum write_body {
	WRITE_BARE,  /* none is shown */
	WRITE_PATCH, /* the leaves are what it sets */
	WRITE_APPLY, /* the leaves are what one manager wants: some may be as before */
	WRITE_WHOLE, /* the leaves are all that is looked at of the object */
};

struct write_row {
	const char *resource, *group, *old_group; /* old_group: where it was once, or NULL */
	const char *kind;
	bool names_only;	  /* values are never kept */
	const char *const *paths; /* what of the body is looked at: these, and what is under them */
	bool workload;		  /* pods may belong to it */
};

struct write {
	const struct write_row *row;
	struct str cluster, namespace, name; /* name empty: of a collection */
	struct str subresource;
	nsec at; /* received */
	struct str verb, actor, agent;
	struct str impersonator; /* the user who acted as actor; empty: none */
	struct str audit_id;
	uint64_t uri_hash;
	int32_t status;
	bool by_controller; /* of kube-controller-manager, or a kubelet's */
	enum write_body body;
	const struct write_leaf *leaves; /* by path */
	size_t n_leaves;
	bool cut; /* the body holds more than is kept */
	struct position position;
	/* Made by writes_finish. */
	bool news;     /* a person or an autoscaler changed something, as far as the log shows */
	bool compared; /* changes are complete, of the paths of the row */
	const struct write_change *changes; /* by path */
	size_t n_changes;
	size_t more_changes; /* not kept */
};

struct writes {
	struct arena arena;
	struct write *list; /* after finish by object, then time */
	size_t n, cap;
	size_t bytes;
	bool cut;  /* there were more */
	nsec from; /* after finish, if cut: of the earliest that was kept; else NSEC_NONE */
};

extern const struct write_row write_rows[];
extern const size_t n_write_rows;
/* NULL: no writes to that resource are gathered. */
const struct write_row *write_row_of(struct str resource, struct str group);
const struct write_row *write_row_of_kind(struct str kind);

struct audit;

/* audit_writes.c: a decode_event (kube/decode.h) whose ctx is the struct writes to add to. */
void writes_observe(void *ctx, const struct audit *a, const struct position *position,
		    struct arena *line);
void writes_add(struct writes *w, const struct write *write); /* copies */
void writes_merge(struct writes *sum, const struct writes *more);
void writes_finish(struct writes *w); /* once */
void writes_free(struct writes *w);

/* writes_diff.c: news, changes of the writes of one object, in order of time. */
void writes_compare(struct write *list, size_t n, struct arena *arena);
