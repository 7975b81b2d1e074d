/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors as text that is ready to print, without prefix and newline. Every fallible function takes
 * a struct err * as its last parameter. It is never NULL, untouched on success, and filled with the
 * message on failure. The code is the class that decides the exit status.
 */
#pragma once

#include "base/prelude.h"

enum err_code {
	ERR_NONE,
	ERR_USAGE,  /* invalid command line or configuration: exit status 2 */
	ERR_INPUT,  /* an input that cannot be opened or read: 3 or 4 */
	ERR_FORMAT, /* malformed bytes */
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
