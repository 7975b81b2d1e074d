/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file that a user wrote by hand. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/*
 * what: for messages, such as "the configuration". may_miss: a missing file is no error; returns 0
 * then. > 0: it was read. One byte more than config/ allows is read, to detect files that are too
 * large.
 */
int small_file_read(const char *what, const char *name, bool may_miss, struct buf *out,
		    struct err *err);
