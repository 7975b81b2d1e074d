/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that a result is written to. It gets its name when it is whole: until then it has none, so
 * an interrupted or failed run leaves what stood there before, and nothing beside it. Pipes,
 * devices, - (standard output) and other descriptors are written directly.
 *
 * Legal order: target_open, before anything is read, because what cannot be written is reported at
 * once; target_put*; target_publish, if all went well; target_close, in every case.
 */
#pragma once

#include "base/sink.h"

struct target_file {
	const char *path; /* as the user gave it */
	char *real;	  /* the file that it stands for; NULL: written directly */
	char *temporary;  /* its name until then, where files without names cannot be made */
	bool is_new;	  /* nothing had the name: what gets it meanwhile is not replaced */
	struct sink sink;
	bool open;
	uint64_t bytes; /* put so far */
};

/* The descriptor that a path names (-, /dev/stdout, /dev/fd/3), or -1: it is a file's. */
int target_descriptor(const char *path);
/* path must live as long as the target. < 0: it cannot be written. */
int target_open(struct target_file *t, const char *path, struct err *err);
/* Empties the buffer if it holds at least that much. False: there is no use in going on. */
bool target_put(struct target_file *t, struct buf *buf, size_t least);
int target_publish(struct target_file *t, struct err *err);
void target_close(struct target_file *t);
