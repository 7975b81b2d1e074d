/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace while it is made. Private to trace/: build.c begins with the root, the parts below add
 * to it, draft_finish puts it in order. Everything lives for the pod.
 */
#pragma once

#include "timeline/lifecycle.h"
#include "trace/settings.h"
#include "trace/trace.h"

enum { DRAFT_ROOT = 0 }; /* the number of the root among the spans */

/* The component that is responsible for a span. */
enum component {
	COMPONENT_APISERVER,
	COMPONENT_SCHEDULER,
	COMPONENT_KUBELET,
	COMPONENT_RUNTIME,
	COMPONENT_REGISTRY, /* of one image */
	COMPONENT_CONTROLLER,
	COMPONENT_FINALIZER, /* of one list of finalizers */
	COMPONENT_PROVISIONER,
	COMPONENT_WORKLOAD,
	COMPONENT_COUNT
};

struct attribute_list {
	struct arena *arena;
	struct attribute *list;
	size_t n, cap;
};

struct draft_span {
	struct span span; /* its lists are made by draft_finish; parent is a number of the draft */
	struct attribute_list attributes;
	struct span_event *events;
	size_t n_events, events_cap;
	uint32_t dropped_events;
	struct span_link *links;
	size_t n_links, links_cap;
	unsigned rank;		     /* of siblings that take the same time */
	const struct stage *stage;   /* that it shows; NULL: the root, an envelope, a run */
	enum lifecycle_stage kind;   /* STAGE_COUNT: none */
	struct str container, image; /* p == NULL: it is not about one */
	bool envelope;		     /* it contains other spans */
	uint32_t previous;	     /* number of the run before this one; 0: none */
	struct str path;	     /* for its id */
	uint32_t number;	     /* in order of making */
};

struct draft {
	const struct trace_settings *settings;
	const struct timeline *t;
	const struct outcome *outcome;
	const struct life_row *rows;
	size_t n_rows;
	struct arena *arena;
	struct trace trace;
	struct draft_span *spans;
	size_t n_spans, spans_cap;
	struct resource *resources;
	size_t n_resources, resources_cap;
};

/* draft.c */

/* Returns its number. Its times are limited to those of the root: see draft_clip. */
uint32_t draft_span(struct draft *d, uint32_t parent, struct str name, nsec start, nsec end);
/* The first span, without a parent. */
void draft_root(struct draft *d, const char *name, nsec start, nsec end);
/* Truncates a span to its parent, with an attribute. False: all of it is outside. */
bool draft_clip(struct draft *d, uint32_t span);
struct span_event *draft_event(struct draft *d, uint32_t span, nsec at, struct str name);
void draft_link(struct draft *d, uint32_t span, struct trace_id trace, struct span_id to,
		const char *why);
/* Links to the root of that trace, unless it is not traced. */
void draft_link_trace(struct draft *d, uint32_t span, struct trace_id trace, const char *why);
/* The container's original spec; NULL: not shown. */
const struct container_spec *draft_container(const struct timeline *t, struct str name);
/* The container's image; empty: unknown, because it was changed in place or is not shown. */
struct str draft_image(const struct draft *d, struct str container);
/* Sorts the spans and gives them ids and lanes. */
void draft_finish(struct draft *d);

/* Empty or unknown texts and names, and false values, are not added. */
void attribute_text(struct attribute_list *l, const char *key, struct str text);
void attribute_time(struct attribute_list *l, const char *key, nsec at); /* RFC 3339, as text */
void attribute_number(struct attribute_list *l, const char *key, int64_t number);
void attribute_true(struct attribute_list *l, const char *key, bool truth);
void attribute_texts(struct attribute_list *l, const char *key, const struct str *texts, size_t n);
/* Names joined by ','. */
void attribute_names(struct attribute_list *l, const char *key, struct str joined);
void attribute_seconds(struct attribute_list *l, const char *key,
		       nsec duration); /* NSEC_NONE: none */
/* Name, tags or digest of an image. */
void attribute_image(struct attribute_list *l, struct str image);
/* lunettes.audit_id and, by the settings, lunettes.evidence; of the start: with start_. */
void attribute_evidence(const struct draft *d, struct attribute_list *l, bool start,
			const struct entry *e);

/* resource.c: the number of its resource, made at first use. about: the image, the finalizers. */
uint32_t draft_resource(struct draft *d, enum component component, struct str about);

/* stage_spans.c: stages below the root; then runs of containers that ended within it. */
void draft_stages(struct draft *d);
void draft_runs(struct draft *d);
const char *stage_span_name(enum lifecycle_stage stage);

/* happenings.c: Events and writes, in the span that they are about. */
void draft_happenings(struct draft *d);

/* verdict.c: the attributes of the root, and the cause of a failure. */
void draft_verdict(struct draft *d, const struct delivery *delivery,
		   const struct diagnosis *diagnosis);
