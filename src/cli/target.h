/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file for a result. It has no name until it is complete, so an interrupted or failed run keeps
 * the old file and leaves no temporary one. Pipes, devices, - (standard output) and other
 * descriptors are written directly.
 *
 * Legal order: target_open, before anything is read, because a file that cannot be written is
 * reported at once; target_put*; target_publish, on success; target_close, always.
 */
#pragma once

#include "base/sink.h"

struct target_file {
	const char *path; /* as the user gave it */
	char *real;	  /* the real path; NULL: written directly */
	char *temporary;  /* its temporary name, where files without names are not supported */
	bool is_new;	  /* the name was free: a file that gets it meanwhile is not replaced */
	struct sink sink;
	bool open;
	uint64_t bytes; /* put so far */
};

/* The descriptor that a path means (-, /dev/stdout, /dev/fd/3), or -1 for a file. */
int target_descriptor(const char *path);
/* path must outlive the target. < 0: it cannot be written. */
int target_open(struct target_file *t, const char *path, struct err *err);
/* Writes the buffer if it has at least that many bytes. False: nothing more can be written. */
bool target_put(struct target_file *t, struct buf *buf, size_t least);
int target_publish(struct target_file *t, struct err *err);
void target_close(struct target_file *t);
