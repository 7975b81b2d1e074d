/* SPDX-License-Identifier: Apache-2.0 */
/* How complete the input is: for how many pods the creation, the binding, the status and the Events
 * are logged, and how well the time of readiness is known. `inspect` shows these sums. */
#pragma once

#include "base/map.h"
#include "timeline/timeline.h"

/* X(field and JSON key, what it counts): pods that were created or seen, without mirror pods. */
#define COVERAGE_COUNTERS(X)                                                                       \
	X(pods, "pods")                                                                            \
	X(create, "their create is there")                                                         \
	X(spec, "their spec is there")                                                             \
	X(scheduled, "they were scheduled")                                                        \
	X(binding, "their binding is there")                                                       \
	X(status, "status writes with their content are there")                                    \
	X(statusHidden, "only status writes without content are there")                            \
	X(events, "Events about them are there, with their content")                               \
	X(eventsHidden, "only the names of Events about them are there")                           \
	X(dumped, "they stand in a dump")                                                          \
	X(workload, "the workload that they belong to is known")                                   \
	X(readyExact, "ready to the microsecond")                                                  \
	X(readySecond, "ready to the second")                                                      \
	X(readyInferred, "ready between neighbours")                                               \
	X(readyBounded, "ready by a known time at the latest")                                     \
	X(readyUnseen, "not seen ready")

/* Containers, known from statuses, that a node's kubelet started while it wrote to the log; and how
 * many of them lack their Started Event although Events are logged. */
struct node_starts {
	uint64_t starts, lost;
};

/* Zero is empty. */
struct coverage {
#define COVERAGE_FIELD(name, what) uint64_t name;
	COVERAGE_COUNTERS(COVERAGE_FIELD)
#undef COVERAGE_FIELD
	struct map nodes; /* cluster\0node */
	struct node_starts *starts;
	size_t starts_cap;
};

struct coverage_row {
	const char *key, *what;
	size_t offset; /* of the uint64_t in struct coverage */
};

extern const struct coverage_row coverage_rows[];
extern const size_t n_coverage_rows;

/* Skips denied pods. first: start of the cluster's log; NSEC_NONE: none. */
void coverage_add(struct coverage *c, const struct timeline *t, nsec first);
void coverage_free(struct coverage *c);
const struct node_starts *coverage_starts(const struct coverage *c, struct str cluster,
					  struct str node); /* NULL: none */
uint64_t coverage_value(const struct coverage *c, const struct coverage_row *row);
