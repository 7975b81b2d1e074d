/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of traces: which are made, and their content; lives for the run. */
#pragma once

#include "diagnose/diagnose.h"
#include "slo/outcome.h"

/* The place of a record as file:line; made in the arena. */
typedef struct str trace_place_fn(void *ctx, struct arena *arena, struct position position);

struct trace_settings {
	const struct settings *settings;
	const struct rules *rules; /* NULL: no causes */
	trace_place_fn *place;	   /* NULL: without lunettes.evidence */
	void *place_ctx;
	unsigned verdicts;	       /* only these: 1 << enum verdict; 0: all */
	const struct context *context; /* NULL: no rollouts, because not all pods are traced */
};
