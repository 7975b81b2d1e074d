/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through the decoder: the first one is flags (its low bits, so that digits do), the rest
 * are lines. A record is the same after encoding and decoding, and its key agrees with its names;
 * the counters add up.
 */
#include "base/buf.h"
#include "changes/writes.h"
#include "kube/codec.h"
#include "kube/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(x)                                                                                 \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

enum { UNTERMINATED = 1, CLUSTER = 2, WHOLE = 4, SIZE_MOST = 256 * 1024 };

struct checker {
	struct arena arena;
	struct buf once, twice, key;
	uint64_t records, notes;
	size_t size; /* of the text at hand */
};

static int take(void *ctx, const struct record *r, struct err *err)
{
	struct checker *c = ctx;
	struct record back;
	size_t names = r->cluster.n + r->namespace.n + r->name.n + 4;

	c->records++;
	arena_reset(&c->arena);
	buf_reset(&c->once);
	buf_reset(&c->twice);
	buf_reset(&c->key);
	record_encode(r, &c->once);
	REQUIRE(record_decode(buf_str(&c->once), &c->arena, &back, err) == 0);
	record_encode(&back, &c->twice);
	REQUIRE(str_eq(buf_str(&c->once), buf_str(&c->twice)));
	record_key(r, &c->key);
	REQUIRE(record_key_group(buf_str(&c->key)).n == names);
	REQUIRE(r->received >= 0 && r->completed >= 0);
	for (size_t i = 0; i < r->n_facts; i++)
		REQUIRE(r->facts[i].message.n <= DECODE_MESSAGE_MAX);
	return 0;
}

static void take_note(void *ctx, const struct decode_note *note)
{
	struct checker *c = ctx;

	c->notes++;
	REQUIRE(note->position.offset - 7 <= c->size && note->offset <= c->size);
}

static void decode(struct decoder *d, struct checker *c, struct str cluster, struct str text,
		   bool unterminated)
{
	struct position position = { 1, 0, 2, 7 };
	struct err err = { 0 };

	c->size = text.n;
	REQUIRE(decoder_text(d, &(struct decode_text){ cluster, text, position, unterminated },
			     &err) == 0);
}

static void decode_lines(struct decoder *d, struct checker *c, unsigned flags, struct str text)
{
	struct str cluster = flags & CLUSTER ? STR("east") : (struct str){ 0 }, line;

	if (flags & WHOLE) {
		decode(d, c, cluster, text, flags & UNTERMINATED);
		return;
	}
	while (str_cut(text, '\n', &line, &text))
		decode(d, c, cluster, line, false);
	decode(d, c, cluster, text, flags & UNTERMINATED);
}

static void check_writes(const struct writes *writes)
{
	for (size_t i = 0; i < writes->n; i++) {
		const struct write *w = &writes->list[i];

		REQUIRE(w->row && w->n_leaves <= WRITE_LEAVES_MAX &&
			w->n_changes <= WRITE_CHANGES_MAX);
		for (size_t k = 0; k < w->n_leaves; k++)
			REQUIRE(w->leaves[k].value.n <= WRITE_VALUE_MAX &&
				(!w->row->names_only || !w->leaves[k].value.n));
		for (size_t k = 0; k < w->n_changes; k++)
			REQUIRE(!w->changes[k].hidden ||
				(!w->changes[k].before.n && !w->changes[k].after.n));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct checker c = { 0 };
	struct writes writes = { 0 };
	struct decode_config config = { take, take_note, &c, .event = writes_observe,
					.event_ctx = &writes };
	struct context sum = { 0 };
	const struct ingest *ingest;
	struct decoder *d;

	if (size == 0 || size > SIZE_MOST)
		return 0;
	d = decoder_new(&config);
	decode_lines(d, &c, data[0], (struct str){ (const char *)data + 1, size - 1 });
	ingest = decoder_ingest(d);
	REQUIRE(ingest->podRecords + ingest->claimRecords == c.records);
	REQUIRE(c.notes == ingest->malformed + ingest->recovered + ingest->foreign +
			       ingest->untimed + ingest->invalidText);
	REQUIRE(ingest->recovered <= ingest->malformed);
	context_merge(&sum, decoder_context(d));
	context_finish(&sum);
	writes_finish(&writes);
	check_writes(&writes);
	writes_free(&writes);
	for (size_t i = 0; i < sum.cluster_names.n; i++)
		REQUIRE(sum.clusters[i].n_gaps < MAX(sum.clusters[i].n_minutes, (size_t)1));
	context_free(&sum);
	decoder_free(d);
	arena_free(&c.arena);
	buf_free(&c.once);
	buf_free(&c.twice);
	buf_free(&c.key);
	return 0;
}
