/* SPDX-License-Identifier: Apache-2.0 */
#include "trace/rollouts.h"

#include "base/mem.h"
#include "trace/draft.h"
#include "trace/ids.h"

/*
 * A pod that is created so long after all others is not part of the rollout: a Deployment that
 * makes no progress for so long counts as stuck (its default progressDeadlineSeconds).
 */
#define PROGRESS_MAX (600 * SECOND)

static struct str replica_set(const struct timeline *pod)
{
	const struct pod_object *o = pod->object;

	return o && str_eq(o->owner_kind, STR("ReplicaSet")) ? o->owner_name : STR("");
}

bool rollouts_know(const struct context *context, const struct cluster *cluster,
		   const struct timeline *pod, nsec begin)
{
	struct str name = replica_set(pod);
	nsec created;

	if (!context || !name.n || pod->denied || !nsec_known(begin))
		return false;
	created = context_created(context, pod->cluster, pod->namespace, STR("ReplicaSet"), name);
	if (!nsec_known(created))
		return false;
	/* a dump contains only existing pods: the first one may be gone */
	return nsec_known(cluster->first) ? created >= cluster->first
					  : begin - created <= PROGRESS_MAX;
}

/* Pods */

static struct revision *revision_of(struct rollouts *r, const struct timeline *pod,
				    struct str service, struct arena *scratch)
{
	struct str name = replica_set(pod);
	bool is_new;
	uint32_t i = map_put(&r->revisions, name_key_of(scratch, pod, name), &is_new);

	if (!is_new)
		return &r->list[i];
	array_reserve(r->list, r->cap, (size_t)i + 1);
	r->list[i] = (struct revision){
		.cluster = arena_str(&r->arena, pod->cluster),
		.namespace = arena_str(&r->arena, pod->namespace),
		.name = arena_str(&r->arena, name),
		.service = arena_str(&r->arena, service),
		.workload_kind = arena_str(&r->arena, pod->workload_kind),
		.workload_name = arena_str(&r->arena, pod->workload_name),
	};
	return &r->list[i];
}

static bool comes_before(const struct rollout_pod *a, const struct rollout_pod *b)
{
	if (a->begin != b->begin)
		return a->begin < b->begin;
	return memcmp(&a->create, &b->create, sizeof(a->create)) < 0;
}

/* Its place; NULL: it is later than all pods that are kept. */
static struct rollout_pod *insert(struct revision *v, const struct rollout_pod *pod)
{
	size_t at = v->n;

	while (at && comes_before(pod, &v->pods[at - 1]))
		at--;
	v->more += v->n == ROLLOUT_PODS_MAX;
	if (at == ROLLOUT_PODS_MAX)
		return NULL;
	if (v->n < ROLLOUT_PODS_MAX) {
		array_reserve(v->pods, v->cap, v->n + 1);
		v->n++;
	}
	memmove(&v->pods[at + 1], &v->pods[at], (v->n - 1 - at) * sizeof(*v->pods));
	v->pods[at] = *pod;
	return &v->pods[at];
}

static struct str error_of(const struct span *s)
{
	for (size_t i = 0; i < s->attributes.n; i++)
		if (str_eq(s->attributes.list[i].key, STR("error.type")))
			return s->attributes.list[i].text;
	return STR("");
}

void rollouts_note(struct rollouts *r, const struct timeline *pod, const struct trace *create,
		   enum verdict verdict, struct arena *scratch)
{
	const struct span *root = &create->spans[0];
	struct revision *v =
	    revision_of(r, pod, create->resources[root->resource].service, scratch);
	nsec lost =
	    clock_earlier(pod->marks[MILESTONE_DELETED].at, pod->marks[MILESTONE_FINISHED].at);
	struct rollout_pod traced = {
		.begin = root->start,
		.end = root->end,
		.lost = nsec_known(lost) ? lost : INT64_MAX,
		.create = create->id,
		.verdict = verdict,
		.open = root->open,
	};
	struct rollout_pod *kept = insert(v, &traced);

	if (!kept)
		return;
	kept->name = arena_str(&r->arena, pod->name);
	if (root->status == SPAN_ERROR)
		kept->error = arena_str(&r->arena, error_of(root));
}

/* The trace */

/* The number of first pods that are the rollout: the others replaced a pod or came much later. */
static size_t extent(const struct revision *v, nsec *ret_end)
{
	nsec end = v->pods[0].end, lost = INT64_MAX;
	size_t n = 0;

	for (; n < v->n; n++) {
		const struct rollout_pod *p = &v->pods[n];

		if (p->begin >= lost || p->begin - end > PROGRESS_MAX)
			break;
		end = MAX(end, p->end);
		lost = MIN(lost, p->lost);
	}
	*ret_end = end;
	return n;
}

static void put_pod(struct draft *d, const struct rollout_pod *p)
{
	uint32_t number = draft_span(d, DRAFT_ROOT, STR("pod create"), p->begin, p->end);
	struct draft_span *s = &d->spans[number];

	s->span.open = p->open;
	s->span.resource = d->spans[DRAFT_ROOT].span.resource;
	s->path =
	    arena_printf(d->arena, "pod/" STR_FMT "/%lld", STR_ARG(p->name), (long long)p->begin);
	attribute_text(&s->attributes, "k8s.pod.name", p->name);
	attribute_text(&s->attributes, "lunettes.verdict", verdict_name(p->verdict));
	attribute_true(&s->attributes, "lunettes.critical",
		       p->end == d->spans[DRAFT_ROOT].span.end);
	if (p->error.n) {
		s->span.status = SPAN_ERROR;
		attribute_text(&s->attributes, "error.type", p->error);
	}
	draft_link_trace(d, number, p->create, "create");
}

static const struct trace *make_rollout(const struct trace_settings *settings,
					const struct revision *v, struct arena *arena)
{
	struct pod_object object = { .service = v->service,
				     .owner_kind = STR("ReplicaSet"),
				     .owner_name = v->name };
	struct timeline t = { .cluster = v->cluster,
			      .namespace = v->namespace,
			      .workload_kind = v->workload_kind,
			      .workload_name = v->workload_name,
			      .object = &object };
	struct draft d = { .settings = settings,
			   .t = &t,
			   .arena = arena,
			   .trace = {
			       .id = trace_id_of_revision(arena, v->cluster, v->namespace, v->name),
			       .operation = OPERATION_ROLLOUT,
			       .cluster = v->cluster,
			       .namespace = v->namespace,
			       .name = v->name } };
	struct trace *made = arena_new(arena, struct trace);
	struct attribute_list *l;
	nsec end;
	size_t n = extent(v, &end);

	draft_root(&d, "workload rollout", v->pods[0].begin, end);
	l = &d.spans[DRAFT_ROOT].attributes;
	attribute_text(l, "lunettes.operation", operation_name(OPERATION_ROLLOUT));
	attribute_seconds(l, "lunettes.total", end - v->pods[0].begin);
	attribute_number(l, "lunettes.pods", (int64_t)n);
	if (n == ROLLOUT_PODS_MAX && v->more)
		attribute_number(l, "lunettes.dropped_pods", (int64_t)v->more);
	for (size_t i = 0; i < n; i++) {
		d.spans[DRAFT_ROOT].span.open |= v->pods[i].open;
		put_pod(&d, &v->pods[i]);
	}
	draft_finish(&d);
	*made = d.trace;
	return made;
}

const struct trace *rollouts_next(struct rollouts *r, const struct trace_settings *settings,
				  struct arena *arena)
{
	if (r->next == r->revisions.n)
		return NULL;
	return make_rollout(settings, &r->list[r->next++], arena);
}

void rollouts_free(struct rollouts *r)
{
	for (size_t i = 0; i < r->revisions.n; i++)
		mem_free(r->list[i].pods);
	mem_free(r->list);
	map_free(&r->revisions);
	arena_free(&r->arena);
	*r = (struct rollouts){ 0 };
}
