/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dimensions by which outcomes can be grouped: one row each. A name that is only unique in a
 * cluster or namespace implies these as further dimensions, so that Deployments "web" in two
 * namespaces are two groups.
 */
#pragma once

#include "base/buf.h"
#include "slo/outcome.h"

enum slo_dimension {
	BY_CLUSTER,
	BY_NAMESPACE,
	BY_WORKLOAD,
	BY_OWNER_KIND,
	BY_NODE,
	BY_CLASS,
	BY_CORES,
	BY_IMAGE,
	BY_REGISTRY,
	BY_STORAGE_CLASS,
	BY_CODE,
	BY_TIME,
	DIMENSION_COUNT
};

enum {
	GROUPING_MAX = 4,	  /* two requested, and the implied ones */
	GROUPING_IMAGES_MAX = 64, /* different images of one pod */
};

struct grouping {
	enum slo_dimension by[GROUPING_MAX];
	bool implied[GROUPING_MAX]; /* brought along */
	size_t n;
	nsec bucket; /* for BY_TIME */
};

/* The values from which keys are made. */
struct dimension_ground {
	const struct timeline *t;
	const struct outcome *o;
	const struct settings *settings;
	nsec bucket;
	struct str image; /* p == NULL: the images are not in any body */
};

struct dimension_row {
	const char *name;   /* camelCase, for options and documents */
	const char *column; /* in tables */
	const char *what;   /* in titles: BY ... */
	unsigned within;    /* bit set of implied dimensions */
	bool of_image;	    /* a pod counts in the groups of all its images */
	bool number;	    /* keys are sorted as numbers */
	bool (*key)(const struct dimension_ground *g, struct buf *out); /* Returns false if
									   unknown. */
};

extern const struct dimension_row dimension_rows[DIMENSION_COUNT];

/* Parses "namespace", "workload,class", "time=5m": one or two dimensions. */
int grouping_parse(struct str text, struct grouping *ret, struct err *err);
struct grouping grouping_default(void); /* by namespace */
bool grouping_of_images(const struct grouping *g);
/* The different images of the pod, at most GROUPING_IMAGES_MAX; 0: unknown. */
size_t grouping_images(const struct timeline *t, struct str *ret);
/* The first part of an image reference if it looks like a host; otherwise Docker Hub. */
struct str image_registry(struct str image);
/* Sort order of keys; unknown ones (p == NULL) come last. */
int dimension_cmp(enum slo_dimension by, struct str a, struct str b);
