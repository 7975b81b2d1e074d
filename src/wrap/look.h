/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at the first bytes of a file: may it hold audit events, or objects that tell of pods, in
 * whatever wrapping? Thousands of other files lie beside those in a bundle, and are not read.
 */
#ifndef LUNETTES_WRAP_LOOK_H
#define LUNETTES_WRAP_LOOK_H

#include "base/str.h"

enum look {
	LOOK_OURS,    /* a word that only such records have stands in it */
	LOOK_NOTHING, /* nothing of that kind: what it is, if that is known */
	LOOK_FOREIGN, /* no text at all */
};

/* head: the first 64 KiB are enough. what: static, what it is; NULL: nobody knows. */
enum look look_at(struct str head, const char **ret_what);

/* What this line is instead of an audit event of Kubernetes: static; NULL: nothing that is known.
 */
const char *foreign_line(struct str line);
/* The same of an object of that kind. */
const char *foreign_kind(struct str kind);

#endif
