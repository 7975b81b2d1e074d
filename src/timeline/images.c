/* SPDX-License-Identifier: Apache-2.0 */
/* Events about images to the stages of their pulls. */
#include "timeline/stages.h"

/* Stages of one pod, of which a container has one a pull: more are not images, but an attack. */
enum { STAGE_PULLS_MAX = 1024 };

/* Pulling image "X" and Successfully pulled image "X" in ...: the same words in all versions. */
static bool image_of(struct str message, struct str prefix, struct str *ret_image)
{
	struct str tail;

	if (!str_starts(message, prefix))
		return false;
	return str_cut(str_after(message, prefix.n), '"', ret_image, &tail);
}

/* The earliest such Event of one container about one image, not before a time. */
static const struct entry *image_event(const struct stages *s, const char *reason,
				       struct str prefix, struct str image, struct str container,
				       nsec from)
{
	const struct entry *best = NULL;
	struct str found;

	for (size_t i = 0; i < s->t->n_entries; i++) {
		const struct entry *e = &s->t->entries[i];

		if (e->fact.kind != FACT_EVENT || !str_eq(e->fact.reason, str_from(reason)) ||
		    !str_eq(e->fact.subject, container) ||
		    !image_of(e->fact.message, prefix, &found) || !str_eq(found, image) ||
		    timeline_event_mark(s->t, e).at < from)
			continue;
		if (!best || timeline_event_mark(s->t, e).at < timeline_event_mark(s->t, best).at)
			best = e;
	}
	return best;
}

/*
 * What the kubelet says of a pull behind the image's name, by its version:
 *	 in 1.2s				  (to 1.24)
 *	 in 1.2s (3.4s including waiting)	  (1.25 to 1.29)
 *	 in 1.2s (3.4s including waiting). Image size: 123 bytes.
 */
struct pull {
	nsec own, whole; /* NSEC_NONE: not said */
	int64_t bytes;	 /* 0: not said */
};

/* The text between two others, the second of which ends it. */
static bool between(struct str text, struct str before, struct str after, struct str *ret)
{
	for (size_t i = 0; i + before.n <= text.n; i++) {
		struct str rest = str_after(text, i);

		if (!str_starts(rest, before))
			continue;
		rest = str_after(rest, before.n);
		for (size_t k = 0; k + after.n <= rest.n; k++)
			if (str_starts(str_after(rest, k), after)) {
				*ret = (struct str){ rest.p, k };
				return true;
			}
		return false;
	}
	return false;
}

static struct pull pull_of(struct str message)
{
	struct pull p = { .own = NSEC_NONE, .whole = NSEC_NONE };
	struct str image, tail, text;
	uint64_t bytes;

	/* the image's own name may hold any of these words */
	if (!str_cut(message, '"', &text, &tail) || !str_cut(tail, '"', &image, &tail))
		return p;
	if (between(tail, STR("in "), STR(" ("), &text))
		duration_parse(text, &p.own);
	if (between(tail, STR("("), STR(" including waiting)"), &text))
		duration_parse(text, &p.whole);
	if (between(tail, STR("Image size: "), STR(" bytes"), &text) && str_u64(text, &bytes) &&
	    bytes <= INT64_MAX)
		p.bytes = (int64_t)bytes;
	return p;
}

/* How long it stood in the kubelet's queue: of what went on between the edges, not more. */
static void add_pull(struct stage *stage, const struct entry *end)
{
	struct pull p;

	if (!stage || !end || stage->end.at == NSEC_NONE)
		return;
	p = pull_of(end->fact.message);
	stage->bytes = p.bytes;
	if (p.own == NSEC_NONE || p.whole == NSEC_NONE)
		return;
	stage->waited = MIN(MAX(p.whole - p.own, 0), stage->end.at - stage->start.at);
}

static bool pull_known(const struct stages *s, struct str image, struct str container)
{
	for (size_t i = 0; i < s->list.n; i++)
		if (s->list.list[i].stage == STAGE_IMAGE_PULL &&
		    str_eq(s->list.list[i].subject, image) &&
		    str_eq(s->list.list[i].start.evidence->fact.subject, container))
			return true;
	return false;
}

/* Each container asks for its image itself; two that pull the same one are two stages. */
void stages_images(struct stages *s)
{
	static const struct str pulling = { "Pulling image \"", 15 },
				pulled = { "Successfully pulled image \"", 27 };

	for (size_t i = 0; i < s->t->n_entries && s->list.n < STAGE_PULLS_MAX; i++) {
		const struct fact *f = &s->t->entries[i].fact;
		const struct entry *first, *end, *made;
		struct str image;
		struct stage *new;

		if (f->kind != FACT_EVENT || !str_eq(f->reason, STR("Pulling")) ||
		    !image_of(f->message, pulling, &image) || pull_known(s, image, f->subject))
			continue;
		if (timeline_ephemeral(s->t, f->subject))
			continue;
		first = image_event(s, "Pulling", pulling, image, f->subject, INT64_MIN);
		end = image_event(s, "Pulled", pulled, image, f->subject,
				  timeline_event_mark(s->t, first).at);
		new = stages_add(s, STAGE_IMAGE_PULL, image, timeline_event_mark(s->t, first),
				 timeline_event_mark(s->t, end));
		add_pull(new, end);
		/* the pull of a volume's image is about no container */
		made =
		    entries_event(s->t, "Created", f->subject.n ? f->subject : (struct str){ 0 });
		stage_open_if(new, !made || timeline_event_mark(s->t, made).at <
						timeline_event_mark(s->t, first).at);
	}
}

/* An image that is not even pulled, for its name is wrong or its policy is Never. */
void stages_refused_image(struct stages *s, const struct container_spec *c)
{
	static const char *const refusals[] = { "InspectFailed", "ErrImageNeverPull" };
	const struct entry *first = NULL;
	struct mark end;
	struct stage *new;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		const struct entry *e = entries_event(s->t, refusals[i], c->name);

		if (e && (!first ||
			  timeline_event_mark(s->t, e).at < timeline_event_mark(s->t, first).at))
			first = e;
	}
	if (!first || !c->image.n || pull_known(s, c->image, c->name))
		return;
	end = mark_earlier(timeline_event_mark(s->t, entries_event(s->t, "Pulling", c->name)),
			   timeline_event_mark(s->t, entries_event(s->t, "Pulled", c->name)));
	new = stages_add(s, STAGE_IMAGE_PULL, c->image, timeline_event_mark(s->t, first), end);
	stage_open_if(new, !end.reached);
}
