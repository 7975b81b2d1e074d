/* SPDX-License-Identifier: Apache-2.0 */
/* One timeline to the parts that are told of it. */
#include "page/pod_story.h"

#include "timeline/sight.h"

static void add_part(struct story *s, const char *title, const struct stage *stages, size_t n,
		     struct mark end, nsec until)
{
	struct story_part *p;
	bool ended = nsec_known(end.at);

	if (!n)
		return;
	p = &s->parts[s->n_parts++];
	*p = (struct story_part){ .title = title, .stages = stages, .n = n };
	p->critical = arena_array(&s->arena, bool, n);
	p->from = stages[0].start.at;
	p->to = ended ? end.at : p->from;
	for (size_t i = 0; i < n; i++) {
		p->to = clock_later(p->to, stages[i].start.at);
		p->to = clock_later(p->to, stages[i].end.at);
		if (stages[i].open)
			p->to = clock_later(p->to, until);
	}
	stages_critical(stages, n, ended ? end.at : p->to, !ended, p->critical);
}

static const char *upgrade_title(enum upgrade_kind kind)
{
	static const char *const titles[] = { "IMAGE CHANGED IN PLACE", "RESTARTED IN PLACE",
					      "RESIZED IN PLACE" };

	return (size_t)kind < ARRAY_SIZE(titles) ? titles[kind] : "CHANGED IN PLACE";
}

void story_make(struct story *s, const struct timeline *t, const struct delivery *d,
		const struct basis *basis, nsec log_end)
{
	nsec gone = sight_gone(t), until = nsec_known(gone) ? gone : log_end;

	*s = (struct story){ .t = t, .d = d, .basis = basis };
	s->n_rows = life_rows(t, &s->arena, &s->rows);
	s->parts = arena_array(&s->arena, struct story_part, 2 + t->n_upgrades);
	add_part(s, "DELIVERY", t->stages, t->n_stages, *timeline_delivered(t),
		 nsec_known(d->until) ? MIN(d->until, until) : until);
	for (size_t i = 0; i < t->n_upgrades; i++)
		add_part(s, upgrade_title(t->upgrades[i].kind), t->upgrades[i].stages,
			 t->upgrades[i].n_stages, t->upgrades[i].ready, until);
	if (t->deletion)
		add_part(s, "DELETION", t->deletion->stages, t->deletion->n_stages,
			 t->deletion->gone, until);
}

void story_free(struct story *s)
{
	arena_free(&s->arena);
}
