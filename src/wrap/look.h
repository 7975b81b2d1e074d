/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at the first bytes of a file: may it contain audit events, or objects about pods, in any
 * wrapper? A bundle has thousands of other files, which are not read.
 */
#pragma once

#include "base/str.h"

enum look {
	LOOK_OURS,    /* a word that only such records have is in it */
	LOOK_NOTHING, /* nothing of that kind: what it is, if that is known */
	LOOK_FOREIGN, /* no text at all */
};

/* head: the first 64 KiB are enough. what: static, what it is; NULL: unknown. */
enum look look_at(struct str head, const char **ret_what);

/* What this line is instead of an audit event of Kubernetes: static; NULL: unknown. */
const char *foreign_line(struct str line);
/* The same of an object of that kind. */
const char *foreign_kind(struct str kind);
