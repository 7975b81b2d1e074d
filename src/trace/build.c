/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/build.h"

#include "trace/draft.h"
#include "trace/ids.h"

/* Shared by all traces of one timeline. */
struct making {
	struct traces *traces;
	const struct timeline *t;
	const struct cluster *cluster;
	struct arena *arena;
	struct delivery delivery;
	struct diagnosis diagnosis;
	bool diagnosed, read;
	const struct life_row *rows;
	size_t n_rows, cap;
	struct pod_traces own;
	bool rolled_out; /* the rollout of its revision is traced */
};

static const struct operation_row {
	enum slo slo;
	const char *root;
} operations[OPERATION_COUNT] = {
	[OPERATION_CREATE] = { SLO_CREATE, "pod create" },
	[OPERATION_DELETE] = { SLO_DELETE, "pod delete" },
	[OPERATION_UPGRADE] = { SLO_UPGRADE, "pod upgrade" },
	[OPERATION_BIND] = { SLO_PVC, "claim bind" },
	[OPERATION_ROLLOUT] = { SLO_CREATE, "workload rollout" }, /* see rollouts.c */
};

/* The answer to a rejected create; an operation in progress lasts as long as the log proves. */
static nsec root_end(const struct making *m, const struct outcome *o)
{
	nsec end = o->begin;

	if (nsec_known(o->end))
		return MAX(o->end, o->begin);
	if (o->verdict == VERDICT_DENIED && m->t->n_entries)
		return MAX(m->t->entries[0].completed, o->begin);
	if (nsec_known(o->until))
		return MAX(o->until, o->begin);
	/* done at an unknown time: not before the last time that is known */
	for (size_t i = 0; i < o->n_stages; i++)
		end = MAX(end, MAX(o->stages[i].start.at, o->stages[i].end.at));
	return end;
}

static bool goes_on(const struct making *m, const struct outcome *o)
{
	return o->verdict == VERDICT_OPEN ||
	       (o->verdict == VERDICT_FAILED && !nsec_known(o->end) && nsec_known(o->until) &&
		o->until == cluster_end(m->cluster));
}

/* The pods that existed while the claim was pending waited for it. */
static void link_mounts(struct making *m, struct draft *d)
{
	struct mounts_of_claim l = mounts_find(&m->traces->mounts, m->t, m->arena);
	const struct span *s = &d->spans[DRAFT_ROOT].span;

	for (size_t i = 0; i < l.n; i++)
		if (l.list[i].begin <= s->end && l.list[i].end >= s->start)
			draft_link_trace(d, DRAFT_ROOT, l.list[i].create, "pod");
}

/* The same pod's creation, the previous pod of the same name, the pod that preempted it. */
static void put_links(struct making *m, struct draft *d)
{
	const struct pod_traces *before = &m->traces->before;
	struct str preemptor = m->t->preemptor;
	struct trace_id id;

	if (d->trace.operation == OPERATION_BIND)
		link_mounts(m, d);
	if (d->trace.operation != OPERATION_CREATE) {
		draft_link_trace(d, DRAFT_ROOT, m->own.create, "create");
	} else {
		if (m->rolled_out)
			draft_link_trace(d, DRAFT_ROOT,
					 trace_id_of_revision(m->arena, m->t->cluster,
							      m->t->namespace,
							      m->t->object->owner_name),
					 "rollout");
		draft_link_trace(d, DRAFT_ROOT,
				 trace_id_is_none(before->deletion) ? before->create
								    : before->deletion,
				 "previous-incarnation");
	}
	if (d->trace.operation != OPERATION_DELETE || !preemptor.n ||
	    memchr(preemptor.p, '/', preemptor.n))
		return; /* a name does not identify one of its pod instances */
	id = trace_id_of_uid(m->arena, m->t->cluster, preemptor, OPERATION_CREATE);
	draft_link_trace(d, DRAFT_ROOT, id, "preemptor");
}

static const struct diagnosis *diagnosis_of(struct making *m)
{
	const struct trace_settings *s = m->traces->settings;

	if (!s->rules || m->t->kind != OBJECT_POD)
		return NULL;
	if (!m->diagnosed)
		m->diagnosis = diagnose(s->rules, m->t, &m->delivery, m->cluster, m->arena);
	m->diagnosed = true;
	return &m->diagnosis;
}

static void make_trace(struct making *m, enum operation operation, const struct outcome *o,
		       struct trace_id id)
{
	struct traces *traces = m->traces;
	struct draft d = {
		.settings = traces->settings,
		.t = m->t,
		.outcome = o,
		.arena = m->arena,
		.trace = { .id = id,
			   .operation = operation,
			   .cluster = m->t->cluster,
			   .namespace = m->t->namespace,
			   .name = m->t->name },
	};

	draft_root(&d, operations[operation].root, o->begin, root_end(m, o));
	if (!m->read)
		m->n_rows = life_rows(m->t, m->arena, &m->rows);
	m->read = true;
	d.rows = m->rows;
	d.n_rows = m->n_rows;
	d.spans[DRAFT_ROOT].span.open = goes_on(m, o);
	draft_stages(&d);
	draft_runs(&d);
	draft_happenings(&d);
	draft_verdict(&d, &m->delivery, diagnosis_of(m));
	put_links(m, &d);
	draft_finish(&d);
	arena_reserve(m->arena, traces->list, traces->n, m->cap);
	traces->list[traces->n++] = (struct traced){ d.trace, o->verdict };
}

static bool is_wanted(struct traces *traces, const struct outcome *o)
{
	if (o->verdict == VERDICT_EXCLUDED) {
		traces->excluded[o->exclusion]++;
		return false;
	}
	if (!traces->settings->verdicts || traces->settings->verdicts >> o->verdict & 1)
		return true;
	traces->unwanted++;
	return false;
}

/* The time of the request; unique even if several have the same time. */
static int64_t ordinal_of(const struct outcome *list, size_t i)
{
	int64_t ordinal = list[i].begin;

	for (size_t k = 0; k < i; k++)
		ordinal += list[k].begin == list[i].begin;
	return ordinal;
}

/* For the links of later traces. */
static void note_creation(struct making *m, struct trace_id id, const struct outcome *o)
{
	struct traces *traces = m->traces;

	m->own.create = id;
	if (!m->t->denied)
		mounts_note(&traces->mounts, m->t, o->begin, id, m->arena);
	if (m->rolled_out)
		rollouts_note(&traces->rollouts, m->t, &traces->list[traces->n - 1].trace,
			      o->verdict, m->arena);
}

static void operate(struct making *m, enum operation operation)
{
	struct outcome list[OUTCOMES_MAX];
	enum slo slo = operations[operation].slo;
	struct judging judging = { m->t, m->cluster, m->traces->settings->settings };
	size_t n = outcomes_of(slo, &judging, list);

	if (n && slo == SLO_CREATE)
		m->delivery = list[0].delivery;
	for (size_t i = 0; i < n; i++) {
		int64_t ordinal = operation == OPERATION_UPGRADE ? ordinal_of(list, i) : 0;
		struct trace_id id;

		if (!is_wanted(m->traces, &list[i]))
			continue;
		id = trace_id_of(m->arena, m->t, operation, ordinal);
		m->rolled_out =
		    operation == OPERATION_CREATE &&
		    rollouts_know(m->traces->settings->context, m->cluster, m->t, list[i].begin);
		make_trace(m, operation, &list[i], id);
		if (operation == OPERATION_CREATE)
			note_creation(m, id, &list[i]);
		if (operation == OPERATION_DELETE)
			m->own.deletion = id;
	}
}

/* The previous pod instance counts if it had the same name. */
static void recall(struct traces *traces, const struct timeline *t, struct str name)
{
	if (!t->name.n || t->denied || !str_eq(name, buf_str(&traces->name)))
		traces->before = (struct pod_traces){ 0 };
}

static void remember(struct making *m, struct str name)
{
	struct traces *traces = m->traces;

	buf_reset(&traces->name);
	if (!m->t->denied)
		buf_add_str(&traces->name, name);
	traces->before = m->own;
}

void traces_of(struct traces *traces, const struct timeline *t, const struct cluster *cluster,
	       struct arena *arena)
{
	struct making m = { .traces = traces, .t = t, .cluster = cluster, .arena = arena };
	struct str name;

	traces->list = NULL;
	traces->n = 0;
	if (t->kind != OBJECT_POD) {
		operate(&m, OPERATION_BIND);
		return;
	}
	name = name_key_of(arena, t, t->name);
	recall(traces, t, name);
	operate(&m, OPERATION_CREATE);
	operate(&m, OPERATION_UPGRADE);
	operate(&m, OPERATION_DELETE);
	remember(&m, name);
}

void traces_free(struct traces *traces)
{
	buf_free(&traces->name);
	mounts_free(&traces->mounts);
	rollouts_free(&traces->rollouts);
	*traces = (struct traces){ 0 };
}
