/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timeline made by hand: a service's pod with one container, created at 0 s, in a log from -100 s
 * to an hour. A pod is a value, but its timeline points into it: it must not move.
 */
#pragma once

#include "slo/report.h"

#include <check.h>

#define EPOCH ((nsec)1767225600 * SECOND) /* 2026-01-01T00:00:00Z */
#define AT(seconds) (EPOCH + (nsec)(seconds)*SECOND)
#define SEC(seconds) ((nsec)(seconds)*SECOND)

enum { POD_STAGES = 16, POD_CONTAINERS = 16 };

struct pod {
	struct timeline t;
	struct stage stages[POD_STAGES];
	struct pod_object object;
	struct container_spec containers[POD_CONTAINERS];
	struct cluster cluster;
	struct delivery d;
};

void pod_make(struct pod *p);
struct mark *pod_mark(struct pod *p, enum milestone milestone, nsec at);
/* It happened before `until`, at an unknown time. */
void pod_mark_before(struct pod *p, enum milestone milestone, nsec until);
/* to == NSEC_NONE: the stage is open. */
struct stage *pod_stage(struct pod *p, enum lifecycle_stage stage, nsec from, nsec to);
/* Judges it; the result is p->d. */
const struct settings *pod_settings(void); /* the defaults */
const struct delivery *pod_judge(struct pod *p);
/* The same as an outcome; it may be changed before it is added. */
struct outcome pod_outcome(struct pod *p);
/* A report of deliveries by namespace; the pods that are added to it are judged. */
struct slo_report *pod_report_new(size_t slowest);
void pod_report_add(struct slo_report *r, struct pod *p);
void pod_report_finish(struct slo_report *r); /* of a log from -100 s to an hour */
