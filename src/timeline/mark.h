/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small values that timelines are made of: facts with their position in the input, and the
 * edges of milestones and stages with how well they are known.
 */
#pragma once

#include "kube/record.h"

/* What the time of an edge comes from. */
enum edge_source {
	SOURCE_AUDIT,  /* an API request's own time */
	SOURCE_EVENT,  /* a Kubernetes Event */
	SOURCE_STATUS, /* a status write, a condition, a container's state */
	SOURCE_BOUND,  /* the neighbours */
};

/* A fact with its position in the input; equal ones are folded into the first. */
struct entry {
	struct fact fact;
	nsec received, completed;
	nsec last;	/* received of the last equal fact */
	uint32_t times; /* how many equal facts this one represents */
	enum origin writer;
	struct str actor; /* who asked for the write; p == NULL: a kubelet, or not shown */
	bool update;	  /* the verb was update: the body holds more than what changed */
	bool dumped;	  /* of a dump */
	struct str audit_id;
	struct position position;
};

struct mark {
	nsec at; /* NSEC_NONE: unknown or not reached */
	enum precision precision;
	enum edge_source source;
	bool reached;		      /* it happened, though at may be unknown */
	nsec until;		      /* reached, at unknown: it was before this; else NSEC_NONE */
	const struct entry *evidence; /* may be NULL */
};

/* One fact of a record as an entry of its own. */
struct entry entry_of(const struct record *r, const struct fact *f);
bool fact_is_state(const struct fact *f); /* of a container */
bool fact_is_condition(const struct fact *f, struct str type);
bool fact_is_event(const struct fact *f, struct str reason);

extern const struct mark mark_unreached; /* no time, not reached */

static inline bool mark_known(const struct mark *m)
{
	return nsec_known(m->at);
}

struct mark mark_at(nsec at, enum precision precision, enum edge_source source,
		    const struct entry *evidence);
/* It happened by that time, which may be NSEC_NONE: unknown. */
struct mark mark_by(nsec until, enum edge_source source, const struct entry *evidence);
/* When the entry was received: the time of the write, or of the first look that shows it. */
struct mark mark_written(const struct entry *e, enum edge_source source);
struct mark mark_seen(const struct entry *e);
/* The same moment, but only inferred from the neighbours. */
struct mark mark_inferred(struct mark m);
/* It is only known to have happened by then. */
void mark_bound(struct mark *m, nsec until);
/* The time, moved behind what must have happened first. */
struct mark mark_not_before(struct mark m, const struct mark *first);
struct mark mark_earlier(struct mark a, struct mark b); /* a, where both are at one time */
struct mark mark_later(struct mark a, struct mark b);	/* the same */
/* When it happened, or by when; NSEC_NONE: it did not, or that is unknown. */
nsec mark_latest(const struct mark *m);
struct str edge_source_name(enum edge_source source);
