/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the configuration of spans that --span-config names. */
#pragma once

#include "base/buf.h"
#include "cli/pipeline.h"
#include "spans/spans.h"

/* *ret_spans is NULL without the option; otherwise needs gets the data that it needs. */
int span_config(const struct options *options, struct span_configuration **ret_spans,
		struct pipeline_needs *needs, struct err *err);
