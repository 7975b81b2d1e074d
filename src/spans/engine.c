/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: one pod's operations, record by record in the order in which they were answered,
 * against each action of the configuration by itself. Times are those at which requests were
 * received. The end of one action takes nothing from another one.
 */
#include "spans/spans.h"

#include "base/mem.h"

enum { RUNS_MAX = 256 }; /* of one pod; a deletion may be asked for again and again */

struct engine {
	const struct span_configuration *c;
	struct arena *arena;
	const struct extract_moment *moments; /* in the order in which they were answered */
	size_t n_moments;
	struct str *values; /* of each path, as last shown; p == NULL: not yet */
	struct str object;  /* the pod as last shown; p == NULL: too long to be kept */
	size_t n_objects;   /* so far; 0: not yet */
	struct span_run *runs;
	size_t n_runs;
};

/* Matching */

/* One of the texts matches, and if a name is asked for its group is that. */
static bool text_matches(const struct pattern *p, const struct extracted *f, const struct str *name)
{
	struct str rest = f->text, text = rest, group;
	bool more = f->text.p != NULL;

	while (more) {
		more = str_cut(rest, 0, &text, &rest);
		if (!more)
			text = rest;
		if (pattern_first(p, text, &group) && (!name || str_eq(group, *name)))
			return true;
	}
	return false;
}

static bool matches(const struct span_matcher *m, const struct extracted *f, struct str name)
{
	return f->kind == (m->event ? EXTRACTED_EVENT : EXTRACTED_OPERATION) &&
	       str_eq(f->word, m->word) && (!m->match || text_matches(m->match, f, NULL)) &&
	       (!m->name || text_matches(m->name, f, &name));
}

/* Scripts: of Events each, else each request once, whether it gives an operation or not. */

/* Which global a raw text is; of two the first is the one that needs it as it stands. */
static const enum script_global global_of[EXTRACT_TEXTS] = {
	[EXTRACT_USER_AGENT] = SCRIPT_USER_AGENT,
	[EXTRACT_REQUEST] = SCRIPT_REQUEST,
	[EXTRACT_RESPONSE] = SCRIPT_RESPONSE,
	[EXTRACT_ANNOTATIONS] = SCRIPT_ANNOTATIONS,
};

static struct script_input input_of(const struct extract_moment *at, const struct extracted *f,
				    struct str name)
{
	struct script_input in;
	struct str rest;

	for (size_t i = 0; i < SCRIPT_GLOBALS; i++)
		in.texts[i] = STR("");
	in.texts[SCRIPT_SPAN_NAME] = name;
	if (f->kind == EXTRACTED_EVENT) {
		in.texts[SCRIPT_REASON] = f->word;
		/* behind the NUL there are only other wordings of the same */
		if (!str_cut(f->text, 0, &in.texts[SCRIPT_MESSAGE], &rest))
			in.texts[SCRIPT_MESSAGE] = f->text;
	}
	for (size_t i = 0; i < at->n; i++) {
		const struct extracted *item = &at->list[i];

		if (item->kind == EXTRACTED_REQUEST || item->kind == EXTRACTED_REPORT)
			in.texts[SCRIPT_VERB] = item->word;
		else if (extracted_is_text(item) && item->number < EXTRACT_TEXTS)
			in.texts[global_of[item->number]] = item->text;
	}
	in.texts[SCRIPT_RESPONSE_TABLE] = in.texts[SCRIPT_RESPONSE];
	for (size_t i = SCRIPT_REASON; i <= SCRIPT_VERB; i++)
		if (!in.texts[i].p)
			in.texts[i] = STR(""); /* not said: not too long */
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

/* Only what is asked of the resource itself begins an action. */
static bool starts(const struct span_resource *of, const struct extract_moment *at)
{
	const struct extracted *f = matched(&of->start, at, of->start_name, NULL);

	/* of all that Events and pods are served as, only v1 beta has another version than v1 */
	return f &&
	       str_eq(of->resource, f->kind == EXTRACTED_EVENT ? STR("events") : STR("pods")) &&
	       str_eq(of->api_version, STR("v1"));
}

/* Which spans there are */

static void add_part(struct engine *e, struct span_run *run, const struct span_config *config,
		     uint32_t parent, struct str key, struct str value)
{
	struct str name = value.n ? value : config->name.n ? config->name : config->type;

	for (size_t i = 0; i < run->n_parts; i++)
		if (run->parts[i].config == config && run->parts[i].parent == parent &&
		    str_eq(run->parts[i].key, key))
			return;
	if (run->n_parts == SPANS_PARTS_MAX || !name.n)
		return;
	if (run->n_parts == run->parts_cap) {
		run->parts_cap = run->parts_cap ? run->parts_cap * 2 : 32;
		run->parts = arena_grow(e->arena, run->parts, run->n_parts, run->parts_cap,
					sizeof(*run->parts));
	}
	run->parts[run->n_parts++] = (struct span_part){
		.config = config,
		.parent = parent,
		.name = name,
		.key = key,
		.begin = NSEC_NONE,
		.end = NSEC_NONE,
	};
}

/* A span of the parent's that has no NameRef has all children, else those of its name. */
static void add_under(struct engine *e, struct span_run *run, const struct span_config *config,
		      struct str key, struct str value)
{
	const struct span_config *parent;
	size_t n = run->n_parts;

	if (config->parent == SPANS_NONE) {
		add_part(e, run, config, SPANS_NONE, key, value);
		return;
	}
	parent = &run->of->spans[config->parent];
	for (uint32_t i = 0; i < n; i++)
		if (run->parts[i].config == parent &&
		    (parent->path == SPANS_NONE ||
		     str_eq(run->parts[i].name, value.n ? value : config->name)))
			add_part(e, run, config, i, key, value);
}

/* Each object that is shown is asked once, until one gives a value. */
static void fetch(struct engine *e, struct span_run *run)
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

static void appear(struct engine *e, struct span_run *run)
{
	struct str key, value, rest;

	for (size_t i = 0; i < run->of->n_spans; i++) {
		const struct span_config *config = &run->of->spans[i];

		if (config->path == SPANS_NONE) {
			add_under(e, run, config, STR(""), STR(""));
			continue;
		}
		rest = e->values[config->path];
		while (rest.n && str_cut(rest, 0, &key, &rest) && str_cut(rest, 0, &value, &rest))
			add_under(e, run, config, key, value);
	}
	for (size_t i = 0; i < run->of->n_properties; i++) {
		if (run->of->properties[i].fetch)
			continue;
		rest = e->values[run->of->properties[i].path];
		if (!run->properties[i].p && rest.n && str_cut(rest, 0, &key, &rest) &&
		    str_cut(rest, 0, &value, &rest))
			run->properties[i] = value;
	}
	fetch(e, run);
}

/* What becomes of them */

static nsec earlier(nsec a, nsec b)
{
	return a == NSEC_NONE ? b : b == NSEC_NONE ? a : MIN(a, b);
}

static nsec told_duration(const struct span_matcher *by, const struct extracted *f)
{
	struct str rest = f->text, text, group;
	bool more = by->duration && f->text.p;
	nsec took;

	while (more) {
		more = str_cut(rest, 0, &text, &rest);
		if (!more)
			text = rest;
		if (pattern_first(by->duration, text, &group) && duration_parse(group, &took))
			return took;
	}
	return 0;
}

static void note_errors(struct engine *e, struct span_part *part, const struct extract_moment *at)
{
	const struct extracted *f = matched(&part->config->errors, at, part->name, NULL);
	struct attribute *message;
	size_t i;

	if (!f)
		return;
	if (part->n_errors == part->errors_cap) {
		part->errors_cap = part->errors_cap ? part->errors_cap * 2 : 4;
		part->errors = arena_grow(e->arena, part->errors, part->n_errors, part->errors_cap,
					  sizeof(*part->errors));
	}
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
		part->begin = earlier(part->begin, at->received - told_duration(by, f));
		part->end = clock_later(part->end, at->received);
		return;
	}
	if (matched(&config->start, at, part->name, NULL))
		part->begin = clock_later(part->begin, at->received);
	if (matched(&config->end, at, part->name, NULL))
		part->end = earlier(part->end, at->received);
}

static void finish(struct span_run *run, nsec at)
{
	run->ended = at;
	for (size_t i = 0; i < run->n_parts; i++) {
		struct span_part *part = &run->parts[i];

		if (!part->config->need_close || part->begin == NSEC_NONE || part->end != NSEC_NONE)
			continue;
		part->end = MAX(at, part->begin);
		part->closed = true;
	}
}

static void begin(struct engine *e, const struct span_resource *of, uint32_t number, nsec at)
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

static void take(struct engine *e, struct span_run *run, const struct extract_moment *at)
{
	if (run->ended != NSEC_NONE)
		return;
	if (at->completed - run->begun > SPANS_ACTION_MAX) {
		finish(run, run->begun + SPANS_ACTION_MAX);
		return;
	}
	appear(e, run);
	for (size_t i = 0; i < run->n_parts; i++)
		update_part(e, &run->parts[i], at);
	if (matched(&run->of->finish, at, run->of->finish_name, NULL))
		finish(run, at->received);
}

/* What the answer shows of the pod. */
static void show(struct engine *e, const struct extract_moment *at)
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

static void walk(struct engine *e, const struct span_resource *of, nsec log_end)
{
	size_t first = e->n_runs;

	memset(e->values, 0, e->c->extract.n_paths * sizeof(*e->values));
	e->n_objects = 0;
	for (size_t i = 0; i < e->n_moments; i++) {
		const struct extract_moment *at = &e->moments[i];

		show(e, at);
		if (e->n_runs < RUNS_MAX && starts(of, at))
			begin(e, of, (uint32_t)(e->n_runs - first), at->received);
		for (size_t k = first; k < e->n_runs; k++)
			take(e, &e->runs[k], at);
	}
	for (size_t k = first; k < e->n_runs; k++)
		if (e->runs[k].ended == NSEC_NONE && log_end != NSEC_NONE &&
		    log_end - e->runs[k].begun > SPANS_ACTION_MAX)
			finish(&e->runs[k], e->runs[k].begun + SPANS_ACTION_MAX);
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
		walk(&e, &c->resources[i], log_end);
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
