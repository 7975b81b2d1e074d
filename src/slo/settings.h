/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What good service is: limits, classes, overrides, objectives. The defaults are those of Alipay's
 * Lunettes (its TYPICAL class fixed); lunettes-config(5): how a file changes them.
 *
 * Legal order: settings_init, settings_read*, settings_free. A value after that: pure readers.
 * What settings_read adds to lists comes behind what is there; all else takes its place.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "slo/sli.h"
#include "slo/slos.h"
#include "timeline/timeline.h"

/* The default classes; those of a file follow. */
enum delivery_class {
	CLASS_UNKNOWN, /* no body shows the spec */
	CLASS_TYPICAL,
	CLASS_NONTYPICAL1,
	CLASS_NONTYPICAL2,
	CLASS_BEST_EFFORT,
	CLASS_COUNT
};

/* A pod is of the first class whose every bound it keeps; the last has none. */
struct class_row {
	struct str name;	      /* p == NULL: unknown */
	nsec limit;		      /* of the delivery time */
	int64_t cpu_milli, memory;    /* at most so much is requested; bytes */
	uint32_t containers, volumes; /* at most so many */
};

/* Which pods something is about; what is not named (p == NULL) matches all. Patterns: * and ?. */
struct workload_match {
	struct str cluster, namespace, kind, name; /* kind and name of the workload */
};

struct override {
	struct workload_match match;
	nsec deadline, delivery; /* NSEC_NONE: not changed */
};

struct objective {
	struct str name; /* as the user calls it; unique */
	enum slo slo;
	enum sli sli;
	nsec threshold;	     /* good is at most that; NSEC_NONE: good is verdict success */
	unsigned target_ppm; /* share of good ones, in millionths: 995000 is 99.5 % */
	nsec window;	     /* over which the budget is meant: 30 days */
	struct workload_match match;
};

struct settings {
	const struct class_row *classes; /* [CLASS_UNKNOWN] first */
	size_t n_classes;
	nsec deadline_service, deadline_job;
	nsec limits[SLO_COUNT];		       /* NSEC_NONE: by class */
	nsec delete_stale, delete_terminating; /* upstream's ladder behind its limit */
	nsec post_start_limit;		       /* PostStartHookTimeout */
	const struct override *overrides;      /* the first that matches wins, key by key */
	size_t n_overrides;
	const struct str *ignored; /* namespaces: their pods are excluded */
	size_t n_ignored;
	const struct str *plain_deletes; /* IgnoreDeleteReasonNamespace: a delete before the end is
					    not diagnosed there */
	size_t n_plain_deletes;
	const struct objective *objectives;
	size_t n_objectives;
	struct str file;	 /* that settings_read read last; p == NULL: none */
	bool configured;	 /* settings_read found something to read */
	const struct str *notes; /* on keys without effect and the like, with their places */
	size_t n_notes;
	struct arena arena;
};

void settings_init(struct settings *s); /* the defaults */
void settings_free(struct settings *s);
/* A file as in lunettes-config(5); name: the file, for messages. After a failure: only free. */
int settings_read(struct settings *s, struct str name, struct str text, struct err *err);

bool settings_ignored(const struct settings *s, struct str namespace);
/* Does it hold for this pod? */
bool workload_matches(const struct workload_match *m, const struct timeline *t);
