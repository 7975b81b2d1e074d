/* SPDX-License-Identifier: Apache-2.0 */
/* Image pull stages from Events about images. */
#include "timeline/stages.h"

/* Limits the stages of a pod. Each container has one per pull; more are not plausible. */
enum { STAGE_PULLS_MAX = 1024 };

/* Pulling image "X" and Successfully pulled image "X" in ...: unchanged in all versions. */
static bool image_of(struct str message, struct str prefix, struct str *ret_image)
{
	struct str tail;

	if (!str_starts(message, prefix))
		return false;
	return str_cut(str_after(message, prefix.n), '"', ret_image, &tail);
}

/* An Event of a container about an image. */
struct image_event {
	struct str container, image;
	bool pulled; /* false: pulling */
	nsec at;
	const struct entry *entry;
};

struct image_events {
	struct image_event *list; /* by container and image: Pulling Events first, then Pulled */
	size_t n, cap;
};

static int by_image(const void *a, const void *b)
{
	const struct image_event *x = a, *y = b;
	int c = str_cmp(x->container, y->container);

	c = c ? c : str_cmp(x->image, y->image);
	c = c ? c : x->pulled - y->pulled;
	c = c ? c : (x->at > y->at) - (x->at < y->at);
	return c ? c : (x->entry > y->entry) - (x->entry < y->entry);
}

static struct image_events image_events(const struct stages *s)
{
	static const struct str pulling = { "Pulling image \"", 15 },
				pulled = { "Successfully pulled image \"", 27 };
	struct image_events l = { 0 };

	entries_each(e, s->t) {
		bool is_pulled = str_eq(e->fact.reason, STR("Pulled"));
		struct str image;

		if (e->fact.kind != FACT_EVENT ||
		    (!is_pulled && !str_eq(e->fact.reason, STR("Pulling"))) ||
		    !image_of(e->fact.message, is_pulled ? pulled : pulling, &image))
			continue;
		arena_reserve(s->list.arena, l.list, l.n, l.cap);
		l.list[l.n++] = (struct image_event){ e->fact.subject, image, is_pulled,
						      timeline_event_mark(s->t, e).at, e };
	}
	if (l.n)
		qsort(l.list, l.n, sizeof(*l.list), by_image);
	return l;
}

/*
 * The kubelet's message after the image's name, by version:
 * in 1.2s (to 1.24)
 * in 1.2s (3.4s including waiting) (1.25 to 1.29)
 * in 1.2s (3.4s including waiting). Image size: 123 bytes.
 */
struct pull {
	nsec own, whole; /* NSEC_NONE: not shown */
	int64_t bytes;	 /* 0: not shown */
};

/* The text between `before` and `after`; false if one is missing. */
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

	/* the image's name may contain any of these words */
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

/* The time in the kubelet's queue is at most the time between the edges. */
static void add_pull(struct stage *stage, const struct entry *end)
{
	struct pull p;

	if (!stage || !end || !mark_known(&stage->end))
		return;
	p = pull_of(end->fact.message);
	stage->bytes = p.bytes;
	if (!nsec_known(p.own) || !nsec_known(p.whole))
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

/* A pull of an image for a container. */
struct image_pull {
	const struct image_event *first, *end; /* the earliest Pulling; the end of its Events */
	const struct entry *asked;	       /* the Pulling received first */
	const struct entry *made;	       /* Created of its container, or NULL */
};

static int by_asked(const void *a, const void *b)
{
	const struct image_pull *x = a, *y = b;

	return (x->asked > y->asked) - (x->asked < y->asked);
}

/* events are sorted by container and image; ret has room for all of them. */
static size_t find_pulls(const struct stages *s, const struct image_events *l,
			 struct image_pull *ret)
{
	const struct image_event *event = l->list, *all_end = l->n ? l->list + l->n : l->list;
	size_t n = 0;

	while (event < all_end) {
		struct image_pull p = { .first = event, .end = event, .asked = event->entry };
		struct str container = event->container;

		for (; p.end < all_end && str_eq(p.end->container, container) &&
		       str_eq(p.end->image, event->image);
		     p.end++)
			if (!p.end->pulled)
				p.asked = MIN(p.asked, p.end->entry);
		event = p.end;
		if (p.first->pulled || timeline_ephemeral(s->t, container))
			continue;
		/* pulls of image volumes belong to no container */
		if (n && str_eq(ret[n - 1].first->container, container))
			p.made = ret[n - 1].made;
		else
			p.made = entries_event(s->t, "Created",
					       container.n ? container : (struct str){ 0 });
		ret[n++] = p;
	}
	return n;
}

/* The first end that is not before the start. */
static const struct entry *pull_end(const struct image_pull *p)
{
	for (const struct image_event *e = p->first; e < p->end; e++)
		if (e->pulled && e->at >= p->first->at)
			return e->entry;
	return NULL;
}

/* Each container requests its image itself: two that pull the same image are two stages. */
void stages_images(struct stages *s)
{
	struct image_events l = image_events(s);
	struct image_pull *pulls = arena_array(s->list.arena, struct image_pull, l.n);
	size_t n = find_pulls(s, &l, pulls);

	if (n)
		qsort(pulls, n, sizeof(*pulls), by_asked);
	for (size_t i = 0; i < n && s->list.n < STAGE_PULLS_MAX; i++) {
		const struct image_pull *p = &pulls[i];
		const struct entry *end = pull_end(p);
		struct stage pull = { STAGE_IMAGE_PULL, p->first->image,
				      timeline_event_mark(s->t, p->first->entry),
				      timeline_event_mark(s->t, end),
				      !p->made ||
					  timeline_event_mark(s->t, p->made).at < p->first->at };

		add_pull(stages_add(s, pull), end);
	}
}

/* An image that is never pulled, because its name is invalid or its policy is Never. */
void stages_refused_image(struct stages *s, const struct container_spec *c)
{
	static const char *const refusals[] = { "InspectFailed", "ErrImageNeverPull" };
	const struct entry *first = NULL;
	struct mark end;

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
	stages_add(s, (struct stage){ STAGE_IMAGE_PULL, c->image, timeline_event_mark(s->t, first),
				      end, !end.reached });
}
