/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What audit logs are like, whatever they say: the order of their records, which resources
 * are logged at which level, who wrote them. It decides no verdict; it is what `inspect` shows, and
 * where notes about clocks and mixed clusters come from.
 *
 * Each thread makes its own. The records of a file come in runs (the batches of cli/feed), each to
 * one thread; runs are put in order at the end, so that who read what does not show.
 *
 * Legal order: survey_begin, survey_record*, for each run; survey_merge; survey_finish; reading.
 */
#pragma once

#include "base/map.h"
#include "kube/record.h"

enum audit_level { LEVEL_METADATA, LEVEL_REQUEST, LEVEL_REQUEST_RESPONSE, LEVEL_OTHER, LEVEL_N };

/*
 * A record whose stageTimestamp lies more than this before that of the record before it in its file
 * is no disorder between requests that ended together (seconds at most), but a clock that was set
 * back, or another log behind the first.
 */
#define SURVEY_JUMP (10 * MINUTE)

/* The order of stageTimestamps in a run of one file, and later in the whole file. */
struct survey_run {
	struct position begin;
	nsec first;	  /* of the first record */
	nsec least, most; /* of all */
	nsec last;	  /* of the last record */
	uint64_t records;
	uint64_t disorder; /* records behind one that is later */
	nsec worst;	   /* by how much, at most */
	uint64_t jumps;
	struct position jump; /* the first */
	nsec jumped;	      /* by how much */
};

/* A built-in controller's service account: its UID is another one in another cluster. */
struct survey_identity {
	struct str cluster, account, uid; /* in the survey's map */
	struct position first;
	uint64_t records;
};

struct survey {
	bool detailed;		 /* resources and agents are counted too */
	bool running;		 /* the last run goes on */
	struct survey_run *runs; /* after finish: one a file, by (source, member) */
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

/* The next record does not follow the one before it in its file. */
void survey_begin(struct survey *s);
void survey_record(struct survey *s, const struct audit *a, struct position position);
/* A component whose version a dump shows. */
void survey_component(struct survey *s, struct str component, struct str version);
void survey_merge(struct survey *sum, const struct survey *more);
void survey_finish(struct survey *s);
void survey_free(struct survey *s);

/*
 * The accounts that have more than one UID, after finish: calls report for each UID but the one
 * that was met first, in the order of positions.
 */
void survey_mixed(const struct survey *s,
		  void (*report)(void *ctx, const struct survey_identity *identity), void *ctx);
