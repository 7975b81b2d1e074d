/* SPDX-License-Identifier: Apache-2.0 */
/* What the entries of a timeline show of one edge: a fact, an Event, a condition, a phase. */
#pragma once

#include "timeline/timeline.h"

/* An edge that is only bounded by its neighbours is known when they are this close. */
#define BOUND_MAX (2 * SECOND)

/* A transition that a patch of the status reports late; under load 24 s were seen. */
#define PATCH_FRESH (30 * SECOND)

/* The first entry of that kind, and whether there is one; NULL: none. */
const struct entry *entries_first(const struct timeline *t, enum fact_kind kind);
/* The first entry that was received at the moment of this one. */
const struct entry *entries_at(const struct timeline *t, const struct entry *e);
/* The earliest Event with that reason (and about that container, if subject.p); NULL: none. */
const struct entry *entries_event(const struct timeline *t, const char *reason, struct str subject);
/* When it first came, on the API servers' clock as far as that is known; e may be NULL. */
struct mark timeline_event_mark(const struct timeline *t, const struct entry *e);
/* The first time that a condition was True. */
struct mark timeline_condition(const struct timeline *t, const char *type);
/* The first sight of one or the other phase: exact when it was written. */
struct mark timeline_phase(const struct timeline *t, const char *one, const char *other);
/* A container's first start, of its Event or of its states. */
struct mark timeline_container_started(const struct timeline *t, struct str name);
