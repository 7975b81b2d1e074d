/* SPDX-License-Identifier: Apache-2.0 */
/* Matches facts against matchers. */
#include "diagnose/tests.h"
#include "kube/quantity.h"

static bool is_among(struct str word, const struct rule_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->list[i], word))
			return true;
	return words->n == 0;
}

static bool is_code_among(int32_t code, const struct rule_codes *codes)
{
	for (size_t i = 0; i < codes->n; i++)
		if (codes->list[i] == code)
			return true;
	return codes->n == 0;
}

/* The parts of a kind of fact that matchers use: one row per kind. */
struct offer {
	enum match_kind kind;
	struct str word, reason, text;
	bool truth;
	int32_t code;
	uint32_t place;		      /* for MATCH_NODES; otherwise 0 */
	const struct captures *given; /* captures without a pattern, or NULL */
};

static bool offer_of(const struct entry *e, struct offer *ret)
{
	const struct fact *f = &e->fact;

	*ret = (struct offer){ .word = f->reason,
			       .reason = f->reason,
			       .text = f->message,
			       .truth = f->truth,
			       .code = f->code };
	switch (f->kind) {
	case FACT_EVENT:
		ret->kind = MATCH_EVENT;
		return f->reason.p != NULL;
	case FACT_CONDITION:
		ret->kind = MATCH_CONDITION;
		ret->word = f->subject;
		return true;
	case FACT_WAITING:
		ret->kind = MATCH_WAITING;
		return true;
	case FACT_TERMINATED:
		ret->kind = MATCH_TERMINATED;
		return true;
	case FACT_PHASE:
		ret->kind = MATCH_PHASE;
		ret->word = f->reason; /* the phase; status.reason is the subject */
		ret->reason = f->subject.p ? f->subject : STR("");
		return true;
	case FACT_CREATE:
		ret->kind = MATCH_REFUSED;
		ret->word = f->reason; /* the code of the rejection */
		return f->code >= 300;
	case FACT_DELETE:
		ret->kind = MATCH_DELETED;
		ret->text = f->code >= 300 ? f->message : e->actor;
		return true;
	default:
		return false;
	}
}

static bool holds(const struct rules *rules, const struct matcher *m, const struct offer *o,
		  struct captures *ret)
{
	if (!is_among(o->word, &m->words) || !is_among(o->reason, &m->reasons) ||
	    !is_code_among(o->code, &m->codes) || (m->is && m->is != 1 + o->truth))
		return false;
	/* without a status in the rule, successful requests do not match */
	if (m->kind == MATCH_DELETED && !m->codes.n && o->code >= 300)
		return false;
	return rules_find_text(rules, m, o->text, ret);
}

static bool amount(const struct captures *c, struct str name, int64_t *ret)
{
	struct str value;

	return captures_find(c, name, &value) && quantity_value(value, ret);
}

/*
 * If a container requests 0, any use exceeds the request. A use below a tenth of what the node
 * lacked (threshold - available) did not cause the shortage. If the message lacks either value,
 * this is unknown.
 */
static bool is_notable(const struct captures *c)
{
	int64_t used, threshold, available;

	if (!amount(c, STR("used"), &used) || !amount(c, STR("threshold"), &threshold) ||
	    !amount(c, STR("available"), &available) || available >= threshold)
		return true;
	return used >= (threshold - available) / 10;
}

/* Some rules apply to some containers only, or to one kind of termination. */
static bool is_meant(struct hits *h, const struct matcher *m, const struct entry *e)
{
	enum container_kind kind;

	if (!hits_meant(h, m))
		return false;
	if (m->containers && (!kind_of_container(h->t, hits_subject(e), &kind) ||
			      !(m->containers >> (unsigned)kind & 1)))
		return false;
	return !m->killed || m->killed == 1 + killed_by_kubelet(h, e);
}

static void try_all(struct hits *h, const struct candidates *c, const struct entry *e,
		    const struct offer *o)
{
	for (size_t i = 0; c && i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];
		struct matched found = { .m = m, .e = e, .place = o->place };

		if (o->given)
			found.captures = *o->given;
		if (holds(h->rules, m, o, &found.captures) && is_meant(h, m, e) &&
		    (!m->notable || is_notable(&found.captures)))
			hits_add(h, &found);
	}
}

/* The scheduler's message, from its Event or from the condition that it sets. */
static bool tells_nodes(const struct hits *h, const struct entry *e, struct nodes *ret)
{
	const struct fact *f = &e->fact;

	if (f->kind == FACT_EVENT
		? !str_eq(f->reason, STR("FailedScheduling"))
		: f->kind != FACT_CONDITION || f->truth || !str_eq(f->subject, STR("PodScheduled")))
		return false;
	return nodes_parse(f->message, h->arena, ret) && ret->n;
}

static void find_nodes(struct hits *h)
{
	struct nodes nodes, *last = arena_new(h->arena, struct nodes);

	for (size_t i = 0; i < h->t->n_entries; i++) {
		const struct entry *e = &h->t->entries[i];

		if (!tells_nodes(h, e, &nodes) ||
		    (h->nodes && entry_last(e) < entry_last(h->nodes_entry)))
			continue;
		*last = nodes;
		h->nodes = last;
		h->nodes_entry = e;
	}
}

/* The rank of the reason in the last message; reasons of earlier messages come after all others. */
static uint32_t place_of(const struct hits *h, struct str text)
{
	for (size_t i = 0; i < h->nodes->n; i++)
		if (str_eq(h->nodes->list[i].text, text))
			return (uint32_t)i + 1;
	return UINT32_MAX;
}

static struct str how_many(const struct hits *h, const struct nodes *nodes, uint32_t count)
{
	if (count < nodes->total)
		return arena_printf(h->arena, "%u of %u nodes", count, nodes->total);
	if (nodes->total == 1)
		return STR("the only node");
	return arena_printf(h->arena, "all %u nodes", nodes->total);
}

static void try_nodes(struct hits *h)
{
	struct nodes nodes;

	find_nodes(h);
	for (size_t i = 0; h->nodes && i < h->t->n_entries; i++) {
		const struct entry *e = &h->t->entries[i];

		/* the likely cause last, because its captures are kept */
		for (size_t k = tells_nodes(h, e, &nodes) ? nodes.n : 0; k-- > 0;) {
			const struct node_reason *r = &nodes.list[k];
			struct captures given = {
				.list = { { STR("nodes"), how_many(h, &nodes, r->count) },
					  { STR("value"), r->value } },
				.n = 2,
			};
			struct offer offer = { .kind = MATCH_NODES,
					       .word = r->code,
					       .text = r->text,
					       .place = place_of(h, r->text),
					       .given = &given };

			try_all(h, rules_asking(h->rules, MATCH_NODES, r->code), e, &offer);
			try_all(h, &h->rules->any[MATCH_NODES], e, &offer);
		}
	}
}

static void try_entries(struct hits *h, const struct entry *list, size_t n)
{
	struct offer offer;

	for (size_t i = 0; i < n; i++) {
		const struct entry *e = &list[i];

		if (!offer_of(e, &offer))
			continue;
		try_all(h, rules_asking(h->rules, offer.kind, offer.word), e, &offer);
		try_all(h, &h->rules->any[offer.kind], e, &offer);
	}
}

static void run_tests(struct hits *h)
{
#define FUNCTION(name, function) function,
	static void (*const tests[])(struct hits * h,
				     const struct matcher *m) = { MATCH_TESTS(FUNCTION) };
	const struct candidates *c = &h->rules->any[MATCH_TEST];

	for (size_t i = 0; i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];

		if (hits_about(h, m))
			tests[m->test](h, m);
	}
}

void hits_find(struct hits *h)
{
	try_entries(h, h->t->refused, h->t->n_refused);
	try_entries(h, h->t->entries, h->t->n_entries);
	try_nodes(h);
	hits_find_slow(h);
	run_tests(h);
}
