/* SPDX-License-Identifier: Apache-2.0 */
/* What bounds the reading of hostile input. The --max-... options change what is a default here. */
#pragma once

enum {
	INPUT_BLOCK = 256 * 1024, /* read and decode unit: stays in the L2 cache */
	/*
	 * Default limit of one text. A Kubernetes object is at most 1.5 MiB in etcd, but a list
	 * answer in an audit record has no limit.
	 */
	INPUT_RECORD_MAX = 16 * 1024 * 1024,
	/* A list that ends with its kind shows in so many bytes what its items are. */
	INPUT_LOOK_SIZE = 64 * 1024,
	/* decompressed / compressed: deflate cannot exceed 1032, zstd can ... */
	INPUT_RATIO_MAX = 2000,
	/* ... which counts only beyond so many decompressed bytes */
	INPUT_RATIO_FREE = 64 * 1024 * 1024,
	INPUT_DEPTH_MAX = 32,	     /* directories below an operand */
	INPUT_NEST_MAX = 4,	     /* default: archives inside of each other */
	INPUT_ENTRIES_MAX = 1000000, /* default: files of one archive */
	INPUT_PEEL_MAX = 4,	     /* compressions inside each other */
};
