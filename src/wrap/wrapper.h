/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many records came from each wrapper, and which clusters the wrappers name. These names are
 * only shown: a record's cluster is its own or given by the user.
 *
 * Legal order: zero it; wrapper_seen_merge for all threads; read. Merging in any order gives the
 * same result. Nothing to free.
 */
#pragma once

#include "base/str.h"

enum {
	WRAPPER_ROWS_MAX = 64,
	WRAPPER_CLUSTERS_MAX = 64,
	/* Google's "project/location/cluster" is shorter; longer names are truncated */
	WRAPPER_CLUSTER_NAME_MAX = 120,
};

struct wrapper_cluster {
	uint32_t row, n;
	char name[WRAPPER_CLUSTER_NAME_MAX];
};

struct wrapper_seen {
	uint64_t records[WRAPPER_ROWS_MAX]; /* audit events and objects found, by row */
	/* Sorted by row and name; if there are too many, the first ones are kept. */
	struct wrapper_cluster clusters[WRAPPER_CLUSTERS_MAX];
	size_t n_clusters;
};

/* rows.c: the names of the rows (static); NULL after the last one. */
const char *wrapper_name(size_t row);
void wrapper_seen_cluster(struct wrapper_seen *seen, size_t row, struct str name);
void wrapper_seen_merge(struct wrapper_seen *sum, const struct wrapper_seen *more);
