/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records the result of each source, and of each file in an archive: how it was read, and how many
 * records it contained. Threads add to it in any order; at the end it becomes the basis' list. A
 * file of an archive is in it only if it was read.
 */
#pragma once

#include "input/input.h"
#include "page/basis.h"

struct ledger;

/* The yield of some texts of a file. */
struct ledger_gain {
	uint64_t records, objects, wrappers; /* as in struct basis_source */
};

struct ledger *ledger_new(const struct sources *sources); /* which must outlive it */
void ledger_free(struct ledger *l);

/* Thread-safe. */
void ledger_file(struct ledger *l, uint32_t source, const struct input_file *file);
void ledger_gain(struct ledger *l, uint32_t source, uint32_t member,
		 const struct ledger_gain *gain);
/* damage: static text. name: of a file in an archive; that of a source is known. */
void ledger_damage(struct ledger *l, uint32_t source, uint32_t member, struct str name,
		   const char *damage);

/* After all threads have ended: in order of source and member. Lives as long as the ledger. */
const struct basis_source *ledger_finish(struct ledger *l, size_t *ret_n);
