/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small values that timelines are made of: facts with where they stand, edges with how well
 * they are known, stages between edges.
 */
#ifndef LUNETTES_TIMELINE_STAGE_H
#define LUNETTES_TIMELINE_STAGE_H

#include "kube/record.h"

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

enum owner { OWNER_NONE, OWNER_PLATFORM, OWNER_USER };

enum lifecycle_stage {
	STAGE_ADMISSION,
	STAGE_SCHEDULING_GATE,
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
	STAGE_KILL_WAIT,  /* of deletions: requested to the kubelet's first Killing */
	STAGE_STOP,	  /* one container; of deletions and of restarts in place */
	STAGE_CLEANUP,	  /* of deletions: all stopped to released by the kubelet */
	STAGE_FINALIZERS, /* of deletions: released by the kubelet to gone; subject: which */
	STAGE_CONSUMER,	  /* of claims: waits for its first pod to be scheduled */
	STAGE_PROVISION,  /* of claims */
	STAGE_BIND,	  /* of claims: a volume is there, to Bound */
	STAGE_COUNT
};

/* Who writes what ends a stage: of a writer whose records are missing no silence means anything. */
enum stage_writer {
	WRITTEN_BY_ANY,	   /* whoever: the API server, a user, a webhook */
	WRITTEN_BY_HOLDER, /* who takes off its finalizers */
	WRITTEN_BY_SCHEDULER,
	WRITTEN_BY_KUBELET, /* of a claim: the controller that binds volumes */
};

struct lifecycle_row {
	const char *name; /* as in the documents: camelCase */
	enum owner owner;
	enum stage_writer writer;
	const char *what; /* from where to where */
};

extern const struct lifecycle_row lifecycle_rows[STAGE_COUNT]; /* indexed by enum lifecycle_stage */

struct stage {
	enum lifecycle_stage stage;
	struct str subject; /* image or container; empty */
	struct mark start, end;
	bool open;	  /* not finished, as far as the log shows */
	enum owner owner; /* OWNER_NONE: as its row */
	nsec waited;	  /* of an image pull: in the kubelet's queue; NSEC_NONE: not shown */
	int64_t bytes;	  /* of an image pull: the image's size; 0: not shown */
};

enum owner stage_owner(const struct stage *stage);
bool stages_open(const struct stage *stages, size_t n); /* one of them is open */

#endif
