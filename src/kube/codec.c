/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/codec.h"

#include "base/hash.h"

/* Changes with the layout of values: runs of one version are never read by another. */
enum { CODEC_VERSION = 8 };

enum { FLAG_WRITTEN = 1, FLAG_TRUTH = 2 };
enum {
	SPEC_POST_START = 1,
	SPEC_PRE_STOP = 2,
	SPEC_READINESS = 4,
	SPEC_LIVENESS = 8,
	SPEC_STARTUP = 16
};
enum { HAS_POD = 1, HAS_CLAIM = 2 };
enum {
	HAS_SPEC = 1,
	IS_JOB = 2,
	IS_STATEFUL = 4,
	HAS_GPU = 8,
	HOST_NETWORK = 16,
	USUAL_SCHEDULER = 32
};

/* Nearly every pod's, which need not stand in every record of it. */
static const struct str usual_scheduler = { "default-scheduler", 17 };

/* Times are near each other, so they are stored as a distance from the record's own. */
static void put_time(struct buf *out, nsec at, nsec base)
{
	buf_put_varint(out, nsec_known(at));
	if (nsec_known(at))
		buf_put_zigzag(out, (int64_t)((uint64_t)at - (uint64_t)base));
}

static nsec get_time(struct bytes *in, nsec base)
{
	if (!bytes_varint(in))
		return NSEC_NONE;
	return (nsec)((uint64_t)base + (uint64_t)bytes_zigzag(in));
}

static unsigned spec_flags(const struct container_spec *c)
{
	return (c->post_start ? SPEC_POST_START : 0u) | (c->pre_stop ? SPEC_PRE_STOP : 0u) |
	       (c->readiness_probe ? SPEC_READINESS : 0u) |
	       (c->liveness_probe ? SPEC_LIVENESS : 0u) | (c->startup_probe ? SPEC_STARTUP : 0u);
}

static void put_object(struct buf *out, const struct pod_object *o, nsec base)
{
	bool usual = str_eq(o->scheduler, usual_scheduler);

	buf_put_varint(out, (usual ? USUAL_SCHEDULER : 0u) | (o->has_spec ? HAS_SPEC : 0u) |
				(o->job ? IS_JOB : 0u) | (o->stateful ? IS_STATEFUL : 0u) |
				(o->gpu ? HAS_GPU : 0u) | (o->host_network ? HOST_NETWORK : 0u));
	buf_put_maybe(out, o->uid);
	buf_put_maybe(out, o->generate_name);
	put_time(out, o->created, base);
	buf_put_maybe(out, o->owner_kind);
	buf_put_maybe(out, o->owner_name);
	buf_put_maybe(out, o->labels);
	buf_put_maybe(out, o->mirror);
	buf_put_maybe(out, o->service);
	buf_put_varint(out, o->n_volumes);
	buf_put_varint(out, o->n_readiness_gates);
	buf_put_varint(out, o->n_scheduling_gates);
	buf_put_zigzag(out, o->cpu_milli);
	buf_put_zigzag(out, o->memory);
	buf_put_zigzag(out, o->grace);
	if (!usual)
		buf_put_maybe(out, o->scheduler);
	buf_put_maybe(out, o->claims);
	buf_put_maybe(out, o->node);
	buf_put_varint(out, o->n_containers);
	for (size_t i = 0; i < o->n_containers; i++) {
		const struct container_spec *c = &o->containers[i];

		buf_put_varint(out, c->kind);
		buf_put_varint(out, spec_flags(c));
		buf_put_zigzag(out, c->cpu_milli);
		buf_put_zigzag(out, c->memory);
		if (spec_flags(c) & (SPEC_READINESS | SPEC_STARTUP))
			buf_put_varint(out, c->probed_by);
		buf_put_maybe(out, c->name);
		buf_put_maybe(out, c->image);
	}
}

static void put_claim(struct buf *out, const struct claim_object *c, nsec base)
{
	buf_put_maybe(out, c->uid);
	put_time(out, c->created, base);
	buf_put_maybe(out, c->storage_class);
	buf_put_maybe(out, c->volume);
	buf_put_zigzag(out, c->bytes);
}

/* A count that cannot be larger than the bytes that are left, so that a damaged run cannot ask for
 * memory. */
static size_t get_count(struct bytes *in)
{
	uint64_t n = bytes_varint(in);

	if (n > (uint64_t)(in->end - in->p)) {
		in->bad = true;
		in->p = in->end;
		return 0;
	}
	return (size_t)n;
}

static const struct pod_object *get_object(struct bytes *in, struct arena *arena, nsec base)
{
	struct pod_object *o = arena_new(arena, struct pod_object);
	struct container_spec *containers;
	uint64_t flags = bytes_varint(in);

	o->has_spec = flags & HAS_SPEC;
	o->job = flags & IS_JOB;
	o->stateful = flags & IS_STATEFUL;
	o->gpu = flags & HAS_GPU;
	o->host_network = flags & HOST_NETWORK;
	o->uid = bytes_maybe(in);
	o->generate_name = bytes_maybe(in);
	o->created = get_time(in, base);
	o->owner_kind = bytes_maybe(in);
	o->owner_name = bytes_maybe(in);
	o->labels = bytes_maybe(in);
	o->mirror = bytes_maybe(in);
	o->service = bytes_maybe(in);
	o->n_volumes = (uint32_t)bytes_varint(in);
	o->n_readiness_gates = (uint32_t)bytes_varint(in);
	o->n_scheduling_gates = (uint32_t)bytes_varint(in);
	o->cpu_milli = bytes_zigzag(in);
	o->memory = bytes_zigzag(in);
	o->grace = bytes_zigzag(in);
	o->scheduler = flags & USUAL_SCHEDULER ? usual_scheduler : bytes_maybe(in);
	o->claims = bytes_maybe(in);
	o->node = bytes_maybe(in);
	o->n_containers = get_count(in);
	containers = arena_array(arena, struct container_spec, o->n_containers);
	for (size_t i = 0; i < o->n_containers; i++) {
		uint64_t spec;

		containers[i].kind = (enum container_kind)bytes_varint(in);
		spec = bytes_varint(in);
		containers[i].post_start = spec & SPEC_POST_START;
		containers[i].pre_stop = spec & SPEC_PRE_STOP;
		containers[i].readiness_probe = spec & SPEC_READINESS;
		containers[i].liveness_probe = spec & SPEC_LIVENESS;
		containers[i].startup_probe = spec & SPEC_STARTUP;
		containers[i].cpu_milli = bytes_zigzag(in);
		containers[i].memory = bytes_zigzag(in);
		if (spec & (SPEC_READINESS | SPEC_STARTUP))
			containers[i].probed_by = bytes_varint(in);
		containers[i].name = bytes_maybe(in);
		containers[i].image = bytes_maybe(in);
	}
	o->containers = containers;
	return o;
}

static const struct claim_object *get_claim(struct bytes *in, struct arena *arena, nsec base)
{
	struct claim_object *c = arena_new(arena, struct claim_object);

	c->uid = bytes_maybe(in);
	c->created = get_time(in, base);
	c->storage_class = bytes_maybe(in);
	c->volume = bytes_maybe(in);
	c->bytes = bytes_zigzag(in);
	return c;
}

static void put_fact(struct buf *out, const struct fact *f, nsec base)
{
	buf_put_varint(out, f->kind);
	buf_put_varint(out, f->precision);
	buf_put_varint(out, f->origin);
	buf_put_varint(out, (f->written ? FLAG_WRITTEN : 0u) | (f->truth ? FLAG_TRUTH : 0u));
	buf_put_zigzag(out, f->code);
	buf_put_varint(out, f->count);
	put_time(out, f->at, base);
	put_time(out, f->begin, base);
	buf_put_maybe(out, f->subject);
	buf_put_maybe(out, f->reason);
	buf_put_maybe(out, f->message);
}

static void get_fact(struct bytes *in, struct fact *f, nsec base)
{
	uint64_t flags;

	f->kind = (enum fact_kind)bytes_varint(in);
	f->precision = (enum precision)bytes_varint(in);
	f->origin = (enum origin)bytes_varint(in);
	flags = bytes_varint(in);
	f->written = flags & FLAG_WRITTEN;
	f->truth = flags & FLAG_TRUTH;
	f->code = (int32_t)bytes_zigzag(in);
	f->count = (uint32_t)bytes_varint(in);
	f->at = get_time(in, base);
	f->begin = get_time(in, base);
	f->subject = bytes_maybe(in);
	f->reason = bytes_maybe(in);
	f->message = bytes_maybe(in);
}

void record_encode(const struct record *r, struct buf *out)
{
	buf_put_varint(out, CODEC_VERSION);
	buf_put_be64(out, (uint64_t)r->received);
	buf_put_varint(out, r->kind);
	buf_put_maybe(out, r->cluster);
	buf_put_maybe(out, r->namespace);
	buf_put_maybe(out, r->name);
	buf_put_maybe(out, r->uid);
	buf_put_maybe(out, r->audit_id);
	buf_put_maybe(out, r->audit_stage);
	buf_put_maybe(out, r->verb);
	buf_put_be64(out, r->uri_hash);
	put_time(out, r->completed, r->received);
	buf_put_varint(out, r->origin);
	buf_put_zigzag(out, r->status);
	buf_put_varint(out, r->bodies);
	buf_put_varint(out, r->about_pod);
	buf_put_varint(out, r->dumped);
	buf_put_maybe(out, r->actor);
	buf_put_maybe(out, r->node);
	buf_put_varint(out, (r->object ? HAS_POD : 0u) | (r->claim ? HAS_CLAIM : 0u));
	if (r->object)
		put_object(out, r->object, r->received);
	if (r->claim)
		put_claim(out, r->claim, r->received);
	buf_put_varint(out, r->n_facts);
	for (size_t i = 0; i < r->n_facts; i++)
		put_fact(out, &r->facts[i], r->received);
	buf_put_maybe(out, r->attached);
	buf_put_be64(out, (uint64_t)r->position.source << 32 | r->position.member);
	buf_put_be64(out, r->position.line);
	buf_put_be64(out, r->position.offset);
}

int record_decode(struct str bytes, struct arena *arena, struct record *ret_record, struct err *err)
{
	struct bytes in = bytes_of(bytes);
	struct record r = { 0 };
	struct fact *facts;
	uint64_t place, has;

	if (bytes_varint(&in) != CODEC_VERSION)
		return err_set(err, ERR_FORMAT, "a sorted record has another version");
	r.received = (nsec)bytes_be64(&in);
	r.kind = (enum object_kind)bytes_varint(&in);
	r.cluster = bytes_maybe(&in);
	r.namespace = bytes_maybe(&in);
	r.name = bytes_maybe(&in);
	r.uid = bytes_maybe(&in);
	r.audit_id = bytes_maybe(&in);
	r.audit_stage = bytes_maybe(&in);
	r.verb = bytes_maybe(&in);
	r.uri_hash = bytes_be64(&in);
	r.completed = get_time(&in, r.received);
	r.origin = (enum origin)bytes_varint(&in);
	r.status = (int32_t)bytes_zigzag(&in);
	r.bodies = (unsigned)bytes_varint(&in);
	r.about_pod = bytes_varint(&in);
	r.dumped = bytes_varint(&in);
	r.actor = bytes_maybe(&in);
	r.node = bytes_maybe(&in);
	has = bytes_varint(&in);
	if (has & HAS_POD)
		r.object = get_object(&in, arena, r.received);
	if (has & HAS_CLAIM)
		r.claim = get_claim(&in, arena, r.received);
	r.n_facts = get_count(&in);
	facts = arena_array(arena, struct fact, r.n_facts);
	for (size_t i = 0; i < r.n_facts; i++)
		get_fact(&in, &facts[i], r.received);
	r.facts = facts;
	r.attached = bytes_maybe(&in);
	place = bytes_be64(&in);
	r.position.source = (uint32_t)(place >> 32);
	r.position.member = (uint32_t)place;
	r.position.line = bytes_be64(&in);
	r.position.offset = bytes_be64(&in);
	if (in.bad || in.p != in.end)
		return err_set(err, ERR_FORMAT, "a sorted record is damaged");
	*ret_record = r;
	return 0;
}

/* A NUL ends each name; names of Kubernetes hold none, and the decoder replaces those of others. */
static void put_name(struct buf *out, struct str s)
{
	buf_add_str(out, s);
	buf_add_char(out, 0);
}

void record_key(const struct record *r, struct buf *out)
{
	uint64_t twin =
	    hash_str(r->audit_id, hash_str(r->audit_stage, hash_str(r->verb, r->uri_hash)));

	buf_add_char(out, (char)r->kind); /* claims behind all pods */
	put_name(out, r->cluster);
	put_name(out, r->namespace);
	put_name(out, r->name);
	/* dumps come last: they fill what the audit log leaves open, and repeat the rest */
	buf_add_char(out, (char)r->dumped);
	buf_put_be64(out, (uint64_t)r->received ^ (uint64_t)1 << 63); /* signed order */
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
