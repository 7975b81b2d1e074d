/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/slo_request.h"

static int add_objectives(const struct options *o, struct settings *s, struct err *err)
{
	size_t n = s->n_objectives + o->objectives.n;
	struct objective *all = arena_array(&s->arena, struct objective, n);

	for (size_t i = 0; i < s->n_objectives; i++)
		all[i] = s->objectives[i];
	for (size_t i = 0; i < o->objectives.n; i++)
		if (objective_parse(str_from(o->objectives.items[i]), (enum slo)o->slo,
				    &all[s->n_objectives + i], err) < 0)
			return -1;
	s->objectives = all;
	s->n_objectives = n;
	return 0;
}

int slo_request_of(const struct options *o, struct settings *s, struct slo_request *ret,
		   struct err *err)
{
	struct slo_request r = { .grouping = grouping_default(), .sort.by_name = true };

	if (o->by && grouping_parse(str_from(o->by), &r.grouping, err) < 0)
		return -1;
	if (o->sort_by && slo_sort_parse(str_from(o->sort_by), &r.sort, err) < 0)
		return -1;
	r.conditions = arena_array(&s->arena, struct condition, o->fail_on.n);
	for (; r.n_conditions < o->fail_on.n; r.n_conditions++)
		if (condition_parse(str_from(o->fail_on.items[r.n_conditions]),
				    &r.conditions[r.n_conditions], err) < 0)
			return -1;
	if (o->objectives.n && add_objectives(o, s, err) < 0)
		return -1;
	*ret = r;
	return 0;
}

void slo_request_check(const struct slo_request *request, struct slo_report *r, struct buf *holds,
		       struct buf *empty)
{
	struct buf found = { 0 };

	for (size_t i = 0; i < request->n_conditions; i++) {
		const struct condition *c = &request->conditions[i];
		enum condition_state state;

		buf_reset(&found);
		state = condition_check(c, r, &found);
		if (state == CONDITION_HOLDS)
			buf_printf(holds, "lunettes: --fail-on " STR_FMT " holds: " STR_FMT "\n",
				   STR_ARG(c->text), STR_ARG(buf_str(&found)));
		else if (state == CONDITION_OF_NOTHING)
			buf_printf(empty,
				   "lunettes: --fail-on " STR_FMT
				   " cannot be judged: " STR_FMT "\n",
				   STR_ARG(c->text), STR_ARG(buf_str(&found)));
	}
	buf_free(&found);
}
