/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes inspect: what do these logs hold, what do they lack, and what does that cost? */
#include "cli/commands.h"
#include "cli/ending.h"
#include "documents/inspect_json.h"
#include "base/sink.h"

#include <unistd.h>

static int print(const struct options *options, const struct inspection *found, struct err *err)
{
	struct buf text = { 0 };
	struct sink out;

	if (options->output == OUTPUT_JSON)
		inspect_json(&text, found);
	else
		inspect_text(&text, found, ending_style(options));
	sink_open(&out, STDOUT_FILENO, "standard output");
	sink_write(&out, buf_str(&text));
	buf_free(&text);
	return sink_close(&out, err);
}

static const struct cluster *cluster_of(struct pipeline *p, const struct timeline *t)
{
	return context_find_cluster(pipeline_basis(p)->context, t->cluster);
}

/*
 * An input without anything of use is looked at all the same: why it is of none is the question.
 * But not what was counted until the disk was full.
 */
static int run(struct pipeline *p, const struct options *options, struct err *err)
{
	struct coverage coverage = { 0 };
	const struct timeline *t;
	int read = pipeline_read(p, err), r = 0;

	if (read < 0 && (err->code != ERR_INPUT || !pipeline_has_basis(p)))
		return read;
	while (read == 0 && (r = pipeline_next(p, &t, err)) > 0)
		coverage_add(&coverage, t, cluster_of(p, t)->first);
	pipeline_end_progress(p);
	if (r >= 0)
		r = print(options,
			  &(struct inspection){ .basis = pipeline_basis(p),
						.survey = pipeline_survey(p),
						.coverage = &coverage,
						.wrappers = pipeline_wrappers(p) },
			  read < 0 ? &(struct err){ 0 } : err);
	coverage_free(&coverage);
	return read < 0 ? read : r;
}

int cmd_inspect(const struct options *options)
{
	struct pipeline *p = pipeline_open(options);
	struct err err = { 0 };
	int status, r = run(p, options, &err);

	status = ending(p, options, r, &err, &(struct ending_said){ 0 });
	pipeline_close(p);
	return status;
}
