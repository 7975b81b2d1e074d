/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of containers within the operation; a successful one of an init container is a stage. */
#include "trace/draft.h"

/* The first ones of a crash loop. */
enum { RUNS_MAX = 256 };

struct container_run {
	struct str container;
	const struct entry *entry; /* FACT_TERMINATED */
};

static int by_container(const void *a, const void *b)
{
	const struct container_run *x = a, *y = b;
	const struct fact *f = &x->entry->fact, *g = &y->entry->fact;
	int c = str_cmp(x->container, y->container);

	if (c)
		return c;
	if (f->begin != g->begin)
		return f->begin < g->begin ? -1 : 1;
	if (f->at != g->at)
		return f->at < g->at ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* A time with a resolution of 1 s may be up to 1 s too early. */
static bool within(const struct span *root, const struct fact *f)
{
	return nsec_known(f->at) && nsec_known(f->begin) && f->at >= f->begin &&
	       f->begin + SECOND > root->start && f->at <= root->end && f->at >= root->start;
}

static bool is_init(const struct timeline *t, struct str name)
{
	const struct container_spec *c = draft_container(t, name);

	return c && c->kind == CONTAINER_INIT;
}

static size_t gather(struct draft *d, struct container_run *runs)
{
	const struct span *root = &d->spans[DRAFT_ROOT].span;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < d->t->n_entries; i++) {
		const struct entry *e = &d->t->entries[i];
		if (e->fact.kind != FACT_TERMINATED || !within(root, &e->fact))
			continue;
		if (e->fact.code == 0 && is_init(d->t, e->fact.subject))
			continue;
		runs[n++] = (struct container_run){ e->fact.subject, e };
	}
	if (n)
		qsort(runs, n, sizeof(*runs), by_container);
	for (size_t i = 0; i < n; i++) {
		const struct container_run *last = kept ? &runs[kept - 1] : NULL;

		if (!last || !str_eq(last->container, runs[i].container) ||
		    last->entry->fact.begin != runs[i].entry->fact.begin)
			runs[kept++] = runs[i];
	}
	return kept;
}

static uint32_t put_run(struct draft *d, const struct container_run *run)
{
	const struct fact *f = &run->entry->fact;
	uint32_t number = draft_span(d, DRAFT_ROOT, STR("container run"), f->begin, f->at);
	struct draft_span *s = &d->spans[number];

	s->rank = STAGE_COUNT;
	s->container = run->container;
	s->path = arena_printf(d->arena, "run/" STR_FMT "/%lld", STR_ARG(run->container),
			       (long long)f->begin);
	attribute_text(&s->attributes, "k8s.container.name", run->container);
	attribute_image(&s->attributes, draft_image(d, run->container));
	attribute_number(&s->attributes, "lunettes.exit_code", f->code);
	attribute_text(&s->attributes, "lunettes.reason", f->reason);
	attribute_text(&s->attributes, "lunettes.message", f->message);
	attribute_text(&s->attributes, "lunettes.precision", precision_name(PRECISION_SECOND));
	attribute_evidence(d, &s->attributes, false, run->entry);
	if (f->code != 0) {
		s->span.status = SPAN_ERROR;
		s->span.message = arena_printf(d->arena, "exit code %d%s" STR_FMT, f->code,
					       f->reason.n ? ": " : "", STR_ARG(f->reason));
		attribute_text(&s->attributes, "error.type",
			       f->reason.n ? f->reason : STR("Error"));
	}
	s->span.resource = draft_resource(d, COMPONENT_WORKLOAD, STR(""));
	draft_clip(d, number);
	return number;
}

void draft_runs(struct draft *d)
{
	struct container_run *runs;
	size_t n = 0, put_n;
	uint32_t previous = 0;

	for (size_t i = 0; i < d->t->n_entries; i++)
		n += d->t->entries[i].fact.kind == FACT_TERMINATED;
	if (!n || d->t->kind != OBJECT_POD)
		return;
	runs = arena_array(d->arena, struct container_run, n);
	n = gather(d, runs);
	put_n = MIN(n, RUNS_MAX);
	for (size_t i = 0; i < put_n; i++) {
		uint32_t number = put_run(d, &runs[i]);

		if (i && str_eq(runs[i - 1].container, runs[i].container))
			d->spans[number].previous = previous;
		previous = number;
	}
	if (n > put_n)
		attribute_number(&d->spans[DRAFT_ROOT].attributes, "lunettes.dropped_runs",
				 (int64_t)(n - put_n));
}
