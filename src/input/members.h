/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the files of an archive (tar, zip) in their order, streamed through libarchive
 * and never unpacked to disk. Only regular files count; links, directories and devices are skipped.
 *
 * Legal order: open; then next, and for each file stream, which must be closed before the following
 * next; close.
 */
#pragma once

#include "input/stream.h"

struct members;

/* Whether up to 512 bytes begin a tar, also without a magic number, or a zip, also an empty one. */
bool members_is(struct str head);

/* Owns from afterwards. Never NULL. Only for input that members_is accepts. */
struct members *members_open(struct stream *from, const struct peel_config *config);
/*
 * > 0 a file; its name (as in the archive, any bytes) is valid until the next call. 0 the end. < 0
 * the end with a fault: truncated, corrupt, read error, unsupported; files before it were complete.
 * After a damaged header the next good one is searched, and the fault is returned at the end.
 */
int members_next(struct members *m, struct str *ret_name, struct stream_fault *fault);
/*
 * The bytes of the current file; reading returns a fault where the archive is damaged or encrypted.
 * When no file can follow, members_next returns the same fault again. It may be closed before its
 * end. It does not own the archive.
 */
struct stream *members_stream(struct members *m);
uint64_t members_given(const struct members *m); /* bytes of all files so far */
void members_close(struct members *m);		 /* NULL is fine */
