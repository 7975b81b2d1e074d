/* SPDX-License-Identifier: Apache-2.0 */
#include "spans/metrics.h"

#include "documents/slo_metrics.h"
#include "page/text.h"

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Letters, digits and _, in the style of Prometheus: bizName is biz_name. */
static void add_name(struct buf *out, struct str property)
{
	for (size_t i = 0; i < property.n; i++) {
		char c = property.p[i];

		if (is_upper(c) && i && !is_upper(property.p[i - 1]))
			buf_add_char(out, '_');
		c = char_lower(c);
		buf_add_char(out, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_');
	}
}

/* Adds a prefix to names that the histogram has itself and to reserved names. */
static const char *label_name(struct span_metrics *s, struct str property)
{
	static const char *const own[] = {
		"cluster", "namespace", "action", "type", "owner", "le"
	};
	struct buf name = { 0 };
	struct str text;
	bool taken;

	add_name(&name, property);
	text = buf_str(&name);
	taken = !text.n || (text.p[0] >= '0' && text.p[0] <= '9') || text.p[0] == '_';
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		taken = taken || str_eq(text, str_from(own[i]));
	text = arena_printf(&s->arena, "%s" STR_FMT, taken ? "property_" : "", STR_ARG(text));
	buf_free(&name);
	return text.p; /* ends with NUL */
}

static void add_label(struct span_metrics *s, struct str property)
{
	const char *name = label_name(s, property);

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->labels[i].name, name) == 0)
			return; /* of another action, or equal only as a label name */
	if (s->n == SPAN_METRICS_LABELS) {
		s->left_out = property;
		return;
	}
	s->labels[s->n].property = property;
	s->labels[s->n++].name = name;
}

void span_metrics_begin(struct span_metrics *s, const struct span_configuration *spans)
{
	*s = (struct span_metrics){ 0 };
	for (size_t i = 0; i < spans->n_resources; i++)
		for (size_t k = 0; k < spans->resources[i].n_properties; k++)
			if (spans->resources[i].properties[k].metric)
				add_label(s, spans->resources[i].properties[k].name);
}

void span_metrics_free(struct span_metrics *s)
{
	for (size_t i = 0; i < s->n; i++)
		map_free(&s->labels[i].values);
	arena_free(&s->arena);
}

static struct str value_of(const struct span_run *run, struct str property)
{
	for (size_t i = 0; i < run->of->n_properties; i++)
		if (str_eq(run->of->properties[i].name, property))
			return run->properties[i];
	return STR("");
}

static struct str bounded(struct span_label *label, struct str value)
{
	if (!value.n || map_find(&label->values, value) != MAP_NONE)
		return value;
	if (label->values.n == SPAN_METRICS_VALUES) {
		label->surplus++;
		return STR("other");
	}
	map_put(&label->values, value, NULL);
	return value;
}

static void observe(struct span_metrics *s, struct metrics *m, const struct timeline *t,
		    const struct span_run *run, const struct span_part *part)
{
	slo_metrics_start_span(m, t);
	metrics_label(m, "action", run->of->action);
	metrics_label(m, "type", part->config->type.n ? part->config->type : part->name);
	metrics_label(m, "owner", part->config->owner);
	for (size_t i = 0; i < s->n; i++)
		metrics_label(m, s->labels[i].name,
			      bounded(&s->labels[i], value_of(run, s->labels[i].property)));
	metrics_observe(m, MAX(part->end - part->begin, 0));
}

void span_metrics_add(struct span_metrics *s, struct metrics *m, const struct timeline *t,
		      const struct span_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < runs[i].n_parts; k++)
			if (nsec_known(runs[i].parts[k].begin) && nsec_known(runs[i].parts[k].end))
				observe(s, m, t, &runs[i], &runs[i].parts[k]);
}

void span_metrics_notes(const struct span_metrics *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!s->labels[i].surplus)
			continue;
		buf_printf(out, "lunettes: the property ");
		text_add_safe(out, s->labels[i].property, false);
		buf_printf(out,
			   " has more than %d values; %llu spans with other ones have the label "
			   "\"other\"\n",
			   SPAN_METRICS_VALUES, (unsigned long long)s->labels[i].surplus);
	}
	if (!s->left_out.p)
		return;
	buf_printf(out, "lunettes: more than %d properties need a metric; without a label is ",
		   SPAN_METRICS_LABELS);
	text_add_safe(out, s->left_out, false);
	buf_add_char(out, '\n');
}
