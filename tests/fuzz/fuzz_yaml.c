/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML to JSON texts. The first three bytes choose how it arrives: chunks, record_max, whether the
 * stream ends with a fault. Each text must be JSON within the limit, its place must be true, and
 * two ways of arriving must give the same texts and notes.
 */
#include "base/hash.h"
#include "base/mem.h"
#include "input/yaml.h"
#include "json/reader.h"

struct memory {
	struct stream s;
	const uint8_t *p;
	size_t n, chunk;
	bool faulty;
};

struct outcome {
	const uint8_t *data;
	size_t n;
	uint64_t hash;	/* of all texts and notes with their positions */
	uint64_t texts; /* the offset of the last one */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static ssize_t memory_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	struct memory *m = (struct memory *)s;

	n = MIN(n, MIN(m->n, m->chunk));
	if (n == 0 && m->faulty)
		return stream_fail(fault, INPUT_TRUNCATED, "torn");
	if (n > 0)
		memcpy(to, m->p, n);
	m->p += n;
	m->n -= n;
	return (ssize_t)n;
}

static void check_place(const struct outcome *o, uint64_t line, uint64_t offset)
{
	uint64_t want = 1;

	if (offset > o->n)
		abort();
	for (uint64_t i = 0; i < offset; i++)
		want += o->data[i] == '\n';
	if (line != want)
		abort();
}

static void add(struct outcome *o, struct str bytes, uint64_t line, uint64_t offset)
{
	check_place(o, line, offset);
	o->hash = hash_str(bytes, o->hash ^ (line << 32) ^ offset);
}

static void on_note(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		    const char *detail)
{
	add(ctx, str_from(detail), line, offset);
}

static void check_text(const struct text *x, size_t record_max)
{
	const char *what;
	size_t at;

	if (x->bytes.n == 0 || x->bytes.n > record_max || x->bytes.p[0] == '[' || x->member != 0)
		abort();
	if (!json_check(x->bytes, &what, &at))
		abort();
}

static uint64_t run(const uint8_t *data, size_t n, size_t chunk, size_t record_max, bool faulty)
{
	static const struct stream_ops ops = { .read = memory_read };
	struct memory m = { { .ops = &ops }, data, n, chunk, faulty };
	struct outcome o = { .data = data, .n = n };
	struct yaml *y = yaml_open(&m.s, record_max, on_note, &o);
	struct stream_fault fault;
	struct text x;
	int r;

	while ((r = yaml_next(y, &x, &fault)) > 0) {
		check_text(&x, record_max);
		if (x.offset < o.texts)
			abort();
		o.texts = x.offset;
		add(&o, x.bytes, x.line, x.offset);
		o.hash += x.unterminated;
	}
	if (r != (faulty ? -1 : 0))
		abort();
	yaml_close(y);
	return o.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t chunk, record_max;
	bool faulty;

	if (n < 3)
		return 0;
	chunk = 1 + data[0];
	record_max = 1 + (size_t)data[1] * 16;
	faulty = data[2] & 1;
	data += 3;
	n -= 3;
	yaml_is((struct str){ (const char *)data, n });
	if (run(data, n, SIZE_MAX, record_max, faulty) != run(data, n, chunk, record_max, faulty))
		abort();
	return 0;
}
