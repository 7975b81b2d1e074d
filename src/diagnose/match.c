/* SPDX-License-Identifier: Apache-2.0 */
/* Facts against matchers. */
#include "diagnose/tests.h"
#include "kube/quantity.h"

#define LATE (10 * SECOND) /* of repeated Events; 5 s were seen on a busy node */

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

/* What a kind of fact offers to a matcher: one row a kind that has rules. */
struct offer {
	enum match_kind kind;
	struct str word, reason, text;
	bool truth;
	int32_t code;
	uint32_t place;		      /* of MATCH_NODES; else 0 */
	const struct captures *given; /* what is known without a pattern; NULL: nothing */
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
		ret->word = f->reason; /* the code of the refusal */
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
	    !is_code_among(o->code, &m->codes) || (m->wants_truth && m->truth != o->truth))
		return false;
	/* a request that was granted is not meant where no status is asked for */
	if (m->kind == MATCH_DELETED && !m->codes.n && o->code >= 300)
		return false;
	return rules_find_text(rules, m, o->text, ret);
}

struct hit *hits_of(struct hits *h, uint32_t rule, struct str subject, enum scope part)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->list[i].rule == rule && h->list[i].part == part &&
		    str_eq(h->list[i].subject, subject))
			return &h->list[i];
	if (h->n == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 8;
		h->list = arena_grow(h->arena, h->list, h->n, h->cap, sizeof(*h->list));
	}
	h->list[h->n] = (struct hit){ .rule = rule,
				      .subject = subject,
				      .part = part,
				      .first = NSEC_NONE,
				      .last = NSEC_NONE,
				      .excused = NSEC_NONE,
				      .took = NSEC_NONE,
				      .waited = NSEC_NONE,
				      .stage = h->rules->list[rule].stage };
	return &h->list[h->n++];
}

/* A container's own facts are about it; those of the pod about the pod. */
static struct str subject_of(const struct entry *e)
{
	switch (e->fact.kind) {
	case FACT_EVENT:
	case FACT_WAITING:
	case FACT_TERMINATED:
		return e->fact.subject.p ? e->fact.subject : STR("");
	default:
		return STR("");
	}
}

/* What an init container does holds up the init stage, whatever it would hold up in another. */
static enum lifecycle_stage stage_for(const struct hits *h, const struct hit *hit)
{
	enum lifecycle_stage stage = h->rules->list[hit->rule].stage;
	const struct mark *initialized = &h->t->marks[MILESTONE_INITIALIZED];
	enum container_kind kind;

	if (stage != STAGE_READINESS || !hit->subject.n ||
	    !kind_of_container(h->t, hit->subject, &kind))
		return stage;
	if (kind == CONTAINER_INIT)
		return STAGE_INIT;
	if (kind == CONTAINER_SIDECAR && (!initialized->reached || (nsec_known(initialized->at) &&
								    hit->first < initialized->at)))
		return STAGE_INIT;
	return stage;
}

/* A fact that a matcher holds for. */
struct matched {
	const struct matcher *m;
	const struct entry *e;
	struct captures captures;
	uint32_t place; /* as in struct hit */
};

/* Excuses and what only fills in words are of the whole life. */
static void add_excuse(struct hits *h, const struct matched *found)
{
	struct hit *hit = hits_of(h, found->m->rule, subject_of(found->e), SCOPE_COUNT);
	nsec last = entry_last(found->e);

	if (found->m->excuse)
		hit->excused = clock_later(hit->excused, last);
	else if (!nsec_known(hit->last) || last >= hit->last) {
		hit->last = last;
		hit->captures = found->captures;
	}
}

static void add_hit(struct hits *h, const struct matched *found, enum scope part, nsec at)
{
	const struct matcher *m = found->m;
	const struct entry *e = found->e;
	struct hit *hit = hits_of(h, m->rule, subject_of(e), part);
	nsec last = entry_last(e), before = hit->last;
	/* one sentence may give two reasons for the same rule */
	bool again = hit->last_entry == e;

	if (!hit->first_entry || at < hit->first) {
		hit->first = at;
		hit->first_entry = e;
	}
	if (!hit->last_entry || last >= hit->last) {
		hit->last = last;
		hit->last_entry = e;
		if (found->captures.n || !hit->captures.n)
			hit->captures = found->captures;
	}
	if (e->fact.kind == FACT_TERMINATED)
		hit->times += !nsec_known(before) || at > before;
	else if (!again)
		hit->times += MAX(e->times, e->fact.kind == FACT_EVENT ? e->fact.count : 1);
	if (found->place)
		hit->place = hit->place ? MIN(hit->place, found->place) : found->place;
	/* how a container ended is a proof, as a text is */
	hit->by_text = hit->by_text || m->expression.n || m->codes.n ||
		       m->kind == MATCH_TERMINATED || m->kind == MATCH_NODES;
	hit->stage = stage_for(h, hit);
}

/*
 * One entry may stand for many facts, and of those the first and the last are known: what began
 * before the delivery and went on after it belongs to both parts. Of an Event that is repeated
 * only the time of the write is known, which under load comes seconds later than what happened.
 */
static void add_matched(struct hits *h, const struct matched *found)
{
	const struct matcher *m = found->m;
	const struct entry *e = found->e;
	nsec last = entry_last(e);
	enum scope part;

	if (m->excuse || m->tells) {
		add_excuse(h, found);
		return;
	}
	if (!hits_part_of(h, m, e, entry_at(e), &part))
		return;
	if (!m->during || m->during >> part & 1)
		add_hit(h, found, part, entry_at(e));
	/* a condition that is read back again and again has come about once */
	if (e->fact.kind == FACT_CONDITION && nsec_known(e->fact.at))
		return;
	if (part == SCOPE_CREATE && hits_part(h, last - LATE) == SCOPE_RUN &&
	    (!m->during || m->during >> SCOPE_RUN & 1))
		add_hit(h, found, SCOPE_RUN, last);
}

bool hits_about(const struct hits *h, const struct matcher *m)
{
	return h->rules->list[m->rule].about >> (unsigned)h->t->kind & 1;
}

/* Some rules are about jobs, or about all others; or about some of the containers. */
static bool is_meant(struct hits *h, const struct matcher *m, const struct entry *e)
{
	enum container_kind kind;

	if (!hits_about(h, m) || (m->job && !h->t->job) || (m->not_job && h->t->job))
		return false;
	if (m->containers && (!kind_of_container(h->t, subject_of(e), &kind) ||
			      !(m->containers >> (unsigned)kind & 1)))
		return false;
	return !m->wants_killed || m->killed == killed_by_kubelet(h, e);
}

static bool amount(const struct captures *c, struct str name, int64_t *ret)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->list[i].name, name))
			return quantity_value(c->list[i].value, ret);
	return false;
}

/*
 * With a request of 0 everything is over it. Who used less than a tenth of what the node lacked
 * (threshold - available) has not used it up; where the text does not give both, that is not known.
 */
static bool is_notable(const struct captures *c)
{
	int64_t used, threshold, available;

	if (!amount(c, STR("used"), &used) || !amount(c, STR("threshold"), &threshold) ||
	    !amount(c, STR("available"), &available) || available >= threshold)
		return true;
	return used >= (threshold - available) / 10;
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
			add_matched(h, &found);
	}
}

/* The scheduler's sentence, of its Event or of the condition that it sets. */
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

/* Which of the reasons of the last sentence it is; those of earlier ones come behind all. */
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

		/* the likely cause last, for its captures are kept */
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

static void slow_stage(struct hits *h, const struct matcher *m, const struct stage *s, nsec until)
{
	nsec end = nsec_known(s->end.at) ? s->end.at : s->open ? until : NSEC_NONE;
	struct captures captures = { .n = 0 };
	struct hit *hit;

	if (s->stage != m->stage || !nsec_known(end) || end - s->start.at <= m->over ||
	    !hits_about(h, m) || !rules_find_text(h->rules, m, s->subject, &captures))
		return;
	if ((m->job && !h->t->job) || (m->not_job && h->t->job) ||
	    (m->queued && (!nsec_known(s->waited) || s->waited <= (end - s->start.at) / 2)))
		return;
	if (nsec_known(s->end.at) ? !hits_covered(h, s->stage, s->start.at, end)
				  : !hits_covered_open(h, s->stage, s->start.at))
		return;
	if (s->stage == STAGE_SCHEDULE && !hits_waited_for_scheduler(h, s->start.at, end))
		return;
	hit = hits_of(h, m->rule, s->subject, hits_part(h, s->start.at));
	hit->first = s->start.at;
	hit->last = end;
	hit->first_entry = s->start.evidence;
	hit->last_entry = s->end.evidence ? s->end.evidence : s->start.evidence;
	hit->times = 1;
	hit->took = end - s->start.at;
	hit->captures = captures;
	hit->open = !nsec_known(s->end.at);
	hit->stage = s->stage;
	hit->waited = s->waited;
	hit->bytes = s->bytes;
}

static void try_slow(struct hits *h)
{
	const struct candidates *c = &h->rules->any[MATCH_SLOW];
	const struct deletion *d = h->t->deletion;
	nsec until = d ? MIN(d->until, cluster_end(h->cluster)) : NSEC_NONE;

	for (size_t i = 0; i < c->n; i++) {
		const struct matcher *m = &h->rules->matchers[c->list[i]];

		for (size_t k = 0; k < h->t->n_stages; k++)
			slow_stage(h, m, &h->t->stages[k], h->d->until);
		for (size_t k = 0; d && k < d->n_stages; k++)
			slow_stage(h, m, &d->stages[k], until);
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
	try_slow(h);
	run_tests(h);
}
