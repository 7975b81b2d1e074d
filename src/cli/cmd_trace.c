/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes trace: operations on pods as spans for trace viewers. */
#include "cli/configure.h"
#include "cli/drive.h"
#include "cli/rulebook.h"
#include "cli/span_config.h"
#include "cli/trace_outputs.h"
#include "trace/build.h"

struct trace_run {
	struct trace_outputs outputs;
	struct choice claims;
	struct span_configuration *spans; /* NULL: the stages are the spans */
	struct trace_settings settings;
	struct traces traces;
	struct arena arena; /* pod */
	uint64_t cut;	    /* pods with more facts than are kept */
	bool limited;	    /* there were more traces */
};

/* "slow,failed" to a mask. */
static int read_only(const struct options *o, unsigned *ret_verdicts, struct err *err)
{
	struct option_words words = { .list = &o->only };
	struct str word;

	while (option_words_next(&words, &word)) {
		unsigned v = VERDICT_EXCLUDED + 1;

		while (v < VERDICT_COUNT && !str_eq(word, verdict_name((enum verdict)v)))
			v++;
		if (v == VERDICT_COUNT)
			return err_set(err, ERR_USAGE,
				       "option --only does not take '%.*s'; expected success, "
				       "slow, failed, denied, aborted or open",
				       (int)MIN(word.n, 100), word.p);
		*ret_verdicts |= 1u << v;
	}
	return 0;
}

/* Spans that a configuration defines have neither a verdict nor a cause. */
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

	if (trace_outputs_find(&own->outputs, run, err) < 0 ||
	    read_only(o, &own->settings.verdicts, err) < 0 || check_spans(o, err) < 0 ||
	    configure(o, &run->settings, err) < 0 ||
	    span_config(o, &own->spans, &run->needs, err) < 0)
		return -1;
	run->rules = rulebook(o, err);
	if (!run->rules)
		return -1;
	own->settings.settings = &run->settings;
	own->settings.rules = run->rules;
	if (o->evidence) {
		own->settings.place = place_of;
		own->settings.place_ctx = run;
	}
	own->traces.settings = &own->settings;
	return 0;
}

/* A rollout is complete only if all pods are selected, at least of a namespace. */
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
	trace_outputs_begin(&own->outputs, run->basis->context);
	return choice_begin(&own->claims, run->options, pipeline_log_end(&run->pipeline), err);
}

/* Writing */

/* False: no more are wanted. */
static bool write_trace(struct command_run *run, const struct trace *trace)
{
	struct trace_run *own = run->own;

	if (run->options->limited && own->outputs.n_traces == run->options->limit) {
		own->limited = true;
		return false;
	}
	trace_outputs_add(&own->outputs, trace);
	return true;
}

/* Claims have neither labels nor a node, and the names are names of pods. */
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

/* A name without a match is an error, but the output so far is kept. */
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
	trace_outputs_end(&own->outputs);
	return 0;
}

/* Notes about written and omitted traces */

static void note_skipped(const struct trace_run *own, struct buf *text)
{
	choice_note_exclusions(own->traces.excluded, "lunettes: not traced: ", text);
	if (own->outputs.dropped)
		buf_printf(text,
			   "lunettes: %llu span event%s dropped: a span carries at most 1024\n",
			   (unsigned long long)own->outputs.dropped,
			   own->outputs.dropped == 1 ? " was" : "s were");
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

	if (result < 0 || run->closed)
		return;
	configure_notes(run->options, &run->settings, text);
	if (own->spans)
		spans_notes(own->spans, text);
	choice_note(&run->choice, text);
	if (!run->written)
		return;
	trace_outputs_note(&own->outputs, run, text);
	note_skipped(own, text);
}

static void free_traces(struct command_run *run)
{
	struct trace_run *own = run->own;

	trace_outputs_free(&own->outputs);
	choice_free(&own->claims);
	traces_free(&own->traces);
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
