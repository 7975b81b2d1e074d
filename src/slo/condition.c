/* SPDX-License-Identifier: Apache-2.0 */
#include "slo/condition.h"

#include "slo/column.h"

/* Parsing */

static int unparsed(struct str text, struct err *err)
{
	struct buf known = { 0 };
	int r;

	for (unsigned i = 0; i < COLUMN_ATTAINMENT; i++)
		buf_printf(&known, "%s, ", slo_columns[i].name);
	buf_printf(&known, "attainment, burn(DURATION), pN(SLI), max(SLI); an SLI is kubelet, ");
	sli_names_add(&known);
	r = err_set(err, ERR_USAGE,
		    "option --fail-on does not take '%.*s'; expected WHAT>VALUE (or >=, <, <=), as "
		    "'p99(delivery)>30s'; WHAT is one of " STR_FMT,
		    (int)MIN(text.n, 40), text.p, STR_ARG(buf_str(&known)));
	buf_free(&known);
	return r;
}

/* "p99", "p99.9", "max" to 990, 999, 1000. */
static bool parse_quantile(struct str text, unsigned *ret_permille)
{
	int64_t permille;

	if (str_eq(text, STR("max"))) {
		*ret_permille = 1000;
		return true;
	}
	if (!str_starts(text, STR("p")) || !decimal_parse(str_after(text, 1), 1, &permille) ||
	    permille < 1 || permille > 1000)
		return false;
	*ret_permille = (unsigned)permille;
	return true;
}

/* WHAT(ARGUMENT) */
static bool parse_call(struct str name, struct str argument, struct condition *c)
{
	if (str_eq(name, STR("burn"))) {
		c->subject = CONDITION_BURN;
		return duration_parse(argument, &c->window) && c->window >= SECOND;
	}
	c->subject = CONDITION_QUANTILE;
	c->kubelet = str_eq(argument, STR("kubelet"));
	return parse_quantile(name, &c->permille) && (c->kubelet || sli_find(argument, &c->sli));
}

static bool parse_subject(struct str what, struct condition *c)
{
	struct str name, argument;

	if (str_cut(what, '(', &name, &argument)) {
		if (!str_ends(argument, STR(")")))
			return false;
		argument.n--;
		return parse_call(name, argument, c);
	}
	for (unsigned i = 0; i <= COLUMN_ATTAINMENT; i++)
		if (str_eq(what, str_from(slo_columns[i].name))) {
			c->subject =
			    i == COLUMN_ATTAINMENT ? CONDITION_ATTAINMENT : CONDITION_COUNT;
			c->column = i;
			return true;
		}
	return false;
}

static bool parse_limit(struct str text, struct condition *c)
{
	switch (c->subject) {
	case CONDITION_QUANTILE:
		return duration_parse(text, &c->limit);
	case CONDITION_COUNT:
		return str_i64(text, &c->limit) && c->limit >= 0;
	case CONDITION_ATTAINMENT:
		text.n -= str_ends(text, STR("%"));
		return decimal_parse(text, 4, &c->limit) && c->limit <= 1000000;
	case CONDITION_BURN:
		break;
	}
	return decimal_parse(text, 3, &c->limit);
}

int condition_parse(struct str text, struct condition *ret, struct err *err)
{
	struct condition c = { .text = text };
	size_t at = 0;
	bool over, equal;

	while (at < text.n && text.p[at] != '<' && text.p[at] != '>')
		at++;
	if (at == text.n)
		return unparsed(text, err);
	over = text.p[at] == '>';
	equal = at + 1 < text.n && text.p[at + 1] == '=';
	c.operator= over ? equal ? AT_LEAST : OVER : equal ? AT_MOST : UNDER;
	if (!parse_subject(str_trim((struct str){ text.p, at }), &c) ||
	    !parse_limit(str_trim(str_after(text, at + 1 + equal)), &c))
		return unparsed(text, err);
	*ret = c;
	return 0;
}

/* Checking */

static enum condition_state holds(const struct condition *c, int64_t value)
{
	bool result = false;

	switch (c->operator) {
	case OVER:
		result = value > c->limit;
		break;
	case AT_LEAST:
		result = value >= c->limit;
		break;
	case UNDER:
		result = value < c->limit;
		break;
	case AT_MOST:
		result = value <= c->limit;
		break;
	}
	return result ? CONDITION_HOLDS : CONDITION_HOLDS_NOT;
}

static struct quantile *quantile_for(const struct condition *c, struct slo_report *r)
{
	if (c->kubelet)
		return &r->kubelet.seconds;
	switch (c->sli) {
	case SLI_DELIVERY:
		return &r->all.measured;
	case SLI_TOTAL:
		return &r->total;
	case SLI_STARTUP:
		return &r->startup.seconds;
	default:
		return &r->stages[sli_stage(c->sli)].seconds;
	}
}

static enum condition_state check_quantile(const struct condition *c, struct slo_report *r,
					   struct buf *found)
{
	struct quantile_value v;
	char text[DURATION_TEXT];

	if (!quantile_at(quantile_for(c, r), c->permille, &v)) {
		buf_add_str(found, STR("no pod has a value for it"));
		return CONDITION_OF_NOTHING;
	}
	if (v.censored)
		buf_add_str(found, STR("> "));
	buf_add(found, text, duration_format(v.value, text));
	return holds(c, v.censored ? INT64_MAX : v.value);
}

/* Exact: compares success / judged with the limit without a division. */
static enum condition_state check_attainment(const struct condition *c, struct slo_report *r,
					     struct buf *found)
{
	uint64_t judged = slo_group_judged(&r->all), good = r->all.verdicts[VERDICT_SUCCESS];
	struct condition exact = *c;

	if (!judged) {
		buf_add_str(found, STR("nothing was judged"));
		return CONDITION_OF_NOTHING;
	}
	buf_printf(found, "%llu.%04llu%%", (unsigned long long)(good * 1000000 / judged / 10000),
		   (unsigned long long)(good * 1000000 / judged % 10000));
	exact.limit = c->limit * (int64_t)judged;
	return holds(&exact, (int64_t)(good * 1000000));
}

static enum condition_state check_burn(const struct condition *c, struct slo_report *r,
				       struct buf *found)
{
	uint64_t worst = 0, judged = 0;

	if (!r->objectives.n) {
		buf_add_str(found, STR("there is no objective"));
		return CONDITION_OF_NOTHING;
	}
	for (size_t i = 0; i < r->objectives.n; i++) {
		struct objective_result *o = &r->objectives.results[i];
		struct burn_window w = burn_worst(&o->series, r->span, c->window);
		uint64_t rate = burn_rate(w.bad, w.judged, o->objective->target_ppm);

		if (!w.known) {
			buf_add_str(found, STR("the log is shorter"));
			return CONDITION_OF_NOTHING;
		}
		worst = MAX(worst, rate);
		judged += o->judged;
	}
	if (!judged) {
		buf_add_str(found, STR("nothing was judged"));
		return CONDITION_OF_NOTHING;
	}
	if (worst == BURN_ENDLESS)
		buf_add_str(found, STR("endless: the target is 100%"));
	else
		buf_printf(found, "%llu.%03llu", (unsigned long long)(worst / 1000),
			   (unsigned long long)(worst % 1000));
	return holds(c, (int64_t)MIN(worst, (uint64_t)INT64_MAX));
}

/* Verdicts that only judged pods have: a count of 0 means nothing if nothing was judged. */
static bool is_of_judged(enum slo_column column)
{
	return column == COLUMN_SUCCESS || column == COLUMN_SLOW || column == COLUMN_FAILED ||
	       column == COLUMN_JUDGED;
}

static enum condition_state check_count(const struct condition *c, struct slo_report *r,
					struct buf *found)
{
	enum slo_column column = (enum slo_column)c->column;
	uint64_t count = slo_column_value(column, &r->all).count;
	enum condition_state state = holds(c, (int64_t)count);

	if (state == CONDITION_HOLDS_NOT && !r->all.pods) {
		buf_add_str(found, STR("there is no pod"));
		return CONDITION_OF_NOTHING;
	}
	if (state == CONDITION_HOLDS_NOT && is_of_judged(column) && !slo_group_judged(&r->all)) {
		buf_add_str(found, STR("nothing was judged"));
		return CONDITION_OF_NOTHING;
	}
	buf_printf(found, "%llu", (unsigned long long)count);
	return state;
}

enum condition_state condition_check(const struct condition *c, struct slo_report *r,
				     struct buf *ret_found)
{
	switch (c->subject) {
	case CONDITION_QUANTILE:
		return check_quantile(c, r, ret_found);
	case CONDITION_ATTAINMENT:
		return check_attainment(c, r, ret_found);
	case CONDITION_BURN:
		return check_burn(c, r, ret_found);
	case CONDITION_COUNT:
		break;
	}
	return check_count(c, r, ret_found);
}
