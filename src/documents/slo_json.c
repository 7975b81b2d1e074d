/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/slo_json.h"

#include "documents/parts.h"
#include "page/slo_words.h"

static void put_quantiles(struct json_writer *w, const char *key, struct quantile *q)
{
	put_object(w, key);
	put_u64(w, "count", q->n);
	put_percentiles(w, q);
	json_end_object(w);
}

static void put_group(struct json_writer *w, enum slo slo, struct slo_group *g)
{
	put_u64(w, slo_rows[slo].count, g->pods);
	put_object(w, "verdicts");
	for (int i = 0; i < VERDICT_COUNT; i++)
		put_u64(w, verdict_name((enum verdict)i).p, g->verdicts[i]);
	json_end_object(w);
	put_object(w, "excludedReasons");
	for (int i = EXCLUSION_NONE + 1; i < EXCLUSION_COUNT; i++)
		if (g->exclusions[i])
			put_u64(w, exclusion_name((enum exclusion)i).p, g->exclusions[i]);
	json_end_object(w);
	put_u64(w, "judged", slo_group_judged(g));
	put_share(w, "attainment", g->verdicts[VERDICT_SUCCESS], slo_group_judged(g));
	put_quantiles(w, slo_rows[slo].percentiles, &g->measured);
}

static void put_stages(struct json_writer *w, struct slo_report *r)
{
	put_array(w, "stages");
	for (int i = 0; i < STAGE_COUNT; i++) {
		struct slo_stage *s = &r->stages[i];

		if (!s->seconds.n)
			continue;
		json_begin_object(w);
		put_str(w, "stage", str_from(lifecycle_rows[i].name));
		put_str(w, "owner", owner_name(lifecycle_rows[i].owner));
		put_u64(w, "pods", s->seconds.n);
		put_seconds(w, "totalSeconds", s->sum);
		put_share(w, "share", (uint64_t)s->sum, (uint64_t)r->total_sum);
		put_quantiles(w, "seconds", &s->seconds);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_slowest(struct json_writer *w, const struct slo_report *r)
{
	put_array(w, "slowest");
	for (size_t i = 0; i < r->slowest.n; i++) {
		const struct slo_slow *s = &r->slowest.items[i];

		json_begin_object(w);
		put_str(w, "cluster", s->cluster);
		put_str(w, "namespace", s->namespace);
		put_str(w, "name", s->name);
		put_maybe(w, "uid", s->uid);
		put_maybe(w, "node", s->node);
		put_str(w, "verdict", verdict_name(s->verdict));
		put_str(w, "code", s->code);
		put_object(w, "seconds");
		put_seconds(w, "total", s->total);
		put_seconds(w, "delivery", s->measured);
		put_seconds(w, "waited", s->waited);
		json_end_object(w);
		if (put_object_if(w, "longest", s->stage != STAGE_COUNT)) {
			put_str(w, "stage", stage_word(s->stage));
			put_str(w, "subject", s->subject);
			put_seconds(w, "seconds", s->stage_time);
			json_end_object(w);
		}
		json_end_object(w);
	}
	json_end_array(w);
}

/* The value of each dimension, also of "cluster" and "namespace". */
static void put_keys(struct json_writer *w, const struct grouping *by, const struct slo_group *g)
{
	for (size_t i = 0; i < by->n; i++)
		put_maybe(w, dimension_rows[by->by[i]].name, g->keys[i]);
}

static void put_grouping(struct json_writer *w, const struct grouping *by)
{
	put_array(w, "by");
	for (size_t i = 0; i < by->n; i++)
		json_put_text(w, dimension_rows[by->by[i]].name);
	json_end_array(w);
	put_seconds(w, "bucketSeconds", by->bucket ? by->bucket : NSEC_NONE);
}

static void put_groups(struct json_writer *w, struct slo_report *r)
{
	put_array(w, "groups");
	for (size_t i = 0; i < r->n_groups; i++) {
		json_begin_object(w);
		put_keys(w, &r->config.grouping, &r->groups[i]);
		put_group(w, r->config.slo, &r->groups[i]);
		json_end_object(w);
	}
	json_end_array(w);
}

/* SLIs */

static void put_left_out(struct json_writer *w, struct str why, uint64_t n)
{
	if (!n)
		return;
	json_put_key_str(w, why);
	json_put_u64(w, n);
}

static void put_startup(struct json_writer *w, const char *sli, struct slo_startup *s)
{
	json_begin_object(w);
	put_str(w, "sli", str_from(sli));
	put_quantiles(w, "seconds", &s->seconds);
	put_object(w, "excluded");
	for (int i = STARTUP_TAKEN + 1; i < STARTUP_REASON_COUNT; i++)
		put_left_out(w, startup_reason_name((enum startup_reason)i), s->excluded[i]);
	json_end_object(w);
	json_end_object(w);
}

static void put_slis(struct json_writer *w, struct slo_report *r)
{
	static const enum verdict order[] = { VERDICT_EXCLUDED, VERDICT_DENIED, VERDICT_ABORTED,
					      VERDICT_OPEN };

	put_array(w, "slis");
	if (r->config.slo == SLO_CREATE) {
		json_begin_object(w);
		put_str(w, "sli", STR("delivery"));
		put_quantiles(w, "seconds", &r->all.measured);
		put_object(w, "excluded");
		for (size_t i = 0; i < ARRAY_SIZE(order); i++)
			put_left_out(w, verdict_name(order[i]), r->all.verdicts[order[i]]);
		put_left_out(w, STR("of unknown time"), slo_group_untimed(&r->all));
		json_end_object(w);
		json_end_object(w);
		put_startup(w, "startup", &r->startup);
		put_startup(w, "kubelet", &r->kubelet);
	}
	json_end_array(w);
}

/* Objectives */

/* A rate in thousandths as a decimal; null if it is infinite or unknown. */
static void put_rate(struct json_writer *w, const char *key, bool known, uint64_t rate)
{
	struct buf text = { 0 };

	json_put_key(w, key);
	if (!known || rate == BURN_ENDLESS) {
		json_put_null(w);
		return;
	}
	slo_words_rate(&text, rate);
	json_put_raw(w, buf_str(&text));
	buf_free(&text);
}

static void put_windows(struct json_writer *w, const struct objective_result *o)
{
	put_array(w, "worst");
	for (size_t i = 0; i < OBJECTIVE_WINDOWS; i++) {
		const struct burn_window *window = &o->worst[i];

		json_begin_object(w);
		put_seconds(w, "windowSeconds", objective_windows[i]);
		put_time(w, "end", window->known ? window->end : NSEC_NONE);
		put_known(w, "judged", window->known, (int64_t)window->judged);
		put_known(w, "bad", window->known, (int64_t)window->bad);
		put_rate(w, "burnRate", window->known,
			 burn_rate(window->bad, window->judged, o->objective->target_ppm));
		json_end_object(w);
	}
	json_end_array(w);
	put_array(w, "alerts");
	for (size_t i = 0; i < BURN_PAIRS; i++) {
		const struct burn_alert *alert = &o->alerts[i];

		json_begin_object(w);
		put_array(w, "windowSeconds");
		json_put_seconds(w, burn_pairs[i].longer);
		json_put_seconds(w, burn_pairs[i].shorter);
		json_end_array(w);
		put_rate(w, "limit", true, burn_pairs[i].limit);
		put_rate(w, "burnRate", alert->known, alert->worst);
		put_time(w, "worstAt", alert->worst_at);
		put_known_bool(w, "held", alert->known, nsec_known(alert->fired));
		put_time(w, "firstHeld", alert->fired);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_objective(struct json_writer *w, const struct objective_result *o)
{
	const struct objective *objective = o->objective;
	unsigned budget = 1000000 - objective->target_ppm;

	json_begin_object(w);
	put_str(w, "name", objective->name);
	put_share(w, "target", objective->target_ppm, 1000000);
	put_seconds(w, "thresholdSeconds", objective->threshold);
	put_seconds(w, "windowSeconds", objective->window);
	put_u64(w, "judged", o->judged);
	put_u64(w, "bad", o->bad);
	put_share(w, "attainment", o->judged - o->bad, o->judged);
	put_known_bool(w, "met", o->judged, o->bad * 1000000 <= o->judged * budget);
	put_rate(w, "budgetSpent", o->judged, o->rate);
	put_seconds(w, "budgetLastsSeconds",
		    !o->projected		? NSEC_NONE
		    : nsec_known(o->exhaustion) ? o->exhaustion
						: objective->window);
	put_windows(w, o);
	json_end_object(w);
}

static void put_objectives(struct json_writer *w, const struct slo_report *r)
{
	put_array(w, "objectives");
	for (size_t i = 0; i < r->objectives.n; i++)
		put_objective(w, &r->objectives.results[i]);
	json_end_array(w);
}

void slo_json_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style)
{
	struct json_writer w = json_writer_of(out);

	put_head(&w, "SloReport");
	put_str(&w, "slo", str_from(slo_names[r->config.slo]));
	basis_json(&w, basis);
	put_object(&w, "totals");
	put_group(&w, r->config.slo, &r->all);
	json_end_object(&w);
	put_grouping(&w, &r->config.grouping);
	put_groups(&w, r);
	put_slis(&w, r);
	put_objectives(&w, r);
	put_stages(&w, r);
	put_slowest(&w, r);
	end_line(&w);
}
