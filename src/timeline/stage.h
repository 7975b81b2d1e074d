/* SPDX-License-Identifier: Apache-2.0 */
/* Stages between edges: the table of all stages, and lists of them. */
#pragma once

#include "base/arena.h"
#include "timeline/mark.h"

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
	STAGE_KILL_WAIT,  /* of deletions: requested to the kubelet's first Killing Event */
	STAGE_STOP,	  /* one container; in deletions and in-place restarts */
	STAGE_CLEANUP,	  /* of deletions: all stopped to released by the kubelet */
	STAGE_FINALIZERS, /* of deletions: released by the kubelet to gone; subject: the
			     finalizers */
	STAGE_CONSUMER,	  /* of PVCs: waits for its first pod to be scheduled */
	STAGE_PROVISION,  /* of PVCs */
	STAGE_BIND,	  /* of PVCs: volume exists, to Bound */
	STAGE_COUNT
};

/* The client that writes the end of a stage. If its records are missing, silence proves nothing. */
enum stage_writer {
	WRITTEN_BY_ANY,	   /* the API server, a user, a webhook */
	WRITTEN_BY_HOLDER, /* the controllers that remove its finalizers */
	WRITTEN_BY_SCHEDULER,
	WRITTEN_BY_KUBELET, /* for PVCs: the controller that binds volumes */
};

struct lifecycle_row {
	const char *name; /* camelCase, as in documents */
	enum owner owner;
	enum stage_writer writer;
	const char *what; /* from where to where */
};

extern const struct lifecycle_row lifecycle_rows[STAGE_COUNT]; /* indexed by enum lifecycle_stage */

struct stage {
	enum lifecycle_stage stage;
	struct str subject; /* image or container; empty */
	struct mark start, end;
	bool open;	  /* not finished, as far as logged */
	enum owner owner; /* OWNER_NONE: as in its row */
	nsec waited;	  /* image pulls: time in the kubelet's queue; NSEC_NONE: not shown */
	int64_t bytes;	  /* image pulls: the image's size; 0: not shown */
};

struct str owner_name(enum owner owner); /* "", platform, user */
enum owner stage_owner(const struct stage *stage);
bool stages_open(const struct stage *stages, size_t n); /* one of them is open */
/*
 * The critical path: of the stages that ended at or before `end` the one that ended last (of
 * several, the longest); then the same for its start, until no stage is left. Open stages count as
 * ending at `end`, if `open`. ret_critical: n flags.
 */
void stages_critical(const struct stage *stages, size_t n, nsec end, bool open, bool *ret_critical);

/* The edge that ends the known time in a stage. */
struct stage_edge {
	bool open;		      /* one of the stages has not ended: the time is a minimum */
	const struct entry *evidence; /* may be NULL */
};

/*
 * The time in one kind of stage: the union of its intervals, so that parallel image pulls count
 * once. stages: sorted by start. until: end of open ones; NSEC_NONE: they do not count. Returns
 * NSEC_NONE if there is no such stage. ret may be NULL.
 */
nsec stages_time(const struct stage *stages, size_t n, enum lifecycle_stage stage, nsec until,
		 struct stage_edge *ret);

/* A list that is being built. */
struct stage_list {
	struct arena *arena;
	struct stage *list;
	size_t n, cap;
};

/* Stages without a known start are not added (NULL). One that ends before it starts gets no
 * duration, and one with an end is not open. */
struct stage *stage_list_add(struct stage_list *l, struct stage stage);
/* Sorts by (start, stage, subject); returns the list. */
const struct stage *stage_list_sort(struct stage_list *l, size_t *ret_n);
