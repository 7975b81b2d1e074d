/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h> /* first: it brings <time.h>, some of which the prelude forbids */
#include <archive_entry.h>

#include "pack.h"

void write_entry(struct archive *a, const struct file *file, unsigned type)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)file->bytes.n);
	ck_assert_int_ge(archive_write_header(a, entry), ARCHIVE_WARN);
	if (file->bytes.n)
		ck_assert_int_eq(archive_write_data(a, file->bytes.p, file->bytes.n),
				 (la_ssize_t)file->bytes.n);
	archive_entry_free(entry);
}

struct archive *begin_archive(struct buf *out, size_t room, const char *format, const char *options)
{
	struct archive *a = archive_write_new();

	*out = (struct buf){ 0 };
	buf_reserve(out, room);
	ck_assert_int_eq(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
	if (options)
		ck_assert_int_eq(archive_write_set_options(a, options), ARCHIVE_OK);
	archive_write_set_passphrase(a, "secret");
	archive_write_set_bytes_per_block(a, 0);
	ck_assert_int_eq(archive_write_open_memory(a, out->p, out->cap, &out->n), ARCHIVE_OK);
	return a;
}

void end_archive(struct archive *a)
{
	ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

struct buf pack_files(const struct file *files, size_t n, const char *format, const char *options)
{
	size_t room = 64 * KIB;
	struct archive *a;
	struct buf out;

	for (size_t i = 0; i < n; i++)
		room += 16 * KIB + 2 * files[i].bytes.n;
	a = begin_archive(&out, room, format, options);
	for (size_t i = 0; i < n; i++)
		write_entry(a, &files[i], AE_IFREG);
	end_archive(a);
	return out;
}
