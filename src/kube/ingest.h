/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of the input: how much was read and how much was skipped. Each counter is one row; the
 * sums over threads and the documents use the table. */
#pragma once

#include "base/prelude.h"

/* X(field and JSON key, what it counts) */
#define INGEST_COUNTERS(X)                                                                         \
	X(records, "audit events")                                                                 \
	X(podRecords, "records about pods")                                                        \
	X(claimRecords, "records about PersistentVolumeClaims")                                    \
	X(levelMetadata, "at level Metadata")                                                      \
	X(levelRequest, "at level Request")                                                        \
	X(levelRequestResponse, "at level RequestResponse")                                        \
	X(stageRequestReceived, "at stage RequestReceived: counted, not used")                     \
	X(stageResponseStarted, "at stage ResponseStarted: counted, not used")                     \
	X(stagePanic, "at stage Panic")                                                            \
	X(dryRun, "dry runs: nothing happened")                                                    \
	X(refusedCreates, "pod creates that were refused")                                         \
	X(unattributed, "successful pod creates whose name the log does not show")                 \
	X(unnamedDeletes, "deletions of collections whose pods the log does not show")             \
	X(truncated, "bodies that the API server dropped (audit.k8s.io/truncated)")                \
	X(untimed, "audit events without a time")                                                  \
	X(malformed, "texts that are not JSON, torn ones included")                                \
	X(recovered, "records found behind a torn one in the same line")                           \
	X(invalidText, "records about pods and claims with bytes that are not UTF-8")              \
	X(foreign, "JSON texts that are no audit events")                                          \
	X(objectPods, "Pods in dumps")                                                             \
	X(objectClaims, "PersistentVolumeClaims in dumps")                                         \
	X(objectEvents, "Events in dumps")                                                         \
	X(objectNodes, "Nodes in dumps")                                                           \
	X(objectOwners, "ReplicaSets and Jobs in dumps")                                           \
	X(objectOthers, "other objects in dumps: not used")                                        \
	X(otherLines, "lines of other programs")                                                   \
	X(duplicates, "records about pods that stand in the input more than once")

struct ingest {
#define INGEST_FIELD(name, what) uint64_t name;
	INGEST_COUNTERS(INGEST_FIELD)
#undef INGEST_FIELD
};

struct ingest_row {
	const char *key, *what;
	size_t offset; /* of the uint64_t in struct ingest */
};

extern const struct ingest_row ingest_rows[];
extern const size_t n_ingest_rows;

uint64_t ingest_value(const struct ingest *ingest, const struct ingest_row *row);
uint64_t ingest_objects(const struct ingest *ingest); /* objects of dumps that were used */
void ingest_add(struct ingest *sum, const struct ingest *more);
