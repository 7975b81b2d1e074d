/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the stages: a list that grows while the parts of a delivery are looked at. */
#pragma once

#include "timeline/incarnation.h"

struct stages {
	const struct timeline *t;
	struct mark bound; /* to its node, by the binding or by the create itself */
	nsec failed;	   /* a service that failed before it was delivered; else NSEC_NONE */
	struct stage_list list;
	struct sign *signs; /* stages.c: of containers that are begun; made when first needed */
	size_t n_signs;
};

/*
 * As stage_list_add; a stage that begins behind the delivery, or when the pod had failed without
 * one, is not reported either.
 */
struct stage *stages_add(struct stages *s, struct stage stage);

/* images.c. All pulls; and of one container the image that is not even pulled. */
void stages_images(struct stages *s);
void stages_refused_image(struct stages *s, const struct container_spec *c);
