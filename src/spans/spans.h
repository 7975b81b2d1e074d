/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spans defined by a tracing configuration, compatible with Alipay's Lunettes: lunettes-spans(5)
 * explains the keys, and which texts are fixed or rejected. Three steps: spans_read parses a file,
 * whose `extract` defines the data that decoders attach to records; spans_runs matches the
 * operations of one pod with the configuration's actions; spans_trace makes a trace of one match.
 *
 * Legal order: read, then runs and trace for any number of pods, free. A configuration owns
 * compiled regular expressions and scripts, so only one thread at a time may use it.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "diagnose/pattern.h"
#include "spans/extract.h"
#include "spans/script.h"
#include "timeline/timeline.h"
#include "trace/trace.h"

enum {
	SPANS_NONE = UINT32_MAX, /* no path, no parent */
	SPANS_RESOURCES_MAX = 64,
	SPANS_MATCHERS_MAX = 64, /* of one list */
	SPANS_LIST_MAX = 256,	 /* of one resource, with all children */
	SPANS_DEPTH_MAX = 8,	 /* Children in Children */
	SPANS_PARTS_MAX = 1024,	 /* of one action on one pod */
};

/* An action that has not finished by then is ended. */
#define SPANS_ACTION_MAX (35 * MINUTE)

struct span_matcher {
	bool event;	 /* of Events, by their reason; otherwise of operations, by their name */
	struct str word; /* the operation or the reason */
	/* NULL: any. The name has one group, the duration one, the match none. */
	const struct pattern *name, *duration, *match;
	struct script *script; /* NULL: none; a script decides alone, about Events or requests */
};

struct span_matchers {
	const struct span_matcher *list;
	size_t n;
};

struct span_config {
	struct str name, type, owner, component; /* n == 0: not given */
	uint32_t path;	 /* index in extract: one span per value; SPANS_NONE: `name` */
	uint32_t parent; /* of the resource's spans, before it; SPANS_NONE */
	bool direct;	 /* Mode direct-info */
	bool need_close, omit_empty;
	struct span_matchers start, end, direct_events, errors;
};

struct span_property {
	struct str name;
	uint32_t path;	      /* SPANS_NONE: */
	struct script *fetch; /* gives it */
	bool metric;	      /* NeedMetric */
};

struct span_resource {
	struct str resource, api_version, action;
	struct str start_name, finish_name;
	struct span_matchers start, finish;
	const struct span_config *spans; /* parents before their children */
	size_t n_spans;
	const struct span_property *properties;
	size_t n_properties;
};

struct span_configuration {
	struct span_resource *resources;
	size_t n_resources, resources_cap;
	struct extract extract;
	struct scripts *scripts;    /* NULL: there are none */
	struct extract_words notes; /* about keys without effect and fixed texts, with positions */
	struct pattern **patterns;
	size_t n_patterns, patterns_cap;
	struct arena arena;
};

/* One span of an action. */
struct span_part {
	const struct span_config *config;
	uint32_t parent; /* of the parts, before it; SPANS_NONE */
	struct str name; /* never empty */
	struct str key;	 /* identifies it among those of its Type */
	nsec begin, end; /* NSEC_NONE: not seen */
	bool closed;	 /* NeedClose: its end is that of the action */
	struct span_event *errors;
	size_t n_errors, errors_cap;
};

/* One action on one pod. */
struct span_run {
	const struct span_resource *of;
	uint32_t number;   /* of this action on this pod, from 0 */
	nsec begun, ended; /* ended NSEC_NONE: in progress at the end of the log */
	struct span_part *parts;
	size_t n_parts, parts_cap;
	struct str *properties; /* as many as the resource has; p == NULL: never seen */
	size_t fetched;		/* number of objects seen when scripts last ran */
};

/* name: of the file, for messages. NULL with an error. */
struct span_configuration *spans_read(struct str name, struct str text, struct err *err);
void spans_free(struct span_configuration *c);
/* A line for each key without effect, each text that was fixed, each script that failed. */
void spans_notes(const struct span_configuration *c, struct buf *out);

/* In order of their start, in the arena. log_end: of the input, or NSEC_NONE. */
size_t spans_runs(const struct span_configuration *c, const struct timeline *t, nsec log_end,
		  struct arena *arena, const struct span_run **ret_runs);
/* The pod has more than EXTRACT_POD_MAX items; the rest was dropped. */
bool spans_cut(const struct timeline *t);

/* NULL: it has nothing to show. */
const struct trace *spans_trace(const struct span_run *run, const struct timeline *t, nsec log_end,
				struct arena *arena);
