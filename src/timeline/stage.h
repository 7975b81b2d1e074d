/* SPDX-License-Identifier: Apache-2.0 */
/* Stages between edges: the table of all there are, and lists of them while they are gathered. */
#pragma once

#include "base/arena.h"
#include "timeline/mark.h"

/* What is judged of a life: slo/outcome.h has a row for each. */
enum slo { SLO_CREATE, SLO_DELETE, SLO_UPGRADE, SLO_PVC, SLO_COUNT };

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
	WRITTEN_BY_ANY,	   /* the API server, a user, a webhook */
	WRITTEN_BY_HOLDER, /* the controllers that remove its finalizers */
	WRITTEN_BY_SCHEDULER,
	WRITTEN_BY_KUBELET, /* of a claim: the controller that binds volumes */
};

struct lifecycle_row {
	const char *name; /* as in the documents: camelCase */
	enum owner owner;
	enum stage_writer writer;
	unsigned slos;	  /* bits of those that have it; unless one is named, the first is meant */
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

struct str owner_name(enum owner owner); /* "", platform, user */
enum owner stage_owner(const struct stage *stage);
bool stages_open(const struct stage *stages, size_t n); /* one of them is open */
/*
 * The chain of stages that determines the end: of the stages that ended at or before `end` the one
 * that ended last, of those the longest; then the same for the moment in which that one began,
 * until none is left. Open stages count as ending at `end`, if `open`. ret_critical: n flags.
 */
void stages_critical(const struct stage *stages, size_t n, nsec end, bool open, bool *ret_critical);

/* The edge that ends what is known of the time in a stage. */
struct stage_edge {
	bool open;		      /* one of the stages never ended: it is at least that time */
	const struct entry *evidence; /* may be NULL */
};

/*
 * The time in one stage, regardless of others: the union of its intervals, so that two images that
 * are pulled at once count once. stages: in start order. until: how far open ones go; NSEC_NONE:
 * they do not count. NSEC_NONE: not in that stage, as far as is known. ret: may be NULL.
 */
nsec stages_time(const struct stage *stages, size_t n, enum lifecycle_stage stage, nsec until,
		 struct stage_edge *ret);

/* Stages while they are gathered; without any it is empty. */
struct stage_list {
	struct arena *arena;
	struct stage *list;
	size_t n, cap;
};

/*
 * A stage without a known start is not reported (NULL); one that ends before it starts takes no
 * time, and one that has an end is not open.
 */
struct stage *stage_list_add(struct stage_list *l, struct stage stage);
/* By (start, stage, subject); returns the list. */
const struct stage *stage_list_sort(struct stage_list *l, size_t *ret_n);
