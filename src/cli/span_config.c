/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/span_config.h"

#include "cli/small_file.h"

int span_config(const struct options *options, struct span_configuration **ret_spans,
		struct pipeline_needs *needs, struct err *err)
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
	if (r < 0)
		return -1;
	needs->attach = extract_attach;
	needs->attach_ctx = &(*ret_spans)->extract;
	needs->keep = extract_keep;
	return 0;
}
