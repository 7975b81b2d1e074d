/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration of SLOs: limits, classes, overrides, objectives. Defaults are those of
 * Alipay's Lunettes, with its TYPICAL class fixed; lunettes-config(5) documents the file format.
 *
 * Legal order: settings_init, settings_read*, settings_free. Read-only after that. settings_read
 * appends to lists and overwrites everything else.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "slo/sli.h"
#include "slo/slos.h"
#include "timeline/timeline.h"

/* The default classes; those from a file follow. */
enum delivery_class {
	CLASS_UNKNOWN, /* the spec is not in any body */
	CLASS_TYPICAL,
	CLASS_NONTYPICAL1,
	CLASS_NONTYPICAL2,
	CLASS_BEST_EFFORT,
	CLASS_COUNT
};

/* A pod's class is the first one whose bounds are all met; the last one has none. */
struct class_row {
	struct str name;	      /* p == NULL: unknown */
	nsec limit;		      /* of the delivery time */
	int64_t cpu_milli, memory;    /* maximum requests; bytes */
	uint32_t containers, volumes; /* maximum counts */
};

/* Selects pods; unset fields (p == NULL) match all. Patterns with * and ?. */
struct workload_match {
	struct str cluster, namespace, kind, name; /* kind and name of the workload */
};

struct override {
	struct workload_match match;
	nsec deadline, delivery; /* NSEC_NONE: not changed */
};

struct objective {
	struct str name; /* the user's name for it; unique */
	enum slo slo;
	enum sli sli;
	nsec threshold;	     /* good is at most that; NSEC_NONE: good is the verdict success */
	unsigned target_ppm; /* share of good outcomes, in millionths: 995000 is 99.5 % */
	nsec window;	     /* of the budget: 30 days */
	struct workload_match match;
};

struct settings {
	const struct class_row *classes; /* [CLASS_UNKNOWN] first */
	size_t n_classes;
	nsec deadline_service, deadline_job;
	nsec limits[SLO_COUNT];		       /* NSEC_NONE: by class */
	nsec delete_stale, delete_terminating; /* Alipay's further steps after its limit */
	nsec post_start_limit;		       /* PostStartHookTimeout */
	const struct override *overrides;      /* per key, the first match wins */
	size_t n_overrides;
	const struct str *ignored; /* namespaces whose pods are excluded */
	size_t n_ignored;
	const struct str *plain_deletes; /* IgnoreDeleteReasonNamespace: no diagnosis of deletions
					    before the end there */
	size_t n_plain_deletes;
	const struct objective *objectives;
	size_t n_objectives;
	struct str file;	 /* the file read last; p == NULL: none */
	bool configured;	 /* settings_read found something to read */
	const struct str *notes; /* for example on keys without effect, with their positions */
	size_t n_notes;
	struct arena arena;
};

void settings_init(struct settings *s); /* the defaults */
void settings_free(struct settings *s);
/* Reads a file as in lunettes-config(5); name is for messages. After an error only free is
 * allowed. */
int settings_read(struct settings *s, struct str name, struct str text, struct err *err);

bool settings_ignored(const struct settings *s, struct str namespace);
/* Does it match this pod? */
bool workload_matches(const struct workload_match *m, const struct timeline *t);
