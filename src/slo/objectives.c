/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/objectives.h"

#include "base/mem.h"

#define WINDOW_DEFAULT (30 * 24 * HOUR)

const nsec objective_windows[OBJECTIVE_WINDOWS] = { HOUR, 5 * MINUTE };

void objectives_begin(struct objectives *o, const struct settings *settings, enum slo slo)
{
	*o = (struct objectives){ 0 };
	if (!settings->n_objectives)
		return;
	o->results = mem_zalloc(settings->n_objectives * sizeof(*o->results));
	for (size_t i = 0; i < settings->n_objectives; i++)
		if (settings->objectives[i].slo == slo)
			o->results[o->n++].objective = &settings->objectives[i];
}

void objectives_free(struct objectives *o)
{
	for (size_t i = 0; i < o->n; i++)
		burn_free(&o->results[i].series);
	mem_free(o->results);
	*o = (struct objectives){ 0 };
}

/* Does the outcome count, and if so, is it bad? */
static bool counts(const struct objective *objective, const struct outcome *o, bool *ret_bad)
{
	enum measured measured;
	nsec value;

	if (o->verdict == VERDICT_EXCLUDED || o->verdict == VERDICT_DENIED)
		return false;
	if (!nsec_known(objective->threshold)) {
		*ret_bad = o->verdict != VERDICT_SUCCESS;
		return o->verdict != VERDICT_ABORTED && o->verdict != VERDICT_OPEN;
	}
	measured = outcome_measure(o, objective->sli, &value);
	if (o->verdict == VERDICT_FAILED &&
	    (objective->sli == SLI_DELIVERY || objective->sli == SLI_TOTAL)) {
		*ret_bad = true;
		return true;
	}
	*ret_bad = value > objective->threshold;
	return measured == MEASURED_ALL || (measured == MEASURED_AT_LEAST && *ret_bad);
}

void objectives_add(struct objectives *o, const struct timeline *t, const struct outcome *outcome)
{
	for (size_t i = 0; i < o->n; i++) {
		struct objective_result *r = &o->results[i];
		bool bad;

		if (!workload_matches(&r->objective->match, t) ||
		    !counts(r->objective, outcome, &bad))
			continue;
		r->judged++;
		r->bad += bad;
		if (nsec_known(outcome->begin))
			burn_add(&r->series, outcome->begin, bad);
	}
}

void objectives_finish(struct objectives *o, struct burn_span span)
{
	for (size_t i = 0; i < o->n; i++) {
		struct objective_result *r = &o->results[i];
		unsigned target = r->objective->target_ppm;

		r->rate = burn_rate(r->bad, r->judged, target);
		for (size_t w = 0; w < OBJECTIVE_WINDOWS; w++)
			r->worst[w] = burn_worst(&r->series, span, objective_windows[w]);
		for (size_t p = 0; p < BURN_PAIRS; p++)
			r->alerts[p] = burn_alert(&r->series, span, &burn_pairs[p], target);
		r->projected = r->worst[0].known && r->judged;
		r->exhaustion = burn_exhaustion(r->rate, r->objective->window);
	}
}

bool decimal_parse(struct str text, unsigned digits, int64_t *ret)
{
	struct str whole = text, fraction = { 0 };
	uint64_t value, part = 0;

	(void)str_cut(whole, '.', &whole, &fraction);
	if (!str_u64(whole, &value) || fraction.n > digits || value > INT64_MAX / 1000000000 ||
	    (fraction.n && !str_u64(fraction, &part)))
		return false;
	for (unsigned i = 0; i < digits; i++) {
		value *= 10;
		part *= i < fraction.n ? 1 : 10;
	}
	*ret = (int64_t)(value + part);
	return true;
}

/* "99.5" or "99.5%" to millionths: above 0, at most 100, at most four decimals. */
static bool parse_target(struct str text, unsigned *ret_ppm)
{
	int64_t ppm;

	text.n -= str_ends(text, STR("%"));
	if (!decimal_parse(text, 4, &ppm) || ppm <= 0 || ppm > 1000000)
		return false;
	*ret_ppm = (unsigned)ppm;
	return true;
}

static int unparsed(struct str text, struct err *err)
{
	struct buf names = { 0 };
	int r;

	sli_names_add(&names);
	r = err_set(err, ERR_USAGE,
		    "option --objective does not take '%.*s'; expected SLI<=DURATION:PERCENT, such "
		    "as 'delivery<=30s:99.5%%', or success:PERCENT; an SLI is one of " STR_FMT,
		    (int)MIN(text.n, 100), text.p, STR_ARG(buf_str(&names)));
	buf_free(&names);
	return r;
}

int objective_parse(struct str text, enum slo slo, struct objective *ret, struct err *err)
{
	struct objective o = {
		.name = text, .slo = slo, .threshold = NSEC_NONE, .window = WINDOW_DEFAULT
	};
	struct str what, target, name, limit;

	if (!str_cut_last(text, ':', &what, &target) || !parse_target(target, &o.target_ppm))
		return unparsed(text, err);
	if (!str_eq(what, STR("success")) &&
	    (!str_cut(what, '<', &name, &limit) || !str_starts(limit, STR("=")) ||
	     !sli_find(name, &o.sli) || !duration_parse(str_after(limit, 1), &o.threshold)))
		return unparsed(text, err);
	*ret = o;
	return 0;
}
