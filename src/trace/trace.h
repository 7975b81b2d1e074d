/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace: one operation on one pod (claim, workload), as spans in OpenTelemetry's sense. A value,
 * made from a timeline; documents writes it as OTLP, Jaeger or Chrome JSON. Everything in it lives
 * for the pod.
 *
 * Rules for every trace (trace_invariant checks them): the root comes first, every other span
 * after its parent and within it in time; ids are not zero, and unique in the trace; siblings come
 * in order of (start, longer first, rank); no span ends before it starts; a resource is used by at
 * least one span; keys of a list of attributes are unique.
 */
#pragma once

#include "base/clock.h"
#include "base/arena.h"

/* One trace each. */
enum operation {
	OPERATION_CREATE,  /* a pod: created until Ready, or until the log ends */
	OPERATION_DELETE,  /* a pod: requested until gone */
	OPERATION_UPGRADE, /* a pod: in-place update until Ready again */
	OPERATION_BIND,	   /* a claim: created until Bound */
	OPERATION_ROLLOUT, /* a workload: pods of one revision, until all are delivered */
	OPERATION_COUNT
};

struct trace_id {
	uint8_t bytes[16];
};

struct span_id {
	uint8_t bytes[8];
};

enum attribute_type {
	ATTRIBUTE_TEXT,
	ATTRIBUTE_NUMBER,
	ATTRIBUTE_TRUTH,
	ATTRIBUTE_TEXTS,
	ATTRIBUTE_SECONDS, /* a duration; viewers get seconds with a fraction */
};

/* Keys are names of the semantic conventions, or begin with "lunettes."; both static or pod. */
struct attribute {
	struct str key;
	enum attribute_type type;
	struct str text; /* of ATTRIBUTE_TEXT */
	int64_t number;	 /* of ATTRIBUTE_NUMBER; of ATTRIBUTE_TRUTH 0 or 1; of ATTRIBUTE_SECONDS
			    nanoseconds */
	const struct str *texts; /* of ATTRIBUTE_TEXTS */
	size_t n_texts;
};

struct attributes {
	const struct attribute *list;
	size_t n;
};

/* The component that is responsible; its spans have one colour in a viewer. */
struct resource {
	struct str service; /* service.name, which is not among the attributes */
	struct attributes attributes;
};

/* An event within a span, at its own time: an Event, a write, a container's state. */
struct span_event {
	nsec at;
	struct str name; /* few different ones: the Event's reason, the operation */
	struct attributes attributes;
};

struct span_link {
	struct trace_id trace;
	struct span_id span;
	struct attributes attributes; /* at least lunettes.link: why */
};

enum span_status { SPAN_UNSET, SPAN_OK, SPAN_ERROR }; /* numbers of the protocol */

enum { SPAN_NO_PARENT = UINT32_MAX };

struct span {
	struct span_id id;
	uint32_t parent;   /* number of a span; SPAN_NO_PARENT: the root */
	uint32_t resource; /* number of a resource */
	struct str name;   /* never empty; few different ones; not in it: names of pods, ids */
	nsec start, end;   /* since 1970; start <= end */
	bool open;	   /* in progress: end is the end of the log */
	uint32_t lane; /* of its siblings those with the same lane do not overlap: for viewers that
			  need it */
	struct attributes attributes;
	const struct span_event *events; /* in order of time */
	size_t n_events;
	uint32_t dropped_events; /* more than are kept; 0 of all but crash loops of weeks */
	const struct span_link *links;
	size_t n_links;
	enum span_status status;
	struct str message; /* of SPAN_ERROR; may be empty */
};

struct trace {
	struct trace_id id;
	enum operation operation;
	struct str cluster, namespace, name; /* of the pod, claim or ReplicaSet; name may be empty:
						refused under a generateName */
	struct span *spans;
	size_t n_spans;
	const struct resource *resources;
	size_t n_resources;
};

/* Gives lanes to the sorted spans: overlapping siblings get the first lanes that are free. */
void trace_lanes(struct trace *trace, struct arena *arena);
struct str operation_name(enum operation operation); /* create, delete, ... */

bool trace_id_is_none(struct trace_id id); /* all zero */
/* NULL, or the violation (static). */
const char *trace_invariant(const struct trace *trace);
