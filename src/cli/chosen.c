/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/chosen.h"

static bool has_labels(const struct options *o, const struct timeline *t)
{
	enum { MOST = 256 };
	struct selector_label labels[MOST];
	struct str rest = { 0 };
	size_t n = 0;

	if (!o->selector.n_terms)
		return true;
	if (t->object)
		rest = t->object->labels;
	while (n < MOST && rest.n && str_cut(rest, 0, &labels[n].key, &rest) &&
	       str_cut(rest, 0, &labels[n].value, &rest))
		n++;
	return selector_match(&o->selector, labels, n);
}

bool chosen(const struct options *o, struct period period, const struct timeline *t,
	    uint64_t *unknown)
{
	nsec created = t->marks[MILESTONE_CREATED].at;

	if (!options_want_namespace(o, t->namespace) ||
	    !options_want_node(o, t->node.p ? t->node : STR("")) || !has_labels(o, t))
		return false;
	if (period.from == INT64_MIN && period.to == INT64_MAX)
		return true;
	*unknown += created == NSEC_NONE;
	return created != NSEC_NONE && period_holds(period, created);
}
