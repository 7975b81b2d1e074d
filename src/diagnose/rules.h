/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about the causes of slow, failed and lost pods: one rule a code. The rules are
 * data, in YAML (lunettes-rules(5)). Those of diagnose/rules/ are made into tables while the
 * program is built (make_tables.c), those of --rules are read at run time, by the same reader.
 *
 * A matcher of nodes is about the sentence "0/N nodes are available: ...", of FailedScheduling or
 * of the condition PodScheduled: nodes: CODE, or a list, or '*', holds if one of its reasons has
 * that code (nodes.h), and text: is tried on that reason alone. Of all rules that hold so, the one
 * whose reason is the likely cause in the last such sentence comes first. {nodes} in a summary says
 * how many nodes that are, {value} which taint, resource or claim.
 *
 * Legal order: rules_new, rules_builtin, rules_read*, rules_finish, then readers only, all of one
 * thread, rules_free.
 */
#pragma once

#include "base/err.h"
#include "timeline/timeline.h"

enum { RULES_MAX = 4096 };

/* Which part of a pod's life a cause is about. */
enum scope { SCOPE_CREATE, SCOPE_RUN, SCOPE_DELETE, SCOPE_COUNT };

/* What a matcher looks at. */
enum match_kind {
	MATCH_EVENT,	  /* an Event: its reason, its message */
	MATCH_CONDITION,  /* a condition's type; its status, reason, message */
	MATCH_WAITING,	  /* a container that waits: its reason, its message */
	MATCH_TERMINATED, /* a container that ended: its reason, exit code, message */
	MATCH_PHASE,	  /* a pod phase: status.reason, status.message */
	MATCH_REFUSED,	  /* a create that was refused: its HTTP status, its message */
	MATCH_DELETED,	  /* a request to delete it: how, by whom, its HTTP status */
	MATCH_NODES,	  /* why the scheduler found no node: a reason's code (nodes.h), its text */
	MATCH_SLOW,	  /* a stage that took longer than a threshold */
	MATCH_TEST,	  /* a function: the rare exception */
	MATCH_KINDS
};

struct rule_words {
	const struct str *list;
	size_t n;
};

struct rule_codes {
	const int32_t *list;
	size_t n;
};

/* All that is given must hold. */
struct matcher {
	enum match_kind kind;
	struct rule_words words;   /* any of: what match_kind names first; none: any */
	struct rule_words reasons; /* of conditions and phases: any of; none: any */
	struct rule_codes codes;   /* exit codes or HTTP statuses: any of; none: any */
	bool job, not_job;	   /* only of pods that are one, or are none */
	uint8_t is;		   /* of conditions: 1: False, 2: True; 0: either */
	struct str expression; /* that its text matches, of MATCH_DELETED the actor; empty: any */
	enum lifecycle_stage stage; /* of MATCH_SLOW */
	nsec over;		    /* of MATCH_SLOW and MATCH_TEST; NSEC_NONE: not given */
	bool queued;   /* of MATCH_SLOW: it waited for most of that time in the kubelet's queue */
	bool notable;  /* what its text says was used is a notable part of what was missing */
	unsigned test; /* of MATCH_TEST: a row of MATCH_TESTS */
	uint32_t rule; /* to which it belongs */
	unsigned containers; /* only about these: 1 << enum container_kind; 0: any */
	unsigned during;     /* only in these parts of the life: 1 << enum scope; 0: any */
	uint8_t killed; /* of MATCH_TERMINATED: 2: the kubelet ended it, 1: it did not; 0: either */
	bool excuse;	/* it speaks against the rule */
	bool tells;	/* it only fills in names of the summary */
};

/* What ties a write to pods; the closest first. */
enum tie {
	TIE_NAMED,     /* the text that proves the cause names it, or the pod's spec does */
	TIE_WORKLOAD,  /* it is to the workload of the pods */
	TIE_NODE,      /* to their node */
	TIE_NAMESPACE, /* to something in their namespace, or to the namespace */
	TIE_CLUSTER,   /* to something that all pods of the cluster depend on */
	TIE_COUNT
};

/* Beside the ties of a resource, of which each is 1 << enum tie. */
enum {
	CHANGED_SCALED = 1 << TIE_COUNT,	   /* more replicas of a workload count too */
	CHANGED_LABELS = CHANGED_SCALED << 1,	   /* labels of nodes count too */
	CHANGED_NOT_CREATED = CHANGED_SCALED << 2, /* a creation does not count */
	CHANGED_LAST = CHANGED_SCALED << 3,	   /* listed behind the others, however close */
};

/* Ties, then flags, as rules call them; NULL, and what to say to other words. */
extern const char *const changed_words[];

enum { CHANGED_MAX = 40 }; /* rows of write_rows */

struct rule {
	struct str code;    /* CamelCase, unique: what users see and filter by */
	struct str id;	    /* LUN-I02: stable, unique */
	struct str summary; /* one sentence; {name} is replaced by what the pattern captured */
	struct str advice;
	struct str upstream;	    /* the code of Alipay's Lunettes; empty: none */
	struct str kubernetes;	    /* the versions of its texts; empty: all */
	enum lifecycle_stage stage; /* STAGE_COUNT: none */
	enum owner owner;	    /* OWNER_NONE: the test or the text decides */
	unsigned scopes;	    /* a mask of 1 << enum scope */
	unsigned about;		    /* a mask of 1 << enum object_kind: pods, claims */
	bool symptom;		    /* an effect: a cause only where nothing better is known */
	bool information;	    /* not an error: who deleted it, that it was retried */
	uint32_t rank;		    /* the order in the files: special rules above general ones */
	/* Which writes may bring it about: of each of write_rows its ties and flags; 0: none. */
	uint16_t changed[CHANGED_MAX];
};

struct rules;

struct rules *rules_new(void);
/* One file; name is for messages. A bad rule: FILE:LINE:COLUMN, and why. A code that is there
 * already is replaced. */
int rules_read(struct rules *r, const char *name, struct str text, struct err *err);
void rules_builtin(struct rules *r);
void rules_finish(struct rules *r); /* makes the index */
void rules_free(struct rules *r);

size_t rules_count(const struct rules *r);
const struct rule *rules_at(const struct rules *r, size_t i);	       /* in order of their ids */
const struct rule *rules_find(const struct rules *r, struct str code); /* or id; or NULL */
