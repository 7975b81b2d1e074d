/* SPDX-License-Identifier: Apache-2.0 */
/* The basic values of timelines: facts with their position in the input, and edges of milestones
 * and stages with their precision. */
#pragma once

#include "kube/record.h"

/* The origin of an edge's time. */
enum edge_source {
	SOURCE_AUDIT,  /* the API request */
	SOURCE_EVENT,  /* a Kubernetes Event */
	SOURCE_STATUS, /* a status write, condition or container state */
	SOURCE_BOUND,  /* inferred from neighbours */
};

/* A fact with its position in the input. Equal facts are folded into the first. */
struct entry {
	struct fact fact;
	nsec received, completed;
	nsec last;	/* received time of the last equal fact */
	uint32_t times; /* number of equal facts */
	enum origin writer;
	struct str actor; /* the user of the write; p == NULL: a kubelet, or not shown */
	bool update;	  /* the verb was update: the body also repeats unchanged fields */
	bool dumped;	  /* from a dump */
	struct str audit_id;
	struct position position;
};

struct mark {
	nsec at; /* NSEC_NONE: unknown or not reached */
	enum precision precision;
	enum edge_source source;
	bool reached;		      /* it happened, though at may be unknown */
	nsec until;		      /* if reached at an unknown time: it was before this;
					 otherwise NSEC_NONE */
	const struct entry *evidence; /* may be NULL */
};

/* Makes an entry of one fact of a record. */
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
/* It was reached by that time, which may be NSEC_NONE (unknown). */
struct mark mark_by(nsec until, enum edge_source source, const struct entry *evidence);
/* Received time of the entry: the time of the write, or of the first read that shows it. */
struct mark mark_written(const struct entry *e, enum edge_source source);
struct mark mark_seen(const struct entry *e);
/* The same time, but inferred. */
struct mark mark_inferred(struct mark m);
/* Makes the time an upper bound. */
void mark_bound(struct mark *m, nsec until);
/* Not before `first`, which must have happened before. */
struct mark mark_not_before(struct mark m, const struct mark *first);
struct mark mark_earlier(struct mark a, struct mark b); /* a, if both have the same time */
struct mark mark_later(struct mark a, struct mark b);	/* the same */
/* When it happened, or the upper bound; NSEC_NONE: not reached, or unknown. */
nsec mark_latest(const struct mark *m);
struct str edge_source_name(enum edge_source source);
