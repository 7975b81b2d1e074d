/* SPDX-License-Identifier: Apache-2.0 */
/* Matches that may be the cause, with the evidence for and against them. */
#pragma once

#include "diagnose/hits.h"

struct suspect {
	const struct hit *hit;
	const struct rule *rule;
	enum scope scope;
	enum lifecycle_stage stage; /* in which it was seen */
	unsigned order;		    /* of the delayed stage, in a delivery */
	nsec end;		    /* when it ended the pod, if it did */
	bool healed, excused, late;
	bool cause;		      /* it may be a cause; otherwise it is only shown */
	const struct upgrade *change; /* the in-place update that it follows, or NULL */
};

struct suspects {
	struct suspect *list;
	size_t n;
};

void suspects_find(const struct hits *h, struct suspects *ret);
/* causes.c: chooses the cause, or NULL. longest: the longest stage of the delivery. */
const struct suspect *suspects_choose(const struct hits *h, const struct suspects *all,
				      enum lifecycle_stage longest);
