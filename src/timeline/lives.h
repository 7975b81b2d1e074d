/* SPDX-License-Identifier: Apache-2.0 */
/* A pod's containers, deletion and in-place updates. Everything lives as long as the pod. */
#pragma once

#include "timeline/stage.h"

/* The life of a container, as far as its states and Events show. */
struct container_life {
	struct str name;
	const struct container_spec *spec; /* NULL: only its states are known */
	uint32_t restarts;		   /* the highest restartCount */
	struct mark started, ended;	   /* the first start, the last end */
	int32_t exit_code;		   /* of the last end */
	struct str reason, message;	   /* of the last end: OOMKilled, Error, ... */
	struct str waiting; /* why it is waiting, if that was its last state; otherwise p == NULL */
};

/* How the pod was deleted. */
struct deletion {
	const struct entry *request; /* author and verb: reason is delete, deletecollection,
					eviction; NULL: not logged */
	struct mark requested, killing, stopped, released, gone; /* see timeline/deletion.c */
	nsec until;	       /* until when the log proves that it is not gone; like
				  status_until */
	int64_t grace;	       /* seconds; -1: not shown */
	nsec overrun;	       /* how far the last container exceeded the grace period; 0: not;
				  NSEC_NONE: unknown */
	struct str finalizers; /* the last ones seen, joined by ','; empty: none; p == NULL: not
				  shown */
	const struct stage *stages; /* by (start, stage, subject) */
	size_t n_stages;
};

enum upgrade_kind { UPGRADE_IMAGE, UPGRADE_RESTART, UPGRADE_RESIZE };

/* An in-place update of a running pod, until it is Ready again. */
struct upgrade {
	enum upgrade_kind kind;
	struct str containers; /* joined by ',' */
	struct str before,
	    after; /* of the first container: image or resources; p == NULL: unknown */
	const struct entry *trigger;
	struct mark begin, ready; /* ready.reached is false if not until the end or the next
				     update */
	bool restarted;		  /* all of these containers, as far as logged */
	const struct stage *stages;
	size_t n_stages;
};
