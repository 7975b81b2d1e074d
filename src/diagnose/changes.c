/* SPDX-License-Identifier: Apache-2.0 */
/* Relates in-place updates of a running pod to errors that follow them. */
#include "diagnose/tests.h"

static nsec begin_of(const struct upgrade *u)
{
	return nsec_known(u->begin.at) ? u->begin.at : u->trigger->received;
}

/* Is the name in a list joined by ','? */
static bool names(struct str list, struct str name)
{
	struct str head;

	while (str_cut(list, ',', &head, &list))
		if (str_eq(head, name))
			return true;
	return str_eq(list, name);
}

/* A resize is usually applied without a restart, so it explains no failure. */
static bool restarts(const struct upgrade *u)
{
	return u->kind != UPGRADE_RESIZE || u->restarted;
}

const struct upgrade *hits_change(const struct hits *h, const struct hit *hit, enum scope scope)
{
	const struct timeline *t = h->t;

	for (size_t i = t->n_upgrades; scope == SCOPE_RUN && i-- > 0;) {
		const struct upgrade *u = &t->upgrades[i];

		if (begin_of(u) > hit->first)
			continue;
		/* the change did not cause what was wrong before, or came after it was complete */
		if (restarts(u) && (!hit->subject.n || names(u->containers, hit->subject)) &&
		    (!nsec_known(u->ready.at) ? !u->ready.reached : hit->first < u->ready.at))
			return u;
		return NULL;
	}
	return NULL;
}

struct str change_sentence(const struct upgrade *u, struct arena *arena)
{
	static const char *const what[] = { [UPGRADE_IMAGE] = "image",
					    [UPGRADE_RESTART] = "definition",
					    [UPGRADE_RESIZE] = "resources" };
	struct str change = arena_printf(arena, "the change of %s of container " STR_FMT,
					 what[u->kind], STR_ARG(u->containers));
	char at[CLOCK_TEXT];
	size_t n = clock_format_in(NULL, begin_of(u), 0, at);

	if (u->before.n && u->after.n)
		change = arena_printf(arena, STR_FMT " from " STR_FMT " to " STR_FMT,
				      STR_ARG(change), STR_ARG(u->before), STR_ARG(u->after));
	if (u->trigger && u->trigger->actor.n)
		change = arena_printf(arena, STR_FMT " by " STR_FMT, STR_ARG(change),
				      STR_ARG(u->trigger->actor));
	return arena_printf(arena, " It followed " STR_FMT " at %.*s.", STR_ARG(change), (int)n,
			    at);
}

void upgrade_failed(struct hits *h, const struct matcher *m)
{
	const struct timeline *t = h->t;
	nsec proven = MIN(t->status_until, cluster_end(h->cluster));
	struct hit *hit;

	for (size_t i = 0; i < t->n_upgrades; i++) {
		const struct upgrade *u = &t->upgrades[i];
		nsec until = proven, deleted = mark_latest(&t->marks[MILESTONE_DELETED]);

		if (i + 1 < t->n_upgrades)
			until = MIN(until, begin_of(&t->upgrades[i + 1]));
		if (nsec_known(deleted))
			until = MIN(until, deleted);
		if (!restarts(u) || u->ready.reached || !nsec_known(u->begin.at) ||
		    until - u->begin.at < m->over ||
		    !hits_covered(h, STAGE_READINESS, u->begin.at, until))
			continue;
		hit = hits_of(h, m->rule, STR(""), SCOPE_RUN);
		hit->subject = u->containers;
		hit->first = u->begin.at;
		hit->last = until;
		hit->times = 1;
		hit->first_entry = hit->last_entry = u->trigger;
		hit->stage = STAGE_READINESS;
	}
}
