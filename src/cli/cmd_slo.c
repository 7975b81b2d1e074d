/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes slo: was every pod delivered in time, and if not, which stage took the time? */
#include "cli/commands.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "output/sink.h"
#include "output/slo_json.h"
#include "output/slo_text.h"

#include <unistd.h>

/* jsonl goes out in pieces of about this size. */
enum { CHUNK = 64 * 1024 };

struct slo_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct slo_report *report;
	struct period period;
	struct settings settings;
	struct sink out;
	struct buf buf;
	uint64_t cut;		  /* pods with more facts than are kept */
	uint64_t unknown_created; /* left out of a period: nobody knows when they were created */
};

static bool want_labels(const struct options *o, const struct timeline *t)
{
	enum { MOST = 256 };
	struct selector_label labels[MOST];
	struct str rest = { 0 };
	size_t n = 0;

	if (!o->selector.n_terms)
		return true;
	if (t->object)
		rest = t->object->labels;
	while (n < MOST && rest.n && str_cut(rest, 0, &labels[n].key, &rest) &&
	       str_cut(rest, 0, &labels[n].value, &rest))
		n++;
	return selector_match(&o->selector, labels, n);
}

static bool want(struct slo_run *run, const struct timeline *t)
{
	const struct options *o = run->options;
	nsec created = t->marks[MILESTONE_CREATED].at;

	if (!options_want_namespace(o, t->namespace) ||
	    !options_want_node(o, t->node.p ? t->node : STR("")) || !want_labels(o, t))
		return false;
	if (run->period.from == INT64_MIN && run->period.to == INT64_MAX)
		return true;
	run->unknown_created += created == NSEC_NONE;
	return created != NSEC_NONE && period_holds(run->period, created);
}

static int observe(struct slo_run *run, const struct timeline *t)
{
	const struct basis *basis = pipeline_basis(run->pipeline);
	const struct cluster *cluster = context_find_cluster(basis->context, t->cluster);
	struct delivery d;

	if (!cluster || !want(run, t))
		return 0;
	run->cut += t->cut;
	d = delivery_of(t, cluster, &run->settings);
	slo_report_add(run->report, t, &d);
	if (run->options->output != OUTPUT_JSONL)
		return 0;
	slo_json_pod(&run->buf, t, &d, basis);
	if (run->buf.n < CHUNK)
		return 0;
	if (isatty(STDOUT_FILENO))
		pipeline_end_progress(run->pipeline);
	sink_write(&run->out, buf_str(&run->buf));
	buf_reset(&run->buf);
	return run->out.state == SINK_OPEN ? 0 : 1;
}

static void finish(struct slo_run *run)
{
	const struct options *o = run->options;
	slo_report_finish(run->report);
	if (o->output == OUTPUT_JSON)
		slo_json_report(&run->buf, run->report, pipeline_basis(run->pipeline));
	else if (o->output != OUTPUT_JSONL)
		slo_text_report(&run->buf, run->report, pipeline_basis(run->pipeline),
				ending_style(o));
	sink_write(&run->out, buf_str(&run->buf));
}

static int run_all(struct slo_run *run, struct err *err)
{
	const struct timeline *t;
	int r;

	if (pipeline_read(run->pipeline, err) < 0 ||
	    options_period(run->options, pipeline_log_end(run->pipeline), &run->period, err) < 0)
		return -1;
	sink_open(&run->out, STDOUT_FILENO, "standard output");
	while ((r = pipeline_next(run->pipeline, &t, err)) > 0)
		if (observe(run, t) != 0)
			break;
	if (r < 0) {
		struct err ignored;

		sink_close(&run->out, &ignored);
		return -1;
	}
	finish(run);
	return sink_close(&run->out, err);
}

static struct str own_notes(struct slo_run *run)
{
	struct buf *text = &run->buf;

	buf_reset(text);
	configure_notes(run->options, &run->settings, text);
	if (run->unknown_created)
		buf_printf(text,
			   "lunettes: %llu pods are left out: the log does not show when they were "
			   "created\n",
			   (unsigned long long)run->unknown_created);
	if (run->cut)
		buf_printf(text,
			   "lunettes: %llu pods have more than %d facts; beyond that only what "
			   "decides verdicts was kept\n",
			   (unsigned long long)run->cut, TIMELINE_FACTS_MAX);
	return buf_str(text);
}

int cmd_slo(const struct options *options)
{
	struct slo_run run = { .options = options };
	struct err err = { 0 };
	int status, r;

	settings_init(&run.settings);
	if (configure(options, &run.settings, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		settings_free(&run.settings);
		return (int)status_of(&err);
	}
	run.pipeline = pipeline_open(options);
	pipeline_judged_by(run.pipeline, &run.settings);
	run.report = slo_report_new((size_t)options->limit);
	r = run_all(&run, &err);
	status = ending(run.pipeline, options, r, &err, own_notes(&run));
	buf_free(&run.buf);
	slo_report_free(run.report);
	settings_free(&run.settings);
	pipeline_close(run.pipeline);
	return status;
}
