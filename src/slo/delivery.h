/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One timeline to one verdict: was the pod delivered in time? Pure: the same timeline and window
 * give the same delivery. The limits are those of Alipay's Lunettes, its TYPICAL class fixed.
 */
#pragma once

#include "kube/context.h"
#include "slo/settings.h"

/* In the order in which they are tried and shown. */
enum verdict {
	VERDICT_EXCLUDED,
	VERDICT_DENIED,
	VERDICT_SUCCESS,
	VERDICT_SLOW,
	VERDICT_FAILED,
	VERDICT_ABORTED,
	VERDICT_OPEN,
	VERDICT_COUNT
};

/* Why a pod is excluded; the text is what is printed. */
enum exclusion {
	EXCLUSION_NONE,
	EXCLUSION_IGNORED, /* of a namespace that the configuration leaves out */
	EXCLUSION_MIRROR,
	EXCLUSION_BEFORE,      /* created before the log begins */
	EXCLUSION_UNCREATED,   /* nothing shows when it was created */
	EXCLUSION_UNREADY,     /* the log does not show whether it became ready in time */
	EXCLUSION_EARLIER,     /* its deletion began before the log does */
	EXCLUSION_UNREQUESTED, /* nothing shows when its deletion or upgrade was asked for */
	EXCLUSION_UNGONE,      /* the log does not show whether it was gone in time */
	EXCLUSION_UNBOUND,     /* the log does not show whether the claim was bound in time */
	EXCLUSION_GAP,	       /* what was written while it waited may be missing from the log */
	EXCLUSION_KUBELET,     /* its kubelet wrote nothing at all to this log */
	EXCLUSION_SCHEDULER,   /* nor did the scheduler */
	EXCLUSION_COUNT
};

/* Why a pod takes no part in the startup SLI, in the order in which it is asked. */
enum startup_reason {
	STARTUP_TAKEN,
	STARTUP_EXCLUDED,      /* its verdict is excluded */
	STARTUP_DENIED,	       /* it was never made */
	STARTUP_NO_SPEC,       /* no body shows its volumes and containers */
	STARTUP_STATEFUL,      /* a volume that is not of the five kinds without state */
	STARTUP_UNSCHEDULABLE, /* reported by the scheduler, or it preempted for it */
	STARTUP_UNSEEN,	       /* no status write shows all containers started */
	STARTUP_ENDED,	       /* of the kubelet's SLI: a container had ended by then */
	STARTUP_REASON_COUNT
};

struct delivery {
	enum verdict verdict, deadline_verdict, delivery_verdict;
	enum exclusion exclusion;
	unsigned class;			     /* of settings->classes */
	struct str class_name;		     /* p == NULL: unknown */
	nsec deadline_limit, delivery_limit; /* NSEC_NONE: none */
	nsec total, user, delivery; /* NSEC_NONE until delivered; delivery = total - user */
	nsec startup;		    /* the official startup SLI; NSEC_NONE where excluded */
	nsec kubelet; /* the same as a kubelet of 1.35 measures it; NSEC_NONE where excluded */
	enum startup_reason startup_reason, kubelet_reason;
	nsec until;  /* not delivered: how far its open stages go: as far as the log proves it, or
			phase  Failed; else NSEC_NONE */
	nsec waited; /* not delivered: the delivery time so far; else NSEC_NONE */
};

struct str verdict_name(enum verdict verdict);
struct str exclusion_name(enum exclusion exclusion);
struct str startup_reason_name(enum startup_reason reason); /* STARTUP_TAKEN: "" */

/* cluster: the window of the timeline's cluster, never NULL. */
struct delivery delivery_of(const struct timeline *t, const struct cluster *cluster,
			    const struct settings *settings);

/* Why nothing of this timeline is judged for any SLO: it is left out, or a copy. */
enum exclusion timeline_exclusion(const struct timeline *t, const struct settings *settings);
/* The creation is neither in the log nor in the dumped object itself. */
enum exclusion creation_exclusion(const struct timeline *t, const struct cluster *cluster);
/* Where the log ends; of dumps alone: their own last time. */
nsec cluster_end(const struct cluster *cluster);

/*
 * What was not delivered: the total so far, of which `waited` is without the user's time. What
 * ended by itself has waited no longer than until then, but would not have been delivered either.
 */
nsec delivery_waited_whole(nsec created, nsec until, nsec waited);

/* The pieces, for tests. */
unsigned delivery_class_of(const struct settings *settings, const struct pod_object *object);
/* Time in [from, to) in stages that are the user's and in none of the platform's. */
nsec delivery_user_time(const struct timeline *t, nsec from, nsec to);
