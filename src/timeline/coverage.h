/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of the pods' lives the input shows: of how many the create, the binding, the status and
 * the Events, and how well it is known when they became ready. Sums over timelines, for `inspect`.
 */
#pragma once

#include "base/map.h"
#include "timeline/timeline.h"

/* X(field and JSON key, what it counts): pods that were created or seen, mirror pods left out. */
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

/*
 * Containers that a node's kubelet started while it was seen to write, as its statuses show; and of
 * how many of them its Event is missing, where Events are logged.
 */
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

/* Denied pods are passed over. first: where the cluster's log begins; NSEC_NONE: there is none. */
void coverage_add(struct coverage *c, const struct timeline *t, nsec first);
void coverage_free(struct coverage *c);
const struct node_starts *coverage_starts(const struct coverage *c, struct str cluster,
					  struct str node); /* NULL: none were seen */
uint64_t coverage_value(const struct coverage *c, const struct coverage_row *row);
