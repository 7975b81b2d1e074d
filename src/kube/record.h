/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that one audit event shows about one pod or PVC. The sorter carries records
 * (kube/codec.h), and timelines are built from them; they contain no JSON.
 *
 * Times: `received` is the audit event's requestReceivedTimestamp, from which a write is
 * effective; `completed` is its stageTimestamp. A fact's own time `at` may be earlier (a
 * condition's transition, the nanoseconds in an Event's name) and comes from the clock of its
 * author.
 *
 * An object of a dump has the latest time in it as `received` and `completed`, the verb "object"
 * and no auditID.
 *
 * Slices live as long as their source: the line (kube/decode.h) or the pod's arena
 * (kube/codec.h). p == NULL means unknown; empty with p set means "none".
 */
#pragma once

#include "kube/objects.h"

/* Precision of a time, the finest first. */
enum precision {
	PRECISION_EXACT,    /* audit microseconds, nanoseconds of an Event's name */
	PRECISION_SECOND,   /* metav1.Time: the real time is in [at, at + 1 s) */
	PRECISION_INFERRED, /* limited by other facts */
};

/* Who did or reported it, from the user agent or the Event's reporting component. */
enum origin {
	ORIGIN_OTHER, /* people, operators, everything else */
	ORIGIN_APISERVER,
	ORIGIN_SCHEDULER,
	ORIGIN_KUBELET,
	ORIGIN_CONTROLLER, /* kube-controller-manager */
};

enum fact_kind {
	FACT_CREATE, /* create request: code is the HTTP status, reason the code of the rejection */
	FACT_BIND,   /* bound to the node `subject` (p == NULL: not shown); code */
	FACT_DELETE, /* delete request: reason is delete, deletecollection or eviction; truth:
			removed at once */
	FACT_DELETING,	 /* deletionTimestamp is set: at is it minus the grace period; code is the
			    grace period in seconds (-1: not shown), message the remaining
			    finalizers, joined by ',' (p == NULL: not shown) */
	FACT_WRITE,	 /* a status write whose content is not logged */
	FACT_SEEN,	 /* a request with its name, without further content */
	FACT_PHASE,	 /* reason is the pod phase, subject status.reason; for Failed begin is
			    status.startTime */
	FACT_CONDITION,	 /* subject is the type, truth its status, at the lastTransitionTime; for
			    Ready and ContainersReady code is a readiness_code */
	FACT_WAITING,	 /* container `subject` is waiting; reason, message */
	FACT_RUNNING,	 /* container `subject` is running since at; truth: status.started; code: 1
			    ready, 2 not ready, 0 not shown */
	FACT_TERMINATED, /* container `subject` ended at `at` and began at `begin`; code is the exit
			    code */
	FACT_EVENT,	/* a Kubernetes Event: reason, message, subject the container; code: 1 for
			   an init container, otherwise 0 */
	FACT_NOMINATED, /* status.nominatedNodeName is `subject`: other pods are preempted for this
			   one */
	FACT_LABEL,	/* a patch sets label `subject` to `message` (p == NULL: removes it) */
	FACT_SELECTED,	/* the volume of a PVC is to be provisioned for node `subject` */
	FACT_KINDS
};

/* Compares the transition time of a condition that is False with status.startTime. A kubelet sets
 * both at the same time, and the first moves only if the condition was True in between. */
enum readiness_code {
	READINESS_UNTOLD, /* it is True, or startTime is not shown */
	READINESS_NEVER,  /* it was not True before */
	READINESS_LOST,	  /* it was True before */
};

struct fact {
	enum fact_kind kind;
	enum precision precision;
	enum origin origin;
	bool written; /* in a request body, so written now; otherwise only read back */
	bool truth;
	int32_t code;
	uint32_t count; /* of an Event; restartCount of a container state; otherwise 0 */
	nsec at;	/* NSEC_NONE: use the record's `received` */
	nsec begin;	/* FACT_TERMINATED: startedAt; otherwise NSEC_NONE */
	struct str subject, reason, message;
};

/* The object of a record. Records are sorted in this order. */
enum object_kind { OBJECT_POD, OBJECT_CLAIM, OBJECT_KINDS };

/* How operands, tables and documents name an object of a kind: its row in kube/kinds.c. */
struct object_words {
	const char *noun, *plural;   /* pod, pods */
	const char *column;	     /* POD */
	const char *operands[5];     /* prefixes of its names, the first is printed: pod, pods */
	const char *done;	     /* how it is when all went well: delivered */
	const char *diagnosis;	     /* the kind of the document */
};

const struct object_words *object_words(enum object_kind kind);

/* Where a text was found: rank of the source among all sources, file in it if it is an archive
 * (from 1; 0: the source itself), line from 1, byte offset. */
struct position {
	uint32_t source, member;
	uint64_t line, offset;
};

enum { BODY_REQUEST = 1, BODY_RESPONSE = 2 };

struct record {
	enum object_kind kind;
	struct str cluster, namespace, name; /* name is empty if not logged */
	struct str uid;			     /* p == NULL: unknown */
	struct str audit_id, verb;
	struct str audit_stage; /* for an object of a dump: its resourceVersion */
	uint64_t uri_hash;	/* of requestURI: records that agree in all five are duplicates */
	nsec received, completed;
	enum origin origin; /* from the request's user agent */
	int32_t status;	    /* HTTP; 0: unknown */
	unsigned bodies;    /* BODY_ flags: how complete this duplicate is */
	bool dumped;	    /* object of a dump: no request, no response */
	bool about_pod;	    /* false: an Event whose involved kind is not logged */
	struct str actor;   /* user.username of a write; p == NULL: a kubelet, or not shown */
	struct str node;    /* the node of a kubelet that wrote it; otherwise p == NULL */
	const struct pod_object *object;  /* NULL: not in any body */
	const struct claim_object *claim; /* the same for a PVC */
	const struct fact *facts;
	size_t n_facts;
	struct str attached; /* format known only to the decode_attach function; may be empty */
	struct position position;
};

/* The enums' names in documents and tables: static. */
struct str precision_name(enum precision precision);
struct str origin_name(enum origin origin);
struct str fact_kind_name(enum fact_kind kind);
