/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the configuration: --config, otherwise $LUNETTES_CONFIG, otherwise lunettes/config.json in
 * $XDG_CONFIG_HOME or ~/.config, if it exists. lunettes-config(5) describes its keys.
 */
#pragma once

#include "base/buf.h"
#include "cli/options.h"
#include "slo/settings.h"

/* The path to read, if the file exists, ending with NUL; false: there is no such path. */
bool configure_path(const struct options *options, struct buf *ret_path);
/* settings: initialised; without a configuration they keep their defaults. */
int configure(const struct options *options, struct settings *settings, struct err *err);
/* Notes about the configuration for stderr, one line each. */
void configure_notes(const struct options *options, const struct settings *settings,
		     struct buf *out);
