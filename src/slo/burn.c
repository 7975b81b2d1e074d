/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/burn.h"

#include "base/mem.h"

/* Google SRE Workbook, "Alerting on SLOs": 2 %, 5 % and 10 % of a 30-day budget. */
const struct burn_pair burn_pairs[BURN_PAIRS] = {
	{ HOUR, 5 * MINUTE, 14400 },
	{ 6 * HOUR, 30 * MINUTE, 6000 },
	{ 72 * HOUR, 6 * HOUR, 1000 },
};

void burn_add(struct burn_series *s, nsec at, bool bad)
{
	array_reserve(s->packed, s->cap, s->n + 1);
	s->packed[s->n++] = at * 2 + bad; /* fits, because clock.h ends in 2261: half of an
					     int64_t */
	s->sorted = false;
}

void burn_free(struct burn_series *s)
{
	mem_free(s->packed);
	*s = (struct burn_series){ 0 };
}

uint64_t burn_rate(uint64_t bad, uint64_t judged, unsigned target_ppm)
{
	uint64_t budget = target_ppm < 1000000 ? 1000000 - target_ppm : 0;

	if (!bad || !judged)
		return 0;
	if (!budget)
		return BURN_ENDLESS;
	return bad * 1000000000 / (judged * budget);
}

nsec burn_exhaustion(uint64_t rate, nsec window)
{
	if (rate <= 1000)
		return NSEC_NONE;
	if (rate == BURN_ENDLESS)
		return 0;
	return (nsec)((uint64_t)window / rate * 1000 + (uint64_t)window % rate * 1000 / rate);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static nsec time_of(int64_t packed)
{
	return packed >> 1;
}

/* A window that slides over the series. */
struct sliding {
	const struct burn_series *s;
	nsec length;
	size_t from, to; /* the entries in it: [from, to) */
	uint64_t bad;
};

static void slide(struct sliding *w, nsec end)
{
	const struct burn_series *s = w->s;

	for (; w->to < s->n && time_of(s->packed[w->to]) <= end; w->to++)
		w->bad += s->packed[w->to] & 1;
	for (; w->from < w->to && time_of(s->packed[w->from]) <= end - w->length; w->from++)
		w->bad -= s->packed[w->from] & 1;
}

/* The ends of the windows to check, in order: see the header. */
struct ends {
	const struct burn_series *s;
	struct burn_span span;
	nsec next;
	size_t i;
};

static bool ends_begin(struct ends *e, struct burn_series *s, struct burn_span span, nsec length)
{
	if (!nsec_known(span.first) || span.last - span.first < length)
		return false;
	if (!s->sorted && s->n)
		qsort(s->packed, s->n, sizeof(*s->packed), by_time);
	s->sorted = true;
	*e = (struct ends){ .s = s, .span = span, .next = span.first + length };
	return true;
}

static bool ends_next(struct ends *e, nsec *ret_end)
{
	if (!nsec_known(e->next))
		return false;
	*ret_end = e->next;
	while (e->i < e->s->n && time_of(e->s->packed[e->i]) <= *ret_end)
		e->i++;
	e->next = e->i < e->s->n ? time_of(e->s->packed[e->i]) : NSEC_NONE;
	if (e->next > e->span.last)
		e->next = NSEC_NONE;
	return true;
}

/* No overflow: counts are below 2^32, as larger series do not fit in memory. */
static bool worse(uint64_t bad, uint64_t judged, const struct burn_window *than)
{
	uint64_t x = bad * than->judged, y = than->bad * judged;

	if (!than->judged)
		return judged;
	return judged && (x != y ? x > y : bad > than->bad);
}

struct burn_window burn_worst(struct burn_series *s, struct burn_span span, nsec length)
{
	struct burn_window worst = { .end = NSEC_NONE };
	struct sliding w = { .s = s, .length = length };
	struct ends ends;
	nsec end;

	if (!ends_begin(&ends, s, span, length))
		return worst;
	worst.known = true;
	while (ends_next(&ends, &end)) {
		slide(&w, end);
		if (worse(w.bad, w.to - w.from, &worst))
			worst = (struct burn_window){ true, end, w.bad, w.to - w.from };
	}
	return worst;
}

struct burn_alert burn_alert(struct burn_series *s, struct burn_span span,
			     const struct burn_pair *pair, unsigned target_ppm)
{
	struct burn_alert alert = { .worst_at = NSEC_NONE, .fired = NSEC_NONE };
	struct sliding longer = { .s = s, .length = pair->longer };
	struct sliding shorter = { .s = s, .length = pair->shorter };
	struct ends ends;
	nsec end;

	if (!ends_begin(&ends, s, span, pair->longer))
		return alert;
	alert.known = true;
	while (ends_next(&ends, &end)) {
		uint64_t rate, other;

		slide(&longer, end);
		slide(&shorter, end);
		rate = burn_rate(longer.bad, longer.to - longer.from, target_ppm);
		other = burn_rate(shorter.bad, shorter.to - shorter.from, target_ppm);
		rate = MIN(rate, other);
		if (rate > alert.worst) {
			alert.worst = rate;
			alert.worst_at = end;
		}
		if (rate >= pair->limit && !nsec_known(alert.fired))
			alert.fired = end;
	}
	return alert;
}
