/* SPDX-License-Identifier: Apache-2.0 */
/* Finds changes of a pod's spec during its life by comparing successive records. */
#include "timeline/incarnation.h"

/* Reads may come from a cache, and a status write may have begun before the change. So the old spec
 * may still appear for this long after a change. */
#define STALE (30 * SECOND)

const struct entry *record_evidence(struct arena *arena, const struct record *r)
{
	struct fact seen = { .kind = FACT_SEEN, .at = NSEC_NONE, .begin = NSEC_NONE };
	struct entry *e = arena_new(arena, struct entry);

	*e = entry_of(r, &seen);
	return e;
}

bool event_restarts_in_place(const struct fact *f)
{
	return fact_is_event(f, STR("Killing")) &&
	       (str_contains(f->message, STR(" definition changed")) ||
		str_contains(f->message, STR(" resize requires restart")));
}

/* Writes to the pod itself. Kubelets write only the status, as does any write whose body shows
 * one. */
static bool writes_spec(const struct record *r)
{
	if (r->origin == ORIGIN_KUBELET || r->dumped ||
	    (!str_eq(r->verb, STR("patch")) && !str_eq(r->verb, STR("update"))))
		return false;
	for (size_t i = 0; i < r->n_facts; i++)
		if (r->facts[i].written && r->facts[i].kind != FACT_LABEL)
			return false;
	return true;
}

/* Ephemeral containers are added one by one and never changed. */
static bool compare(const struct container_spec *a, size_t n_a, const struct container_spec *b,
		    size_t n_b, enum upgrade_kind *ret_kind)
{
	bool resized = false;

	for (size_t i = 0; i < MIN(n_a, n_b); i++) {
		if (a[i].kind == CONTAINER_EPHEMERAL || !str_eq(a[i].name, b[i].name))
			continue;
		if (a[i].image.n && b[i].image.n && !str_eq(a[i].image, b[i].image)) {
			*ret_kind = UPGRADE_IMAGE;
			return true;
		}
		resized = resized || a[i].cpu_milli != b[i].cpu_milli || a[i].memory != b[i].memory;
	}
	*ret_kind = UPGRADE_RESIZE;
	return resized;
}

static const struct spec_change *last_change(const struct incarnation *in)
{
	return in->n_changes ? &in->changes[in->n_changes - 1] : NULL;
}

bool incarnation_changes(const struct incarnation *in, const struct record *r,
			 enum upgrade_kind *ret_kind)
{
	const struct spec_change *last = last_change(in);
	const struct pod_object *o = r->object;
	enum upgrade_kind ignored;

	if (!o || !o->has_spec || !in->spec || in->n_changes == CHANGES_MAX ||
	    !compare(in->spec, in->n_spec, o->containers, o->n_containers, ret_kind))
		return false;
	return writes_spec(r) || !last || r->received - last->trigger->received > STALE ||
	       compare(last->before, last->n_before, o->containers, o->n_containers, &ignored);
}

bool incarnation_explains(const struct incarnation *in, const struct record *r)
{
	const struct spec_change *last = last_change(in);
	const struct pod_object *o = r->object;
	enum upgrade_kind ignored;

	return last && !last->write && o && o->has_spec && writes_spec(r) &&
	       r->received - last->trigger->received <= BOUND_MAX &&
	       !compare(in->spec, in->n_spec, o->containers, o->n_containers, &ignored);
}

static void add_change(struct incarnation *in, struct arena *arena, const struct record *r,
		       enum upgrade_kind kind)
{
	arena_reserve(arena, in->changes, in->n_changes, in->changes_cap);
	in->changes[in->n_changes++] = (struct spec_change){
		.kind = kind,
		.trigger = record_evidence(arena, r),
		.write = writes_spec(r),
		.seen_before = in->spec_seen,
		.before = in->spec,
		.n_before = in->n_spec,
		.after = r->object->containers,
		.n_after = r->object->n_containers,
	};
	in->changed = clock_later(in->changed, r->received);
}

void incarnation_note_spec(struct incarnation *in, struct arena *arena, const struct record *r)
{
	const struct pod_object *o = r->object;
	enum upgrade_kind kind;

	if (!o->has_spec)
		return;
	if (incarnation_explains(in, r)) {
		struct spec_change *last = &in->changes[in->n_changes - 1];

		last->trigger = record_evidence(arena, r);
		last->write = true;
	} else if (incarnation_changes(in, r, &kind)) {
		add_change(in, arena, r, kind);
	} else if (in->spec) {
		if (!compare(in->spec, in->n_spec, o->containers, o->n_containers, &kind))
			in->spec_seen = clock_later(in->spec_seen, r->received);
		return; /* the same as before, or old and late */
	}
	in->spec = o->containers;
	in->n_spec = o->n_containers;
	in->spec_seen = clock_later(in->spec_seen, r->received);
}
