/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every file of the program may assume: fixed-width integers, bool, a few macros, and the
 * C functions that nobody may call because they overflow, depend on the locale or lose errors.
 */
#ifndef LUNETTES_BASE_PRELUDE_H
#define LUNETTES_BASE_PRELUDE_H

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

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_USE __attribute__((warn_unused_result))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#pragma GCC poison strcpy strcat sprintf vsprintf strtok gmtime localtime asctime ctime atoi atol  \
    gets

#endif
