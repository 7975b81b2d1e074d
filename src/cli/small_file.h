/* SPDX-License-Identifier: Apache-2.0 */
/* A file that a user wrote by hand, read whole. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/*
 * what: of messages, such as "the configuration". may_miss: it is no fault if there is no such
 * file; then 0. > 0: it was read. One byte more than config/ allows is read, so that it is seen to
 * be too much.
 */
int small_file_read(const char *what, const char *name, bool may_miss, struct buf *out,
		    struct err *err);
