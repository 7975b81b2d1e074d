/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and writes as events of spans, each in the stage that it begins or ends, else in the
 * deepest span that covers its time and is about the same container or component, else in the root.
 */
#include "trace/draft.h"

/* Of one span; only a crash loop of weeks has so many. */
enum { EVENTS_MAX = 1024 };

/* Names, few of them: Events are called by their reason. */
static const char *const names[FACT_KINDS] = {
	[FACT_CREATE] = "create",
	[FACT_BIND] = "bind",
	[FACT_DELETE] = "delete",
	[FACT_DELETING] = "deletion timestamp",
	[FACT_WRITE] = "write status",
	[FACT_SEEN] = "request",
	[FACT_PHASE] = "phase",
	[FACT_CONDITION] = "condition",
	[FACT_WAITING] = "container waiting",
	[FACT_RUNNING] = "container running",
	[FACT_TERMINATED] = "container terminated",
	[FACT_EVENT] = "Event",
	[FACT_NOMINATED] = "nominate node",
	[FACT_LABEL] = "label",
	[FACT_SELECTED] = "select node",
};

static bool is_state(const struct fact *f)
{
	return f->kind == FACT_WAITING || f->kind == FACT_RUNNING || f->kind == FACT_TERMINATED;
}

static bool is_request(const struct fact *f)
{
	return f->kind == FACT_CREATE || f->kind == FACT_BIND || f->kind == FACT_DELETE ||
	       f->kind == FACT_SEEN;
}

static struct str container_of(const struct life_row *row)
{
	const struct fact *f = &row->entry->fact;

	return (f->kind == FACT_EVENT || is_state(f)) && f->subject.p ? f->subject : STR("");
}

/* Where it belongs */

static bool is_scheduled(const struct fact *f)
{
	return f->kind == FACT_CONDITION && str_eq(f->subject, STR("PodScheduled"));
}

/* An event that is about no container belongs to the component of this stage. */
static bool is_of(enum lifecycle_stage stage, const struct entry *e)
{
	const struct fact *f = &e->fact;
	enum origin origin = f->kind == FACT_EVENT ? f->origin : e->writer;

	switch (stage) {
	case STAGE_ADMISSION:
		return f->kind == FACT_CREATE || f->kind == FACT_PHASE;
	case STAGE_SCHEDULE:
		return origin == ORIGIN_SCHEDULER || f->kind == FACT_BIND ||
		       f->kind == FACT_NOMINATED;
	case STAGE_STARTUP_WAIT:
	case STAGE_SANDBOX:
	case STAGE_KILL_WAIT:
	case STAGE_CLEANUP:
		return origin == ORIGIN_KUBELET;
	case STAGE_READINESS:
	case STAGE_READINESS_GATE:
		return f->kind == FACT_CONDITION;
	case STAGE_FINALIZERS:
		return f->kind == FACT_DELETING;
	case STAGE_CONSUMER:
		return f->kind == FACT_SELECTED;
	case STAGE_PROVISION:
		return f->kind == FACT_EVENT;
	default:
		return false;
	}
}

/* A time with a resolution of 1 s may be up to 1 s too early. */
static nsec slack_of(const struct life_row *row)
{
	return row->precision == PRECISION_EXACT ? 0 : SECOND - 1;
}

static bool covers(const struct span *s, nsec at, nsec slack)
{
	return at + slack >= s->start && at <= s->end;
}

/* A wait has no activity of its own: the event that ends it belongs to the next stage. */
static bool is_wait(enum lifecycle_stage stage)
{
	return stage == STAGE_STARTUP_WAIT || stage == STAGE_KILL_WAIT;
}

/*
 * Of the stages that begin and end with it, the one about its container fits best: Pulling ends the
 * sandbox and begins the pull, Killing ends the wait and begins the stop. Otherwise the stage that
 * it ends: a binding ends the schedule, Pulled the pull, Started the start. 0: it is no edge.
 */
static unsigned edge_fits(const struct draft_span *s, const struct life_row *row,
			  struct str container)
{
	bool ends = s->stage->end.evidence == row->entry;
	bool begins = s->stage->start.evidence == row->entry;

	if (!ends && !begins)
		return 0;
	if (container.n && s->container.n)
		return !str_eq(s->container, container) ? 0 : ends ? 8 : 7;
	if (ends && is_wait(s->kind))
		return 4;
	return ends ? 6 : 5;
}

/* How well a span fits; 0: not at all. */
static unsigned fits(const struct draft_span *s, const struct life_row *row, nsec at,
		     struct str container)
{
	unsigned edge = 0;

	/* any writer of the status repeats it, but it is the scheduler's */
	if (is_scheduled(&row->entry->fact))
		return s->kind == STAGE_SCHEDULE && covers(&s->span, at, slack_of(row));
	if (s->stage && covers(&s->span, at, slack_of(row)))
		edge = edge_fits(s, row, container);
	if (edge)
		return edge;
	if (!covers(&s->span, at, 0))
		return 0;
	if (container.n && s->container.p && str_eq(s->container, container))
		return 3;
	if (container.n) /* containers wait for the sandbox, and readiness for all containers */
		return s->kind == STAGE_READINESS ||
		       (s->kind == STAGE_SANDBOX && row->entry->fact.kind == FACT_WAITING);
	return !s->envelope && s->kind != STAGE_COUNT && is_of(s->kind, row->entry) ? 2 : 0;
}

static uint32_t place_of(const struct draft *d, const struct life_row *row, nsec at)
{
	struct str container = container_of(row);
	uint32_t best = DRAFT_ROOT;
	unsigned best_fit = 0;

	for (uint32_t i = DRAFT_ROOT + 1; i < d->n_spans; i++) {
		unsigned fit = fits(&d->spans[i], row, at, container);

		if (!fit || fit < best_fit)
			continue;
		if (fit > best_fit || d->spans[i].span.start > d->spans[best].span.start)
			best = i;
		best_fit = fit;
	}
	return best;
}

/* Names and attributes */

static bool is_change(const struct life_row *row)
{
	return str_starts(row->operation, STR("set image of ")) ||
	       str_starts(row->operation, STR("set resources of "));
}

static struct str name_of(const struct life_row *row)
{
	const struct fact *f = &row->entry->fact;

	if (is_change(row))
		return STR("change");
	if (f->kind == FACT_CREATE && str_starts(row->operation, STR("Enters ")))
		return STR("enter scheduler");
	if (f->kind == FACT_EVENT && f->reason.n)
		return f->reason;
	return str_from(names[f->kind]);
}

static struct attributes attributes_of(struct draft *d, const struct life_row *row, struct str name)
{
	const struct fact *f = &row->entry->fact;
	struct attribute_list l = { .arena = d->arena };
	bool change = is_change(row);

	if (f->kind == FACT_PHASE && !change)
		attribute_text(&l, "lunettes.phase", f->reason);
	else if (!str_eq(row->operation, name))
		attribute_text(&l, "lunettes.operation", row->operation);
	if (!str_eq(row->reason, name))
		attribute_text(&l, "lunettes.reason", row->reason);
	attribute_text(&l, "lunettes.message", row->message);
	attribute_text(&l, "lunettes.who", row->who);
	attribute_text(&l, "k8s.container.name", change ? STR("") : container_of(row));
	if (is_request(f)) {
		if (f->kind != FACT_BIND || row->entry->writer != ORIGIN_SCHEDULER)
			attribute_text(&l, "user.name", row->entry->actor);
		if (f->code > 0)
			attribute_number(&l, "http.response.status_code", f->code);
	}
	if (f->kind == FACT_TERMINATED && !change)
		attribute_number(&l, "lunettes.exit_code", f->code);
	if (row->times > 1) {
		attribute_number(&l, "lunettes.times", row->times);
		attribute_time(&l, "lunettes.last", row->last);
	}
	attribute_true(&l, "lunettes.error", row->error);
	if (row->precision != PRECISION_EXACT)
		attribute_text(&l, "lunettes.precision", precision_name(row->precision));
	attribute_true(&l, "lunettes.inferred", row->precision == PRECISION_INFERRED);
	attribute_evidence(d, &l, false, row->entry);
	return (struct attributes){ l.list, l.n };
}

void draft_happenings(struct draft *d)
{
	const struct span *root = &d->spans[DRAFT_ROOT].span;

	for (size_t i = 0; i < d->n_rows; i++) {
		const struct life_row *row = &d->rows[i];
		nsec at = MAX(row->at, root->start);
		struct str name = name_of(row);
		struct draft_span *s;
		uint32_t number;

		if (!covers(root, row->at, slack_of(row)))
			continue;
		number = place_of(d, row, at);
		s = &d->spans[number];
		if (s->n_events == EVENTS_MAX) {
			s->dropped_events++;
			continue;
		}
		draft_event(d, number, MAX(at, s->span.start), name)->attributes =
		    attributes_of(d, row, name);
	}
}
