/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the stages: a list that grows while the parts of a delivery are looked at. */
#ifndef LUNETTES_TIMELINE_STAGES_H
#define LUNETTES_TIMELINE_STAGES_H

#include "timeline/incarnation.h"

struct stages {
	const struct timeline *t;
	struct mark bound; /* to its node, by the binding or by the create itself */
	nsec failed; /* a service that failed before it was delivered; else NSEC_NONE */
	struct arena *arena;
	struct stage_list list;
	struct sign *signs; /* stages.c: of containers that are begun; made when first needed */
	size_t n_signs;
};

/*
 * A stage without a known start is not reported, nor one that begins behind the delivery, or when
 * the pod had failed without one: then NULL. One that ends before it starts takes no time.
 */
struct stage *stages_add(struct stages *s, enum lifecycle_stage stage, struct str subject,
			 struct mark start, struct mark end);
struct mark mark_earlier(struct mark a, struct mark b);

/* images.c. All pulls; and of one container the image that is not even pulled. */
void stages_images(struct stages *s);
void stages_refused_image(struct stages *s, const struct container_spec *c);

#endif
