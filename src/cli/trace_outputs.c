/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/trace_outputs.h"

#include "documents/chrome.h"
#include "documents/jaeger.h"
#include "documents/otlp.h"

#include <unistd.h>

/* A full hour, a minute before all records, because viewers drop spans before time 0. */
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

/* To add a format: its writer, a row here, its option in tables.c, and its kind in outputs.c. */
struct trace_format {
	const char *name; /* of its option */
	enum file_kind kind;
	size_t path; /* of the option's value in struct options */
	void (*begin)(struct trace_document *d);
	void (*trace)(struct trace_document *d, const struct trace *trace);
	void (*end)(struct trace_document *d);
};

/* clang-format off */
static const struct trace_format formats[] = {
	{ "otlp", FILE_OTLP, offsetof(struct options, otlp), NULL, otlp_trace, NULL },
	{ "jaeger", FILE_JAEGER, offsetof(struct options, jaeger),
	  jaeger_begin, jaeger_trace, jaeger_end },
	{ "chrome", FILE_CHROME, offsetof(struct options, chrome),
	  chrome_begin, chrome_trace, chrome_end },
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(formats) <= COMMAND_OUTPUTS_MAX, "an output a format");

static void add_output(struct trace_outputs *o, struct command_run *run,
		       const struct trace_format *format, const char *path)
{
	size_t i = run->n_outputs++;

	o->formats[i] = format;
	run->outputs[i] = (struct output){ .option = format->name,
					   .path = path,
					   .kind = format->kind,
					   .text = &o->documents[i].out };
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

int trace_outputs_find(struct trace_outputs *o, struct command_run *run, struct err *err)
{
	unsigned to_stdout = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(formats); i++) {
		const void *value = (const char *)run->options + formats[i].path;
		const char *path = *(const char *const *)value;

		if (!path)
			continue;
		if (!*path)
			return err_set(err, ERR_USAGE, "option --%s needs the name of a file",
				       formats[i].name);
		add_output(o, run, &formats[i], path);
		to_stdout += target_descriptor(path) == STDOUT_FILENO;
	}
	if (!run->n_outputs)
		return err_set(err, ERR_USAGE,
			       "'lunettes trace' needs to know where to write: " STR_FMT
			       "; - is standard output",
			       STR_ARG(list_options(&o->arena, " FILE", " or ")));
	if (to_stdout > 1)
		return err_set(err, ERR_USAGE,
			       "only one of " STR_FMT " can be written to standard output",
			       STR_ARG(list_options(&o->arena, "", " and ")));
	return 0;
}

void trace_outputs_begin(struct trace_outputs *o, const struct context *context)
{
	for (size_t i = 0; i < COMMAND_OUTPUTS_MAX && o->formats[i]; i++) {
		o->documents[i].base = base_of(context);
		if (o->formats[i]->begin)
			o->formats[i]->begin(&o->documents[i]);
	}
}

void trace_outputs_add(struct trace_outputs *o, const struct trace *trace)
{
	for (size_t i = 0; i < COMMAND_OUTPUTS_MAX && o->formats[i]; i++)
		o->formats[i]->trace(&o->documents[i], trace);
	o->n_traces++;
	o->n_spans += trace->n_spans;
	for (size_t i = 0; i < trace->n_spans; i++) {
		o->n_events += trace->spans[i].n_events;
		o->dropped += trace->spans[i].dropped_events;
	}
}

void trace_outputs_end(struct trace_outputs *o)
{
	for (size_t i = 0; i < COMMAND_OUTPUTS_MAX && o->formats[i]; i++)
		if (o->formats[i]->end)
			o->formats[i]->end(&o->documents[i]);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void trace_outputs_note(const struct trace_outputs *o, const struct command_run *run,
			struct buf *text)
{
	char traces[STR_GROUPED], spans[STR_GROUPED], events[STR_GROUPED], bytes[STR_GROUPED];

	str_grouped(o->n_traces, traces);
	str_grouped(o->n_spans, spans);
	str_grouped(o->n_events, events);
	buf_printf(text, "lunettes: %s trace%s of %s span%s with %s event%s", traces,
		   plural(o->n_traces), spans, plural(o->n_spans), events, plural(o->n_events));
	for (size_t i = 0; i < run->n_outputs; i++) {
		str_grouped(run->outputs[i].target.bytes, bytes);
		buf_printf(text, "; %s: %s bytes", o->formats[i]->name, bytes);
	}
	buf_add_char(text, '\n');
}

void trace_outputs_free(struct trace_outputs *o)
{
	for (size_t i = 0; i < COMMAND_OUTPUTS_MAX; i++)
		trace_document_free(&o->documents[i]);
	arena_free(&o->arena);
}
