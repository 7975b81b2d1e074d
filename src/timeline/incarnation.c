/* SPDX-License-Identifier: Apache-2.0 */
/* Collects the new facts of records in an incarnation, and corrects their clocks. */
#include "timeline/incarnation.h"

/* Facts with the same slot: a later one replaces the earlier as "the latest of its kind". */
enum slot_of_kind {
	SLOT_NONE,    /* all are kept */
	SLOT_KIND,    /* one per kind */
	SLOT_SUBJECT, /* one per subject */
	SLOT_EVENT,   /* one per reason, subject and message */
	SLOT_REQUEST, /* one per origin; found and not found differ */
	SLOT_DELETE,  /* evictions are retried as long as a disruption budget forbids them */
};

/* One row per kind of fact. Without a row all facts are kept while there is room. */
static const struct fact_row {
	enum slot_of_kind slot;
	bool rare; /* decides the verdict: has reserved places */
} fact_rows[FACT_KINDS] = {
	[FACT_CREATE] = { SLOT_NONE, .rare = true },
	[FACT_BIND] = { SLOT_NONE, .rare = true },
	[FACT_DELETE] = { SLOT_DELETE, .rare = true },
	[FACT_DELETING] = { SLOT_KIND, .rare = true },
	[FACT_PHASE] = { SLOT_KIND, .rare = true },
	[FACT_WRITE] = { SLOT_REQUEST },
	[FACT_SEEN] = { SLOT_REQUEST },
	[FACT_CONDITION] = { SLOT_SUBJECT },
	[FACT_WAITING] = { SLOT_SUBJECT },
	[FACT_RUNNING] = { SLOT_SUBJECT },
	[FACT_TERMINATED] = { SLOT_SUBJECT },
	[FACT_EVENT] = { SLOT_EVENT },
	[FACT_NOMINATED] = { SLOT_KIND },
	[FACT_LABEL] = { SLOT_SUBJECT },
	[FACT_SELECTED] = { SLOT_KIND },
};

static bool same_slot(const struct fact *a, const struct fact *b)
{
	if (a->kind != b->kind || a->written != b->written)
		return false;
	switch (fact_rows[a->kind].slot) {
	case SLOT_NONE:
		return false;
	case SLOT_KIND:
		return true;
	case SLOT_SUBJECT:
		return str_eq(a->subject, b->subject);
	case SLOT_EVENT:
		return str_eq(a->reason, b->reason) && str_eq(a->subject, b->subject) &&
		       str_eq(a->message, b->message);
	case SLOT_REQUEST:
		return a->origin == b->origin && (a->code == 404) == (b->code == 404);
	case SLOT_DELETE:
		return a->code >= 300 && a->code == b->code && str_eq(a->reason, b->reason);
	}
	return false;
}

/* Unknown differs from empty. */
static bool same_text(struct str a, struct str b)
{
	return !a.p == !b.p && str_eq(a, b);
}

/* Status writes in a burst, whose content is not logged. */
#define WRITES_TOGETHER SECOND

/* Does the fact repeat the latest of its kind? */
static bool repeats(const struct fact *a, const struct fact *b)
{
	if (a->kind == FACT_SEEN || a->kind == FACT_WRITE || a->kind == FACT_DELETE)
		return true;
	if (a->kind == FACT_EVENT)
		return a->reason.p != NULL; /* without a body only its time is known */
	if (a->kind == FACT_LABEL)
		return same_text(a->message, b->message);
	if (a->kind == FACT_DELETING && !same_text(a->message, b->message))
		return false; /* fewer finalizers are left, or more */
	/* only the message shows which containers are not ready */
	if (fact_is_condition(a, STR("ContainersReady")) && !same_text(a->message, b->message))
		return false;
	/* for a container state the count is restartCount, which is constant at that time */
	return a->at == b->at && a->begin == b->begin && a->truth == b->truth &&
	       a->count == b->count && a->code == b->code && str_eq(a->reason, b->reason) &&
	       str_eq(a->subject, b->subject);
}

/* The slot of a fact, or SLOTS_MAX. */
static size_t slot_of(const struct incarnation *in, const struct fact *f, struct str actor)
{
	size_t i = 0;

	for (; i < in->n_slots; i++) {
		const struct entry *e = &in->entries[in->slots[i]];

		/* show each client that tries to delete it */
		if (same_slot(&e->fact, f) && (f->kind != FACT_DELETE || str_eq(e->actor, actor)))
			break;
	}
	return i < in->n_slots ? i : SLOTS_MAX;
}

/* A container that waits again after a run is a new wait: another state was received after the last
 * time it waited. Its last termination is repeated in all later statuses. */
static bool came_back(const struct incarnation *in, const struct entry *e, const struct fact *f)
{
	if (f->kind != FACT_WAITING && f->kind != FACT_RUNNING)
		return false;
	for (size_t i = 0; i < in->n_slots; i++) {
		const struct entry *other = &in->entries[in->slots[i]];

		if (other->received > e->last && fact_is_state(&other->fact) &&
		    other->fact.written == f->written && str_eq(other->fact.subject, f->subject))
			return true;
	}
	return false;
}

/* True if the fact adds nothing. After an in-place update each Event is kept once more, and between
 * two status writes without content the status is unknown. */
static bool folds(const struct incarnation *in, nsec received, const struct fact *f,
		  const struct entry *e)
{
	if (f->kind == FACT_WRITE && received - e->last > WRITES_TOGETHER)
		return false;
	if (f->kind == FACT_EVENT && (e->last < in->changed || event_restarts_in_place(f)))
		return false;
	return repeats(f, &e->fact) && !came_back(in, e, f);
}

static bool is_new(struct incarnation *in, const struct record *r, const struct fact *f)
{
	size_t slot = slot_of(in, f, r->actor);
	struct entry *e;

	if (slot == SLOTS_MAX)
		return true;
	e = &in->entries[in->slots[slot]];
	if (!folds(in, r->received, f, e))
		return true;
	e->times++;
	e->last = r->received;
	if (f->kind == FACT_EVENT && f->count > e->fact.count)
		e->fact.count = f->count;
	return false;
}

/* A kubelet's times are of the node's clock; PodScheduled is of the API server's. */
static bool on_node_clock(const struct fact *f)
{
	switch (f->kind) {
	case FACT_EVENT:
		return f->origin == ORIGIN_KUBELET;
	case FACT_RUNNING:
	case FACT_TERMINATED:
	case FACT_PHASE: /* the startTime of a failed pod */
		return true;
	case FACT_CONDITION:
		return !str_eq(f->subject, STR("PodScheduled")) &&
		       !str_eq(f->subject, STR("DisruptionTarget"));
	default:
		return false;
	}
}

static struct fact corrected(const struct fact *fact, nsec offset, nsec received)
{
	struct fact f = *fact;

	if (!on_node_clock(&f))
		return f;
	if (nsec_known(f.at))
		f.at += offset;
	if (nsec_known(f.begin))
		f.begin += offset;
	/* an Event cannot be known before it happened */
	if (f.kind == FACT_EVENT && f.at > received)
		f.at = received;
	if (f.kind == FACT_EVENT && f.begin > received)
		f.begin = received;
	return f;
}

static bool says_ready(const struct fact *f)
{
	return f->truth && fact_is_condition(f, STR("Ready"));
}

/* A crash loop must not displace the facts that decide the verdict. */
static bool has_room(const struct incarnation *in, const struct fact *f)
{
	bool rare = fact_rows[f->kind].rare || (says_ready(f) && !in->was_ready);

	return in->n < (rare ? TIMELINE_FACTS_MAX : TIMELINE_FACTS_MAX - RARE_FACTS_MAX);
}

enum { ENTRIES_FIRST = 8 };

static struct spare **spares_of(const struct incarnation *in, size_t cap)
{
	return &in->spares->lists[__builtin_ctzll(cap)];
}

/* Doubles the room for entries. */
static void grow_entries(struct incarnation *in, struct arena *arena)
{
	size_t cap = in->cap ? in->cap * 2 : ENTRIES_FIRST;
	struct spare **spares = spares_of(in, cap), *outgrown = (struct spare *)in->entries;
	struct entry *grown = (struct entry *)*spares;

	if (grown)
		*spares = (*spares)->next;
	else
		grown = arena_array(arena, struct entry, cap);
	if (outgrown) {
		memcpy(grown, in->entries, in->n * sizeof(*grown));
		spares = spares_of(in, in->cap);
		outgrown->next = *spares;
		*spares = outgrown;
	}
	in->entries = grown;
	in->cap = cap;
}

static void keep_fact(struct incarnation *in, struct arena *arena, const struct record *r,
		      const struct fact *f)
{
	size_t slot;
	struct entry *e;

	if (!has_room(in, f)) {
		in->cut = true;
		return;
	}
	in->was_ready = in->was_ready || says_ready(f);
	if (in->n == in->cap)
		grow_entries(in, arena);
	e = &in->entries[in->n];
	*e = entry_of(r, f);
	slot = slot_of(in, f, r->actor);
	if (slot == SLOTS_MAX && in->n_slots < SLOTS_MAX) {
		arena_reserve(arena, in->slots, in->n_slots, in->slots_cap);
		slot = in->n_slots++;
	}
	if (slot < SLOTS_MAX)
		in->slots[slot] = (uint32_t)in->n;
	in->n++;
}

/* Prefers an object with a spec, and of those the first (what was created). */
static bool better_object(const struct pod_object *have, const struct pod_object *o)
{
	return o && (!have || (!have->has_spec && o->has_spec));
}

/* Prefers the first one, then the one with its volume's name. */
static bool better_claim(const struct claim_object *have, const struct claim_object *c)
{
	return c && (!have || (!have->volume.n && c->volume.n));
}

/* Ephemeral containers are only added, in the same order in all bodies. */
static bool knows_ephemeral(const struct incarnation *in, struct str name, size_t *expected)
{
	if (*expected < in->n_ephemerals && str_eq(in->ephemerals[*expected].name, name)) {
		++*expected;
		return true;
	}
	for (size_t i = 0; i < in->n_ephemerals; i++)
		if (str_eq(in->ephemerals[i].name, name))
			return true;
	return false;
}

static bool new_ephemerals(const struct incarnation *in, const struct pod_object *o)
{
	size_t expected = 0;

	for (size_t i = 0; i < o->n_containers; i++)
		if (o->containers[i].kind == CONTAINER_EPHEMERAL &&
		    !knows_ephemeral(in, o->containers[i].name, &expected))
			return true;
	return false;
}

static void note_ephemerals(struct incarnation *in, struct arena *arena, const struct pod_object *o)
{
	size_t expected = 0;

	for (size_t i = 0; i < o->n_containers; i++) {
		if (o->containers[i].kind != CONTAINER_EPHEMERAL ||
		    knows_ephemeral(in, o->containers[i].name, &expected))
			continue;
		arena_reserve(arena, in->ephemerals, in->n_ephemerals, in->ephemerals_cap);
		in->ephemerals[in->n_ephemerals++] = o->containers[i];
	}
}

/* The first body without scheduling gates after one with some. */
static bool opens_gates(const struct incarnation *in, const struct pod_object *o)
{
	return nsec_known(in->gated) && !in->ungated && o->has_spec && !o->n_scheduling_gates;
}

/* A patch or update of the pod itself, which schedulers and kubelets never send. */
static bool writes_pod(const struct record *r)
{
	return (str_eq(r->verb, STR("patch")) || str_eq(r->verb, STR("update"))) &&
	       r->origin != ORIGIN_SCHEDULER && r->origin != ORIGIN_KUBELET;
}

static void note_identity(struct incarnation *in, struct arena *arena, const struct record *r)
{
	const struct pod_object *o = r->object;

	if (better_claim(in->claim, r->claim))
		in->claim = r->claim;
	if (r->claim && !nsec_known(in->created) && nsec_known(r->claim->created)) {
		in->created = r->claim->created;
		in->created_by = record_evidence(arena, r);
	}
	if (!o)
		return;
	incarnation_note_spec(in, arena, r);
	if (o->node.n)
		in->node = o->node;
	else if (o->node.p && !in->node.p)
		in->node = o->node;
	if (!nsec_known(in->created) && nsec_known(o->created)) {
		in->created = o->created;
		in->created_by = record_evidence(arena, r);
	}
	if (opens_gates(in, o)) {
		in->ungated = record_evidence(arena, r);
		in->ungated_written = writes_pod(r);
	}
	note_ephemerals(in, arena, o);
	if (better_object(in->object, o))
		in->object = o;
}

static void note_fact(struct incarnation *in, const struct record *r, const struct fact *f)
{
	if (f->kind == FACT_CREATE) {
		in->has_create = true;
		in->kubelet_create = r->origin == ORIGIN_KUBELET;
		in->born_bound = r->object && r->object->node.n;
	} else if (f->kind == FACT_BIND && r->status < 300) {
		in->bound = true;
		if (f->subject.n)
			in->node = f->subject;
	} else if (f->kind == FACT_DELETE && f->code < 300) {
		in->deleted = true;
		in->gone = in->gone || f->truth;
	} else if (event_restarts_in_place(f)) {
		in->changed = clock_later(in->changed, r->received);
	}
}

/* Does the record show something about the pod itself that no kept record shows? */
static bool new_identity(const struct incarnation *in, const struct record *r)
{
	const struct pod_object *o = r->object;
	enum upgrade_kind kind;

	if (r->claim)
		return !in->claim || (!nsec_known(in->created) && nsec_known(r->claim->created));
	if (incarnation_changes(in, r, &kind) || incarnation_explains(in, r))
		return true;
	return o && (better_object(in->object, o) || (o->node.n && !in->node.n) ||
		     (nsec_known(o->created) && !nsec_known(in->created)) || opens_gates(in, o) ||
		     new_ephemerals(in, o));
}

static nsec clock_offset(const struct incarnation *in, const struct context *context,
			 const struct record *r)
{
	struct str node = r->node.n ? r->node : in->node;

	if (!node.n && r->object)
		node = r->object->node;
	return node.n ? context_clock_offset(context, r->cluster, node) : 0;
}

/* True if nothing of the record would be kept: only repetitions, which are counted, and facts
 * without room. Then its bytes must not be kept either. */
static bool tells_nothing(struct incarnation *in, const struct record *r, nsec offset)
{
	if (new_identity(in, r))
		return false;
	for (size_t i = 0; i < r->n_facts; i++) {
		struct fact f = corrected(&r->facts[i], offset, r->received);
		size_t slot = slot_of(in, &f, r->actor);

		if ((slot == SLOTS_MAX ||
		     !folds(in, r->received, &f, &in->entries[in->slots[slot]])) &&
		    has_room(in, &f))
			return false;
	}
	for (size_t i = 0; i < r->n_facts; i++) {
		struct fact f = corrected(&r->facts[i], offset, r->received);

		if (is_new(in, r, &f))
			in->cut = true;
	}
	return true;
}

bool incarnation_add(struct incarnation *in, struct arena *arena, const struct context *context,
		     const struct record *r)
{
	nsec offset = clock_offset(in, context, r);

	in->dumped = in->dumped || (r->dumped && (r->object || r->claim));
	if (r->object && r->object->n_scheduling_gates)
		in->gated = clock_later(in->gated, r->received);
	/* check first, because records without new facts need not be kept */
	if (tells_nothing(in, r, offset)) {
		if (r->object && in->spec)
			incarnation_note_spec(in, arena, r); /* it was seen again */
		return false;
	}
	note_identity(in, arena, r);
	for (size_t i = 0; i < r->n_facts; i++) {
		struct fact f = corrected(&r->facts[i], offset, r->received);

		note_fact(in, r, &f);
		if (is_new(in, r, &f))
			keep_fact(in, arena, r, &f);
	}
	return true;
}
