/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/operations.h"

static bool is_extracted(const struct fact *f)
{
	return f->kind >= FACT_OPERATION; /* they stand last in the enum */
}

/* The same stands at that path as in the last answer that showed it; at first: nothing. */
static bool unchanged(const struct operations_making *m, const struct fact *f)
{
	if (f->kind != FACT_VALUES)
		return false;
	for (size_t i = m->n; i > 0; i--) {
		const struct fact *before = &m->list[i - 1].fact;

		if (before->kind == FACT_VALUES && before->code == f->code)
			return str_eq(before->message, f->message);
	}
	return f->message.n == 0;
}

static void keep(struct operations_making *m, struct arena *arena, const struct record *r,
		 const struct fact *f)
{
	if (m->n == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 16;
		m->list = arena_grow(arena, m->list, m->n, m->cap, sizeof(*m->list));
	}
	m->list[m->n++] = (struct seen_operation){
		.received = r->received,
		.completed = r->completed != NSEC_NONE ? r->completed : r->received,
		.record = m->records,
		.fact = *f,
	};
	if (f->kind != FACT_TEXT)
		return;
	if (m->text + f->message.n > OPERATIONS_TEXT_MAX)
		m->list[m->n - 1].fact.message = (struct str){ 0 };
	else
		m->text += f->message.n;
}

size_t operations_take(struct operations_making *m, struct arena *arena, const struct record *r,
		       bool *ret_kept)
{
	size_t own = r->n_facts;

	*ret_kept = false;
	while (own > 0 && is_extracted(&r->facts[own - 1]))
		own--;
	for (size_t i = own; i < r->n_facts; i++) {
		if (unchanged(m, &r->facts[i]))
			continue;
		if (m->n == OPERATIONS_MAX) {
			m->cut = true;
			break;
		}
		keep(m, arena, r, &r->facts[i]);
		*ret_kept = true;
	}
	m->records += own < r->n_facts;
	return r->n_facts - own;
}
