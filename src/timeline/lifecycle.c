/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline/lifecycle.h"

#include "timeline/sight.h"

enum { LATEST_MAX = 256 }; /* kinds of facts whose latest is known, as in incarnation.c */

/* The rows so far, and the latest of each kind: repetitions get no row. */
struct life {
	const struct timeline *t;
	struct arena *arena;
	struct life_row *rows;
	size_t n, cap;
	const struct fact *latest[LATEST_MAX];
	size_t n_latest;
	const struct fact *containers_ready;
	struct str phase;
};

static struct life_row *add_row(struct life *l, const struct entry *e)
{
	struct life_row *row;

	arena_reserve(l->arena, l->rows, l->n, l->cap);
	row = &l->rows[l->n++];
	*row = (struct life_row){
		.at = e->received,
		.precision = e->fact.written || !e->dumped ? PRECISION_EXACT : PRECISION_INFERRED,
		.entry = e,
		.reason = STR(""),
		.message = STR(""),
		.times = 1,
		.last = e->received,
	};
	return row;
}

/* Repetitions */

static bool is_live(const struct fact *f)
{
	return f->kind == FACT_WAITING || f->kind == FACT_RUNNING;
}

static bool same_kind(const struct fact *a, const struct fact *b)
{
	if (a->kind != b->kind && !(is_live(a) && is_live(b)))
		return false;
	return a->kind == FACT_PHASE || a->kind == FACT_DELETING || str_eq(a->subject, b->subject);
}

/* The last runs of a container are in many records; the end identifies the run. */
static bool knows_end(const struct life *l, const struct fact *f)
{
	size_t least = l->n > LATEST_MAX ? l->n - LATEST_MAX : 0;

	for (size_t i = l->n; i > least; i--) {
		const struct fact *before = &l->rows[i - 1].entry->fact;

		if (before->kind == FACT_TERMINATED && before->at == f->at &&
		    before->code == f->code && str_eq(before->subject, f->subject) &&
		    str_eq(before->reason, f->reason))
			return true;
	}
	return false;
}

/* Repetitions are common: a request's body is repeated in its response and by other records. */
static bool is_repeated(struct life *l, const struct fact *f)
{
	size_t i = 0;
	const struct fact *before;

	if (f->kind == FACT_TERMINATED)
		return knows_end(l, f);
	if (f->kind != FACT_PHASE && f->kind != FACT_CONDITION && f->kind != FACT_DELETING &&
	    !is_live(f))
		return false;
	while (i < l->n_latest && !same_kind(l->latest[i], f))
		i++;
	if (i == LATEST_MAX)
		return false;
	before = i < l->n_latest ? l->latest[i] : NULL;
	l->latest[i] = f;
	l->n_latest = MAX(l->n_latest, i + 1);
	/* a known transition with another reason is shown only if written */
	if (before && f->kind == FACT_CONDITION && !f->written && before->at == f->at &&
	    before->truth == f->truth)
		return true;
	/* the same fact, with or without startTime */
	return before && before->kind == f->kind && before->at == f->at &&
	       (f->kind == FACT_PHASE || before->begin == f->begin) && before->truth == f->truth &&
	       (f->kind == FACT_CONDITION || before->code == f->code) &&
	       str_eq(before->reason, f->reason) && str_eq(before->subject, f->subject) &&
	       (f->kind != FACT_DELETING || str_eq(before->message, f->message));
}

/* Who */

static struct str component(enum origin origin)
{
	switch (origin) {
	case ORIGIN_APISERVER:
		return STR("kube-apiserver");
	case ORIGIN_SCHEDULER:
		return STR("kube-scheduler");
	case ORIGIN_KUBELET:
		return STR("kubelet");
	case ORIGIN_CONTROLLER:
		return STR("kube-controller-manager");
	default:
		return STR("");
	}
}

/* system:serviceaccount:kube-system:job-controller becomes job-controller. */
static struct str short_name(struct str user)
{
	struct str head, tail;

	return str_cut_last(user, ':', &head, &tail) && tail.n ? tail : user;
}

static struct str who(const struct entry *e)
{
	enum origin origin = e->fact.kind == FACT_EVENT ? e->fact.origin : e->writer;

	if (e->dumped && e->fact.kind != FACT_EVENT)
		return STR("");
	if (e->actor.n && origin != ORIGIN_KUBELET && e->fact.kind != FACT_EVENT)
		return short_name(e->actor);
	return component(origin);
}

/* Rows */

/* Transitions and ends have 1 s resolution; a write has its own time. */
static void since_then(struct life_row *row, const struct fact *f)
{
	if (!nsec_known(f->at) || (f->written && f->kind != FACT_TERMINATED)) {
		if (!f->written)
			row->precision = PRECISION_INFERRED;
		return;
	}
	row->at = f->at;
	row->precision = f->precision;
}

/* Counts a repeated occurrence. A state that was only read again just continues. */
static void again(struct life_row *row, const struct entry *e)
{
	row->times = e->times;
	row->last = e->last;
}

static void add_create(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);

	row->operation = STR("apicreate");
	row->error = f->code >= 300;
	row->reason = row->error ? f->reason : STR("");
	row->message = f->message;
	if (row->error || !l->t->object || !l->t->object->scheduler.n)
		return;
	row = add_row(l, e);
	row->operation =
	    arena_printf(l->arena, "Enters " STR_FMT, STR_ARG(l->t->object->scheduler));
}

static void add_delete(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);

	again(row, e);
	row->operation = f->truth && f->code < 300 ? STR("apideleted") : STR("apidelete");
	row->error = f->code >= 300;
	row->reason = f->reason;
	row->message = f->message;
}

static void add_deleting(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);

	row->operation = STR("deletionTimestamp");
	row->reason = f->code > 0 || f->message.p
			  ? arena_printf(l->arena, "grace %d s", MAX(f->code, 0))
			  : STR("");
	if (f->message.n)
		row->message = arena_printf(l->arena, "finalizers: " STR_FMT, STR_ARG(f->message));
}

static void add_condition(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);
	bool early = str_eq(l->phase, STR("Pending")) &&
		     (str_eq(f->subject, STR("Ready")) || str_eq(f->subject, STR("Initialized")) ||
		      str_eq(f->subject, STR("ContainersReady")) ||
		      str_eq(f->subject, STR("PodReadyToStartContainers")));

	row->operation = arena_printf(l->arena, "condition:" STR_FMT ":%s", STR_ARG(f->subject),
				      f->truth ? "true" : "false");
	row->error = !f->truth && !early; /* expected while the pod starts */
	row->reason = f->reason;
	row->message = f->message;
	since_then(row, f);
}

static const struct container_spec *spec_of(const struct timeline *t, struct str name)
{
	specs_each(c, t)
		if (str_eq(c->name, name))
			return c;
	return NULL;
}

static const char *ready_word(const struct life *l, const struct fact *f)
{
	bool known, ready;

	if (f->kind != FACT_RUNNING)
		return " Ready:false";
	ready = sight_runs_ready(l->containers_ready, spec_of(l->t, f->subject), f, &known);
	return !known ? "" : ready ? " Ready:true" : " Ready:false";
}

static void add_state(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);
	struct str state;

	if (f->kind == FACT_RUNNING)
		state = STR("Running");
	else if (f->kind == FACT_WAITING)
		state = arena_printf(l->arena, "Waiting:" STR_FMT, STR_ARG(f->reason));
	else
		state = arena_printf(l->arena, "Terminated:" STR_FMT " exitCode:%d",
				     STR_ARG(f->reason), f->code);
	row->operation =
	    arena_printf(l->arena, STR_FMT " restartCount:%u%s " STR_FMT, STR_ARG(f->subject),
			 f->count, ready_word(l, f), STR_ARG(state));
	row->error = f->kind == FACT_TERMINATED && f->code != 0;
	row->message = f->message;
	since_then(row, f);
}

static void add_event(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);

	row->operation = f->reason.n ? f->reason : STR("Event, content not logged");
	row->error = f->truth;
	row->reason = f->reason.p ? f->reason : STR("");
	row->message = f->message;
	again(row, e);
	row->times = MAX(e->times, f->count);
	row->at = nsec_known(f->begin) ? f->begin : nsec_known(f->at) ? f->at : e->received;
	row->precision = f->precision;
	if (row->at % SECOND && row->precision == PRECISION_SECOND)
		row->precision = PRECISION_EXACT; /* the first occurrence, from its name */
}

static void add_label(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;

	add_row(l, e)->operation =
	    f->message.p ? arena_printf(l->arena, "set " STR_FMT " to " STR_FMT,
					STR_ARG(f->subject), STR_ARG(f->message))
			 : arena_printf(l->arena, "unset " STR_FMT, STR_ARG(f->subject));
}

static void add_bind(struct life *l, const struct entry *e)
{
	struct life_row *row = add_row(l, e);

	row->operation = STR("scheduled");
	row->error = e->fact.code >= 300;
	row->message = e->fact.subject;
}

static void add_phase(struct life *l, const struct entry *e)
{
	const struct fact *f = &e->fact;
	struct life_row *row = add_row(l, e);

	row->operation =
	    arena_printf(l->arena, "%s phase: " STR_FMT,
			 object_words(l->t->kind)->noun, STR_ARG(f->reason));
	row->error = str_eq(f->reason, STR("Failed"));
	row->reason = f->subject;
	row->message = f->message;
	since_then(row, f);
}

static void add_request(struct life *l, const struct entry *e)
{
	struct life_row *row = add_row(l, e);

	again(row, e);
	row->operation = e->fact.kind == FACT_WRITE ? STR("status written, content not logged")
						    : STR("named by a request");
}

/* Adds a fact of which only the name and the subject are shown. */
static void add_named(struct life *l, const struct entry *e)
{
	struct life_row *row = add_row(l, e);

	row->operation = fact_kind_name(e->fact.kind);
	row->message = e->fact.subject;
}

/* Kinds without a function use add_named. */
static void (*const adders[FACT_KINDS])(struct life *l, const struct entry *e) = {
	[FACT_CREATE] = add_create,    [FACT_BIND] = add_bind,
	[FACT_DELETE] = add_delete,    [FACT_DELETING] = add_deleting,
	[FACT_WRITE] = add_request,    [FACT_SEEN] = add_request,
	[FACT_PHASE] = add_phase,      [FACT_CONDITION] = add_condition,
	[FACT_WAITING] = add_state,    [FACT_RUNNING] = add_state,
	[FACT_TERMINATED] = add_state, [FACT_EVENT] = add_event,
	[FACT_LABEL] = add_label,      [FACT_SELECTED] = add_request,
};

/* Another image or other resources, which are in the specs but not in facts. */
static void add_change(struct life *l, const struct upgrade *u)
{
	const char *what = u->kind == UPGRADE_IMAGE ? "image" : "resources";
	bool several = memchr(u->containers.p, ',', u->containers.n) != NULL;
	struct str first = u->containers, rest;
	struct life_row *row;

	if (u->kind == UPGRADE_RESTART)
		return; /* its Event already has a row */
	if (several)
		str_cut(u->containers, ',', &first, &rest);
	row = add_row(l, u->trigger);
	row->operation = arena_printf(l->arena, "set %s of " STR_FMT, what, STR_ARG(u->containers));
	row->message = arena_printf(l->arena, STR_FMT "%s" STR_FMT ", was " STR_FMT,
				    STR_ARG(several ? first : STR("")), several ? " " : "",
				    STR_ARG(u->after), STR_ARG(u->before));
	if (u->begin.source == SOURCE_AUDIT)
		return;
	/* the spec was read, so it had changed earlier */
	row->precision = PRECISION_INFERRED;
	row->who = STR("");
}

/* Stages */

/* Alipay's names for the stages that begin with an Event's reason or an operation. */
static const struct {
	const char *operation, *stage;
} upstream_stages[] = {
	{ "apicreate", "AdmissionStage" },
	{ "Enters default-scheduler", "SchedulingStage" },
	{ "scheduled", "SchedulingStage" },
	{ "Scheduled", "SchedulingStage" },
	{ "Pulling", "RunningStage" },
	{ "Pulled", "RunningStage" },
	{ "condition:Ready:true", "RunningStage" },
	{ "pod phase: Running", "CompleteDelivery" },
};

/* All stages of the pod, by start. */
struct all_stages {
	struct timed_stage {
		const struct stage *stage;
		size_t number; /* of two with the same start the later one is used */
		nsec latest;   /* the latest end of this stage and all before it */
	} * list;
	size_t n;
};

static void append_stages(struct all_stages *all, const struct stage *stages, size_t n)
{
	for (size_t i = 0; i < n; i++, all->n++)
		all->list[all->n] = (struct timed_stage){ .stage = &stages[i], .number = all->n };
}

static int by_start(const void *a, const void *b)
{
	const struct timed_stage *x = a, *y = b;

	if (x->stage->start.at != y->stage->start.at)
		return x->stage->start.at < y->stage->start.at ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* NSEC_NONE: it ended at an unknown time. */
static nsec goes_on_until(const struct stage *s)
{
	return !nsec_known(s->end.at) && s->open ? INT64_MAX : s->end.at;
}

static struct all_stages all_stages(const struct timeline *t, struct arena *arena)
{
	struct all_stages all = { 0 };
	size_t most = t->n_stages + (t->deletion ? t->deletion->n_stages : 0);
	nsec latest = NSEC_NONE;

	for (size_t i = 0; i < t->n_upgrades; i++)
		most += t->upgrades[i].n_stages;
	all.list = arena_array(arena, struct timed_stage, most);
	append_stages(&all, t->stages, t->n_stages);
	for (size_t i = 0; i < t->n_upgrades; i++)
		append_stages(&all, t->upgrades[i].stages, t->upgrades[i].n_stages);
	if (t->deletion)
		append_stages(&all, t->deletion->stages, t->deletion->n_stages);
	if (all.n)
		qsort(all.list, all.n, sizeof(*all.list), by_start);
	for (size_t i = 0; i < all.n; i++) {
		latest = clock_later(latest, goes_on_until(all.list[i].stage));
		all.list[i].latest = latest;
	}
	return all;
}

/* Of the stages in progress at a time the one that began last. */
static const struct stage *going_on(const struct all_stages *all, nsec at)
{
	size_t n;

	LOWER_BOUND(n, all->n, all->list[n].stage->start.at <= at);
	for (size_t i = n; i > 0 && all->list[i - 1].latest >= at; i--)
		if (goes_on_until(all->list[i - 1].stage) >= at)
			return all->list[i - 1].stage;
	return NULL;
}

static struct str stage_of(const struct all_stages *all, const struct life_row *row)
{
	const struct stage *s;

	for (size_t i = 0; i < ARRAY_SIZE(upstream_stages); i++)
		if (str_eq(row->operation, str_from(upstream_stages[i].operation)))
			return str_from(upstream_stages[i].stage);
	s = going_on(all, row->at);
	return s ? str_from(lifecycle_rows[s->stage].name) : STR("");
}

/* Order */

static int by_time(const void *a, const void *b)
{
	const struct life_row *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->entry != y->entry) /* of the same array: in the order received */
		return x->entry < y->entry ? -1 : 1;
	return str_cmp(y->operation, x->operation); /* apicreate before Enters */
}

size_t life_rows(const struct timeline *t, struct arena *arena, const struct life_row **ret_rows)
{
	struct life l = { .t = t, .arena = arena };
	struct all_stages stages = all_stages(t, arena);
	nsec created = t->marks[MILESTONE_CREATED].at;

	entries_each(e, t) {
		const struct fact *f = &e->fact;

		if (f->kind == FACT_PHASE)
			l.phase = f->reason;
		if (fact_is_condition(f, STR("ContainersReady")))
			l.containers_ready = f;
		if (!is_repeated(&l, f))
			(adders[f->kind] ? adders[f->kind] : add_named)(&l, e);
	}
	for (size_t i = 0; i < t->n_upgrades; i++)
		add_change(&l, &t->upgrades[i]);
	for (size_t i = 0; i < l.n; i++) {
		struct life_row *row = &l.rows[i];

		/* a whole second may begin before the creation */
		if (row->precision != PRECISION_EXACT && nsec_known(created))
			row->at = MAX(row->at, created);
		row->who = row->who.p ? row->who : who(row->entry);
		row->stage = stage_of(&stages, row);
		row->reason = row->reason.p ? row->reason : STR("");
		row->message = row->message.p ? row->message : STR("");
	}
	if (l.n)
		qsort(l.rows, l.n, sizeof(*l.rows), by_time);
	for (size_t i = 0; i < l.n; i++) {
		l.rows[i].busy = l.rows[i].times > 1 ? l.rows[i].last : NSEC_NONE;
		if (i)
			l.rows[i].busy = clock_later(l.rows[i].busy, l.rows[i - 1].busy);
	}
	*ret_rows = l.rows;
	return l.n;
}

enum life_gap life_gap(const struct life_row *rows, size_t i)
{
	if (!i || rows[i].at - rows[i - 1].at <= LIFE_SILENCE)
		return LIFE_GAP_NONE;
	return rows[i - 1].busy > rows[i - 1].at ? LIFE_GAP_REPEATED : LIFE_GAP_SILENT;
}
