/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes trace: what was done to pods, as spans for the viewers of traces. */
#include "cli/configure.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "cli/span_config.h"
#include "documents/chrome.h"
#include "documents/jaeger.h"
#include "documents/otlp.h"
#include "trace/build.h"

#include <unistd.h>

struct trace_run {
	struct choice claims;
	struct rules *rules;
	struct span_configuration *spans; /* NULL: the stages are the spans */
	struct trace_settings settings;
	struct traces traces;
	struct chrome chrome;
	/* Of each output. */
	const struct trace_format *formats[COMMAND_OUTPUTS_MAX];
	struct buf texts[COMMAND_OUTPUTS_MAX];
	struct arena arena; /* pod */
	uint64_t n_traces, n_spans, n_events, dropped, cut;
	bool limited; /* there were more */
};

/*
 * A whole hour before all that was read, because viewers drop what is before time 0. Requests are
 * answered, and then logged, within a minute.
 */
static nsec base_of(const struct context *context)
{
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

/* Formats */

/*
 * A new one is its writer; a row here; and its option, a row in tables.c. tests/cli/outputs.py then
 * asks for its row of `kinds` in outputs.c, tests/traces/ compares it with the OTLP file.
 */
struct trace_format {
	const char *name; /* of its option */
	enum file_kind kind;
	size_t path; /* of the option's value in struct options */
	void (*begin)(struct trace_run *own, struct buf *out, const struct context *context);
	void (*trace)(struct trace_run *own, struct buf *out, const struct trace *trace);
	void (*end)(struct trace_run *own, struct buf *out);
};

static void write_otlp(struct trace_run *own, struct buf *out, const struct trace *trace)
{
	otlp_trace(out, trace);
}

static void begin_jaeger(struct trace_run *own, struct buf *out, const struct context *context)
{
	jaeger_begin(out);
}

static void write_jaeger(struct trace_run *own, struct buf *out, const struct trace *trace)
{
	jaeger_trace(out, trace, own->n_traces == 0);
}

static void end_jaeger(struct trace_run *own, struct buf *out)
{
	jaeger_end(out);
}

static void begin_chrome(struct trace_run *own, struct buf *out, const struct context *context)
{
	chrome_begin(&own->chrome, out, base_of(context));
}

static void write_chrome(struct trace_run *own, struct buf *out, const struct trace *trace)
{
	chrome_trace(&own->chrome, out, trace);
}

static void end_chrome(struct trace_run *own, struct buf *out)
{
	chrome_end(&own->chrome, out);
}

/* clang-format off */
static const struct trace_format formats[] = {
	{ "otlp", FILE_OTLP, offsetof(struct options, otlp), NULL, write_otlp, NULL },
	{ "jaeger", FILE_JAEGER, offsetof(struct options, jaeger),
	  begin_jaeger, write_jaeger, end_jaeger },
	{ "chrome", FILE_CHROME, offsetof(struct options, chrome),
	  begin_chrome, write_chrome, end_chrome },
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(formats) <= COMMAND_OUTPUTS_MAX, "an output a format");

/* What is asked for */

static void add_output(struct command_run *run, const struct trace_format *format, const char *path)
{
	struct trace_run *own = run->own;
	size_t i = run->n_outputs++;

	own->formats[i] = format;
	run->outputs[i] =
	    (struct output){ .file = { format->name, path, format->kind }, .text = &own->texts[i] };
}

/* "--otlp FILE, --jaeger FILE or --chrome FILE" */
static struct str list_options(struct arena *arena, const char *argument, const char *last)
{
	struct str list = { "", 0 };

	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++)
		list = arena_printf(arena, STR_FMT "%s--%s%s", STR_ARG(list),
				    !i				   ? ""
				    : i + 1 == ARRAY_SIZE(formats) ? last
								   : ", ",
				    formats[i].name, argument);
	return list;
}

static int find_outputs(struct command_run *run, struct err *err)
{
	struct arena *arena = &((struct trace_run *)run->own)->arena;
	unsigned to_stdout = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++) {
		const void *value = (const char *)run->options + formats[i].path;
		const char *path = *(const char *const *)value;

		if (!path)
			continue;
		if (!*path)
			return err_set(err, ERR_USAGE, "option --%s needs the name of a file",
				       formats[i].name);
		add_output(run, &formats[i], path);
		to_stdout += target_descriptor(path) == STDOUT_FILENO;
	}
	if (!run->n_outputs)
		return err_set(err, ERR_USAGE,
			       "'lunettes trace' needs to know where to write: " STR_FMT
			       "; - is standard output",
			       STR_ARG(list_options(arena, " FILE", " or ")));
	if (to_stdout > 1)
		return err_set(err, ERR_USAGE,
			       "only one of " STR_FMT " can be written to standard output",
			       STR_ARG(list_options(arena, "", " and ")));
	return 0;
}

/* "slow,failed" to a mask. */
static int read_only(const struct options *o, unsigned *ret_verdicts, struct err *err)
{
	const struct option_list *only = &o->only;

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
			*ret_verdicts |= 1u << v;
		}
	}
	return 0;
}

/* The spans that a configuration defines have neither a verdict nor a cause. */
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

static struct str place_of(void *ctx, struct arena *arena, struct position position)
{
	const struct command_run *run = ctx;
	struct str file = basis_file(run->basis, position);

	return arena_printf(arena, STR_FMT ":%llu", STR_ARG(file),
			    (unsigned long long)position.line);
}

static int prepare_traces(struct command_run *run, struct err *err)
{
	struct trace_run *own = run->own;
	const struct options *o = run->options;

	if (find_outputs(run, err) < 0 || read_only(o, &own->settings.verdicts, err) < 0 ||
	    check_spans(o, err) < 0 || configure(o, &run->settings, err) < 0 ||
	    span_config(o, &own->spans, &run->needs, err) < 0)
		return -1;
	own->rules = rulebook(o, err);
	if (!own->rules)
		return -1;
	own->settings.settings = &run->settings;
	own->settings.rules = own->rules;
	if (o->evidence) {
		own->settings.place = place_of;
		own->settings.place_ctx = run;
	}
	own->traces.settings = &own->settings;
	return 0;
}

/* A rollout is whole only if all pods are chosen, at least of a namespace. */
static bool wants_all_pods(const struct command_run *run)
{
	const struct trace_run *own = run->own;
	const struct options *o = run->options;
	const struct period *period = &run->choice.period;

	return !o->n_pods && !o->selector.n_terms && !o->node && !o->only.n && !own->spans &&
	       period->from == INT64_MIN && period->to == INT64_MAX;
}

static int begin_traces(struct command_run *run, struct err *err)
{
	struct trace_run *own = run->own;

	if (wants_all_pods(run))
		own->settings.context = run->basis->context;
	for (size_t i = 0; i < run->n_outputs; i++)
		if (own->formats[i]->begin)
			own->formats[i]->begin(own, &own->texts[i], run->basis->context);
	return choice_begin(&own->claims, run->options, pipeline_log_end(&run->pipeline), err);
}

/* Writing */

/* False: no more are wanted. */
static bool write_trace(struct command_run *run, const struct trace *trace)
{
	struct trace_run *own = run->own;

	if (run->options->limited && own->n_traces == run->options->limit) {
		own->limited = true;
		return false;
	}
	for (size_t i = 0; i < run->n_outputs; i++)
		own->formats[i]->trace(own, &own->texts[i], trace);
	own->n_traces++;
	own->n_spans += trace->n_spans;
	for (size_t i = 0; i < trace->n_spans; i++) {
		own->n_events += trace->spans[i].n_events;
		own->dropped += trace->spans[i].dropped_events;
	}
	return true;
}

/* Claims have neither labels nor a node, and names are those of pods. */
static bool is_chosen(struct command_run *run, const struct timeline *t)
{
	struct trace_run *own = run->own;
	const struct options *o = run->options;

	if (t->kind == OBJECT_POD)
		return choice_wants(&run->choice, t);
	return !o->n_pods && !o->selector.n_terms && !o->node && choice_wants(&own->claims, t);
}

/* The actions that the configuration of spans defines. */
static bool observe_spans(struct command_run *run, const struct timeline *t, nsec log_end)
{
	struct trace_run *own = run->own;
	const struct span_run *runs;
	size_t n = spans_runs(own->spans, t, log_end, &own->arena, &runs);

	own->cut += spans_cut(t);
	for (size_t i = 0; i < n; i++) {
		const struct trace *trace = spans_trace(&runs[i], t, log_end, &own->arena);

		if (trace && !write_trace(run, trace))
			return false;
	}
	return true;
}

static bool observe_object(struct command_run *run, const struct timeline *t,
			   const struct cluster *cluster)
{
	struct trace_run *own = run->own;

	if (!is_chosen(run, t))
		return true;
	arena_reset(&own->arena);
	if (own->spans)
		return observe_spans(run, t, cluster->last);
	traces_of(&own->traces, t, cluster, &own->arena);
	own->cut += t->cut && own->traces.n;
	for (size_t i = 0; i < own->traces.n; i++)
		if (!write_trace(run, &own->traces.list[i].trace))
			return false;
	return true;
}

static void write_rollouts(struct command_run *run)
{
	struct trace_run *own = run->own;
	const struct trace *trace;
	bool more = true;

	while (more) {
		arena_reset(&own->arena);
		trace = rollouts_next(&own->traces.rollouts, own->traces.settings, &own->arena);
		more = trace && write_trace(run, trace) && drive_write(run, DRIVE_CHUNK);
	}
}

/* A name that nothing matches is an error: what was written before stays. */
static bool found_nothing(const struct command_run *run)
{
	const struct options *o = run->options;

	return run->whole && o->n_pods && !run->choice.taken && !o->allow_empty;
}

static int finish_traces(struct command_run *run, struct err *err)
{
	struct trace_run *own = run->own;

	if (run->whole)
		write_rollouts(run);
	run->withheld = found_nothing(run);
	for (size_t i = 0; i < run->n_outputs; i++)
		if (own->formats[i]->end)
			own->formats[i]->end(own, &own->texts[i]);
	return 0;
}

/* What was written, and what was not */

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void note_skipped(const struct trace_run *own, struct buf *text)
{
	uint64_t n = 0;
	bool first = true;

	for (unsigned i = 0; i < EXCLUSION_COUNT; i++)
		n += own->traces.excluded[i];
	if (n) {
		buf_printf(text, "lunettes: not traced:");
		for (unsigned i = 0; i < EXCLUSION_COUNT; i++) {
			if (!own->traces.excluded[i])
				continue;
			buf_printf(text, "%s %llu " STR_FMT, first ? "" : ",",
				   (unsigned long long)own->traces.excluded[i],
				   STR_ARG(exclusion_name((enum exclusion)i)));
			first = false;
		}
		buf_add_char(text, '\n');
	}
	if (own->dropped)
		buf_printf(text,
			   "lunettes: %llu span event%s dropped: a span carries at most 1024\n",
			   (unsigned long long)own->dropped, own->dropped == 1 ? " was" : "s were");
	if (own->cut)
		buf_printf(text, "lunettes: %llu pod%s more than %d facts; the rest is left out\n",
			   (unsigned long long)own->cut, own->cut == 1 ? " has" : "s have",
			   TIMELINE_FACTS_MAX);
	if (own->limited)
		buf_printf(text, "lunettes: there are more traces; --limit shows more\n");
}

static void note_traces(struct command_run *run, int result, struct buf *text)
{
	const struct trace_run *own = run->own;
	char traces[STR_GROUPED], spans[STR_GROUPED], events[STR_GROUPED], bytes[STR_GROUPED];

	if (result < 0 || run->closed)
		return;
	configure_notes(run->options, &run->settings, text);
	if (own->spans)
		spans_notes(own->spans, text);
	choice_note(&run->choice, text);
	if (!run->written)
		return;
	str_grouped(own->n_traces, traces);
	str_grouped(own->n_spans, spans);
	str_grouped(own->n_events, events);
	buf_printf(text, "lunettes: %s trace%s of %s span%s with %s event%s", traces,
		   plural(own->n_traces), spans, plural(own->n_spans), events,
		   plural(own->n_events));
	for (size_t i = 0; i < run->n_outputs; i++) {
		str_grouped(run->outputs[i].target.bytes, bytes);
		buf_printf(text, "; %s: %s bytes", own->formats[i]->name, bytes);
	}
	buf_add_char(text, '\n');
	note_skipped(own, text);
}

static void free_traces(struct command_run *run)
{
	struct trace_run *own = run->own;

	for (size_t i = 0; i < COMMAND_OUTPUTS_MAX; i++)
		buf_free(&own->texts[i]);
	choice_free(&own->claims);
	traces_free(&own->traces);
	rules_free(own->rules);
	spans_free(own->spans);
	arena_free(&own->arena);
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
	.own_size = sizeof(struct trace_run),
	.prepare = prepare_traces,
	.begin = begin_traces,
	.observe = observe_object,
	.finish = finish_traces,
	.notes = note_traces,
	.release = free_traces,
};
/* clang-format on */
