/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One incarnation of one pod (or one pod that was refused): what happened to it, when, and how well
 * that is known. A value; everything in it lives until the next call of timelines_next (pod).
 *
 * Definitions of milestones and stages: lunettes-slo(1). One rule holds for all edges: a write
 * counts from its requestReceivedTimestamp; what is only read back has the precision of what was
 * read. No edge lies before one that must come first, so no duration is negative.
 */
#ifndef LUNETTES_TIMELINE_TIMELINE_H
#define LUNETTES_TIMELINE_TIMELINE_H

#include "kube/record.h"

enum milestone {
	MILESTONE_CREATED,
	MILESTONE_ADMITTED,    /* the create was answered */
	MILESTONE_SCHEDULED,   /* bound to a node */
	MILESTONE_KUBELET,     /* the kubelet's first sign */
	MILESTONE_SANDBOX,     /* first proof that sandbox and network stand */
	MILESTONE_INIT_IMAGE,  /* the first init container's image is asked for, or there */
	MILESTONE_INITIALIZED, /* condition Initialized */
	MILESTONE_RUNNING,     /* the first app container started */
	MILESTONE_STARTED,     /* the last app container started */
	MILESTONE_OBSERVED,    /* a status write shows every app container started */
	MILESTONE_CONTAINERS_READY,
	MILESTONE_READY,
	MILESTONE_FINISHED, /* first sight of phase Succeeded or Failed */
	MILESTONE_FAILED,   /* first sight of phase Failed */
	MILESTONE_DELETED,  /* the deletion was requested */
	MILESTONE_COUNT
};

/* What the time of an edge comes from. */
enum edge_source {
	SOURCE_AUDIT,  /* an API request's own time */
	SOURCE_EVENT,  /* a Kubernetes Event */
	SOURCE_STATUS, /* a status write, a condition, a container's state */
	SOURCE_BOUND,  /* the neighbours */
};

/* A fact with where it stands; equal ones are folded into the first. */
struct entry {
	struct fact fact;
	nsec received, completed;
	nsec last;	/* received of the last equal fact */
	uint32_t times; /* how many equal facts this stands for */
	enum origin writer;
	bool update; /* the verb was update: the body holds more than what changed */
	bool dumped; /* of a dump */
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

enum owner { OWNER_NONE, OWNER_PLATFORM, OWNER_USER };

enum lifecycle_stage {
	STAGE_ADMISSION,
	STAGE_SCHEDULE,
	STAGE_STARTUP_WAIT,
	STAGE_SANDBOX,
	STAGE_IMAGE_PULL,
	STAGE_INIT,
	STAGE_CREATE,
	STAGE_START,
	STAGE_POST_START_HOOK,
	STAGE_READINESS,
	STAGE_READINESS_GATE,
	STAGE_COUNT
};

struct lifecycle_row {
	const char *name; /* as in the documents: camelCase */
	enum owner owner;
	const char *what; /* from where to where */
};

extern const struct lifecycle_row lifecycle_rows[STAGE_COUNT]; /* indexed by enum lifecycle_stage */

struct stage {
	enum lifecycle_stage stage;
	struct str subject; /* image or container; empty */
	struct mark start, end;
	bool open; /* not finished, as far as the log shows */
};

enum { TIMELINE_FACTS_MAX = 20000 }; /* kept of one incarnation; a crash loop of weeks has fewer */

struct timeline {
	struct str cluster, namespace, name;
	struct str generate_name;		 /* p == NULL: unknown or none */
	struct str uid, node;			 /* p == NULL: unknown; node empty: not bound */
	struct str workload_kind, workload_name; /* p == NULL: unknown; empty: none */
	const struct pod_object *object;	 /* NULL: no body shows the pod */
	bool mirror, job_known, job;
	bool dumped;	    /* the Pod stands in a dump */
	bool denied;	    /* refused by the API; only created, attempts, refusal hold */
	struct str refusal; /* the code of the refusal */
	uint32_t attempts;  /* create requests seen */
	bool unschedulable; /* the scheduler said so at least once, or preempted for it */
	bool cut;	    /* more than TIMELINE_FACTS_MAX: the rest was dropped */
	/* Until when the log proves that it is not ready; NSEC_NONE: never, INT64_MAX: to its end.
	 */
	nsec status_until;
	struct mark marks[MILESTONE_COUNT];
	const struct stage *stages; /* by (start, stage, subject) */
	size_t n_stages;
	const struct entry *entries; /* by received */
	size_t n_entries;
};

/* The moment of delivery: Ready for services; for jobs the first of Running, Succeeded, Failed. */
const struct mark *timeline_delivered(const struct timeline *t);
/* One fact of a record as an entry that stands for itself alone. */
struct entry entry_of(const struct record *r, const struct fact *f);
struct str edge_source_name(enum edge_source source);

/* Checks for tests: order of edges, no negative stage. NULL, or what is wrong (static). */
const char *timeline_invariant(const struct timeline *t);

#endif
