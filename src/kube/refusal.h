/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why the API server refused to create a pod: one row a code, matched by HTTP status and a piece of
 * the Status message. The texts stand in the Kubernetes sources of 1.22 to 1.36 (registry, quota,
 * limitranger, podsecurity, webhook and validatingadmissionpolicy plugins) and OpenShift's SCC.
 */
#pragma once

#include "base/str.h"

struct refusal {
	int32_t status;	   /* 0: any */
	const char *text;  /* must be in the message; NULL: any message, also none */
	const char *also;  /* must be there too; NULL: nothing more */
	const char *code;  /* CamelCase, stable */
	const char *owner; /* who can mend it: "user" or "platform" */
};

/* Never NULL: the last row matches everything. The message may be empty (Metadata level). Static.
 */
const struct refusal *refusal_of(int32_t status, struct str message);
/* The row of a code; NULL when there is none. */
const struct refusal *refusal_by_code(struct str code);

/* 409 and 429 ask to try again: they refuse an attempt, not the pod. */
bool refusal_is_final(int32_t status);
