/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why the API server rejected a pod's creation: one row per code, matched by HTTP status and a part
 * of the Status message. The messages are from the sources of Kubernetes 1.22 to 1.36 (registry,
 * quota, limitranger, podsecurity, webhook and validatingadmissionpolicy) and OpenShift's SCC.
 */
#pragma once

#include "base/str.h"

struct refusal {
	int32_t status;	   /* 0: any */
	const char *text;  /* must be in the message; NULL: any message, or none */
	const char *also;  /* must be in it too; NULL: nothing more */
	const char *code;  /* CamelCase, stable */
	const char *owner; /* who must fix it: "user" or "platform" */
};

/* Never NULL: the last row matches everything. The message may be empty (level Metadata).
 * Static. */
const struct refusal *refusal_of(int32_t status, struct str message);
/* The row of a code, or NULL. */
const struct refusal *refusal_by_code(struct str code);

/* 409 and 429 mean that the client may retry: they reject an attempt, not the pod. */
bool refusal_is_final(int32_t status);
