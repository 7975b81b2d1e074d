/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is shown late, or by a clock that is wrong: whether a Ready that a log shows was the first,
 * what its loss proves, and what of a pod that its kubelet did not take.
 */
#ifndef LUNETTES_TIMELINE_REGAINED_H
#define LUNETTES_TIMELINE_REGAINED_H

#include "timeline/incarnation.h"

/* A condition that something contradicts is only known to have been True by a time. */
void timeline_regained(struct timeline *t, const struct incarnation *in, const struct cluster *c);
void timeline_ready_with_containers(struct timeline *t);
/* Nothing but the start itself decides when it is ready: no probe, no gate, no hook. */
bool timeline_ready_at_start(const struct timeline *t);
/* What is not ready in a dump, or Failed, may have been ready before. */
bool dumped_perhaps_was_ready(const struct timeline *t);
bool timeline_failed_unseen(const struct timeline *t, const struct cluster *cluster);
/* Unknown, if its node's clock puts it before the creation. */
struct mark unless_before(struct mark m, nsec created);

/* rejected.c. The kubelet did not take the pod; and when that was. */
bool rejected(const struct timeline *t, const struct fact *phase);
struct mark rejected_at(const struct timeline *t, struct mark m);

#endif
