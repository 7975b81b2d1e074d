/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handmade records and their timelines. The order of a scene does not matter, because the records
 * are sorted as by the sorter. Order: scene_new; records, each with its facts; scene_next, until it
 * returns NULL; scene_free.
 *
 * Every record is about shop/web unless its fields are changed; every fact is of the last record.
 */
#pragma once

#include "base/arena.h"
#include "timeline/builder.h"

#include <check.h>

/* Milliseconds since 2026-01-01T00:00:00Z, the second in which the scenes begin. */
#define EPOCH ((nsec)1767225600 * SECOND)
#define AT(ms) (EPOCH + (nsec)(ms)*1000000)
#define MS(ms) ((nsec)(ms)*1000000)

enum { SCENE_FACTS = 12 };

struct scene {
	struct arena arena;
	struct context context;
	struct record **records;
	size_t n, cap;
	struct record *record; /* the last one */
	struct fact *facts;    /* its facts: room for SCENE_FACTS */
	bool written;	       /* its facts are in a request body */
	struct buf *keys, *values;
	size_t *order;
	size_t at;
	struct timelines *timelines;
	timelines_keep *keep; /* of what is attached to the records */
};

struct scene *scene_new(void);
void scene_free(struct scene *s);
/* Checks the invariant of each; NULL after the last. */
const struct timeline *scene_next(struct scene *s);
/* The only timeline there is, gone with the next scene_next. */
const struct timeline *scene_only(struct scene *s);
uint64_t scene_duplicates(struct scene *s);

/* Records. Answers come 2 ms later. */
struct record *scene_record(struct scene *s, nsec received, enum origin origin, const char *verb);
/* A successful create without a body; the object, if there is one, is to be set. */
struct record *scene_create(struct scene *s, nsec received);
struct record *scene_refused(struct scene *s, nsec received, int32_t status, const char *code);
struct record *scene_bind(struct scene *s, nsec received, const char *node);
/* A kubelet's status patch, which wrote its facts; another client's read, which did not. */
struct record *scene_status(struct scene *s, nsec received);
struct record *scene_read(struct scene *s, nsec received);
struct record *scene_delete(struct scene *s, nsec received, const char *reason, int32_t code);
/* A kubelet's Event: it happened at `at` and was received 1 ms later. */
struct record *scene_event(struct scene *s, nsec at, const char *reason, const char *container,
			   const char *message);

/* Facts. */
struct fact *scene_fact(struct scene *s, enum fact_kind kind);
struct fact *scene_condition(struct scene *s, const char *type, bool truth, nsec at);
struct fact *scene_phase(struct scene *s, const char *phase);
struct fact *scene_running(struct scene *s, const char *container, nsec at);
struct fact *scene_terminated(struct scene *s, const char *container, nsec begin, nsec end,
			      int32_t code);

/*
 * An object with these containers, separated by blanks: "app", "init:x", "sidecar:x", "hook:x" (an
 * app container with a postStart hook). Its UID is the record's; created may be NSEC_NONE.
 */
struct pod_object *scene_object(struct scene *s, nsec created, const char *containers);

/* Checks. */
void check_mark(const struct timeline *t, enum milestone milestone, nsec at,
		enum precision precision, enum edge_source source);
void check_unknown(const struct timeline *t, enum milestone milestone);
/* The stage, which must be there once. */
const struct stage *check_stage(const struct timeline *t, enum lifecycle_stage stage,
				const char *subject, nsec start, nsec end);
void check_no_stage(const struct timeline *t, enum lifecycle_stage stage, const char *subject);
void check_text(struct str s, const char *expected); /* NULL: unknown */
