/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stages to spans. Those about images or containers are leaves of an envelope that spans all of
 * them; the others are spans of their own. A stage with an unknown edge is no span: its known edge
 * becomes an event of the root.
 */
#include "trace/draft.h"

#include "timeline/lifecycle.h"

/* In order of enum lifecycle_stage. part NULL: it has no subject, and so no leaves. */
static const struct stage_row {
	const char *name, *part;
	enum component component;
} rows[STAGE_COUNT] = {
	[STAGE_ADMISSION] = { "admission", NULL, COMPONENT_APISERVER },
	[STAGE_SCHEDULING_GATE] = { "scheduling gate", NULL, COMPONENT_WORKLOAD },
	[STAGE_SCHEDULE] = { "schedule", NULL, COMPONENT_SCHEDULER },
	[STAGE_STARTUP_WAIT] = { "startup wait", NULL, COMPONENT_KUBELET },
	[STAGE_SANDBOX] = { "sandbox", NULL, COMPONENT_RUNTIME },
	[STAGE_IMAGE_PULL] = { "image pull", "pull image", COMPONENT_REGISTRY },
	[STAGE_INIT] = { "init", "run init container", COMPONENT_WORKLOAD },
	[STAGE_CREATE] = { "create", "create container", COMPONENT_KUBELET },
	[STAGE_START] = { "start", "start container", COMPONENT_KUBELET },
	[STAGE_POST_START_HOOK] = { "post-start hook", "run post-start hook", COMPONENT_WORKLOAD },
	[STAGE_READINESS] = { "readiness", NULL, COMPONENT_WORKLOAD },
	[STAGE_READINESS_GATE] = { "readiness gate", NULL, COMPONENT_KUBELET },
	[STAGE_KILL_WAIT] = { "kill wait", NULL, COMPONENT_KUBELET },
	[STAGE_STOP] = { "stop", "stop container", COMPONENT_KUBELET },
	[STAGE_CLEANUP] = { "cleanup", NULL, COMPONENT_KUBELET },
	[STAGE_FINALIZERS] = { "finalizers", NULL, COMPONENT_FINALIZER },
	[STAGE_CONSUMER] = { "wait for consumer", NULL, COMPONENT_WORKLOAD },
	[STAGE_PROVISION] = { "provision", NULL, COMPONENT_PROVISIONER },
	[STAGE_BIND] = { "bind", NULL, COMPONENT_CONTROLLER },
};

const char *stage_span_name(enum lifecycle_stage stage)
{
	return rows[stage].name;
}

/* The image that an Event names: Container image "X" already present on machine. */
static struct str named_image(const struct entry *e)
{
	struct str image, rest;

	if (e && e->fact.kind == FACT_EVENT && str_eq(e->fact.reason, STR("Pulled")) &&
	    str_cut(e->fact.message, '"', &rest, &image) && str_cut(image, '"', &image, &rest))
		return image;
	return STR("");
}

/* The container, and the image, that a stage is about. */
static void put_subject(struct draft *d, struct attribute_list *l, const struct stage *s,
			struct str *ret_container, struct str *ret_image)
{
	const struct entry *begin = s->start.evidence;
	struct str image;

	if (s->stage == STAGE_IMAGE_PULL) {
		*ret_image = s->subject;
		*ret_container = begin ? begin->fact.subject : (struct str){ 0 };
		attribute_text(l, "k8s.container.name", *ret_container);
		attribute_image(l, s->subject);
	} else if (s->stage == STAGE_FINALIZERS) {
		attribute_names(l, "lunettes.finalizers", s->subject);
	} else if (s->subject.n) {
		*ret_container = s->subject;
		image = named_image(begin);
		attribute_text(l, "k8s.container.name", s->subject);
		attribute_image(l, image.n ? image : draft_image(d, s->subject));
	}
}

/* The known facts about the stage, also if it is only an event. */
static void put_stage(struct draft *d, struct attribute_list *l, const struct stage *s)
{
	bool ended = nsec_known(s->end.at);
	const struct mark *known = ended ? &s->end : &s->start;
	enum precision precision =
	    ended ? MAX(s->start.precision, s->end.precision) : s->start.precision;

	attribute_text(l, "lunettes.stage", str_from(lifecycle_rows[s->stage].name));
	attribute_text(l, "lunettes.owner", owner_name(stage_owner(s)));
	attribute_text(l, "lunettes.precision", precision_name(precision));
	attribute_true(l, "lunettes.inferred", precision == PRECISION_INFERRED);
	attribute_text(l, "lunettes.source", edge_source_name(known->source));
	if (s->stage == STAGE_IMAGE_PULL) {
		attribute_seconds(l, "lunettes.waited", s->waited);
		if (s->bytes)
			attribute_number(l, "lunettes.image_bytes", s->bytes);
	}
	attribute_evidence(d, l, false, known->evidence);
	if (ended && s->start.evidence && s->start.evidence != s->end.evidence)
		attribute_evidence(d, l, true, s->start.evidence);
}

/*
 * A stage that ended at an unknown time, or outside of the operation, like a kubelet's work for a
 * deleted pod. An event must be within its span, so an attribute has the begin of such a stage.
 */
static void put_edge(struct draft *d, const struct stage *s)
{
	const struct span *root = &d->spans[DRAFT_ROOT].span;
	nsec at = MAX(root->start, MIN(s->start.at, root->end));
	struct span_event *e = draft_event(d, DRAFT_ROOT, at, str_from(rows[s->stage].name));
	struct attribute_list l = { .arena = d->arena };
	struct str ignored;

	attribute_text(&l, "lunettes.edge", STR("start"));
	attribute_text(&l, "lunettes.reason",
		       !nsec_known(s->end.at) ? STR("its end is unknown")
					      : STR("outside of the operation"));
	if (at != s->start.at)
		attribute_time(&l, "lunettes.start", s->start.at);
	if (nsec_known(s->end.at))
		attribute_seconds(&l, "lunettes.seconds", s->end.at - s->start.at);
	put_stage(d, &l, s);
	put_subject(d, &l, s, &ignored, &ignored);
	e->attributes = (struct attributes){ l.list, l.n };
}

static bool is_span(const struct draft *d, const struct stage *s)
{
	const struct span *root = &d->spans[DRAFT_ROOT].span;

	if (s->start.at > root->end)
		return false;
	return nsec_known(s->end.at) ? s->end.at >= root->start : s->open;
}

static nsec end_of(const struct draft *d, const struct stage *s)
{
	return nsec_known(s->end.at) ? s->end.at : d->spans[DRAFT_ROOT].span.end;
}

static void put_span(struct draft *d, uint32_t parent, const struct stage *s, bool critical)
{
	const struct stage_row *row = &rows[s->stage];
	const char *name = row->part ? row->part : row->name;
	uint32_t number =
	    draft_span(d, parent, str_from(name), s->start.at, MAX(end_of(d, s), s->start.at));
	struct draft_span *span = &d->spans[number];

	span->stage = s;
	span->kind = s->stage;
	span->rank = s->stage;
	span->span.open = !nsec_known(s->end.at);
	span->path = arena_printf(d->arena, "%s/" STR_FMT, lifecycle_rows[s->stage].name,
				  STR_ARG(s->subject));
	put_stage(d, &span->attributes, s);
	put_subject(d, &span->attributes, s, &span->container, &span->image);
	attribute_true(&span->attributes, "lunettes.critical", critical);
	span->span.resource = draft_resource(d, row->component, s->subject);
	draft_clip(d, number);
}

static bool is_leaf(const struct draft *d, size_t i, enum lifecycle_stage kind)
{
	return d->outcome->stages[i].stage == kind && is_span(d, &d->outcome->stages[i]);
}

/* The span of all stages of one kind, the first one at `first`. */
static uint32_t put_envelope(struct draft *d, size_t first)
{
	const struct stage *stages = d->outcome->stages;
	enum lifecycle_stage kind = stages[first].stage;
	nsec start = stages[first].start.at, end = start;
	struct draft_span *span;
	uint32_t number, n = 0;

	for (size_t i = first; i < d->outcome->n_stages; i++)
		if (is_leaf(d, i, kind)) {
			start = MIN(start, stages[i].start.at);
			end = MAX(end, end_of(d, &stages[i]));
			n++;
		}
	number = draft_span(d, DRAFT_ROOT, str_from(rows[kind].name), start, end);
	span = &d->spans[number];
	span->kind = kind;
	span->rank = kind;
	span->envelope = true;
	span->path = str_from(lifecycle_rows[kind].name);
	attribute_text(&span->attributes, "lunettes.stage", span->path);
	attribute_text(&span->attributes, "lunettes.owner", owner_name(lifecycle_rows[kind].owner));
	attribute_number(&span->attributes, "lunettes.parts", n);
	span->span.resource = draft_resource(d, rows[kind].component, stages[first].subject);
	draft_clip(d, number);
	return number;
}

/* All stages of one kind, the first one at `first`; flags: those on the critical chain. */
static void put_kind(struct draft *d, size_t first, const bool *flags)
{
	enum lifecycle_stage kind = d->outcome->stages[first].stage;
	uint32_t parent = rows[kind].part ? put_envelope(d, first) : DRAFT_ROOT;

	for (size_t i = first; i < d->outcome->n_stages; i++)
		if (is_leaf(d, i, kind))
			put_span(d, parent, &d->outcome->stages[i], flags[i]);
}

void draft_stages(struct draft *d)
{
	const struct outcome *o = d->outcome;
	bool *critical = arena_array(d->arena, bool, o->n_stages);
	bool done[STAGE_COUNT] = { false };

	stages_critical(o->stages, o->n_stages, d->spans[DRAFT_ROOT].span.end, true, critical);
	for (size_t i = 0; i < o->n_stages; i++) {
		const struct stage *s = &o->stages[i];

		if (!is_span(d, s)) {
			put_edge(d, s);
		} else if (!done[s->stage]) {
			done[s->stage] = true;
			put_kind(d, i, critical);
		}
	}
}
