/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes trace: what was done to pods, as spans for the viewers of traces. */
#include "cli/choice.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "cli/outlet.h"
#include "cli/rulebook.h"
#include "cli/span_config.h"
#include "cli/target.h"
#include "documents/chrome.h"
#include "documents/jaeger.h"
#include "documents/otlp.h"
#include "trace/build.h"

#include <unistd.h>

enum form { FORM_OTLP, FORM_JAEGER, FORM_CHROME, FORM_COUNT };

static const char *const form_names[FORM_COUNT] = { "otlp", "jaeger", "chrome" };

struct trace_run {
	const struct options *options;
	struct pipeline *pipeline;
	struct choice choice, claims;
	struct settings settings;
	struct rules *rules;
	struct span_configuration *spans; /* NULL: the stages are the spans */
	struct trace_settings trace_settings;
	struct traces traces;
	struct chrome chrome;
	struct target targets[FORM_COUNT];
	bool wanted[FORM_COUNT];
	struct output_file files[FORM_COUNT]; /* those that are wanted */
	size_t n_files;
	struct buf bufs[FORM_COUNT];
	struct arena arena; /* pod */
	uint64_t n_traces, n_spans, n_events, dropped, cut;
	bool limited; /* there were more */
	bool whole;   /* all pods were seen */
	bool written; /* all targets have got their names */
};

static const char *path_of(const struct options *o, enum form form)
{
	return form == FORM_OTLP ? o->otlp : form == FORM_JAEGER ? o->jaeger : o->chrome;
}

/* What is asked for */

static int check_outputs(struct trace_run *run, struct err *err)
{
	static const enum file_kind kinds[FORM_COUNT] = { FILE_OTLP, FILE_JAEGER, FILE_CHROME };
	const struct options *o = run->options;
	unsigned to_stdout = 0;

	for (unsigned i = 0; i < FORM_COUNT; i++) {
		const char *path = path_of(o, (enum form)i);

		if (!path)
			continue;
		if (!*path)
			return err_set(err, ERR_USAGE, "option --%s needs the name of a file",
				       form_names[i]);
		run->wanted[i] = true;
		run->files[run->n_files++] = (struct output_file){ form_names[i], path, kinds[i] };
		to_stdout += target_descriptor(path) == STDOUT_FILENO;
	}
	if (!run->n_files)
		return err_set(err, ERR_USAGE,
			       "'lunettes trace' needs to know where to write: --otlp FILE, "
			       "--jaeger FILE or --chrome FILE; - is standard output");
	if (to_stdout > 1)
		return err_set(err, ERR_USAGE,
			       "only one of --otlp, --jaeger and --chrome can be written to "
			       "standard output");
	return 0;
}

/* "slow,failed" to a mask. */
static int read_only(struct trace_run *run, struct err *err)
{
	const struct option_list *only = &run->options->only;

	for (size_t i = 0; i < only->n; i++) {
		struct str rest = str_from(only->items[i]), word;
		bool more = true;

		while (more) {
			unsigned v = VERDICT_EXCLUDED + 1;

			word = rest;
			more = str_cut(rest, ',', &word, &rest);
			while (v < VERDICT_COUNT && !str_eq(word, verdict_name((enum verdict)v)))
				v++;
			if (v == VERDICT_COUNT)
				return err_set(err, ERR_USAGE,
					       "option --only does not take '%.*s'; expected "
					       "success, slow, failed, denied, aborted or open",
					       (int)MIN(word.n, 100), word.p);
			run->trace_settings.verdicts |= 1u << v;
		}
	}
	return 0;
}

static struct str place(void *ctx, struct arena *arena, struct position position)
{
	struct trace_run *run = ctx;
	struct str file = basis_file(pipeline_basis(run->pipeline), position);

	return arena_printf(arena, STR_FMT ":%llu", STR_ARG(file),
			    (unsigned long long)position.line);
}

/* Of spans that a configuration defines no rule knows a verdict or a cause. */
static int check_spans(const struct options *o, struct err *err)
{
	const char *other = o->only.n	  ? "only"
			    : o->rules.n  ? "rules"
			    : o->evidence ? "evidence"
					  : NULL;

	if (o->span_config && other)
		return err_set(err, ERR_USAGE, "options --span-config and --%s cannot be combined",
			       other);
	return 0;
}

static int prepare(struct trace_run *run, struct err *err)
{
	settings_init(&run->settings);
	if (check_outputs(run, err) < 0 || read_only(run, err) < 0 ||
	    check_spans(run->options, err) < 0 ||
	    configure(run->options, &run->settings, err) < 0 ||
	    span_config(run->options, &run->spans, err) < 0)
		return -1;
	run->rules = rulebook(run->options, err);
	if (!run->rules)
		return -1;
	run->trace_settings.settings = &run->settings;
	run->trace_settings.rules = run->rules;
	if (run->options->evidence) {
		run->trace_settings.place = place;
		run->trace_settings.place_ctx = run;
	}
	run->traces.settings = &run->trace_settings;
	return 0;
}

/* Before anything is read, because an output that cannot be written is reported at once. */
static int open_targets(struct trace_run *run, struct err *err)
{
	for (unsigned i = 0; i < FORM_COUNT; i++)
		if (run->wanted[i] &&
		    target_open(&run->targets[i], path_of(run->options, (enum form)i), err) < 0)
			return -1;
	return 0;
}

/* Writing */

static bool put(struct trace_run *run, size_t least)
{
	for (unsigned i = 0; i < FORM_COUNT; i++) {
		struct target *t = &run->targets[i];

		if (!run->wanted[i] || run->bufs[i].n < least)
			continue;
		if (isatty(t->sink.fd))
			pipeline_end_progress(run->pipeline);
		if (!target_put(t, &run->bufs[i], least))
			return false;
	}
	return true;
}

/*
 * A whole hour before all that was read, for viewers drop what is before time 0. Requests are
 * answered, and then logged, within a minute.
 */
static nsec base_of(struct trace_run *run)
{
	const struct context *context = pipeline_basis(run->pipeline)->context;
	nsec base = NSEC_NONE;

	for (size_t i = 0; i < context->cluster_names.n; i++) {
		base = clock_earlier(base, context->clusters[i].first);
		base = clock_earlier(base, context->clusters[i].dumped_first);
	}
	if (base < MINUTE)
		return 0;
	base -= MINUTE;
	return base - base % HOUR;
}

static void write_trace(struct trace_run *run, const struct trace *trace)
{
	if (run->wanted[FORM_OTLP])
		otlp_trace(&run->bufs[FORM_OTLP], trace);
	if (run->wanted[FORM_JAEGER])
		jaeger_trace(&run->bufs[FORM_JAEGER], trace, run->n_traces == 0);
	if (run->wanted[FORM_CHROME])
		chrome_trace(&run->chrome, &run->bufs[FORM_CHROME], trace);
	run->n_traces++;
	run->n_spans += trace->n_spans;
	for (size_t i = 0; i < trace->n_spans; i++) {
		run->n_events += trace->spans[i].n_events;
		run->dropped += trace->spans[i].dropped_events;
	}
}

/* Claims have neither labels nor a node, and who names pods wants pods. */
static bool wants(struct trace_run *run, const struct timeline *t)
{
	const struct options *o = run->options;

	if (t->kind == OBJECT_POD)
		return choice_wants(&run->choice, t);
	return !o->n_pods && !o->selector.n_terms && !o->node && choice_wants(&run->claims, t);
}

/* False: no more are wanted. */
static bool write_next(struct trace_run *run, const struct trace *trace)
{
	if (run->options->limited && run->n_traces == run->options->limit) {
		run->limited = true;
		return false;
	}
	write_trace(run, trace);
	return true;
}

/* The actions that the configuration of spans defines. */
static bool observe_spans(struct trace_run *run, const struct timeline *t, nsec log_end)
{
	const struct span_run *runs;
	size_t n = spans_runs(run->spans, t, log_end, &run->arena, &runs);

	run->cut += spans_cut(t);
	for (size_t i = 0; i < n; i++) {
		const struct trace *trace = spans_trace(&runs[i], t, log_end, &run->arena);

		if (trace && !write_next(run, trace))
			return false;
	}
	return true;
}

static bool observe(struct trace_run *run, const struct timeline *t)
{
	const struct context *context = pipeline_basis(run->pipeline)->context;
	const struct cluster *cluster = context_find_cluster(context, t->cluster);

	if (!cluster || !wants(run, t))
		return true;
	arena_reset(&run->arena);
	if (run->spans)
		return observe_spans(run, t, cluster->last) && put(run, OUTLET_CHUNK);
	traces_of(&run->traces, t, cluster, &run->arena);
	run->cut += t->cut && run->traces.n;
	for (size_t i = 0; i < run->traces.n; i++)
		if (!write_next(run, &run->traces.list[i].trace))
			return false;
	return put(run, OUTLET_CHUNK);
}

/* Nothing was said of which pods are wanted but of which namespace: only then a rollout is whole.
 */
static bool wants_all_pods(const struct trace_run *run)
{
	const struct options *o = run->options;
	const struct period *period = &run->choice.period;

	return !o->n_pods && !o->selector.n_terms && !o->node && !o->only.n && !run->spans &&
	       period->from == INT64_MIN && period->to == INT64_MAX;
}

static void write_rollouts(struct trace_run *run)
{
	const struct trace *trace;
	bool more = true;

	while (more) {
		arena_reset(&run->arena);
		trace = rollouts_next(&run->traces, &run->arena);
		more = trace && write_next(run, trace) && put(run, OUTLET_CHUNK);
	}
}

static int finish(struct trace_run *run, struct err *err)
{
	if (run->wanted[FORM_JAEGER])
		jaeger_end(&run->bufs[FORM_JAEGER]);
	if (run->wanted[FORM_CHROME])
		chrome_end(&run->chrome, &run->bufs[FORM_CHROME]);
	put(run, 0);
	for (unsigned i = 0; i < FORM_COUNT; i++)
		if (run->wanted[i] && target_publish(&run->targets[i], err) < 0)
			return -1;
	run->written = true;
	return 0;
}

/* A name that nothing matches is an error: what was written before stays. */
static bool found_nothing(const struct trace_run *run)
{
	const struct options *o = run->options;

	return run->whole && o->n_pods && !run->choice.taken && !o->allow_empty;
}

static bool is_closed(const struct trace_run *run)
{
	for (unsigned i = 0; i < FORM_COUNT; i++)
		if (run->wanted[i] && run->targets[i].sink.state == SINK_CLOSED)
			return true;
	return false;
}

static int run_all(struct trace_run *run, struct err *err)
{
	const struct timeline *t;
	int r;

	if (pipeline_find(run->pipeline, err) < 0 || open_targets(run, err) < 0 ||
	    pipeline_read(run->pipeline, err) < 0 ||
	    choice_begin(&run->choice, run->options, pipeline_log_end(run->pipeline), err) < 0 ||
	    choice_begin(&run->claims, run->options, pipeline_log_end(run->pipeline), err) < 0)
		return -1;
	if (wants_all_pods(run))
		run->trace_settings.context = pipeline_basis(run->pipeline)->context;
	if (run->wanted[FORM_JAEGER])
		jaeger_begin(&run->bufs[FORM_JAEGER]);
	if (run->wanted[FORM_CHROME])
		chrome_begin(&run->chrome, &run->bufs[FORM_CHROME], base_of(run));
	while ((r = pipeline_next(run->pipeline, &t, err)) > 0)
		if (!observe(run, t))
			break;
	run->whole = r == 0;
	if (r == 0)
		write_rollouts(run);
	return r < 0 || is_closed(run) || found_nothing(run) ? MIN(r, 0) : finish(run, err);
}

/* What was written, and what was not */

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void add_skipped(const struct trace_run *run, struct buf *text)
{
	uint64_t n = 0;
	bool first = true;

	for (unsigned i = 0; i < EXCLUSION_COUNT; i++)
		n += run->traces.excluded[i];
	if (n) {
		buf_printf(text, "lunettes: not traced:");
		for (unsigned i = 0; i < EXCLUSION_COUNT; i++) {
			if (!run->traces.excluded[i])
				continue;
			buf_printf(text, "%s %llu " STR_FMT, first ? "" : ",",
				   (unsigned long long)run->traces.excluded[i],
				   STR_ARG(exclusion_name((enum exclusion)i)));
			first = false;
		}
		buf_add_char(text, '\n');
	}
	if (run->dropped)
		buf_printf(text,
			   "lunettes: %llu span event%s dropped: a span carries at most 1024\n",
			   (unsigned long long)run->dropped, run->dropped == 1 ? " was" : "s were");
	if (run->cut)
		buf_printf(text, "lunettes: %llu pod%s more than %d facts; the rest is left out\n",
			   (unsigned long long)run->cut, run->cut == 1 ? " has" : "s have",
			   TIMELINE_FACTS_MAX);
	if (run->limited)
		buf_printf(text, "lunettes: there are more traces; --limit shows more\n");
}

static void add_notes(const struct trace_run *run, struct buf *text)
{
	char traces[STR_GROUPED], spans[STR_GROUPED], events[STR_GROUPED], bytes[STR_GROUPED];

	configure_notes(run->options, &run->settings, text);
	if (run->spans)
		spans_notes(run->spans, text);
	choice_note(&run->choice, text);
	if (!run->written)
		return;
	str_grouped(run->n_traces, traces);
	str_grouped(run->n_spans, spans);
	str_grouped(run->n_events, events);
	buf_printf(text, "lunettes: %s trace%s of %s span%s with %s event%s", traces,
		   plural(run->n_traces), spans, plural(run->n_spans), events,
		   plural(run->n_events));
	for (unsigned i = 0; i < FORM_COUNT; i++) {
		if (!run->wanted[i])
			continue;
		str_grouped(run->targets[i].bytes, bytes);
		buf_printf(text, "; %s: %s bytes", form_names[i], bytes);
	}
	buf_add_char(text, '\n');
	add_skipped(run, text);
}

static void release(struct trace_run *run)
{
	for (unsigned i = 0; i < FORM_COUNT; i++) {
		target_close(&run->targets[i]);
		buf_free(&run->bufs[i]);
	}
	choice_free(&run->choice);
	choice_free(&run->claims);
	traces_free(&run->traces);
	rules_free(run->rules);
	spans_free(run->spans);
	settings_free(&run->settings);
	arena_free(&run->arena);
}

static int run_trace(const struct options *options)
{
	struct trace_run run = { .options = options };
	struct err err = { 0 };
	struct buf notes = { 0 };
	int status, r;

	if (prepare(&run, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		status = (int)status_of(&err);
	} else {
		run.pipeline = pipeline_open(options);
		pipeline_writes(run.pipeline, run.files, run.n_files);
		if (run.spans)
			span_config_attach(run.spans, run.pipeline);
		r = run_all(&run, &err);
		if (r >= 0 && !is_closed(&run))
			add_notes(&run, &notes);
		status = ending_of_names(run.pipeline, options, r, &err, &notes,
					 run.whole && !is_closed(&run) ? &run.choice : NULL);
		pipeline_close(run.pipeline);
	}
	release(&run);
	buf_free(&notes);
	return status;
}

/* clang-format off */
const struct command command_trace = {
	.name = "trace",
	.bits = COMMAND_TRACE | READERS | JUDGES | CHOOSERS | WRITERS,
	.operands = "[OPTION]... [pod/NS/NAME]... [FILE|DIR|-]...",
	.pods = true,
	.summary = "write what was done to pods as traces",
	.description =
		"Writes one trace for each creation, deletion and upgrade of a pod, each "
		"binding of a claim and each rollout, with a span for each stage, in the "
		"colour of who is responsible, and Events and writes as events of the "
		"spans. At least one of --otlp, --jaeger and --chrome says where to; - is "
		"standard output. "
		"lunettes-trace(1) explains spans and attributes, and how to load them."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes trace --otlp traces.jsonl logs/\t"
		"All traces, for collectors and Jaeger.\n"
		"lunettes trace pod/shop/web-0 --jaeger web-0.json logs/\t"
		"One pod, to be opened in Jaeger's interface.\n"
		"lunettes trace --only slow,failed --chrome slow.json logs/\t"
		"What went wrong, for Perfetto.\n",
	.run = run_trace,
};
/* clang-format on */
