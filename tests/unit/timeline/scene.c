/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "base/mem.h"
#include "kube/codec.h"

struct scene *scene_new(void)
{
	return mem_zalloc(sizeof(struct scene));
}

void scene_free(struct scene *s)
{
	timelines_free(s->timelines);
	for (size_t i = 0; s->keys && i < s->n; i++) {
		buf_free(&s->keys[i]);
		buf_free(&s->values[i]);
	}
	mem_free(s->keys);
	mem_free(s->values);
	mem_free(s->order);
	mem_free(s->records);
	context_free(&s->context);
	arena_free(&s->arena);
	mem_free(s);
}

/* Sorting and running */

static const struct scene *sorted; /* for qsort alone */

static int by_key(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int c = str_cmp(buf_str(&sorted->keys[x]), buf_str(&sorted->keys[y]));

	return c ? c : str_cmp(buf_str(&sorted->values[x]), buf_str(&sorted->values[y]));
}

static int next_record(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	struct scene *s = ctx;
	size_t i;

	(void)err;
	if (s->at == s->n)
		return 0;
	i = s->order[s->at++];
	*ret_key = buf_str(&s->keys[i]);
	*ret_value = buf_str(&s->values[i]);
	return 1;
}

static void begin(struct scene *s)
{
	size_t n = s->n ? s->n : 1;

	s->keys = mem_zalloc(n * sizeof(*s->keys));
	s->values = mem_zalloc(n * sizeof(*s->values));
	s->order = mem_zalloc(n * sizeof(*s->order));
	for (size_t i = 0; i < s->n; i++) {
		record_key(s->records[i], &s->keys[i]);
		record_encode(s->records[i], &s->values[i]);
		s->order[i] = i;
	}
	sorted = s;
	qsort(s->order, s->n, sizeof(*s->order), by_key);
	s->timelines = timelines_new(next_record, s, &s->context);
	timelines_attached(s->timelines, s->keep);
}

const struct timeline *scene_next(struct scene *s)
{
	const struct timeline *t = NULL;
	struct err err = { 0 };
	int r;

	if (!s->timelines)
		begin(s);
	r = timelines_next(s->timelines, &t, &err);
	ck_assert_msg(r >= 0, "%s", err.message);
	if (r == 0)
		return NULL;
	ck_assert_msg(!timeline_invariant(t), "%s", timeline_invariant(t));
	return t;
}

const struct timeline *scene_only(struct scene *s)
{
	const struct timeline *t = scene_next(s);

	ck_assert_ptr_nonnull(t);
	ck_assert_uint_eq(s->at, s->n);
	return t;
}

uint64_t scene_duplicates(struct scene *s)
{
	return timelines_duplicates(s->timelines);
}

/* Records */

static struct str copy(struct scene *s, const char *text)
{
	return text ? arena_str(&s->arena, str_from(text)) : (struct str){ 0 };
}

struct record *scene_record(struct scene *s, nsec received, enum origin origin, const char *verb)
{
	struct record *r = arena_new(&s->arena, struct record);

	array_reserve(s->records, s->cap, s->n + 1);
	s->records[s->n++] = r;
	s->facts = arena_array(&s->arena, struct fact, SCENE_FACTS);
	s->record = r;
	s->written = false;
	*r = (struct record){
		.cluster = STR(""),
		.namespace = STR("shop"),
		.name = STR("web"),
		.audit_id = arena_printf(&s->arena, "audit-%zu", s->n),
		.audit_stage = STR("ResponseComplete"),
		.verb = copy(s, verb),
		.received = received,
		.completed = received + MS(2),
		.origin = origin,
		.status = 200,
		.about_pod = true,
		.facts = s->facts,
		.position = { .line = s->n },
	};
	return r;
}

struct record *scene_create(struct scene *s, nsec received)
{
	struct record *r = scene_record(s, received, ORIGIN_CONTROLLER, "create");

	r->status = 201;
	scene_fact(s, FACT_CREATE);
	return r;
}

struct record *scene_refused(struct scene *s, nsec received, int32_t status, const char *code)
{
	struct record *r = scene_record(s, received, ORIGIN_CONTROLLER, "create");

	r->status = status;
	scene_fact(s, FACT_CREATE)->reason = copy(s, code);
	return r;
}

struct record *scene_bind(struct scene *s, nsec received, const char *node)
{
	struct record *r = scene_record(s, received, ORIGIN_SCHEDULER, "create");

	r->status = 201;
	scene_fact(s, FACT_BIND)->subject = copy(s, node);
	return r;
}

struct record *scene_status(struct scene *s, nsec received)
{
	struct record *r = scene_record(s, received, ORIGIN_KUBELET, "patch");

	r->bodies = BODY_REQUEST | BODY_RESPONSE;
	s->written = true;
	return r;
}

struct record *scene_read(struct scene *s, nsec received)
{
	struct record *r = scene_record(s, received, ORIGIN_OTHER, "get");

	r->bodies = BODY_RESPONSE;
	return r;
}

struct record *scene_delete(struct scene *s, nsec received, const char *reason, int32_t code)
{
	struct record *r = scene_record(s, received, ORIGIN_OTHER, "delete");

	r->status = code;
	scene_fact(s, FACT_DELETE)->reason = copy(s, reason);
	return r;
}

struct record *scene_event(struct scene *s, nsec at, const char *reason, const char *container,
			   const char *message)
{
	struct record *r = scene_record(s, at + MS(1), ORIGIN_KUBELET, "create");
	struct fact *f = scene_fact(s, FACT_EVENT);

	r->status = 201;
	f->written = true;
	f->at = f->begin = at;
	f->count = 1;
	f->code = 0;
	f->reason = copy(s, reason);
	f->message = copy(s, message);
	f->subject = copy(s, container);
	return r;
}

/* Facts */

struct fact *scene_fact(struct scene *s, enum fact_kind kind)
{
	struct fact *f = &s->facts[s->record->n_facts++];

	ck_assert_uint_le(s->record->n_facts, SCENE_FACTS);
	*f = (struct fact){
		.kind = kind,
		.origin = s->record->origin,
		.written = s->written,
		.code = s->record->status,
		.at = s->record->received,
		.begin = NSEC_NONE,
	};
	return f;
}

struct fact *scene_condition(struct scene *s, const char *type, bool truth, nsec at)
{
	struct fact *f = scene_fact(s, FACT_CONDITION);

	f->subject = copy(s, type);
	f->truth = truth;
	f->at = at;
	f->precision = PRECISION_SECOND;
	f->code = 0;
	return f;
}

struct fact *scene_phase(struct scene *s, const char *phase)
{
	struct fact *f = scene_fact(s, FACT_PHASE);

	f->reason = copy(s, phase);
	f->at = NSEC_NONE;
	f->precision = PRECISION_INFERRED;
	f->code = 0;
	return f;
}

struct fact *scene_running(struct scene *s, const char *container, nsec at)
{
	struct fact *f = scene_fact(s, FACT_RUNNING);

	f->subject = copy(s, container);
	f->at = at;
	f->precision = PRECISION_SECOND;
	f->code = 0;
	return f;
}

struct fact *scene_terminated(struct scene *s, const char *container, nsec begin, nsec end,
			      int32_t code)
{
	struct fact *f = scene_running(s, container, end);

	f->kind = FACT_TERMINATED;
	f->begin = begin;
	f->code = code;
	return f;
}

/* Objects */

static struct container_spec container(struct scene *s, struct str word)
{
	struct container_spec c = { .kind = CONTAINER_APP, .name = word };
	struct str kind, name;

	if (str_cut(word, ':', &kind, &name)) {
		c.name = name;
		c.post_start = str_eq(kind, STR("hook"));
		if (str_eq(kind, STR("init")))
			c.kind = CONTAINER_INIT;
		if (str_eq(kind, STR("sidecar")))
			c.kind = CONTAINER_SIDECAR;
	}
	c.image = arena_printf(&s->arena, "example.org/" STR_FMT, STR_ARG(c.name));
	return c;
}

struct pod_object *scene_object(struct scene *s, nsec created, const char *containers)
{
	struct pod_object *o = arena_new(&s->arena, struct pod_object);
	struct container_spec *list = arena_array(&s->arena, struct container_spec, 8);
	struct str rest = copy(s, containers), word;

	*o = (struct pod_object){
		.uid = s->record->uid,
		.created = created,
		.owner_kind = STR(""),
		.owner_name = STR(""),
		.node = STR(""),
		.has_spec = true,
		.containers = list,
	};
	while (str_cut(rest, ' ', &word, &rest))
		list[o->n_containers++] = container(s, word);
	if (rest.n)
		list[o->n_containers++] = container(s, rest);
	s->record->object = o;
	return o;
}

/* Checks */

void check_mark(const struct timeline *t, enum milestone milestone, nsec at,
		enum precision precision, enum edge_source source)
{
	const struct mark *m = &t->marks[milestone];

	ck_assert_msg(m->reached, "milestone %d is not reached", milestone);
	ck_assert_int_eq(m->at == NSEC_NONE ? -1 : (m->at - EPOCH) / 1000,
			 at == NSEC_NONE ? -1 : (at - EPOCH) / 1000); /* readable microseconds */
	ck_assert_int_eq(m->at, at);
	ck_assert_int_eq(m->precision, precision);
	ck_assert_int_eq(m->source, source);
	ck_assert_ptr_nonnull(m->evidence);
}

void check_unknown(const struct timeline *t, enum milestone milestone)
{
	ck_assert_int_eq(t->marks[milestone].at, NSEC_NONE);
}

static const struct stage *find(const struct timeline *t, enum lifecycle_stage stage,
				const char *subject)
{
	const struct stage *found = NULL;

	for (size_t i = 0; i < t->n_stages; i++) {
		if (t->stages[i].stage != stage || !str_eq(t->stages[i].subject, str_from(subject)))
			continue;
		ck_assert_ptr_null(found);
		found = &t->stages[i];
	}
	return found;
}

const struct stage *check_stage(const struct timeline *t, enum lifecycle_stage stage,
				const char *subject, nsec start, nsec end)
{
	const struct stage *s = find(t, stage, subject);

	ck_assert_msg(s, "no stage %s of %s", lifecycle_rows[stage].name, subject);
	ck_assert_int_eq((s->start.at - EPOCH) / 1000, (start - EPOCH) / 1000);
	ck_assert_int_eq(s->start.at, start);
	ck_assert_int_eq(s->end.at == NSEC_NONE ? -1 : (s->end.at - EPOCH) / 1000,
			 end == NSEC_NONE ? -1 : (end - EPOCH) / 1000);
	ck_assert_int_eq(s->end.at, end);
	return s;
}

void check_no_stage(const struct timeline *t, enum lifecycle_stage stage, const char *subject)
{
	ck_assert_msg(!find(t, stage, subject), "a stage %s of %s", lifecycle_rows[stage].name,
		      subject);
}

void check_text(struct str s, const char *expected)
{
	ck_assert_msg(!expected == !s.p && str_eq(s, str_from(expected)),
		      "'" STR_FMT "' (%s) is not '%s'", STR_ARG(s), s.p ? "known" : "unknown",
		      expected ? expected : "unknown");
}
