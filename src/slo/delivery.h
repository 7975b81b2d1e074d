/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict for one timeline: was the pod delivered in time? The result depends only on the
 * timeline and the window. Limits are those of Alipay's Lunettes, with its TYPICAL class fixed. */
#pragma once

#include "kube/context.h"
#include "slo/settings.h"

/* In the order in which they are checked and shown. */
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

/* Why a pod is excluded; the text is printed. */
enum exclusion {
	EXCLUSION_NONE,
	EXCLUSION_IGNORED, /* in a namespace ignored by the configuration */
	EXCLUSION_MIRROR,
	EXCLUSION_BEFORE,      /* created before the log begins */
	EXCLUSION_UNCREATED,   /* the log does not show when it was created */
	EXCLUSION_UNREADY,     /* the log does not show whether it became ready in time */
	EXCLUSION_EARLIER,     /* its deletion began before the log */
	EXCLUSION_UNREQUESTED, /* the log does not show when its deletion or upgrade was
				  requested */
	EXCLUSION_UNGONE,      /* the log does not show whether it was gone in time */
	EXCLUSION_UNBOUND,     /* the log does not show whether the claim was bound in time */
	EXCLUSION_GAP,	       /* records may be missing for the time in which it waited */
	EXCLUSION_KUBELET,     /* its kubelet wrote nothing at all to this log */
	EXCLUSION_SCHEDULER,   /* neither did the scheduler */
	EXCLUSION_COUNT
};

/* Why a pod is not part of the startup SLI, in the order of the checks. */
enum startup_reason {
	STARTUP_TAKEN,
	STARTUP_EXCLUDED,      /* its verdict is excluded */
	STARTUP_DENIED,	       /* it was never created */
	STARTUP_NO_SPEC,       /* no body shows its volumes and containers */
	STARTUP_STATEFUL,      /* a volume of a type that counts as state */
	STARTUP_UNSCHEDULABLE, /* reported by the scheduler, or waited for preemption */
	STARTUP_UNSEEN,	       /* no status write shows all containers started */
	STARTUP_ENDED,	       /* for the kubelet's SLI: a container had ended by then */
	STARTUP_REASON_COUNT
};

struct delivery {
	enum verdict verdict, deadline_verdict, delivery_verdict;
	enum exclusion exclusion;
	unsigned class;			     /* index in settings->classes */
	struct str class_name;		     /* p == NULL: unknown */
	nsec deadline_limit, delivery_limit; /* NSEC_NONE: none */
	nsec total, user, delivery; /* NSEC_NONE until delivered; delivery = total - user */
	nsec startup;		    /* the official startup SLI; NSEC_NONE if excluded */
	nsec kubelet; /* the same as measured by kubelets since 1.35; NSEC_NONE if excluded */
	enum startup_reason startup_reason, kubelet_reason;
	nsec until;  /* not delivered: end of its open stages, as far as proven, or phase Failed;
			otherwise NSEC_NONE */
	nsec waited; /* not delivered: the delivery time so far; otherwise NSEC_NONE */
};

struct str verdict_name(enum verdict verdict);
struct str exclusion_name(enum exclusion exclusion);
struct str startup_reason_name(enum startup_reason reason); /* STARTUP_TAKEN: "" */

/* cluster: of the timeline, never NULL. */
struct delivery delivery_of(const struct timeline *t, const struct cluster *cluster,
			    const struct settings *settings);

/* Why the timeline is judged for no SLO: its namespace is ignored, or it is a duplicate. */
enum exclusion timeline_exclusion(const struct timeline *t, const struct settings *settings);
/* The creation is neither in the log nor in a dumped object. */
enum exclusion creation_exclusion(const struct timeline *t, const struct cluster *cluster);
/* End of the log; for dumps alone the last time in them. */
nsec cluster_end(const struct cluster *cluster);

/* The total so far of a pod that was not delivered; `waited` is without the user's time. Waiting
 * ends when the pod itself ended, although it is still not delivered. */
nsec delivery_waited_whole(nsec created, nsec until, nsec waited);

/* Internals, for tests. */
unsigned delivery_class_of(const struct settings *settings, const struct pod_object *object);
/* Time in [from, to) in stages owned by the user and in none owned by the platform. */
nsec delivery_user_time(const struct timeline *t, nsec from, nsec to);
