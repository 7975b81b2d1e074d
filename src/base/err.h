/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, ready to print: no prefix, no newline. Every fallible function takes a
 * struct err * last, never NULL, leaves it untouched on success and fills it with a message that
 * can be shown as it is. The code is the class that the exit status is made from.
 */
#pragma once

#include "base/prelude.h"

enum err_code {
	ERR_NONE,
	ERR_USAGE,  /* wrong command line or configuration: exit status 2 */
	ERR_INPUT,  /* an input that cannot be opened or read: 3 or 4 */
	ERR_FORMAT, /* bytes that are not what they should be */
	ERR_LIMIT,  /* a named limit was reached */
	ERR_SYSTEM, /* disk full, no file descriptors: exit status 2 */
};

struct err {
	enum err_code code;
	char message[512];
};

/* Both return -1, so that `return err_set(...)` reads well. err_sys appends errno's text. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
int err_sys(struct err *err, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
