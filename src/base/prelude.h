/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C with the parts that it lacks; the room knows nothing of Kubernetes. Each header is a small
 * module of its own: str.h slices, buf.h growing bytes, arena.h memory that is freed together,
 * map.h, clock.h times, quantile.h and significance.h statistics, sink.h output, err.h messages.
 *
 * This header is included by every file of the program: fixed-width integers, bool, a few macros,
 * and a ban on C functions that overflow, depend on the locale or lose errors.
 */
#pragma once

#include <assert.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h> /* before its worst functions are banned below */

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

/*
 * A binary search in a sorted sequence: sets i to the first index in [0, n) for which `before`, an
 * expression of i, is false, or to n. `before` must be true of all earlier indexes and of no later
 * one.
 */
#define LOWER_BOUND(i, n, before)                                                                  \
	do {                                                                                       \
		size_t low_ = 0, high_ = (n);                                                      \
                                                                                                   \
		while (low_ < high_) {                                                             \
			(i) = low_ + (high_ - low_) / 2;                                           \
			if (before)                                                                \
				low_ = (i) + 1;                                                    \
			else                                                                       \
				high_ = (i);                                                       \
		}                                                                                  \
		(i) = low_;                                                                        \
	} while (0)

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime asctime ctime atoi atol  \
    gets
