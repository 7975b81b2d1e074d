/* SPDX-License-Identifier: Apache-2.0 */
/* Records as bytes: they are decoded completely, damage is detected, keys sort correctly. */
#include "suites.h"

static struct arena arena;
static struct buf one, two;

static void teardown(void)
{
	arena_free(&arena);
	buf_free(&one);
	buf_free(&two);
}

/* Unknown, empty or some bytes, NULs among them where they may be. */
static struct str random_str(uint64_t *seed, bool nul)
{
	size_t n = test_random(seed) % 12;
	char *p;

	if (n < 2)
		return (struct str){ n ? "" : NULL, 0 };
	p = arena_alloc(&arena, n, 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(test_random(seed) % 3 ? 'a' + test_random(seed) % 3
						    : (nul ? 0 : 1) + test_random(seed) % 255);
	return (struct str){ p, n };
}

static nsec random_time(uint64_t *seed)
{
	static const nsec odd[] = { NSEC_NONE, 0, 1, INT64_MAX, INT64_MIN + 1, T0 };
	uint64_t dice = test_random(seed);

	return dice % 3 ? T0 + (nsec)(dice >> 20) : odd[dice / 3 % ARRAY_SIZE(odd)];
}

static const struct pod_object *random_object(uint64_t *seed)
{
	struct pod_object *o = arena_new(&arena, struct pod_object);
	struct container_spec *c;

	o->n_containers = test_random(seed) % 4;
	c = arena_array(&arena, struct container_spec, o->n_containers);
	for (size_t i = 0; i < o->n_containers; i++)
		c[i] = (struct container_spec){
			.kind = (enum container_kind)(test_random(seed) % 4),
			.post_start = test_random(seed) % 2,
			.readiness_probe = test_random(seed) % 2,
			.name = random_str(seed, true),
			.image = random_str(seed, true),
			.pre_stop = test_random(seed) % 2,
			.liveness_probe = test_random(seed) % 2,
			.startup_probe = test_random(seed) % 2,
			.cpu_milli = (int64_t)test_random(seed),
			.memory = (int64_t)test_random(seed),
		};
	for (size_t i = 0; i < o->n_containers; i++) /* without a probe it is 0 */
		if (c[i].readiness_probe || c[i].startup_probe)
			c[i].probed_by = test_random(seed);
	o->containers = c;
	o->uid = random_str(seed, true);
	o->generate_name = random_str(seed, true);
	o->created = random_time(seed);
	o->owner_kind = random_str(seed, true);
	o->owner_name = random_str(seed, true);
	o->labels = random_str(seed, true);
	o->mirror = random_str(seed, true);
	o->service = random_str(seed, true);
	o->has_spec = test_random(seed) % 2;
	o->job = test_random(seed) % 2;
	o->stateful = test_random(seed) % 2;
	o->gpu = test_random(seed) % 2;
	o->host_network = test_random(seed) % 2;
	o->n_scheduling_gates = (uint32_t)test_random(seed);
	o->grace = (int64_t)test_random(seed);
	o->scheduler = random_str(seed, true);
	o->claims = random_str(seed, true);
	o->n_volumes = (uint32_t)test_random(seed);
	o->n_readiness_gates = (uint32_t)test_random(seed);
	o->cpu_milli = (int64_t)test_random(seed);
	o->memory = (int64_t)test_random(seed);
	o->node = random_str(seed, true);
	return o;
}

static const struct claim_object *random_claim(uint64_t *seed)
{
	struct claim_object *c = arena_new(&arena, struct claim_object);

	c->uid = random_str(seed, true);
	c->created = random_time(seed);
	c->storage_class = random_str(seed, true);
	c->volume = random_str(seed, true);
	c->bytes = (int64_t)test_random(seed);
	return c;
}

static struct record random_record(uint64_t *seed)
{
	size_t n = test_random(seed) % 5;
	struct fact *facts = arena_array(&arena, struct fact, n);

	for (size_t i = 0; i < n; i++)
		facts[i] = (struct fact){
			(enum fact_kind)(test_random(seed) % FACT_KINDS),
			(enum precision)(test_random(seed) % 3),
			(enum origin)(test_random(seed) % 5),
			test_random(seed) % 2,
			test_random(seed) % 2,
			(int32_t)test_random(seed),
			(uint32_t)test_random(seed),
			random_time(seed),
			random_time(seed),
			random_str(seed, true),
			random_str(seed, true),
			random_str(seed, true),
		};
	return (struct record){
		.kind = test_random(seed) % 2 ? OBJECT_CLAIM : OBJECT_POD,
		.cluster = random_str(seed, false),
		.namespace = random_str(seed, false),
		.name = random_str(seed, false),
		.uid = random_str(seed, true),
		.audit_id = random_str(seed, true),
		.audit_stage = random_str(seed, true),
		.verb = random_str(seed, true),
		.uri_hash = test_random(seed),
		.received = random_time(seed),
		.completed = random_time(seed),
		.origin = (enum origin)(test_random(seed) % 5),
		.status = (int32_t)test_random(seed),
		.bodies = (unsigned)(test_random(seed) % 4),
		.about_pod = test_random(seed) % 2,
		.dumped = test_random(seed) % 2,
		.actor = random_str(seed, true),
		.claim = test_random(seed) % 2 ? random_claim(seed) : NULL,
		.node = random_str(seed, true),
		.object = test_random(seed) % 2 ? random_object(seed) : NULL,
		.facts = facts,
		.n_facts = n,
		.attached = random_str(seed, true),
		.position = { (uint32_t)test_random(seed), (uint32_t)test_random(seed),
			      test_random(seed), test_random(seed) },
	};
}

static void same_str(struct str a, struct str b)
{
	ck_assert(!a.p == !b.p && str_eq(a, b));
}

static void same_fact(const struct fact *a, const struct fact *b)
{
	ck_assert(a->kind == b->kind && a->precision == b->precision && a->origin == b->origin);
	ck_assert(a->written == b->written && a->truth == b->truth && a->code == b->code);
	ck_assert(a->count == b->count && a->at == b->at && a->begin == b->begin);
	same_str(a->subject, b->subject);
	same_str(a->reason, b->reason);
	same_str(a->message, b->message);
}

static void same_object(const struct pod_object *a, const struct pod_object *b)
{
	ck_assert(!a == !b);
	if (!a)
		return;
	same_str(a->uid, b->uid);
	same_str(a->generate_name, b->generate_name);
	same_str(a->owner_kind, b->owner_kind);
	same_str(a->owner_name, b->owner_name);
	same_str(a->labels, b->labels);
	same_str(a->mirror, b->mirror);
	same_str(a->service, b->service);
	same_str(a->node, b->node);
	ck_assert(a->created == b->created && a->has_spec == b->has_spec && a->job == b->job);
	ck_assert(a->stateful == b->stateful && a->n_volumes == b->n_volumes);
	ck_assert(a->n_readiness_gates == b->n_readiness_gates && a->cpu_milli == b->cpu_milli);
	ck_assert(a->memory == b->memory && a->n_containers == b->n_containers);
	ck_assert(a->gpu == b->gpu && a->host_network == b->host_network && a->grace == b->grace);
	ck_assert(a->n_scheduling_gates == b->n_scheduling_gates);
	same_str(a->scheduler, b->scheduler);
	same_str(a->claims, b->claims);
	for (size_t i = 0; i < a->n_containers; i++) {
		const struct container_spec *x = &a->containers[i], *y = &b->containers[i];

		ck_assert(x->kind == y->kind && x->post_start == y->post_start &&
			  x->readiness_probe == y->readiness_probe);
		ck_assert(x->pre_stop == y->pre_stop && x->liveness_probe == y->liveness_probe);
		ck_assert(x->startup_probe == y->startup_probe && x->probed_by == y->probed_by);
		ck_assert(x->cpu_milli == y->cpu_milli && x->memory == y->memory);
		same_str(x->name, y->name);
		same_str(x->image, y->image);
	}
}

static void same_claim(const struct claim_object *a, const struct claim_object *b)
{
	ck_assert(!a == !b);
	if (!a)
		return;
	same_str(a->uid, b->uid);
	same_str(a->storage_class, b->storage_class);
	same_str(a->volume, b->volume);
	ck_assert(a->created == b->created && a->bytes == b->bytes);
}

static void same_record(const struct record *a, const struct record *b)
{
	same_str(a->cluster, b->cluster);
	same_str(a->namespace, b->namespace);
	same_str(a->name, b->name);
	same_str(a->uid, b->uid);
	same_str(a->audit_id, b->audit_id);
	same_str(a->audit_stage, b->audit_stage);
	same_str(a->verb, b->verb);
	same_str(a->node, b->node);
	same_str(a->actor, b->actor);
	same_str(a->attached, b->attached);
	ck_assert(a->kind == b->kind && a->dumped == b->dumped);
	ck_assert(a->uri_hash == b->uri_hash && a->received == b->received);
	ck_assert(a->completed == b->completed && a->origin == b->origin);
	ck_assert(a->status == b->status && a->bodies == b->bodies);
	ck_assert(a->about_pod == b->about_pod && a->n_facts == b->n_facts);
	ck_assert(a->position.source == b->position.source);
	ck_assert(a->position.member == b->position.member);
	ck_assert(a->position.line == b->position.line);
	ck_assert(a->position.offset == b->position.offset);
	same_object(a->object, b->object);
	same_claim(a->claim, b->claim);
	for (size_t i = 0; i < a->n_facts; i++)
		same_fact(&a->facts[i], &b->facts[i]);
}

START_TEST(test_round_trip)
{
	uint64_t seed = (uint64_t)_i;

	for (int i = 0; i < 300; i++) {
		struct record r, back;
		struct err err = { 0 };

		arena_reset(&arena);
		buf_reset(&one);
		buf_reset(&two);
		r = random_record(&seed);
		record_encode(&r, &one);
		ck_assert_int_eq(record_decode(buf_str(&one), &arena, &back, &err), 0);
		same_record(&r, &back);
		record_encode(&back, &two);
		ck_assert(str_eq(buf_str(&one), buf_str(&two)));
	}
}
END_TEST

#ifdef __has_builtin
#if __has_builtin(__builtin_clear_padding)
#define HAS_CLEAR_PADDING 1
#endif
#endif

#ifdef HAS_CLEAR_PADDING
/* A record with one of each. */
static struct container_spec a_container;
static struct pod_object a_pod = { .containers = &a_container, .n_containers = 1 };
static struct claim_object a_claim;
static struct fact a_fact;
static struct record a_record = {
	.object = &a_pod, .claim = &a_claim, .facts = &a_fact, .n_facts = 1
};

static bool is_encoded(unsigned char *byte)
{
	*byte = 1;
	buf_reset(&two);
	record_encode(&a_record, &two);
	*byte = 0;
	return !str_eq(buf_str(&one), buf_str(&two));
}

/*
 * All of a word or nothing: the length of a text that is not there is nothing, and so are words
 * that a flag decides about. A word that is not zero is a pointer or a length that must stay.
 */
static void check_words(const char *name, void *object, const void *members, size_t size)
{
	const unsigned char *is_member = members;
	unsigned char *bytes = object;
	uint64_t word;

	for (size_t at = 0; at < size; at += sizeof(word)) {
		size_t n = 0, encoded = 0;

		memcpy(&word, bytes + at, sizeof(word));
		for (size_t i = at; !word && i < at + sizeof(word); i++) {
			n += is_member[i] != 0;
			encoded += is_member[i] && is_encoded(&bytes[i]);
		}
		ck_assert_msg(encoded == n || (encoded == 0 && n == sizeof(word)),
			      "%s: a member in bytes %zu to %zu needs a line in kube/codec.c", name,
			      at, at + sizeof(word) - 1);
	}
}

#define CHECK_WORDS(object)                                                                        \
	do {                                                                                       \
		__typeof__(object) members;                                                        \
                                                                                                   \
		memset(&members, 0xff, sizeof(members));                                           \
		__builtin_clear_padding(&members);                                                 \
		check_words(#object, &object, &members, sizeof(members));                          \
	} while (0)

/* A member in place of padding does not change the sizes that the codec asserts. */
START_TEST(test_padding)
{
	record_encode(&a_record, &one);
	CHECK_WORDS(a_container);
	CHECK_WORDS(a_pod);
	CHECK_WORDS(a_claim);
	CHECK_WORDS(a_fact);
	CHECK_WORDS(a_record);
}
END_TEST
#endif

static void decode_damaged(struct str bytes)
{
	struct arena own = { 0 };
	struct record back = { .position = { .line = 77 } }; /* must stay as it is */
	struct err err = { 0 };
	char *copy = exact_copy(bytes);

	if (record_decode((struct str){ copy, bytes.n }, &own, &back, &err) < 0) {
		ck_assert(err.code == ERR_FORMAT && err.message[0]);
		ck_assert_uint_eq(back.position.line, 77);
	}
	/* a count takes at least as many bytes as elements: memory stays in proportion */
	ck_assert_uint_le(own.used, 4096 + bytes.n * 256);
	arena_free(&own);
	free(copy);
}

START_TEST(test_damage)
{
	uint64_t seed = (uint64_t)_i + 100;

	for (int i = 0; i < 100; i++) {
		struct record r;
		size_t n;

		arena_reset(&arena);
		buf_reset(&one);
		r = random_record(&seed);
		record_encode(&r, &one);
		n = one.n;
		decode_damaged((struct str){ one.p, test_random(&seed) % n });
		buf_add_char(&one, 0);
		decode_damaged(buf_str(&one)); /* one byte too many */
		one.n = n;
		for (int k = 0; k < 8; k++) {
			one.p[test_random(&seed) % n] = (char)test_random(&seed);
			decode_damaged(buf_str(&one));
		}
	}
}
END_TEST

START_TEST(test_refused)
{
	struct record r = { .received = T0, .completed = T0 }, back = { 0 };
	struct err err = { 0 };

	record_encode(&r, &one);
	ck_assert_int_eq(record_decode(buf_str(&one), &arena, &back, &err), 0);
	for (size_t n = 0; n < one.n; n++) /* every shorter one is torn */
		ck_assert_int_eq(record_decode((struct str){ one.p, n }, &arena, &back, &err), -1);
	one.p[0]++;
	ck_assert_int_eq(record_decode(buf_str(&one), &arena, &back, &err), -1);
	ck_assert_int_eq(err.code, ERR_FORMAT);
}
END_TEST

static int by_identity(const struct record *a, const struct record *b)
{
	int c = (int)a->kind - (int)b->kind;

	c = c ? c : str_cmp(a->cluster, b->cluster);
	c = c ? c : str_cmp(a->namespace, b->namespace);
	c = c ? c : str_cmp(a->name, b->name);
	c = c ? c : (int)a->dumped - (int)b->dumped;
	return c ? c : (a->received > b->received) - (a->received < b->received);
}

static int sign(int c)
{
	return (c > 0) - (c < 0);
}

/* Of records that differ in their position alone the first one sorts first. */
START_TEST(test_position_order)
{
	static const struct position later[] = {
		{ 1, 2, 9, 9 }, { 1, 2, 9, 300 }, { 1, 2, 10, 1 },  { 1, 2, 300, 0 },
		{ 1, 3, 1, 1 }, { 1, 127, 1, 1 }, { 1, 128, 1, 1 }, { 1, 300, 1, 1 },
		{ 2, 0, 1, 1 }, { 127, 0, 1, 1 }, { 129, 0, 1, 1 }, { 70000, 0, 1, 1 },
	};
	struct record r = { .received = T0, .position = { 1, 2, 3, 4 } };

	record_encode(&r, &one);
	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		r.position = later[i];
		buf_reset(&two);
		record_encode(&r, &two);
		ck_assert_int_lt(str_cmp(buf_str(&one), buf_str(&two)), 0);
		buf_reset(&one);
		buf_add_str(&one, buf_str(&two));
	}
}
END_TEST

/* memcmp on keys agrees with the comparison of their parts; groups are the pods and the claims. */
START_TEST(test_key_order)
{
	uint64_t seed = (uint64_t)_i + 7;

	for (int i = 0; i < 5000; i++) {
		struct record a, b;
		bool same_pod;
		int c;

		arena_reset(&arena);
		buf_reset(&one);
		buf_reset(&two);
		a = random_record(&seed);
		b = random_record(&seed);
		if (test_random(&seed) % 2)
			b.kind = a.kind;
		if (test_random(&seed) % 2)
			b.dumped = a.dumped;
		if (test_random(&seed) % 2)
			b.cluster = a.cluster;
		if (test_random(&seed) % 2)
			b.namespace = a.namespace;
		if (test_random(&seed) % 2)
			b.name = a.name;
		record_key(&a, &one);
		record_key(&b, &two);
		c = by_identity(&a, &b);
		if (c)
			ck_assert_int_eq(sign(str_cmp(buf_str(&one), buf_str(&two))), sign(c));
		same_pod = a.kind == b.kind && str_eq(a.cluster, b.cluster) &&
			   str_eq(a.namespace, b.namespace) && str_eq(a.name, b.name);
		ck_assert_int_eq(
		    str_eq(record_key_group(buf_str(&one)), record_key_group(buf_str(&two))),
		    same_pod);
	}
}
END_TEST

static struct str key_of(const struct record *r, unsigned bodies, struct buf *out)
{
	struct record copy = *r;

	copy.bodies = bodies;
	buf_reset(out);
	record_key(&copy, out);
	return buf_str(out);
}

/* Twins agree in all of the key but its last byte, which puts the fuller one first. */
START_TEST(test_twins)
{
	struct record a = { .name = STR("web"),
			    .audit_id = STR("a1"),
			    .received = T0,
			    .audit_stage = STR("ResponseComplete"),
			    .verb = STR("get"),
			    .uri_hash = 5 };
	struct record b = a;
	static const unsigned full_first[] = { BODY_REQUEST | BODY_RESPONSE, BODY_RESPONSE,
					       BODY_REQUEST, 0 };

	for (size_t i = 0; i + 1 < ARRAY_SIZE(full_first); i++) {
		struct str x = key_of(&a, full_first[i], &one);
		struct str y = key_of(&a, full_first[i + 1], &two);

		ck_assert_int_lt(str_cmp(x, y), 0);
		x.n--;
		y.n--;
		ck_assert(str_eq(x, y));
	}
	ck_assert(record_twins(&a, &b));
	b.completed = 7; /* neither its end nor its bodies nor its place make it another one */
	b.bodies = 3;
	b.position.line = 9;
	ck_assert(record_twins(&a, &b));
	b = a, b.audit_id = STR("a2");
	ck_assert(!record_twins(&a, &b));
	b = a, b.audit_stage = STR("Panic");
	ck_assert(!record_twins(&a, &b));
	b = a, b.verb = STR("list");
	ck_assert(!record_twins(&a, &b));
	b = a, b.uri_hash++;
	ck_assert(!record_twins(&a, &b));
	b = a, b.received++;
	ck_assert(!record_twins(&a, &b));
	a.audit_id = b.audit_id = STR(""); /* without an id nothing proves it */
	b.received = a.received;
	ck_assert(!record_twins(&a, &b));
}
END_TEST

/* A string in the place of a body does not make a record fuller than its whole twin. */
START_TEST(test_fullness)
{
	static const struct {
		const char *request, *response;
		unsigned bodies;
	} rows[] = {
		{ NULL, NULL, 0 },
		{ "{}", NULL, BODY_REQUEST },
		{ "[]", "{}", BODY_REQUEST | BODY_RESPONSE },
		{ "null", "{}", BODY_RESPONSE },
		{ "\"skipped-too-big-size-object\"", "\"skipped-too-big-size-object\"", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct event e = { "patch",
				   "pods",
				   .name = "web",
				   .code = 200,
				   .request = rows[i].request,
				   .response = rows[i].response };
		struct decoded all = { 0 };

		decoded_event(&all, &e);
		ck_assert_uint_eq(all.n, 1);
		ck_assert_uint_eq(all.last.bodies, rows[i].bodies);
		decoded_free(&all);
	}
}
END_TEST

TCase *codec_tests(void)
{
	TCase *t = tcase_create("codec");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_round_trip, 0, 4);
#ifdef HAS_CLEAR_PADDING
	tcase_add_test(t, test_padding);
#endif
	tcase_add_loop_test(t, test_damage, 0, 4);
	tcase_add_test(t, test_refused);
	tcase_add_test(t, test_position_order);
	tcase_add_loop_test(t, test_key_order, 0, 2);
	tcase_add_test(t, test_twins);
	tcase_add_test(t, test_fullness);
	return t;
}
