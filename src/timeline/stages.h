/* SPDX-License-Identifier: Apache-2.0 */
/* Internals of the stages: a list that grows while the parts of a delivery are examined. */
#pragma once

#include "timeline/incarnation.h"

struct stages {
	const struct timeline *t;
	struct mark bound; /* to its node, by a binding or the create itself */
	nsec failed;	   /* a service that failed before its delivery; otherwise NSEC_NONE */
	struct stage_list list;
	struct sign *signs; /* stages.c: signs of started containers; made on first use */
	size_t n_signs;
};

/* Like stage_list_add. A stage that begins after the delivery, or after the pod has failed, is not
 * added either. */
struct stage *stages_add(struct stages *s, struct stage stage);

/* images.c. All pulls; and the image of a container that cannot be pulled. */
void stages_images(struct stages *s);
void stages_refused_image(struct stages *s, const struct container_spec *c);
