/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of spans that --span-config names. */
#pragma once

#include "base/buf.h"
#include "cli/pipeline.h"
#include "spans/spans.h"

/*
 * < 0: it cannot be read, or is wrong. *ret_spans is NULL if none is asked for; otherwise needs
 * gets what it needs from the records.
 */
int span_config(const struct options *options, struct span_configuration **ret_spans,
		struct pipeline_needs *needs, struct err *err);
