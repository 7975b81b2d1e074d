/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every file of the program may assume: fixed-width integers, bool, a few macros, and the
 * C functions that must not be called because they overflow, depend on the locale or lose errors.
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
#include <time.h> /* before its worst functions are forbidden below */

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

/*
 * Sets i to the first place from 0 to n for which `before`, an expression of i, is false, or to n.
 * It is true of all places before that one and of none behind it: a search in what is sorted.
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
#define MUST_USE __attribute__((warn_unused_result))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime asctime ctime atoi atol  \
    gets
