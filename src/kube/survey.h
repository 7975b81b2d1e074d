/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of audit logs, independent of their content: the order of records, the audit level
 * of each resource, the clients. It affects no verdict. `inspect` shows it, and notes about
 * clock jumps and mixed clusters use it.
 *
 * Each thread builds its own. The records of a file are read in runs (batches of cli/feed), each
 * by one thread. Runs are sorted at the end, so the distribution over threads does not matter.
 *
 * Legal order: survey_begin, survey_record*, for each run; survey_merge; survey_finish; reading.
 */
#pragma once

#include "base/map.h"
#include "kube/record.h"

enum audit_level { LEVEL_METADATA, LEVEL_REQUEST, LEVEL_REQUEST_RESPONSE, LEVEL_OTHER, LEVEL_N };

/*
 * Requests that end together may be logged out of order by seconds. If stageTimestamp goes back
 * by more than this between two records of a file, a clock was set back, or another log was
 * appended.
 */
#define SURVEY_JUMP (10 * MINUTE)

/* The order of stageTimestamps in a run, and later in the whole file. */
struct survey_run {
	struct position begin;
	nsec first;	  /* of the first record */
	nsec least, most; /* of all */
	nsec last;	  /* of the last record */
	uint64_t records;
	uint64_t disorder; /* records that come after a later one */
	nsec worst;	   /* the largest difference */
	uint64_t jumps;
	struct position jump; /* the first one */
	nsec jumped;	      /* its size */
};

/* The service account of a built-in controller, whose UID differs between clusters. */
struct survey_identity {
	struct str cluster, account, uid; /* in the map of the survey */
	struct position first;
	uint64_t records;
};

struct survey {
	bool detailed;		 /* also counts resources and agents */
	bool running;		 /* the last run is in progress */
	struct survey_run *runs; /* after finish: one per file, by (source, member) */
	size_t n_runs, runs_cap;
	struct map identity_names; /* cluster\0account\0uid */
	struct survey_identity *identities;
	size_t identities_cap;
	struct map resources; /* resource[.group][/subresource] */
	uint64_t (*levels)[LEVEL_N];
	size_t levels_cap;
	struct map agents; /* component\0version */
	uint64_t *agent_records;
	size_t agents_cap;
};

struct audit;

/* The next record does not directly follow the previous one in its file. */
void survey_begin(struct survey *s);
void survey_record(struct survey *s, const struct audit *a, struct position position);
/* A component whose version a dump shows. */
void survey_component(struct survey *s, struct str component, struct str version);
void survey_merge(struct survey *sum, const struct survey *more);
void survey_finish(struct survey *s);
void survey_free(struct survey *s);

/* After finish: calls report for each further UID of an account with more than one UID, by
 * position. */
void survey_mixed(const struct survey *s,
		  void (*report)(void *ctx, const struct survey_identity *identity), void *ctx);
