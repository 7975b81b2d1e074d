/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes about the input on stderr: counted by kind, the first few of each shown with file:line, in
 * the order of files and lines whatever the order of threads. Thread-safe.
 */
#pragma once

#include "base/buf.h"
#include "input/input.h"
#include "kube/decode.h"
#include "page/basis.h"

enum { NOTES_SHOWN = 3, NOTES_SHOWN_VERBOSE = 1000 };

struct notes;

struct notes *notes_new(bool verbose);
/* source: its rank, or UINT32_MAX. Returns why it cannot be read to its end (static), or NULL. */
const char *notes_input(struct notes *n, uint32_t source, const struct input_note *note);
void notes_decode(struct notes *n, const struct decode_note *note);

/* All notes, one per line, ready for stderr. */
void notes_print(const struct notes *n, const struct basis *basis, struct buf *out);
uint64_t notes_count(const struct notes *n, enum input_note_kind kind);
/* For exit statuses: something was skipped. */
bool notes_skipped(const struct notes *n);
/*
 * Files and directories that the system did not let us read completely: named or found in a
 * directory. By name; lives as long as the notes, and is complete when all has been read.
 */
const struct basis_unread *notes_unread(struct notes *n, size_t *ret_n);
void notes_free(struct notes *n);
