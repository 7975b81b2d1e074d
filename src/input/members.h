/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the files of an archive (tar, zip), one after the other as they are in it,
 * streamed through libarchive and never unpacked to disk. Only regular files are given; links,
 * directories and devices are passed over.
 *
 * Legal order: open; then next, and for each file stream, which must be closed before the next
 * next; close.
 */
#pragma once

#include "input/stream.h"

struct members;

/*
 * Do these first 512 bytes, or all if there are fewer, begin an archive that is read? tar also
 * without a magic number, by the checksum of its first header; zip, also without files.
 */
bool members_is(struct str head);

/* Takes from over. Never NULL. Only what members_is is true for. */
struct members *members_open(struct stream *from, const struct peel_config *config);
/*
 * > 0 a file; its name (as in the archive, any bytes) lives until the next call. 0 the end. < 0 the
 * end with a fault: truncated, corrupt, read error, unsupported. What came before was given whole.
 * Behind a damaged header the next good one is looked for, and the fault is given at the end.
 */
int members_next(struct members *m, struct str *ret_name, struct stream_fault *fault);
/*
 * The bytes of the file at hand; reading gives a fault where the archive is damaged or it is
 * encrypted. When nothing can follow it, members_next gives the same fault again. Closing it
 * before its end is fine. It does not own the archive.
 */
struct stream *members_stream(struct members *m);
uint64_t members_given(const struct members *m); /* bytes of all files so far */
void members_close(struct members *m);		 /* NULL is fine */
