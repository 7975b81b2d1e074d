/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a timeline holds of a pod beside its delivery: its containers, its deletion, its in-place
 * updates. All of it lives for the pod.
 */
#pragma once

#include "timeline/stage.h"

/* What became of one container, as far as its states and Events show. */
struct container_life {
	struct str name;
	const struct container_spec *spec; /* NULL: only its states are known */
	uint32_t restarts;		   /* the highest restartCount */
	struct mark started, ended;	   /* the first start, the last end */
	int32_t exit_code;		   /* of the last end */
	struct str reason, message;	   /* of the last end: OOMKilled, Error, ... */
	struct str waiting; /* why it waits, if that was its last state; else p == NULL */
};

/* How the pod was deleted. */
struct deletion {
	const struct entry *request; /* who, and how: reason is delete, deletecollection, eviction;
					NULL: only its traces are seen */
	struct mark requested, killing, stopped, released, gone; /* see timeline/deletion.c */
	nsec until;	       /* until when the log proves that it is not gone; as status_until */
	int64_t grace;	       /* seconds; -1 not shown */
	nsec overrun;	       /* how much longer than its grace the last container took; 0: not;
				  NSEC_NONE: not known */
	struct str finalizers; /* that were last seen to hold it, joined by ','; empty: none;
				  p == NULL: not shown */
	const struct stage *stages; /* by (start, stage, subject) */
	size_t n_stages;
};

enum upgrade_kind { UPGRADE_IMAGE, UPGRADE_RESTART, UPGRADE_RESIZE };

/* A change of a running pod in place, until it is Ready again. */
struct upgrade {
	enum upgrade_kind kind;
	struct str containers; /* joined by ',' */
	struct str before,
	    after; /* of the first: its image, or its resources; p == NULL: unknown */
	const struct entry *trigger;
	struct mark begin, ready; /* ready.reached false: not until the end, or the next upgrade */
	bool restarted;		  /* all of these containers, as far as the log shows */
	const struct stage *stages;
	size_t n_stages;
};
