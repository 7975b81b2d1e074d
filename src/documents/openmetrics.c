/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/openmetrics.h"

#include "base/mem.h"
#include "page/text.h"

void metrics_begin(struct metrics *m, const struct metric_family *families, size_t n_families)
{
	*m = (struct metrics){ .families = families, .n_families = n_families };
}

void metrics_free(struct metrics *m)
{
	map_free(&m->keys);
	mem_free(m->samples);
	buf_free(&m->key);
	arena_free(&m->arena);
	*m = (struct metrics){ 0 };
}

/* Collecting */

void metrics_start(struct metrics *m, size_t family)
{
	assert(family < m->n_families && m->n_families < 128);
	buf_reset(&m->key);
	buf_add_char(&m->key, (char)family);
	m->family = family;
}

/* Safe text has no control characters, so there is no newline to escape. */
void metrics_label(struct metrics *m, const char *name, struct str value)
{
	struct buf safe = { 0 };

	text_add_safe(&safe, value, false);
	buf_printf(&m->key, "%s%s=\"", m->key.n > 1 ? "," : "", name);
	for (size_t i = 0; i < safe.n; i++) {
		if (safe.p[i] == '\\' || safe.p[i] == '"')
			buf_add_char(&m->key, '\\');
		buf_add_char(&m->key, safe.p[i]);
	}
	buf_add_char(&m->key, '"');
	buf_free(&safe);
}

static struct metric_sample *sample(struct metrics *m)
{
	bool is_new;
	uint32_t i = map_put(&m->keys, buf_str(&m->key), &is_new);

	if (is_new) {
		array_reserve(m->samples, m->cap, (size_t)i + 1);
		m->samples[i] = (struct metric_sample){ 0 };
		if (m->families[m->family].bounds)
			m->samples[i].buckets =
			    arena_array(&m->arena, uint64_t, m->families[m->family].n_bounds);
	}
	return &m->samples[i];
}

void metrics_count(struct metrics *m, uint64_t n)
{
	assert(!m->families[m->family].bounds);
	sample(m)->count += n;
}

void metrics_observe(struct metrics *m, nsec value)
{
	const struct metric_family *family = &m->families[m->family];
	struct metric_sample *s = sample(m);
	size_t i = 0;

	assert(family->bounds && value >= 0);
	while (i < family->n_bounds && value > family->bounds[i])
		i++;
	if (i < family->n_bounds)
		s->buckets[i]++;
	s->count++;
	s->seconds += value / SECOND;
	s->nanoseconds += value % SECOND;
	s->seconds += s->nanoseconds / SECOND;
	s->nanoseconds %= SECOND;
}

/* Writing */

/* Seconds in OpenMetrics' format for bounds: with a point. */
static void add_bound(struct buf *out, nsec bound)
{
	char text[DURATION_TEXT];
	struct str s = { text, duration_format_seconds(bound, text) };

	buf_add_str(out, s);
	if (!str_contains(s, STR(".")))
		buf_add_str(out, STR(".0"));
}

static void add_line(struct buf *out, const char *name, const char *suffix, struct str labels)
{
	buf_printf(out, "%s%s", name, suffix);
	if (labels.n)
		buf_printf(out, "{" STR_FMT "}", STR_ARG(labels));
}

static void add_histogram(struct buf *out, const struct metric_family *f, struct str labels,
			  const struct metric_sample *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= f->n_bounds; i++) {
		bool last = i == f->n_bounds;

		sum = last ? s->count : sum + s->buckets[i];
		buf_printf(out, "%s_bucket{" STR_FMT "%sle=\"", f->name, STR_ARG(labels),
			   labels.n ? "," : "");
		if (last)
			buf_add_str(out, STR("+Inf"));
		else
			add_bound(out, f->bounds[i]);
		buf_printf(out, "\"} %llu\n", (unsigned long long)sum);
	}
	add_line(out, f->name, "_sum", labels);
	buf_printf(out, " %lld.%09lld\n", (long long)s->seconds, (long long)s->nanoseconds);
	add_line(out, f->name, "_count", labels);
	buf_printf(out, " %llu\n", (unsigned long long)s->count);
}

static int by_key(const void *a, const void *b, void *context)
{
	const struct metrics *m = context;

	return str_cmp(m->keys.keys[*(const uint32_t *)a], m->keys.keys[*(const uint32_t *)b]);
}

static void add_head(struct buf *out, const struct metric_family *f)
{
	buf_printf(out, "# HELP %s %s\n", f->name, f->help);
	if (f->bounds)
		buf_printf(out, "# TYPE %s histogram\n# UNIT %s seconds\n", f->name, f->name);
}

void metrics_write(const struct metrics *m, struct buf *out)
{
	uint32_t *order = mem_alloc((m->keys.n + 1) * sizeof(*order));
	int family = -1;

	for (uint32_t i = 0; i < m->keys.n; i++)
		order[i] = i;
	if (m->keys.n)
		qsort_r(order, m->keys.n, sizeof(*order), by_key, (void *)(uintptr_t)m);
	for (size_t i = 0; i < m->keys.n; i++) {
		struct str key = m->keys.keys[order[i]], labels = str_after(key, 1);
		const struct metric_family *f = &m->families[(size_t)key.p[0]];
		const struct metric_sample *s = &m->samples[order[i]];

		if (key.p[0] != family)
			add_head(out, f);
		family = key.p[0];
		if (f->bounds) {
			add_histogram(out, f, labels, s);
			continue;
		}
		add_line(out, f->name, "", labels);
		buf_printf(out, " %llu\n", (unsigned long long)s->count);
	}
	buf_add_str(out, STR("# EOF\n"));
	mem_free(order);
}
