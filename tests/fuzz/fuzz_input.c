/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through the peel table and the splitter. The first four bytes choose how they arrive:
 * block, chunks, record_max, engine. Two ways must give the same texts; for plain bytes each text
 * must be at its offset and in its line.
 */
#include "base/hash.h"
#include "base/mem.h"
#include "input/texts.h"

struct memory {
	struct stream s;
	const uint8_t *p;
	size_t n, chunk;
};

struct outcome {
	uint64_t hash; /* of all texts with their positions, and all notes */
	uint64_t texts;
	bool damaged;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static ssize_t memory_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct memory *m = (struct memory *)s;

	n = MIN(n, MIN(m->n, m->chunk));
	if (n > 0)
		memcpy(to, m->p, n);
	m->p += n;
	m->n -= n;
	return (ssize_t)n;
}

static void memory_close(struct stream *s)
{
	mem_free(s);
}

static struct stream *memory_open(const uint8_t *data, size_t n, size_t chunk)
{
	static const struct stream_ops ops = { memory_read, memory_close };
	struct memory *m = mem_zalloc(sizeof(*m));

	m->s.ops = &ops;
	m->p = data;
	m->n = n;
	m->chunk = chunk;
	return &m->s;
}

static void add(struct outcome *o, struct str bytes, uint64_t line, uint64_t offset)
{
	o->hash = hash_str(bytes, o->hash ^ (line << 32) ^ offset);
}

static void on_note(void *ctx, const struct input_note *note)
{
	struct outcome *o = ctx;

	o->damaged |= note->kind != INPUT_OVERSIZE;
	add(o, str_from(note->detail), note->line, note->offset);
}

static void check_place(const struct text *x, const uint8_t *data, size_t n)
{
	uint64_t line = 1;

	if (x->offset > n || x->bytes.n > n - x->offset ||
	    memcmp(data + x->offset, x->bytes.p, x->bytes.n) != 0)
		abort();
	for (uint64_t i = 0; i < x->offset; i++)
		line += data[i] == '\n';
	if (line != x->line)
		abort();
}

static struct outcome run(const uint8_t *data, size_t n, size_t chunk, size_t block,
			  const struct input_config *limits, bool prefer_zlib)
{
	static const struct source source = { .named = true };
	struct outcome o = { 0 };
	struct peel_config peel = { .ratio_free = 256 * KIB, .prefer_zlib = prefer_zlib };
	struct input_config config = *limits;
	uint64_t last = 0;
	uint32_t member = 0;
	struct texts *t;
	struct text x;
	struct err err;

	config.note = on_note;
	config.ctx = &o;
	t = texts_of_stream(memory_open(data, n, chunk), &source, &config, &peel, block);
	while (texts_next(t, &x, &err) > 0) {
		if (x.member != member)
			last = 0;
		member = x.member;
		if (x.bytes.n == 0 || x.bytes.n > config.record_max || x.offset < last)
			abort();
		last = x.offset + x.bytes.n;
		if (!x.member && strcmp(texts_form(t), "plain") == 0)
			check_place(&x, data, n);
		add(&o, x.bytes, x.line, x.offset);
		o.texts++;
	}
	texts_close(t);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input_config limits = { .ratio_max = 100 };
	struct outcome whole, pieces;
	bool prefer_zlib;
	size_t block, chunk;

	if (n < 4)
		return 0;
	block = 1 + data[0];
	chunk = 1 + data[1];
	limits.record_max = 1 + (size_t)data[2] * 4;
	prefer_zlib = data[3] & 1;
	data += 4;
	n -= 4;
	whole = run(data, n, SIZE_MAX, 0, &limits, prefer_zlib);
	pieces = run(data, n, chunk, block, &limits, prefer_zlib);
	/* At a damage, how much of the last block is given depends on how it arrived. */
	if (!whole.damaged && !pieces.damaged &&
	    (whole.hash != pieces.hash || whole.texts != pieces.texts))
		abort();
	return 0;
}
