/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/span_config.h"

#include "cli/small_file.h"

int span_config(const struct options *options, struct span_configuration **ret_spans,
		struct err *err)
{
	struct buf text = { 0 };
	int r;

	*ret_spans = NULL;
	if (!options->span_config)
		return 0;
	r = small_file_read("the configuration of spans", options->span_config, false, &text, err);
	if (r >= 0) {
		*ret_spans = spans_read(str_from(options->span_config), buf_str(&text), err);
		r = *ret_spans ? 0 : -1;
	}
	buf_free(&text);
	return r;
}

void span_config_attach(const struct span_configuration *spans, struct pipeline *p)
{
	pipeline_attach(p, extract_attach, &spans->extract, extract_keep);
}
