/* SPDX-License-Identifier: Apache-2.0 */
/* Splits one timeline into the parts of the page. */
#include "page/pod_story.h"

#include "page/phrase.h"
#include "timeline/sight.h"

/* part: its title, stages and their number. until: the end of stages that are still open. */
static void add_part(struct story *s, struct story_part part, struct mark end, nsec until)
{
	bool ended = nsec_known(end.at);

	if (!part.n)
		return;
	part.critical = arena_array(&s->arena, bool, part.n);
	part.from = part.stages[0].start.at;
	part.to = ended ? end.at : part.from;
	for (size_t i = 0; i < part.n; i++) {
		part.to = clock_later(part.to, part.stages[i].start.at);
		part.to = clock_later(part.to, part.stages[i].end.at);
		if (part.stages[i].open)
			part.to = clock_later(part.to, until);
	}
	stages_critical(part.stages, part.n, ended ? end.at : part.to, !ended, part.critical);
	s->parts[s->n_parts++] = part;
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
	add_part(s, (struct story_part){ "DELIVERY", t->stages, t->n_stages },
		 *timeline_delivered(t), nsec_known(d->until) ? MIN(d->until, until) : until);
	for (size_t i = 0; i < t->n_upgrades; i++) {
		const struct upgrade *u = &t->upgrades[i];

		add_part(s, (struct story_part){ upgrade_title(u->kind), u->stages, u->n_stages },
			 u->ready, until);
	}
	if (t->deletion)
		add_part(
		    s,
		    (struct story_part){ "DELETION", t->deletion->stages, t->deletion->n_stages },
		    t->deletion->gone, until);
}

/* The longest text comes last. */
void story_add_what(struct buf *out, const struct life_row *row, struct str times, bool message)
{
	bool reason = row->reason.n && !str_eq(row->reason, row->operation);

	message = message && row->message.n;
	phrase_add(out, row->operation, times, reason ? STR(" ") : STR(""),
		   reason ? row->reason : STR(""), message ? STR(": ") : STR(""),
		   message ? row->message : STR(""));
}

void story_free(struct story *s)
{
	arena_free(&s->arena);
}
