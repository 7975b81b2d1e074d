/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/slos.h"

#define NAME(id, name, ...) [SLO_##id] = name,
#define ROW(id, name, judge_of, metric, results, latency, ...)                                     \
	[SLO_##id] = { .judge = judge_of, __VA_ARGS__ },

const char *const slo_names[SLO_COUNT + 1] = { SLOS(NAME) };
const struct slo_row slo_rows[SLO_COUNT] = { SLOS(ROW) };

_Static_assert(STAGE_COUNT <= 32, "the bits of the stages of an SLO");
