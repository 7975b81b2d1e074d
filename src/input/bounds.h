/* SPDX-License-Identifier: Apache-2.0 */
/* Limits on reading hostile input. The --max-... options change the defaults here. */
#pragma once

enum {
	INPUT_BLOCK = 256 * 1024, /* unit of reading and decoding: fits in the L2 cache */
	/* Default of a text: an object in etcd has at most 1.5 MiB, a list response any size. */
	INPUT_RECORD_MAX = 16 * 1024 * 1024,
	/* A list whose kind comes last must show the kind of its items in this many bytes. */
	INPUT_LOOK_SIZE = 64 * 1024,
	/* decompressed / compressed: deflate cannot exceed 1032, zstd can ... */
	INPUT_RATIO_MAX = 2000,
	/* ... which applies only after this many decompressed bytes */
	INPUT_RATIO_FREE = 64 * 1024 * 1024,
	INPUT_DEPTH_MAX = 32,	     /* directories below an operand */
	INPUT_NEST_MAX = 4,	     /* default: nesting depth of archives */
	INPUT_ENTRIES_MAX = 1000000, /* default: files in one archive */
	INPUT_PEEL_MAX = 4,	     /* nesting depth of compressions */
};
