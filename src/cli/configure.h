/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration that is used: --config, else $LUNETTES_CONFIG, else lunettes/config.json below
 * $XDG_CONFIG_HOME or ~/.config, if it exists. lunettes-config(5) describes its keys.
 */
#pragma once

#include "base/buf.h"
#include "cli/options.h"
#include "slo/settings.h"

/* The file that is read, if it exists, ended with NUL; false: there is no such place. */
bool configure_path(const struct options *options, struct buf *ret_path);
/* settings: initialised; without a configuration they stay the defaults. */
int configure(const struct options *options, struct settings *settings, struct err *err);
/* The notes about it for stderr, one line each. */
void configure_notes(const struct options *options, const struct settings *settings,
		     struct buf *out);
