/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The causes of slow, failed and lost pods: one rule per code. Rules are data, in YAML
 * (lunettes-rules(5)). Those in diagnose/rules/ become tables at build time (make_tables.c);
 * --rules are read at run time by the same reader.
 *
 * A matcher with `nodes` uses the message "0/N nodes are available: ..." of FailedScheduling or
 * the condition PodScheduled. nodes: CODE, a list, or '*' matches a reason with that code
 * (nodes.h); text: is matched against that reason only. The rule whose reason is the likely
 * cause in the last message comes first. In summaries {nodes} is the number of nodes, {value}
 * the taint, resource or PVC.
 *
 * Legal order: rules_new, rules_builtin, rules_read*, rules_finish; then readers only, in one
 * thread; rules_free.
 */
#pragma once

#include "base/err.h"
#include "timeline/timeline.h"

enum { RULES_MAX = 4096 };

/* The part of a pod's life that a cause belongs to. */
enum scope { SCOPE_CREATE, SCOPE_RUN, SCOPE_DELETE, SCOPE_COUNT };

/* The kind of fact that a matcher matches. */
enum match_kind {
	MATCH_EVENT,	  /* an Event: its reason, its message */
	MATCH_CONDITION,  /* a condition's type; its status, reason, message */
	MATCH_WAITING,	  /* a waiting container: its reason, its message */
	MATCH_TERMINATED, /* a terminated container: its reason, exit code, message */
	MATCH_PHASE,	  /* a pod phase: status.reason, status.message */
	MATCH_REFUSED,	  /* a rejected create: its HTTP status, its message */
	MATCH_DELETED,	  /* a delete request: kind, user, HTTP status */
	MATCH_NODES,	  /* why no node fits: the code of a reason (nodes.h), its text */
	MATCH_SLOW,	  /* a stage over its threshold */
	MATCH_TEST,	  /* a function, for rare exceptions */
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

/* All given fields must match. */
struct matcher {
	enum match_kind kind;
	struct rule_words words;   /* any of these (first field in match_kind); none: any */
	struct rule_words reasons; /* of conditions and phases: any of these; none: any */
	struct rule_codes codes;   /* exit codes or HTTP statuses: any of these; none: any */
	bool job, not_job;	   /* only for jobs, only for other pods */
	uint8_t is;		   /* of conditions: 1: False, 2: True; 0: either */
	struct str expression; /* must match the text, for MATCH_DELETED the user; empty: any */
	enum lifecycle_stage stage; /* of MATCH_SLOW */
	nsec over;		    /* of MATCH_SLOW and MATCH_TEST; NSEC_NONE: not given */
	bool queued;   /* of MATCH_SLOW: most of that time was in the kubelet's queue */
	bool notable;  /* the use in its text is a notable part of the shortage */
	unsigned test; /* of MATCH_TEST: a row of MATCH_TESTS */
	uint32_t rule; /* its rule */
	unsigned containers; /* only for these: 1 << enum container_kind; 0: any */
	unsigned during;     /* only in these parts of the life: 1 << enum scope; 0: any */
	uint8_t killed; /* of MATCH_TERMINATED: 2: by the kubelet, 1: not; 0: either */
	bool excuse;	/* it is evidence against the rule */
	bool tells;	/* it only fills in names of the summary */
};

/* The relation of a write to pods; the closest first. */
enum tie {
	TIE_NAMED,     /* named by the text that proves the cause, or by the pod's spec */
	TIE_WORKLOAD,  /* the workload of the pods */
	TIE_NODE,      /* their node */
	TIE_NAMESPACE, /* the namespace, or an object in it */
	TIE_CLUSTER,   /* something that all pods of the cluster depend on */
	TIE_COUNT
};

/* Flags in addition to a resource's ties, each of which is 1 << enum tie. */
enum {
	CHANGED_SCALED = 1 << TIE_COUNT,	   /* more replicas of a workload count too */
	CHANGED_LABELS = CHANGED_SCALED << 1,	   /* labels of nodes count too */
	CHANGED_NOT_CREATED = CHANGED_SCALED << 2, /* a creation does not count */
	CHANGED_LAST = CHANGED_SCALED << 3,	   /* listed after the others, whatever its tie */
};

/* Names of ties, then flags, in rules; NULL, and an error message for other words. */
extern const char *const changed_words[];

enum { CHANGED_MAX = 40 }; /* rows of write_rows */

struct rule {
	struct str code;    /* CamelCase, unique: shown to users, who filter by it */
	struct str id;	    /* LUN-I02: stable, unique */
	struct str summary; /* one sentence; {name} is replaced by the capture */
	struct str advice;
	struct str upstream;	    /* the code in Alipay's Lunettes; empty: none */
	struct str kubernetes;	    /* the versions that have its texts; empty: all */
	enum lifecycle_stage stage; /* STAGE_COUNT: none */
	enum owner owner;	    /* OWNER_NONE: the test or the text decides */
	unsigned scopes;	    /* a mask of 1 << enum scope */
	unsigned about;		    /* a mask of 1 << enum object_kind: pods, PVCs */
	bool symptom;		    /* an effect: a cause only if no better one is known */
	bool information;	    /* not an error: for example who deleted it, or a retry */
	uint32_t rank;		    /* order in the files: specific rules before general ones */
	/* Writes that may trigger it: ties and flags per row of write_rows; 0: none. */
	uint16_t changed[CHANGED_MAX];
};

struct rules;

struct rules *rules_new(void);
/* Reads a file; name is for messages. An invalid rule is reported as FILE:LINE:COLUMN. A rule with
 * a known code replaces the earlier one. */
int rules_read(struct rules *r, const char *name, struct str text, struct err *err);
void rules_builtin(struct rules *r);
void rules_finish(struct rules *r); /* builds the index */
void rules_free(struct rules *r);

size_t rules_count(const struct rules *r);
const struct rule *rules_at(const struct rules *r, size_t i);	       /* sorted by id */
const struct rule *rules_find(const struct rules *r, struct str code); /* by code or id; or NULL */
