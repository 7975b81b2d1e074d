/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "diagnose/pattern.h"

#include "base/mem.h"

#include <pcre2.h>

/* Limits the steps of a match; real messages need a few hundred. */
enum { STEPS_MAX = 200000, DEPTH_MAX = 1000 };

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	uint32_t n_names, name_size, n_groups;
	const unsigned char *names;
};

bool captures_find(const struct captures *c, struct str name, struct str *ret_value)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!str_eq(c->list[i].name, name))
			continue;
		*ret_value = c->list[i].value;
		return true;
	}
	return false;
}

static struct pattern *compile(struct str expression, uint32_t options, struct err *err)
{
	struct pattern *p;
	pcre2_code *code;
	PCRE2_SIZE at;
	int number;

	code = pcre2_compile((PCRE2_SPTR)expression.p, expression.n,
			     options | PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_INVALID_UTF, &number,
			     &at, NULL);
	if (!code) {
		char why[160];

		pcre2_get_error_message(number, (PCRE2_UCHAR *)why, sizeof(why));
		err_set(err, ERR_USAGE, "at its character %zu: %s", (size_t)at + 1, why);
		return NULL;
	}
	p = mem_zalloc(sizeof(*p));
	p->code = code;
	p->match = pcre2_match_data_create_from_pattern(code, NULL);
	p->context = pcre2_match_context_create(NULL);
	if (!p->match || !p->context)
		mem_exhausted(sizeof(*p));
	pcre2_set_match_limit(p->context, STEPS_MAX);
	pcre2_set_depth_limit(p->context, DEPTH_MAX);
	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &p->n_names);
	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &p->name_size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &p->names);
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &p->n_groups);
	return p;
}

struct pattern *pattern_new(struct str expression, struct err *err)
{
	return compile(expression, PCRE2_DOTALL, err);
}

struct pattern *pattern_new_go(struct str expression, struct err *err)
{
	return compile(expression, PCRE2_DOLLAR_ENDONLY, err);
}

/* An entry of the name table: two bytes with the number, the name, a NUL. */
static void capture(const struct pattern *p, struct str text, struct captures *ret)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(p->match);

	for (uint32_t i = 0; i < p->n_names && ret->n < ARRAY_SIZE(ret->list); i++) {
		const unsigned char *entry = p->names + i * p->name_size;
		size_t group = (size_t)entry[0] << 8 | entry[1];

		if (ends[2 * group] == PCRE2_UNSET || ends[2 * group + 1] < ends[2 * group])
			continue;
		ret->list[ret->n].name = str_from((const char *)entry + 2);
		ret->list[ret->n++].value =
		    (struct str){ text.p + ends[2 * group], ends[2 * group + 1] - ends[2 * group] };
	}
}

bool pattern_find(const struct pattern *p, struct str text, struct captures *ret)
{
	const char *s = text.p ? text.p : "";

	if (pcre2_match(p->code, (PCRE2_SPTR)s, text.n, 0, 0, p->match, p->context) <= 0)
		return false;
	if (ret)
		capture(p, text, ret);
	return true;
}

uint32_t pattern_groups(const struct pattern *p)
{
	return p->n_groups;
}

bool pattern_first(const struct pattern *p, struct str text, struct str *ret_group)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(p->match);

	*ret_group = (struct str){ 0 };
	if (!pattern_find(p, text, NULL))
		return false;
	if (p->n_groups && ends[2] != PCRE2_UNSET && ends[3] >= ends[2])
		*ret_group = (struct str){ (text.p ? text.p : "") + ends[2], ends[3] - ends[2] };
	return true;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->context);
	pcre2_code_free(p->code);
	mem_free(p);
}
