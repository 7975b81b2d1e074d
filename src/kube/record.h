/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one audit event says about one pod, or about one claim, reduced to facts. A record is what
 * the sorter carries (kube/codec.h) and what a timeline is built from; it knows no JSON any more.
 *
 * Times: `received` is the audit event's requestReceivedTimestamp, the moment from which a write
 * counts; `completed` its stageTimestamp. A fact's own time `at` may be earlier (a condition's
 * transition, the nanoseconds in an Event's name) and is of the clock of who set it.
 *
 * An object of a dump has the latest time in it as `received` and `completed`, verb "object", and
 * no auditID.
 *
 * Slices live as long as what they were decoded from: the line (kube/decode.h) or the pod's arena
 * (kube/codec.h). A slice with p == NULL is unknown, an empty one with p is "none".
 */
#pragma once

#include "kube/objects.h"

/* How well a time is known. Ordered: the coarser of two is the larger. */
enum precision {
	PRECISION_EXACT,    /* audit microseconds, nanoseconds of an Event's name */
	PRECISION_SECOND,   /* metav1.Time: the true time lies in [at, at + 1 s) */
	PRECISION_INFERRED, /* bounded by neighbours */
};

/* Who did or reported it, from the user agent and the Event's reporting component. */
enum origin {
	ORIGIN_OTHER, /* people, operators, anything else */
	ORIGIN_APISERVER,
	ORIGIN_SCHEDULER,
	ORIGIN_KUBELET,
	ORIGIN_CONTROLLER, /* kube-controller-manager */
};

enum fact_kind {
	FACT_CREATE, /* asked to create it: code is the HTTP status, reason the refusal's code */
	FACT_BIND,   /* bound to the node `subject` (p == NULL: not visible); code */
	FACT_DELETE, /* asked to delete it: reason delete, deletecollection or eviction; truth: gone
			at once */
	FACT_DELETING,	 /* an object that carries deletionTimestamp: at is it minus the grace
			    period; code is the grace period in seconds (-1: not shown), message the
			    finalizers that hold it, joined by ',' (p == NULL: not shown) */
	FACT_WRITE,	 /* its status was written, but the log does not show what */
	FACT_SEEN,	 /* a request named it, nothing more is visible */
	FACT_PHASE,	 /* reason is the pod phase, subject status.reason; of Failed begin is the
			    status.startTime */
	FACT_CONDITION,	 /* subject is the type, truth its status, at the lastTransitionTime; of
			    Ready and ContainersReady code is a readiness_code */
	FACT_WAITING,	 /* container `subject` waits; reason, message */
	FACT_RUNNING,	 /* container `subject` runs since at; truth: status.started; code: 1 it is
			    ready, 2 it is not, 0 not shown */
	FACT_TERMINATED, /* container `subject` ended at `at`, began at `begin`; code is the exit
			    code */
	FACT_EVENT,	/* a Kubernetes Event about the pod: reason, message, subject the container;
			   code: 1 of an init container, 0 of another or of none */
	FACT_NOMINATED, /* status.nominatedNodeName is `subject`: others are preempted for it */
	FACT_LABEL,	/* a patch sets label `subject` to `message` (p == NULL: takes it off) */
	FACT_SELECTED,	/* a claim's volume is to be made for node `subject` */
	FACT_KINDS
};

/*
 * What the time of a condition that is False says beside the status.startTime. A kubelet makes both
 * at once, and that time moves only when the condition was True in between.
 */
enum readiness_code {
	READINESS_UNTOLD, /* it is True, or the startTime is not shown */
	READINESS_NEVER,  /* it was not True before */
	READINESS_LOST,	  /* it was True before */
};

struct fact {
	enum fact_kind kind;
	enum precision precision;
	enum origin origin;
	bool written; /* it is in a request body, so it was written now; else it was only read back
		       */
	bool truth;
	int32_t code;
	uint32_t count; /* of an Event; of a container's state: its restartCount; else 0 */
	nsec at;	/* NSEC_NONE: only `received` of the record is known */
	nsec begin;	/* FACT_TERMINATED: startedAt; else NSEC_NONE */
	struct str subject, reason, message;
};

/* What a record is about. In this order they are sorted. */
enum object_kind { OBJECT_POD, OBJECT_CLAIM, OBJECT_KINDS };

/*
 * Where a text stood: the source's rank among all sources, the file inside of it if it is an
 * archive (from 1; 0: the source itself), line from 1, byte offset.
 */
struct position {
	uint32_t source, member;
	uint64_t line, offset;
};

enum { BODY_REQUEST = 1, BODY_RESPONSE = 2 };

struct record {
	enum object_kind kind;
	struct str cluster, namespace, name; /* name is empty when the log does not give it */
	struct str uid;			     /* p == NULL: unknown */
	struct str audit_id, verb;
	struct str audit_stage; /* of an object of a dump: its resourceVersion */
	uint64_t uri_hash;	/* of requestURI: two records with all five equal are twins */
	nsec received, completed;
	enum origin origin; /* of the request's user agent */
	int32_t status;	    /* HTTP; 0 unknown */
	unsigned bodies;    /* BODY_ flags: how full this twin is */
	bool dumped;	    /* an object of a dump: no request, no answer */
	bool about_pod;	    /* false: an Event whose involved kind the log does not show */
	struct str actor;   /* user.username of a write; p == NULL: a kubelet's, or not shown */
	struct str node;    /* kubelet's own node when it is the writer; p == NULL else */
	const struct pod_object *object;  /* NULL: no body with one */
	const struct claim_object *claim; /* the same of a claim */
	const struct fact *facts;
	size_t n_facts;
	struct str attached; /* by the decoder's user, who alone knows its format; empty: nothing */
	struct position position;
};

/* The words of these enums in our documents and tables: static. */
struct str precision_name(enum precision precision);
struct str origin_name(enum origin origin);
struct str fact_kind_name(enum fact_kind kind);
