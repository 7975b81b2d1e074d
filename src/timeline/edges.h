/* SPDX-License-Identifier: Apache-2.0 */
/* The times of edges in a timeline's entries: facts, Events, conditions, phases. */
#pragma once

#include "timeline/timeline.h"

/* The time of an edge between two known neighbours is known if they are this close. */
#define BOUND_MAX (2 * SECOND)

/* A patch may report a transition late; up to 24 s were seen under load. */
#define PATCH_FRESH (30 * SECOND)

/* The first entry of that kind, or NULL. */
const struct entry *entries_first(const struct timeline *t, enum fact_kind kind);
/* The first entry that was received at the same time as this one. */
const struct entry *entries_at(const struct timeline *t, const struct entry *e);
/* The earliest Event with that reason (and that container, if subject.p), or NULL. */
const struct entry *entries_event(const struct timeline *t, const char *reason, struct str subject);
/* When it first occurred, in API server time as far as known; e may be NULL. */
struct mark timeline_event_mark(const struct timeline *t, const struct entry *e);
/* The first time at which a condition was True. */
struct mark timeline_condition(const struct timeline *t, const char *type);
/* When one of the phases was first seen: exact if it was written then. */
struct mark timeline_phase(const struct timeline *t, const char *one, const char *other);
/* The first start of a container, from its Event or states. */
struct mark timeline_container_started(const struct timeline *t, struct str name);
