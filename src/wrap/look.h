/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the first bytes of a file: may it contain audit events, or objects about pods, in any
 * wrapper? Support bundles have thousands of other files, which are not read. */
#pragma once

#include "base/str.h"

enum look {
	LOOK_OURS,    /* it contains a word that only such records have */
	LOOK_NOTHING, /* no such record; the kind of file may be known */
	LOOK_FOREIGN, /* not a text */
};

/* head: the first 64 KiB are enough. *ret_what: the kind of file (static); NULL: unknown. */
enum look look_at(struct str head, const char **ret_what);

/* The kind of a line that is no Kubernetes audit event (static); NULL: unknown. */
const char *foreign_line(struct str line);
/* The same for an object, by its kind. */
const char *foreign_kind(struct str kind);
