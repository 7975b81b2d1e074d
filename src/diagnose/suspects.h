/* SPDX-License-Identifier: Apache-2.0 */
/* What has matched and may be the cause, with what speaks for and against it. */
#pragma once

#include "diagnose/hits.h"

struct suspect {
	const struct hit *hit;
	const struct rule *rule;
	enum scope scope;
	enum lifecycle_stage stage; /* in which it was seen */
	unsigned order;		    /* of the stage that it holds up, in a delivery */
	nsec end;		    /* when it ended the pod, if it did */
	bool healed, excused, late;
	bool cause;		      /* it may be one; else it is only shown */
	const struct upgrade *change; /* in place, behind which it came; or NULL */
};

struct suspects {
	struct suspect *list;
	size_t n;
};

void suspects_find(const struct hits *h, struct suspects *ret);
/* causes.c: which of them is the cause; NULL: none. longest: the longest stage of the delivery. */
const struct suspect *suspects_choose(const struct hits *h, const struct suspects *all,
				      enum lifecycle_stage longest);
