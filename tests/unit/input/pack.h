/* SPDX-License-Identifier: Apache-2.0 */
/* Archives in memory, as libarchive writes them. Include <archive.h> before this, if needed. */
#pragma once

#include "gather.h"

struct archive;

struct file {
	const char *name;
	struct str bytes;
};

/* format: "ustar", "gnutar", "pax", "v7tar", "zip"; options: libarchive's, or NULL. */
struct buf pack_files(const struct file *files, size_t n, const char *format, const char *options);

/* For what is no plain file: begin, entries by libarchive or write_entry (type: AE_IF...), end. */
struct archive *begin_archive(struct buf *out, size_t room, const char *format,
			      const char *options);
void write_entry(struct archive *a, const struct file *file, unsigned type);
void end_archive(struct archive *a);
