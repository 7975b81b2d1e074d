/* SPDX-License-Identifier: Apache-2.0 */
/*
 * By what the outcomes of an SLO can be grouped: one row a dimension. A name that only means
 * something inside a cluster or a namespace brings these along as dimensions of its own, so that
 * two namespaces' Deployment "web" are two groups.
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
	GROUPING_MAX = 4,	  /* two that are asked for, and what they bring along */
	GROUPING_IMAGES_MAX = 64, /* different images of one pod; the spec has few */
};

struct grouping {
	enum slo_dimension by[GROUPING_MAX];
	bool implied[GROUPING_MAX]; /* brought along */
	size_t n;
	nsec bucket; /* of BY_TIME */
};

/* What keys are made from. */
struct dimension_ground {
	const struct timeline *t;
	const struct outcome *o;
	const struct settings *settings;
	nsec bucket;
	struct str image; /* p == NULL: no body shows the pod's images */
};

struct dimension_row {
	const char *name;   /* as options and documents have it: camelCase */
	const char *column; /* of tables */
	const char *what;   /* in titles: BY ... */
	unsigned within;    /* bits of the dimensions that it brings along */
	bool of_image;	    /* a pod counts in the group of each of its images */
	bool number;	    /* its keys sort as numbers */
	bool (*key)(const struct dimension_ground *g, struct buf *out); /* false: unknown */
};

extern const struct dimension_row dimension_rows[DIMENSION_COUNT];

/* "namespace", "workload,class", "time=5m": one or two dimensions. */
int grouping_parse(struct str text, struct grouping *ret, struct err *err);
struct grouping grouping_default(void); /* by namespace */
bool grouping_of_images(const struct grouping *g);
/* The different images of the pod, at most GROUPING_IMAGES_MAX; 0: none is shown. */
size_t grouping_images(const struct timeline *t, struct str *ret);
/* The first part of a reference is a host if it looks like one; else it is a path of Docker Hub. */
struct str image_registry(struct str image);
/* Keys in the order in which they are shown; unknown ones (p == NULL) come last. */
int dimension_cmp(enum slo_dimension by, struct str a, struct str b);
