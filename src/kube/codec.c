/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/codec.h"

#include "base/hash.h"

/* Increase it with each change of the layout: a reader accepts only its own version. */
enum { CODEC_VERSION = 9 };

enum { HAS_POD = 1, HAS_CLAIM = 2 };

/* The value for nearly all pods, which is not stored in each record. */
static const struct str usual_scheduler = { "default-scheduler", 17 };

/* One walk over the fields both writes and reads them, so that each field is one line. Times are
 * stored as differences from the record's time, because these are small. */
struct codec {
	struct buf *out; /* NULL: reads; otherwise the record is not changed */
	struct bytes in;
	struct arena *arena;
	nsec base;
};

static inline void code_u64(struct codec *c, uint64_t *value)
{
	if (c->out)
		buf_put_varint(c->out, *value);
	else
		*value = bytes_varint(&c->in);
}

/* Also for enums. */
static inline void code_u32(struct codec *c, uint32_t *value)
{
	if (c->out)
		buf_put_varint(c->out, *value);
	else
		*value = (uint32_t)bytes_varint(&c->in);
}

static inline void code_i64(struct codec *c, int64_t *value)
{
	if (c->out)
		buf_put_zigzag(c->out, *value);
	else
		*value = bytes_zigzag(&c->in);
}

static inline void code_i32(struct codec *c, int32_t *value)
{
	if (c->out)
		buf_put_zigzag(c->out, *value);
	else
		*value = (int32_t)bytes_zigzag(&c->in);
}

static inline void code_be64(struct codec *c, uint64_t *value)
{
	if (c->out)
		buf_put_be64(c->out, *value);
	else
		*value = bytes_be64(&c->in);
}

static inline void code_text(struct codec *c, struct str *text)
{
	if (c->out)
		buf_put_maybe(c->out, *text);
	else
		*text = bytes_maybe(&c->in);
}

static inline void code_time(struct codec *c, nsec *at)
{
	uint64_t known = nsec_known(*at);
	int64_t distance = (int64_t)((uint64_t)*at - (uint64_t)c->base);

	code_u64(c, &known);
	if (known)
		code_i64(c, &distance);
	if (!c->out)
		*at = known ? (nsec)((uint64_t)c->base + (uint64_t)distance) : NSEC_NONE;
}

/* Packs all booleans of an object into one number. */
static inline void code_bits(struct codec *c, bool *const *bits, size_t n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all |= (uint64_t)*bits[i] << i;
	code_u64(c, &all);
	for (size_t i = 0; i < n && !c->out; i++)
		*bits[i] = all >> i & 1;
}

#define CODE_BITS(c, ...)                                                                          \
	code_bits(c, (bool *const[]){ __VA_ARGS__ },                                               \
		  sizeof((bool *const[]){ __VA_ARGS__ }) / sizeof(bool *))

/* An array in the arena. Its count is limited by the bytes that are left, so that a damaged run
 * cannot request too much memory. */
static void *code_array(struct codec *c, const void *list, size_t *n, size_t size)
{
	uint64_t count = *n;

	code_u64(c, &count);
	if (c->out)
		return (void *)(uintptr_t)list;
	if (count > (uint64_t)(c->in.end - c->in.p)) {
		c->in.bad = true;
		c->in.p = c->in.end;
		count = 0;
	}
	*n = (size_t)count;
	return arena_alloc(c->arena, *n, size);
}

/* Fields that are not listed here are lost. */
#define CODED(type, size)                                                                          \
	_Static_assert(sizeof(void *) != 8 || sizeof(type) == (size),                              \
		       "fields changed: a line for each in this file, then the new size here, and" \
		       " a random value in tests/unit/kube/test_codec.c")
CODED(struct container_spec, 72);
CODED(struct pod_object, 232);
CODED(struct claim_object, 64);
CODED(struct fact, 88);
CODED(struct record, 264);

static void code_container(struct codec *c, struct container_spec *s)
{
	code_u32(c, &s->kind);
	CODE_BITS(c, &s->post_start, &s->pre_stop, &s->readiness_probe, &s->liveness_probe,
		  &s->startup_probe);
	code_i64(c, &s->cpu_milli);
	code_i64(c, &s->memory);
	if (s->readiness_probe || s->startup_probe)
		code_u64(c, &s->probed_by);
	code_text(c, &s->name);
	code_text(c, &s->image);
}

static void code_pod(struct codec *c, struct pod_object *o)
{
	struct container_spec *containers;
	bool usual = str_eq(o->scheduler, usual_scheduler);

	CODE_BITS(c, &o->has_spec, &o->job, &o->stateful, &o->gpu, &o->host_network, &usual);
	code_text(c, &o->uid);
	code_text(c, &o->generate_name);
	code_time(c, &o->created);
	code_text(c, &o->owner_kind);
	code_text(c, &o->owner_name);
	code_text(c, &o->labels);
	code_text(c, &o->mirror);
	code_text(c, &o->service);
	code_u32(c, &o->n_volumes);
	code_u32(c, &o->n_readiness_gates);
	code_u32(c, &o->n_scheduling_gates);
	code_i64(c, &o->cpu_milli);
	code_i64(c, &o->memory);
	code_i64(c, &o->grace);
	if (!usual)
		code_text(c, &o->scheduler);
	else if (!c->out)
		o->scheduler = usual_scheduler;
	code_text(c, &o->claims);
	code_text(c, &o->node);
	containers = code_array(c, o->containers, &o->n_containers, sizeof(*containers));
	for (size_t i = 0; i < o->n_containers; i++)
		code_container(c, &containers[i]);
	if (!c->out)
		o->containers = containers;
}

static void code_claim(struct codec *c, struct claim_object *o)
{
	code_text(c, &o->uid);
	code_time(c, &o->created);
	code_text(c, &o->storage_class);
	code_text(c, &o->volume);
	code_i64(c, &o->bytes);
}

static void code_fact(struct codec *c, struct fact *f)
{
	code_u32(c, &f->kind);
	code_u32(c, &f->precision);
	code_u32(c, &f->origin);
	CODE_BITS(c, &f->written, &f->truth);
	code_i32(c, &f->code);
	code_u32(c, &f->count);
	code_time(c, &f->at);
	code_time(c, &f->begin);
	code_text(c, &f->subject);
	code_text(c, &f->reason);
	code_text(c, &f->message);
}

static void code_objects(struct codec *c, struct record *r)
{
	uint64_t has = (r->object ? HAS_POD : 0u) | (r->claim ? HAS_CLAIM : 0u);

	code_u64(c, &has);
	if (has & HAS_POD && !c->out)
		r->object = arena_new(c->arena, struct pod_object);
	if (has & HAS_POD)
		code_pod(c, (struct pod_object *)(uintptr_t)r->object);
	if (has & HAS_CLAIM && !c->out)
		r->claim = arena_new(c->arena, struct claim_object);
	if (has & HAS_CLAIM)
		code_claim(c, (struct claim_object *)(uintptr_t)r->claim);
}

/* Fixed width, so that records that differ in nothing else are sorted by position. */
static void code_position(struct codec *c, struct position *p)
{
	uint64_t file = (uint64_t)p->source << 32 | p->member;

	code_be64(c, &file);
	if (!c->out) {
		p->source = (uint32_t)(file >> 32);
		p->member = (uint32_t)file;
	}
	code_be64(c, &p->line);
	code_be64(c, &p->offset);
}

static void code_record(struct codec *c, struct record *r)
{
	struct fact *facts;

	code_u32(c, &r->kind);
	code_text(c, &r->cluster);
	code_text(c, &r->namespace);
	code_text(c, &r->name);
	code_text(c, &r->uid);
	code_text(c, &r->audit_id);
	code_text(c, &r->audit_stage);
	code_text(c, &r->verb);
	code_be64(c, &r->uri_hash);
	code_time(c, &r->completed);
	code_u32(c, &r->origin);
	code_i32(c, &r->status);
	code_u32(c, &r->bodies);
	CODE_BITS(c, &r->about_pod, &r->dumped);
	code_text(c, &r->actor);
	code_text(c, &r->node);
	code_objects(c, r);
	facts = code_array(c, r->facts, &r->n_facts, sizeof(*facts));
	for (size_t i = 0; i < r->n_facts; i++)
		code_fact(c, &facts[i]);
	if (!c->out)
		r->facts = facts;
	code_text(c, &r->attached);
	code_position(c, &r->position);
}

void record_encode(const struct record *r, struct buf *out)
{
	struct codec c = { .out = out, .base = r->received };

	buf_put_varint(out, CODEC_VERSION);
	buf_put_be64(out, (uint64_t)r->received);
	code_record(&c, (struct record *)(uintptr_t)r);
}

int record_decode(struct str bytes, struct arena *arena, struct record *ret_record, struct err *err)
{
	struct codec c = { .in = bytes_of(bytes), .arena = arena };
	struct record r = { 0 };

	if (bytes_varint(&c.in) != CODEC_VERSION)
		return err_set(err, ERR_FORMAT, "a sorted record has another version");
	r.received = c.base = (nsec)bytes_be64(&c.in);
	code_record(&c, &r);
	if (c.in.bad || c.in.p != c.in.end)
		return err_set(err, ERR_FORMAT, "a sorted record is damaged");
	*ret_record = r;
	return 0;
}

/* Names end with NUL. Kubernetes names contain none, and the decoder replaces it in others. */
static void put_name(struct buf *out, struct str s)
{
	buf_add_str(out, s);
	buf_add_char(out, 0);
}

void record_key(const struct record *r, struct buf *out)
{
	uint64_t twin =
	    hash_str(r->audit_id, hash_str(r->audit_stage, hash_str(r->verb, r->uri_hash)));

	buf_add_char(out, (char)r->kind); /* PVCs are sorted after all pods */
	put_name(out, r->cluster);
	put_name(out, r->namespace);
	put_name(out, r->name);
	/* dumps come last: they only fill the gaps of the audit log */
	buf_add_char(out, (char)r->dumped);
	buf_put_be64(out, (uint64_t)r->received ^ (uint64_t)1 << 63); /* keeps the order of signed
									 numbers */
	buf_put_be64(out, twin);
	buf_add_char(out, (char)(~r->bodies & 3));
}

struct str record_key_group(struct str key)
{
	enum { TAIL = 1 + 8 + 8 + 1 };

	return key.n > TAIL ? (struct str){ key.p, key.n - TAIL } : key;
}

bool record_twins(const struct record *a, const struct record *b)
{
	return a->received == b->received && a->uri_hash == b->uri_hash &&
	       str_eq(a->audit_id, b->audit_id) && str_eq(a->audit_stage, b->audit_stage) &&
	       str_eq(a->verb, b->verb) && a->dumped == b->dumped &&
	       (a->audit_id.n > 0 || a->dumped);
}
