/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/choice.h"

#include "output/text.h"

int choice_begin(struct choice *c, const struct options *options, nsec log_end, struct err *err)
{
	*c = (struct choice){ .options = options };
	return options_period(options, log_end, &c->period, err);
}

static bool wants_labels(const struct options *o, const struct timeline *t)
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

static bool wants(struct choice *c, const struct timeline *t)
{
	const struct options *o = c->options;
	nsec created = t->marks[MILESTONE_CREATED].at;

	if (!options_want_namespace(o, t->namespace) ||
	    !options_want_name(o, t->kind == OBJECT_CLAIM, t->namespace, t->name, t->uid) ||
	    !options_want_node(o, t->node.p ? t->node : STR("")) || !wants_labels(o, t))
		return false;
	if (c->period.from == INT64_MIN && c->period.to == INT64_MAX)
		return true;
	c->unknown_created += created == NSEC_NONE;
	return created != NSEC_NONE && period_holds(c->period, created);
}

bool choice_wants(struct choice *c, const struct timeline *t)
{
	bool wanted = wants(c, t);

	c->claims += t->kind == OBJECT_CLAIM;
	c->offered++;
	c->taken += wanted;
	return wanted;
}

void choice_note(const struct choice *c, struct buf *out)
{
	if (c->unknown_created)
		buf_printf(out,
			   "lunettes: %llu pod%s left out: the log does not show when %s created\n",
			   (unsigned long long)c->unknown_created,
			   c->unknown_created == 1 ? " is" : "s are",
			   c->unknown_created == 1 ? "it was" : "they were");
	if (c->offered && !c->taken)
		buf_printf(out,
			   "lunettes: of the %llu %s%s in these logs none is what was asked for\n",
			   (unsigned long long)c->offered,
			   !c->claims		     ? "pod"
			   : c->claims == c->offered ? "claim"
						     : "pods and claim",
			   c->offered == 1 ? "" : "s");
}

void choice_near_note(const struct near_names *near, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "lunettes: no pod matches %s in these logs", near[i].pattern->text);
		for (size_t k = 0; k < near[i].n; k++) {
			buf_printf(out, "%s", k ? ", " : "; near names: ");
			text_add_safe(out, near[i].names[k], false);
		}
		buf_add_char(out, '\n');
	}
}
