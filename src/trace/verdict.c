/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of the root, and of the stage that the cause explains. */
#include "trace/draft.h"

static struct attribute_list *root(struct draft *d)
{
	return &d->spans[DRAFT_ROOT].attributes;
}

/* The operation itself */

static void put_deletion(struct draft *d)
{
	const struct deletion *x = d->t->deletion;

	if (x->request) {
		attribute_text(root(d), "lunettes.how", x->request->fact.reason);
		attribute_text(root(d), "user.name", x->request->actor);
	}
	if (x->grace >= 0)
		attribute_seconds(root(d), "lunettes.grace", x->grace * SECOND);
	attribute_seconds(root(d), "lunettes.overrun", x->overrun);
	attribute_names(root(d), "lunettes.finalizers", x->finalizers);
	attribute_text(root(d), "lunettes.step", d->outcome->step);
}

static void put_upgrade(struct draft *d)
{
	static const char *const kinds[] = { "image", "restart", "resize" };
	const struct upgrade *u = d->outcome->upgrade;

	attribute_text(root(d), "lunettes.how", str_from(kinds[u->kind]));
	if (u->trigger)
		attribute_text(root(d), "user.name", u->trigger->actor);
	attribute_names(root(d), "lunettes.containers", u->containers);
	attribute_text(root(d), "lunettes.before", u->before);
	attribute_text(root(d), "lunettes.after", u->after);
}

static void put_claim(struct draft *d)
{
	const struct claim_object *c = d->t->claim;

	attribute_text(root(d), "k8s.namespace.name", d->t->namespace);
	attribute_text(root(d), "k8s.persistentvolumeclaim.name", d->t->name);
	attribute_text(root(d), "k8s.persistentvolumeclaim.uid", d->t->uid);
	if (!c)
		return;
	attribute_text(root(d), "k8s.storageclass.name", c->storage_class);
	attribute_text(root(d), "k8s.persistentvolume.name", c->volume);
	if (c->bytes)
		attribute_number(root(d), "lunettes.requested_bytes", c->bytes);
}

/* Names of claims, each terminated by NUL. */
static void put_mounted(struct draft *d)
{
	struct str rest = d->t->object ? d->t->object->claims : STR(""), name;
	struct str *names;
	size_t n = 0;

	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == 0;
	names = arena_array(d->arena, struct str, n);
	n = 0;
	while (str_cut(rest, 0, &name, &rest))
		names[n++] = name;
	attribute_texts(root(d), "lunettes.claims", names, n);
}

static void put_creation(struct draft *d, const struct delivery *delivery)
{
	attribute_text(root(d), "lunettes.slo.class", delivery->class_name);
	attribute_seconds(root(d), "lunettes.deadline", delivery->deadline_limit);
	attribute_seconds(root(d), "lunettes.delivery", delivery->delivery);
	attribute_seconds(root(d), "lunettes.user", delivery->user);
	attribute_seconds(root(d), "lunettes.startup", delivery->startup);
	attribute_text(root(d), "lunettes.refusal", d->t->refusal);
	attribute_true(root(d), "lunettes.job", d->t->job_known && d->t->job);
	if (d->t->attempts > 1)
		attribute_number(root(d), "lunettes.attempts", d->t->attempts);
	if (!d->t->name.n)
		attribute_text(root(d), "lunettes.generate_name", d->t->generate_name);
	put_mounted(d);
}

static void put_operation(struct draft *d, const struct delivery *delivery)
{
	const struct outcome *o = d->outcome;

	attribute_text(root(d), "lunettes.operation", operation_name(d->trace.operation));
	attribute_text(root(d), "lunettes.verdict", verdict_name(o->verdict));
	attribute_seconds(root(d), "lunettes.limit", o->limit);
	attribute_seconds(root(d), "lunettes.total", o->total);
	attribute_seconds(root(d), "lunettes.waiting", o->waited);
	switch (d->trace.operation) {
	case OPERATION_CREATE:
		put_creation(d, delivery);
		break;
	case OPERATION_DELETE:
		put_deletion(d);
		break;
	case OPERATION_UPGRADE:
		put_upgrade(d);
		break;
	case OPERATION_BIND:
		put_claim(d);
		break;
	case OPERATION_ROLLOUT: /* has no verdict */
	case OPERATION_COUNT:
		break;
	}
}

/* Causes */

/* The cause is about this operation. */
static bool concerns(const struct draft *d, const struct cause *c)
{
	static const enum scope scopes[OPERATION_COUNT] = { [OPERATION_CREATE] = SCOPE_CREATE,
							    [OPERATION_DELETE] = SCOPE_DELETE,
							    [OPERATION_UPGRADE] = SCOPE_RUN };
	const struct span *s = &d->spans[DRAFT_ROOT].span;

	if (d->trace.operation == OPERATION_BIND || c->scope != scopes[d->trace.operation])
		return false;
	return d->trace.operation != OPERATION_UPGRADE ||
	       (c->first <= s->end && c->last >= s->start);
}

static const struct cause *cause_of(const struct draft *d, const struct diagnosis *g)
{
	if (g->primary && concerns(d, g->primary))
		return g->primary;
	for (size_t i = 0; i < g->n_contributing; i++)
		if (concerns(d, &g->contributing[i]) && !g->contributing[i].rule->information)
			return &g->contributing[i];
	return NULL;
}

static void put_cause(struct draft *d, struct attribute_list *l, const struct cause *c)
{
	attribute_text(l, "lunettes.code", c->rule->code);
	attribute_text(l, "lunettes.cause", c->summary);
	attribute_text(l, "lunettes.cause_owner", owner_name(c->owner));
	attribute_text(l, "lunettes.confidence", confidence_name(c->confidence));
}

/* The stage that the cause explains: of its leaves the one about the same container or image. */
static uint32_t explained(const struct draft *d, const struct cause *c)
{
	uint32_t best = DRAFT_ROOT;

	if (c->stage == STAGE_COUNT)
		return DRAFT_ROOT;
	for (uint32_t i = DRAFT_ROOT + 1; i < d->n_spans; i++) {
		const struct draft_span *s = &d->spans[i];

		if (s->kind != c->stage)
			continue;
		if (s->stage && c->subject.n && str_eq(s->stage->subject, c->subject))
			return i;
		if (best == DRAFT_ROOT)
			best = i;
	}
	return best;
}

static void put_error(struct draft *d, uint32_t number, struct str type, struct str message)
{
	struct draft_span *s = &d->spans[number];

	s->span.status = SPAN_ERROR;
	s->span.message = message;
	attribute_text(&s->attributes, "error.type", type);
}

/* The other causes, as events at their time. */
static void put_contributing(struct draft *d, const struct diagnosis *g, const struct cause *main)
{
	for (size_t i = 0; i < g->n_contributing; i++) {
		const struct cause *c = &g->contributing[i];
		const struct span *s = &d->spans[DRAFT_ROOT].span;
		struct attribute_list l = { .arena = d->arena };

		if (c == main || !concerns(d, c) || !nsec_known(c->first) || c->first > s->end)
			continue;
		put_cause(d, &l, c);
		draft_event(d, DRAFT_ROOT, MAX(c->first, s->start), STR("cause"))->attributes =
		    (struct attributes){ l.list, l.n };
	}
}

/* Success does not mean that all was well, and slow is no error: both stay unset. */
void draft_verdict(struct draft *d, const struct delivery *delivery,
		   const struct diagnosis *diagnosis)
{
	const struct outcome *o = d->outcome;
	const struct cause *cause = diagnosis ? cause_of(d, diagnosis) : NULL;
	bool error = o->verdict == VERDICT_FAILED || o->verdict == VERDICT_DENIED;
	uint32_t stage = cause ? explained(d, cause) : DRAFT_ROOT;
	struct str code = cause	      ? cause->rule->code
			  : o->code.n ? o->code
				      : verdict_name(o->verdict);

	put_operation(d, delivery);
	if (cause) {
		put_cause(d, root(d), cause);
		attribute_text(root(d), "lunettes.advice", cause->advice);
	} else if (o->code.n) {
		attribute_text(root(d), "lunettes.code", o->code);
	}
	if (stage != DRAFT_ROOT)
		put_cause(d, &d->spans[stage].attributes, cause);
	if (error) {
		put_error(d, DRAFT_ROOT, code, cause ? cause->summary : STR(""));
		if (stage != DRAFT_ROOT)
			put_error(d, stage, code, cause->summary);
	}
	if (diagnosis)
		put_contributing(d, diagnosis, cause);
}
