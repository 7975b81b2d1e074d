/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/blame.h"

#include "cli/rulebook.h"

int blame_open(struct blame *b, const struct options *options, struct err *err)
{
	*b = (struct blame){ .options = options };
	if (options->rules.n)
		b->rules = rulebook(options, err);
	return options->rules.n && !b->rules ? -1 : 0;
}

static bool went_wrong(enum verdict verdict)
{
	return verdict == VERDICT_SLOW || verdict == VERDICT_FAILED || verdict == VERDICT_ABORTED ||
	       verdict == VERDICT_OPEN;
}

void blame_delivery(struct blame *b, const struct timeline *t, const struct delivery *d,
		    const struct cluster *cluster, struct outcome *o)
{
	struct diagnosis diagnosis;
	struct err err;

	if (!went_wrong(d->verdict))
		return;
	if (!b->rules)
		b->rules = rulebook(b->options, &err);
	assert(b->rules); /* those of the program are right: a test reads them */
	arena_reset(&b->arena);
	diagnosis = diagnose(b->rules, t, d, cluster, &b->arena);
	if (!diagnosis.primary || diagnosis.primary->scope != SCOPE_CREATE)
		return;
	o->code = diagnosis.primary->rule->code;
	o->owner = diagnosis.primary->owner;
}

void blame_free(struct blame *b)
{
	rules_free(b->rules);
	arena_free(&b->arena);
}
