/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes to timelines and verdicts: the first one is flags, the rest are lines, decoded and
 * sorted in memory. Timelines keep their invariants and their order, and no duration is negative.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "kube/codec.h"
#include "kube/decode.h"
#include "slo/outcome.h"
#include "timeline/builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(x)                                                                                 \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

enum { TWICE = 1, SIZE_MOST = 256 * 1024 };

struct pair {
	struct str key, value;
};

struct pairs {
	struct pair *p;
	size_t n, cap, at;
	struct arena arena;
	struct buf key, value;
};

static int take(void *ctx, const struct record *r, struct err *err)
{
	struct pairs *all = ctx;

	buf_reset(&all->key);
	buf_reset(&all->value);
	record_key(r, &all->key);
	record_encode(r, &all->value);
	array_reserve(all->p, all->cap, all->n + 1);
	all->p[all->n].key = arena_str(&all->arena, buf_str(&all->key));
	all->p[all->n++].value = arena_str(&all->arena, buf_str(&all->value));
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = str_cmp(x->key, y->key);

	return c ? c : str_cmp(x->value, y->value);
}

static int next(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	struct pairs *all = ctx;

	if (all->at == all->n)
		return 0;
	*ret_key = all->p[all->at].key;
	*ret_value = all->p[all->at++].value;
	return 1;
}

static bool known_and_negative(nsec duration)
{
	return duration != NSEC_NONE && duration < 0;
}

static void check_delivery(const struct timeline *t, const struct cluster *cluster)
{
	struct settings settings;
	struct delivery d;

	REQUIRE(cluster);
	settings_init(&settings);
	d = delivery_of(t, cluster, &settings);
	REQUIRE(d.verdict < VERDICT_COUNT && d.class < CLASS_COUNT);
	REQUIRE((d.verdict == VERDICT_EXCLUDED) == (d.exclusion != EXCLUSION_NONE));
	REQUIRE((d.verdict == VERDICT_DENIED) == t->denied || d.verdict == VERDICT_EXCLUDED);
	REQUIRE(!known_and_negative(d.total) && !known_and_negative(d.user));
	REQUIRE(!known_and_negative(d.delivery) && !known_and_negative(d.startup));
	REQUIRE(!known_and_negative(d.waited));
	if (d.total != NSEC_NONE)
		REQUIRE(d.delivery == d.total - d.user);
}

static void check_outcomes(const struct timeline *t, const struct cluster *cluster)
{
	struct outcome list[OUTCOMES_MAX];
	struct settings settings;
	struct judging judging = { t, cluster, &settings };

	settings_init(&settings);
	for (int slo = 0; slo < SLO_COUNT; slo++) {
		size_t n = outcomes_of((enum slo)slo, &judging, list);

		REQUIRE(n <= OUTCOMES_MAX);
		for (size_t i = 0; i < n; i++) {
			const struct outcome *o = &list[i];

			REQUIRE((o->verdict == VERDICT_EXCLUDED) ==
				(o->exclusion != EXCLUSION_NONE));
			REQUIRE(!known_and_negative(o->total) && !known_and_negative(o->waited));
			REQUIRE(!known_and_negative(o->measured));
		}
	}
}

static void check_timelines(struct pairs *all, const struct context *context)
{
	struct timelines *ts = timelines_new(next, all, context);
	struct buf last = { 0 }, now = { 0 };
	const struct timeline *t;
	struct err err = { 0 };
	int r;

	while ((r = timelines_next(ts, &t, &err)) > 0) {
		const char *wrong = timeline_invariant(t);

		if (wrong)
			fprintf(stderr, "%s\n", wrong);
		REQUIRE(!wrong);
		check_delivery(t, context_find_cluster(context, t->cluster));
		check_outcomes(t, context_find_cluster(context, t->cluster));
		buf_reset(&now);
		buf_add_str(&now, t->cluster);
		buf_add_char(&now, 0);
		buf_add_str(&now, t->namespace);
		buf_add_char(&now, 0);
		buf_add_str(&now, t->name);
		REQUIRE(str_cmp(buf_str(&last), buf_str(&now)) <= 0);
		buf_reset(&last);
		buf_add_str(&last, buf_str(&now));
	}
	REQUIRE(r == 0);
	timelines_free(ts);
	buf_free(&last);
	buf_free(&now);
}

static void decode(struct decoder *d, struct str text)
{
	struct position position = { 0 };
	struct err err = { 0 };
	struct str line;

	do {
		bool more = str_cut(text, '\n', &line, &text);

		position.line++;
		REQUIRE(decoder_text(d,
				     &(struct decode_text){ (struct str){ 0 }, more ? line : text,
							    position, false },
				     &err) == 0);
		if (!more)
			return;
	} while (true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pairs all = { 0 };
	struct decode_config config = { .record = take, .ctx = &all };
	struct decoder *d;

	if (size == 0 || size > SIZE_MOST)
		return 0;
	d = decoder_new(&config);
	for (int i = 0; i <= (data[0] & TWICE); i++)
		decode(d, (struct str){ (const char *)data + 1, size - 1 });
	if (all.n)
		qsort(all.p, all.n, sizeof(*all.p), by_key);
	context_finish(decoder_context(d));
	check_timelines(&all, decoder_context(d));
	decoder_free(d);
	mem_free(all.p);
	arena_free(&all.arena);
	buf_free(&all.key);
	buf_free(&all.value);
	return 0;
}
