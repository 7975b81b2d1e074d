/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/report.h"

#include "base/mem.h"

struct slo_report *slo_report_new(const struct slo_report_config *config)
{
	struct slo_report *r = mem_zalloc(sizeof(*r));

	r->config = *config;
	r->slowest.limit = config->slowest;
	objectives_begin(&r->objectives, config->settings, config->slo);
	return r;
}

void slo_report_free(struct slo_report *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_groups; i++)
		quantile_free(&r->groups[i].measured);
	for (size_t i = 0; i < STAGE_COUNT; i++)
		quantile_free(&r->stages[i].seconds);
	for (size_t i = 0; i < TRANSITION_COUNT; i++)
		quantile_free(&r->transitions[i]);
	quantile_free(&r->all.measured);
	quantile_free(&r->total);
	quantile_free(&r->startup.seconds);
	quantile_free(&r->kubelet.seconds);
	mem_free(r->groups);
	slowest_free(&r->slowest);
	objectives_free(&r->objectives);
	map_free(&r->names);
	buf_free(&r->key);
	buf_free(&r->part);
	arena_free(&r->arena);
	mem_free(r);
}

uint64_t slo_group_judged(const struct slo_group *g)
{
	return g->verdicts[VERDICT_SUCCESS] + g->verdicts[VERDICT_SLOW] +
	       g->verdicts[VERDICT_FAILED];
}

uint64_t slo_group_untimed(const struct slo_group *g)
{
	return slo_group_judged(g) - g->measured.n;
}

/* The keys of all dimensions, each after a byte: 1 known, 0 unknown. */
static uint32_t group_number(struct slo_report *r, const struct dimension_ground *ground,
			     bool *ret_is_new)
{
	const struct grouping *by = &r->config.grouping;

	buf_reset(&r->key);
	for (size_t i = 0; i < by->n; i++) {
		bool known;

		buf_reset(&r->part);
		known = dimension_rows[by->by[i]].key(ground, &r->part);
		buf_add_char(&r->key, known ? 1 : 0);
		buf_put_str(&r->key, known ? buf_str(&r->part) : STR(""));
	}
	return map_put(&r->names, buf_str(&r->key), ret_is_new);
}

static void name_group(struct slo_report *r, struct slo_group *g, struct str key)
{
	struct bytes in = bytes_of(key);

	for (size_t i = 0; i < r->config.grouping.n; i++) {
		bool known = bytes_varint(&in);
		struct str part = bytes_str(&in);

		g->keys[i] = (struct str){ 0 };
		if (known)
			g->keys[i] = part.n ? arena_str(&r->arena, part) : STR("");
	}
}

static struct slo_group *group_for(struct slo_report *r, const struct dimension_ground *ground)
{
	bool is_new;
	uint32_t i = group_number(r, ground, &is_new);

	if (is_new) {
		array_reserve(r->groups, r->groups_cap, (size_t)i + 1);
		r->groups[i] = (struct slo_group){ 0 };
		name_group(r, &r->groups[i], buf_str(&r->key));
		r->n_groups = (size_t)i + 1;
	}
	return &r->groups[i];
}

static void group_add(struct slo_group *g, const struct outcome *o)
{
	g->pods++;
	g->verdicts[o->verdict]++;
	g->exclusions[o->exclusion]++;
	if (o->verdict == VERDICT_SUCCESS || o->verdict == VERDICT_SLOW) {
		if (nsec_known(o->measured))
			quantile_add(&g->measured, o->measured, false);
	} else if (o->verdict == VERDICT_FAILED) {
		nsec waited = nsec_known(o->waited) ? o->waited : o->measured;

		quantile_add(&g->measured, nsec_known(waited) ? waited : 0, true);
	}
}

/* Grouped by image, an outcome counts in several groups, but only once in each. */
static void groups_add(struct slo_report *r, const struct timeline *t, const struct outcome *o)
{
	struct dimension_ground ground = {
		.t = t, .o = o, .settings = r->config.settings, .bucket = r->config.grouping.bucket
	};
	struct str images[GROUPING_IMAGES_MAX];
	size_t n = grouping_of_images(&r->config.grouping) ? grouping_images(t, images) : 0;

	for (size_t i = 0; i < MAX(n, 1); i++) {
		struct slo_group *g;

		if (n)
			ground.image = images[i];
		g = group_for(r, &ground);
		if (g->last == r->all.pods)
			continue; /* two images of one registry */
		g->last = r->all.pods;
		group_add(g, o);
	}
}

static void total_add(struct quantile *q, const struct outcome *o)
{
	nsec value = NSEC_NONE;

	if (o->verdict == VERDICT_FAILED) {
		(void)outcome_measure(o, SLI_TOTAL, &value);
		quantile_add(q, nsec_known(value) ? value : 0, true);
	} else if ((o->verdict == VERDICT_SUCCESS || o->verdict == VERDICT_SLOW) &&
		   nsec_known(o->total)) {
		quantile_add(q, o->total, false);
	}
}

static void stages_add(struct slo_report *r, const struct outcome *o)
{
	for (unsigned i = 0; i < STAGE_COUNT; i++) {
		nsec time =
		    stages_time(o->stages, o->n_stages, (enum lifecycle_stage)i, NSEC_NONE, NULL);

		if (!nsec_known(time))
			continue;
		quantile_add(&r->stages[i].seconds, time, false);
		r->stages[i].sum += time;
	}
}

static void startup_add(struct slo_startup *s, enum startup_reason reason, nsec value)
{
	s->excluded[reason]++;
	if (reason == STARTUP_TAKEN)
		quantile_add(&s->seconds, value, false);
}

static void transitions_add(struct slo_report *r, const struct timeline *t)
{
	for (unsigned i = 0; i < TRANSITION_COUNT; i++) {
		nsec value = transition_of(t, (enum transition)i);

		if (nsec_known(value))
			quantile_add(&r->transitions[i], value, false);
	}
}

void slo_report_add(struct slo_report *r, const struct timeline *t, const struct outcome *o)
{
	if (!r->all.pods)
		r->cluster = arena_str(&r->arena, t->cluster);
	r->many_clusters = r->many_clusters || !str_eq(r->cluster, t->cluster);
	group_add(&r->all, o);
	groups_add(r, t, o);
	total_add(&r->total, o);
	objectives_add(&r->objectives, t, o);
	slowest_add(&r->slowest, t, o);
	if (o->slo == SLO_CREATE) {
		startup_add(&r->startup, o->delivery.startup_reason, o->delivery.startup);
		startup_add(&r->kubelet, o->delivery.kubelet_reason, o->delivery.kubelet);
	}
	if (r->config.transitions && o->verdict != VERDICT_EXCLUDED && o->verdict != VERDICT_DENIED)
		transitions_add(r, t);
	if (!nsec_known(o->measured) || o->verdict == VERDICT_EXCLUDED)
		return;
	/* with invalid times the sum of a few may overflow */
	if (__builtin_add_overflow(r->total_sum, o->total, &r->total_sum))
		r->total_sum = INT64_MAX;
	stages_add(r, o);
}

/* Finishing */

static int by_keys(const void *a, const void *b, void *context)
{
	const struct slo_group *x = a, *y = b;
	const struct grouping *g = context;
	int c = 0;

	for (size_t i = 0; i < g->n && !c; i++)
		c = dimension_cmp(g->by[i], x->keys[i], y->keys[i]);
	return c;
}

/* Adds rows for empty buckets between the first and the last. */
static void fill_time(struct slo_report *r)
{
	const struct grouping *by = &r->config.grouping;
	size_t n = r->n_groups;
	nsec first, last;

	while (n && !r->groups[n - 1].keys[0].p)
		n--; /* the row of unknown times is the last */
	if (by->n != 1 || by->by[0] != BY_TIME || n < 2 ||
	    !clock_parse(r->groups[0].keys[0], &first) ||
	    !clock_parse(r->groups[n - 1].keys[0], &last) ||
	    (last - first) / by->bucket + 1 > TIME_ROWS_MAX)
		return;
	for (nsec at = first; at < last; at += by->bucket) {
		struct outcome nothing = { .begin = at };

		(void)group_for(r,
				&(struct dimension_ground){ .o = &nothing, .bucket = by->bucket });
	}
}

void slo_report_finish(struct slo_report *r, struct burn_span span)
{
	struct grouping *by = &r->config.grouping;

	r->span = span;
	if (r->n_groups) {
		qsort_r(r->groups, r->n_groups, sizeof(*r->groups), by_keys, by);
		fill_time(r);
		qsort_r(r->groups, r->n_groups, sizeof(*r->groups), by_keys, by);
	}
	objectives_finish(&r->objectives, span);
}
