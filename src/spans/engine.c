/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matches the operations of one pod, in the order in which their requests were answered, with each
 * action of the configuration. Times are those at which requests were received. Actions do not
 * influence each other.
 */
#include "spans/spans.h"

#include "base/mem.h"

enum { RUNS_MAX = 256 }; /* of one pod, because a deletion may be requested again and again */

struct engine {
	const struct span_configuration *c;
	struct arena *arena;
	const struct extract_moment *moments; /* in the order in which they were answered */
	size_t n_moments;
	struct str *values; /* latest of each path; p == NULL: none yet */
	struct str object;  /* the latest pod; p == NULL: too long to be kept */
	size_t n_objects;   /* so far; 0: not yet */
	struct span_run *runs;
	size_t n_runs;
};

/* Matching */

/* The next of texts that are separated by NUL; false: there is none, or they are unknown. */
static bool next_text(struct str *rest, struct str *ret)
{
	if (!rest->p)
		return false;
	if (str_cut(*rest, 0, ret, rest))
		return true;
	*ret = *rest;
	rest->p = NULL;
	return true;
}

/* The next of key\0value\0 pairs. */
static bool next_value(struct str *rest, struct str *ret_key, struct str *ret_value)
{
	return rest->n && str_cut(*rest, 0, ret_key, rest) && str_cut(*rest, 0, ret_value, rest);
}

/* One of the texts matches, and its group is the name, if names are compared. */
static bool text_matches(const struct pattern *p, const struct extracted *f, const struct str *name)
{
	struct str rest = f->text, text, group;

	while (next_text(&rest, &text))
		if (pattern_first(p, text, &group) && (!name || str_eq(group, *name)))
			return true;
	return false;
}

static bool matches(const struct span_matcher *m, const struct extracted *f, struct str name)
{
	return f->kind == (m->event ? EXTRACTED_EVENT : EXTRACTED_OPERATION) &&
	       str_eq(f->word, m->word) && (!m->match || text_matches(m->match, f, NULL)) &&
	       (!m->name || text_matches(m->name, f, &name));
}

/* Scripts run once for each Event and for each request, even if it is no operation. */

static struct script_input input_of(const struct extract_moment *at, const struct extracted *f,
				    struct str name)
{
	struct script_input in;
	struct str rest = f->text;

	for (size_t i = 0; i < SCRIPT_GLOBALS; i++)
		in.texts[i] = STR("");
	in.texts[SCRIPT_SPAN_NAME] = name;
	if (f->kind == EXTRACTED_EVENT) {
		in.texts[SCRIPT_REASON] = f->word;
		next_text(&rest,
			  &in.texts[SCRIPT_MESSAGE]); /* the other texts are other wordings of it */
	}
	for (size_t i = 0; i < at->n; i++) {
		const struct extracted *item = &at->list[i];

		if (item->kind == EXTRACTED_REQUEST || item->kind == EXTRACTED_REPORT)
			in.texts[SCRIPT_VERB] = item->word;
		for (unsigned k = 0; extracted_is_text(item) && k < SCRIPT_GLOBALS; k++)
			if (script_global_text((enum script_global)k) == (int)item->number)
				in.texts[k] = item->text;
	}
	for (size_t i = SCRIPT_REASON; i <= SCRIPT_VERB; i++)
		if (!in.texts[i].p)
			in.texts[i] = STR(""); /* unknown, not too long */
	return in;
}

static bool script_matches(const struct span_matcher *m, const struct extract_moment *at,
			   const struct extracted *f, struct str name)
{
	struct script_input in;

	if (f->kind != (m->event ? EXTRACTED_EVENT : EXTRACTED_REQUEST))
		return false;
	in = input_of(at, f, name);
	return script_test(m->script, &in);
}

static const struct extracted *matched(const struct span_matchers *any,
				       const struct extract_moment *at, struct str name,
				       const struct span_matcher **ret_by)
{
	for (size_t i = 0; i < at->n; i++)
		for (size_t k = 0; k < any->n; k++) {
			const struct span_matcher *m = &any->list[k];
			const struct extracted *f = &at->list[i];

			if (!(m->script ? script_matches(m, at, f, name) : matches(m, f, name)))
				continue;
			if (ret_by)
				*ret_by = m;
			return f;
		}
	return NULL;
}

/* Only a request for the resource itself begins an action. */
static bool starts(const struct span_resource *of, const struct extract_moment *at)
{
	const struct extracted *f = matched(&of->start, at, of->start_name, NULL);

	/* of all API groups of Events and pods, only v1beta1 differs from v1 */
	return f &&
	       str_eq(of->resource, f->kind == EXTRACTED_EVENT ? STR("events") : STR("pods")) &&
	       str_eq(of->api_version, STR("v1"));
}

/* Spans */

static void add_part(struct engine *e, struct span_run *run, const struct span_part *part)
{
	for (size_t i = 0; i < run->n_parts; i++)
		if (run->parts[i].config == part->config && run->parts[i].parent == part->parent &&
		    str_eq(run->parts[i].key, part->key))
			return;
	if (run->n_parts == SPANS_PARTS_MAX || !part->name.n)
		return;
	arena_reserve(e->arena, run->parts, run->n_parts, run->parts_cap);
	run->parts[run->n_parts++] = *part;
}

/* A span of a parent without NameRef gets all children, another one those of its own name. */
static void add_under(struct engine *e, struct span_run *run, const struct span_config *config,
		      struct str key, struct str value)
{
	const struct span_config *parent;
	size_t n = run->n_parts;
	struct span_part part = {
		.config = config,
		.parent = SPANS_NONE,
		.name = value.n		 ? value
			: config->name.n ? config->name
					 : config->type,
		.key = key,
		.begin = NSEC_NONE,
		.end = NSEC_NONE,
	};

	if (config->parent == SPANS_NONE) {
		add_part(e, run, &part);
		return;
	}
	parent = &run->of->spans[config->parent];
	for (part.parent = 0; part.parent < n; part.parent++)
		if (run->parts[part.parent].config == parent &&
		    (parent->path == SPANS_NONE ||
		     str_eq(run->parts[part.parent].name, value.n ? value : config->name)))
			add_part(e, run, &part);
}

/* A script is called once per object, until one of them returns a value. */
static void fetch_properties(struct engine *e, struct span_run *run)
{
	struct script_input in = { 0 };

	if (run->fetched == e->n_objects)
		return;
	run->fetched = e->n_objects;
	in.texts[SCRIPT_OBJECT] = e->object;
	for (size_t i = 0; i < run->of->n_properties; i++)
		if (run->of->properties[i].fetch && !run->properties[i].p)
			script_text(run->of->properties[i].fetch, &in, e->arena,
				    &run->properties[i]);
}

static void add_parts(struct engine *e, struct span_run *run)
{
	struct str key, value, rest;

	for (size_t i = 0; i < run->of->n_spans; i++) {
		const struct span_config *config = &run->of->spans[i];

		if (config->path == SPANS_NONE) {
			add_under(e, run, config, STR(""), STR(""));
			continue;
		}
		rest = e->values[config->path];
		while (next_value(&rest, &key, &value))
			add_under(e, run, config, key, value);
	}
	for (size_t i = 0; i < run->of->n_properties; i++) {
		if (run->of->properties[i].fetch)
			continue;
		rest = e->values[run->of->properties[i].path];
		if (!run->properties[i].p && next_value(&rest, &key, &value))
			run->properties[i] = value;
	}
	fetch_properties(e, run);
}

/* The times of spans */

static nsec stated_duration(const struct span_matcher *by, const struct extracted *f)
{
	struct str rest = f->text, text, group;
	nsec took;

	while (by->duration && next_text(&rest, &text))
		if (pattern_first(by->duration, text, &group) && duration_parse(group, &took))
			return took;
	return 0;
}

static void note_errors(struct engine *e, struct span_part *part, const struct extract_moment *at)
{
	const struct extracted *f = matched(&part->config->errors, at, part->name, NULL);
	struct attribute *message;
	size_t i;

	if (!f)
		return;
	arena_reserve(e->arena, part->errors, part->n_errors, part->errors_cap);
	message = arena_new(e->arena, struct attribute);
	*message = (struct attribute){ .key = STR("exception.message"), .text = f->text };
	for (i = part->n_errors++; i > 0 && part->errors[i - 1].at > at->received; i--)
		part->errors[i] = part->errors[i - 1];
	part->errors[i] = (struct span_event){
		.at = at->received,
		.name = STR("exception"),
		.attributes = { message, 1 },
	};
}

static void update_part(struct engine *e, struct span_part *part, const struct extract_moment *at)
{
	const struct span_config *config = part->config;
	const struct span_matcher *by = NULL;
	const struct extracted *f;

	note_errors(e, part, at);
	if (config->direct) {
		f = matched(&config->direct_events, at, part->name, &by);
		if (!f || f->kind != EXTRACTED_EVENT)
			return;
		part->begin = clock_earlier(part->begin, at->received - stated_duration(by, f));
		part->end = clock_later(part->end, at->received);
		return;
	}
	if (matched(&config->start, at, part->name, NULL))
		part->begin = clock_later(part->begin, at->received);
	if (matched(&config->end, at, part->name, NULL))
		part->end = clock_earlier(part->end, at->received);
}

static void finish_run(struct span_run *run, nsec at)
{
	run->ended = at;
	for (size_t i = 0; i < run->n_parts; i++) {
		struct span_part *part = &run->parts[i];

		if (!part->config->need_close || !nsec_known(part->begin) || nsec_known(part->end))
			continue;
		part->end = MAX(at, part->begin);
		part->closed = true;
	}
}

static void begin_run(struct engine *e, const struct span_resource *of, uint32_t number, nsec at)
{
	struct span_run *run = &e->runs[e->n_runs++];

	*run = (struct span_run){
		.of = of,
		.number = number,
		.begun = at,
		.ended = NSEC_NONE,
		.properties = arena_array(e->arena, struct str, of->n_properties),
	};
}

static void update_run(struct engine *e, struct span_run *run, const struct extract_moment *at)
{
	if (nsec_known(run->ended))
		return;
	if (at->completed - run->begun > SPANS_ACTION_MAX) {
		finish_run(run, run->begun + SPANS_ACTION_MAX);
		return;
	}
	add_parts(e, run);
	for (size_t i = 0; i < run->n_parts; i++)
		update_part(e, &run->parts[i], at);
	if (matched(&run->of->finish, at, run->of->finish_name, NULL))
		finish_run(run, at->received);
}

/* The values and the pod in the response. */
static void note_answer(struct engine *e, const struct extract_moment *at)
{
	for (size_t k = 0; k < at->n; k++) {
		const struct extracted *f = &at->list[k];

		if (f->kind == EXTRACTED_VALUES && f->number < e->c->extract.n_paths) {
			e->values[f->number] = f->text;
		} else if (f->kind == EXTRACTED_POD) {
			e->object = f->text;
			e->n_objects++;
		}
	}
}

static void run_resource(struct engine *e, const struct span_resource *of, nsec log_end)
{
	size_t first = e->n_runs;

	memset(e->values, 0, e->c->extract.n_paths * sizeof(*e->values));
	e->n_objects = 0;
	for (size_t i = 0; i < e->n_moments; i++) {
		const struct extract_moment *at = &e->moments[i];

		note_answer(e, at);
		if (e->n_runs < RUNS_MAX && starts(of, at))
			begin_run(e, of, (uint32_t)(e->n_runs - first), at->received);
		for (size_t k = first; k < e->n_runs; k++)
			update_run(e, &e->runs[k], at);
	}
	for (size_t k = first; k < e->n_runs; k++)
		if (!nsec_known(e->runs[k].ended) && nsec_known(log_end) &&
		    log_end - e->runs[k].begun > SPANS_ACTION_MAX)
			finish_run(&e->runs[k], e->runs[k].begun + SPANS_ACTION_MAX);
}

static int by_begun(const void *a, const void *b)
{
	const struct span_run *x = a, *y = b;

	if (x->begun != y->begun)
		return x->begun < y->begun ? -1 : 1;
	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

size_t spans_runs(const struct span_configuration *c, const struct timeline *t, nsec log_end,
		  struct arena *arena, const struct span_run **ret_runs)
{
	const struct pod_extracts *all = t->attached;
	struct engine e = { .c = c, .arena = arena };

	*ret_runs = NULL;
	if (!all || !all->n_moments)
		return 0;
	e.moments = extract_moments(all, arena);
	e.n_moments = all->n_moments;
	e.values = arena_array(arena, struct str, c->extract.n_paths + 1);
	e.runs = arena_array(arena, struct span_run, RUNS_MAX);
	for (size_t i = 0; i < c->n_resources; i++)
		run_resource(&e, &c->resources[i], log_end);
	if (e.n_runs)
		qsort(e.runs, e.n_runs, sizeof(*e.runs), by_begun);
	*ret_runs = e.runs;
	return e.n_runs;
}

bool spans_cut(const struct timeline *t)
{
	const struct pod_extracts *all = t->attached;

	return all && all->cut;
}
