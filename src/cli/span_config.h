/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of spans that --span-config names. */
#ifndef LUNETTES_CLI_SPAN_CONFIG_H
#define LUNETTES_CLI_SPAN_CONFIG_H

#include "base/buf.h"
#include "cli/pipeline.h"
#include "spans/spans.h"

/* < 0: it cannot be read, or is wrong. *ret_spans is NULL if none is asked for. */
int span_config(const struct options *options, struct span_configuration **ret_spans,
		struct err *err);
/* What it needs from the records; before the pipeline reads. */
void span_config_attach(const struct span_configuration *spans, struct pipeline *p);

#endif
