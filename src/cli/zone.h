/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time zone for output: UTC, an offset such as +02:00, a name of the host's time zone database
 * such as Europe/Berlin, or "local", the host's own. A run has only one, because the C library
 * supports one at a time.
 */
#pragma once

#include "base/clock.h"
#include "base/err.h"

/* NULL for UTC. < 0 when there is no such zone. */
int zone_choose(const char *name, clock_zone **ret_zone, struct err *err);
