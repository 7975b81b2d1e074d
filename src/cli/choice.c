/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/choice.h"

#include "base/mem.h"
#include "base/pattern.h"
#include "page/text.h"
#include "slo/delivery.h"

int choice_begin(struct choice *c, const struct options *options, nsec log_end, struct err *err)
{
	*c = (struct choice){ .options = options };
	c->names = arena_array(&c->arena, struct chosen_name, options->n_pods);
	for (size_t i = 0; i < options->n_pods; i++)
		c->names[i] = (struct chosen_name){ .near.pattern = &options->pods[i] };
	return options_period(options, log_end, &c->period, err);
}

static bool wants_labels(const struct options *o, const struct timeline *t)
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

static bool wants(struct choice *c, const struct timeline *t)
{
	const struct options *o = c->options;
	nsec created = t->marks[MILESTONE_CREATED].at;

	if (!options_want_namespace(o, t->namespace) ||
	    !options_want_name(o, t->kind, t->namespace, t->name, t->uid) ||
	    !options_want_node(o, t->node.p ? t->node : STR("")) || !wants_labels(o, t))
		return false;
	if (c->period.from == INT64_MIN && c->period.to == INT64_MAX)
		return true;
	c->unknown_created += !nsec_known(created);
	return nsec_known(created) && period_holds(c->period, created);
}

/* Remembers which operands matched, and the nearest names for those without a match yet. */
static void look_for_names(struct choice *c, const struct timeline *t, bool wanted)
{
	for (size_t i = 0; i < c->options->n_pods; i++) {
		struct chosen_name *name = &c->names[i];
		const struct pod_pattern *p = &c->options->pods[i];

		if (pod_pattern_match(p, t->kind, t->namespace, t->name, t->uid)) {
			name->there = true;
			name->wanted = name->wanted || wanted;
		} else if (!name->there && p->kind == t->kind) {
			near_names_offer(&name->near, t->namespace, t->name);
		}
	}
}

bool choice_wants(struct choice *c, const struct timeline *t)
{
	bool wanted = wants(c, t);

	c->kinds[t->kind]++;
	c->offered++;
	c->taken += wanted;
	map_put(&c->namespaces, t->namespace, NULL);
	look_for_names(c, t, wanted);
	return wanted;
}

void choice_note(const struct choice *c, struct buf *out)
{
	if (c->unknown_created)
		buf_printf(out,
			   "lunettes: %llu pod%s left out: the log does not show when %s created\n",
			   (unsigned long long)c->unknown_created,
			   c->unknown_created == 1 ? " is" : "s are",
			   c->unknown_created == 1 ? "it was" : "they were");
}

void choice_note_exclusions(const uint64_t *counts, const char *before, struct buf *out)
{
	const char *sep = before;

	for (int e = 0; e < EXCLUSION_COUNT; e++) {
		if (!counts[e])
			continue;
		buf_printf(out, "%s%llu " STR_FMT, sep, (unsigned long long)counts[e],
			   STR_ARG(exclusion_name((enum exclusion)e)));
		sep = ", ";
	}
	if (sep != before)
		buf_add_char(out, '\n');
}

/* " -n shop --since TIME": the options that exclude pods, if they can be repeated. */
static void add_filters(const struct options *o, struct buf *out)
{
	const struct {
		const char *name;
		const struct when *time;
	} times[] = { { "since", &o->period.since },
		      { "until", &o->period.until },
		      { "around", &o->period.around } };

	for (size_t i = 0; i < o->namespaces.n; i++)
		buf_printf(out, "%s%s", i ? "," : " -n ", o->namespaces.items[i]);
	if (o->selector.n_terms) {
		buf_printf(out, " -l '");
		text_add_safe(out, str_from(o->selector_text), false);
		buf_add_char(out, '\'');
	}
	if (o->node)
		buf_printf(out, " --node %s", o->node);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		if (times[i].time->kind != WHEN_NONE)
			buf_printf(out, " --%s", times[i].name);
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* "; the namespaces are a, b and 3 more" */
static void add_namespaces(const struct choice *c, struct buf *out)
{
	enum { SHOWN = 10 };
	size_t n = c->namespaces.n;
	struct str *sorted = mem_alloc((n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		sorted[i] = c->namespaces.keys[i];
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_text);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		buf_printf(out, "%s",
			   i	    ? ", "
			   : n == 1 ? "; the only namespace is "
				    : "; the namespaces are ");
		text_add_safe(out, sorted[i], false);
	}
	if (n > SHOWN)
		buf_printf(out, " and %zu more", n - SHOWN);
	mem_free(sorted);
}

static bool has_namespace(const struct choice *c, struct str pattern)
{
	for (size_t i = 0; i < c->namespaces.n; i++)
		if (pattern_match(pattern, c->namespaces.keys[i]))
			return true;
	return false;
}

static bool has_any_namespace(const struct choice *c, const struct option_list *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (has_namespace(c, str_from(patterns->items[i])))
			return true;
	return !patterns->n;
}

static void add_missing_name(const struct choice *c, const struct chosen_name *name,
			     struct buf *out)
{
	const struct pod_pattern *p = name->near.pattern;

	if (name->there) {
		buf_printf(out, "lunettes: %s is in these logs, but does not match", p->text);
		add_filters(c->options, out);
		buf_add_char(out, '\n');
		return;
	}
	buf_printf(out, "lunettes: no %s matches %s in these logs", object_words(p->kind)->noun,
		   p->text);
	for (size_t k = 0; k < name->near.n; k++) {
		buf_printf(out, "%s", k ? ", " : "; near names: ");
		text_add_safe(out, name->near.names[k], false);
	}
	if (!name->near.n && p->namespace.p && !has_namespace(c, p->namespace))
		add_namespaces(c, out);
	buf_add_char(out, '\n');
}

static bool missing_names(const struct choice *c, struct buf *out)
{
	bool none = true;

	for (size_t i = 0; i < c->options->n_pods; i++) {
		if (!c->names[i].wanted)
			add_missing_name(c, &c->names[i], out);
		none = none && !c->names[i].wanted;
	}
	return none;
}

/* "pods and claims" */
static void add_kinds(const struct choice *c, struct buf *out)
{
	bool first = true;

	for (unsigned i = 0; i < OBJECT_KINDS; i++) {
		const struct object_words *words = object_words((enum object_kind)i);

		if (!c->kinds[i])
			continue;
		buf_printf(out, "%s%s", first ? "" : " and ",
			   c->offered == 1 ? words->noun : words->plural);
		first = false;
	}
}

bool choice_missing(const struct choice *c, struct buf *out)
{
	if (c->options->n_pods)
		return missing_names(c, out);
	if (!c->offered || c->taken)
		return !c->taken;
	buf_printf(out, "lunettes: none of the %llu ", (unsigned long long)c->offered);
	add_kinds(c, out);
	buf_printf(out, " in these logs matches");
	add_filters(c->options, out);
	if (!has_any_namespace(c, &c->options->namespaces))
		add_namespaces(c, out);
	buf_add_char(out, '\n');
	return true;
}

void choice_free(struct choice *c)
{
	for (size_t i = 0; c->names && i < c->options->n_pods; i++)
		near_names_free(&c->names[i].near);
	map_free(&c->namespaces);
	arena_free(&c->arena);
	*c = (struct choice){ 0 };
}
