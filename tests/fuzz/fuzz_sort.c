/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes choose budget, fan-in and lanes, the others are items; what comes out must be
 * what an insertion into a sorted list makes of them. A length byte above 250 repeats the bytes up
 * to 64 KiB, so that items larger than a block, a chunk or the budget occur.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "sort/sorter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ITEMS_MAX = 2000, BYTES_MAX = 1 << 20 };

struct pair {
	struct str key, value;
};

struct input {
	struct bytes in;
	struct buf texts[2 * ITEMS_MAX]; /* each owns the bytes of one key or value */
	size_t n_texts, bytes;
	struct pair sorted[ITEMS_MAX];
	size_t n;
};

static unsigned char byte(struct input *input)
{
	return input->in.p < input->in.end ? *input->in.p++ : 0;
}

static struct str text(struct input *input)
{
	struct buf *b = &input->texts[input->n_texts++];
	size_t n = byte(input), repeat = n > 250 ? (size_t)64 << (2 * (n - 250)) : 1;
	size_t left = (size_t)(input->in.end - input->in.p);

	n = MIN(n % 32, left);
	for (size_t i = 0; i < repeat && b->n < (64 << 10); i++)
		buf_add(b, input->in.p, n);
	input->in.p += n;
	input->bytes += b->n;
	return buf_str(b);
}

static int compare(const struct pair *a, const struct pair *b)
{
	int c = str_cmp(a->key, b->key);

	return c ? c : str_cmp(a->value, b->value);
}

static void insert(struct input *input, struct pair pair)
{
	size_t i = input->n++;

	for (; i > 0 && compare(&input->sorted[i - 1], &pair) > 0; i--)
		input->sorted[i] = input->sorted[i - 1];
	input->sorted[i] = pair;
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void run(struct input *input)
{
	struct sorter_config config = { .tmpdir = "/tmp" };
	struct str key, value;
	struct sorter *s;
	struct err err;

	config.memory = (size_t)(64 << 10) << (byte(input) % 6);
	config.fan_in = byte(input) % 70;
	config.lanes = byte(input) % 5;
	s = sorter_new(&config);
	while (input->in.p < input->in.end && input->n < ITEMS_MAX && input->bytes < BYTES_MAX) {
		unsigned lane = byte(input) % MAX(config.lanes, 1);
		struct pair pair;

		pair.key = text(input);
		pair.value = text(input);
		require(sorter_add(s, lane, pair.key, pair.value, &err) == 0);
		insert(input, pair);
	}
	require(sorter_finish(s, &err) == 0);
	for (size_t i = 0; i < input->n; i++) {
		require(sorter_next(s, &key, &value, &err) > 0);
		require(str_eq(key, input->sorted[i].key));
		require(str_eq(value, input->sorted[i].value));
	}
	require(sorter_next(s, &key, &value, &err) == 0);
	require(sorter_stats(s).items == input->n);
	sorter_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input *input = mem_zalloc(sizeof(*input));

	input->in = (struct bytes){ .p = data, .end = data + size };
	run(input);
	for (size_t i = 0; i < input->n_texts; i++)
		buf_free(&input->texts[i]);
	mem_free(input);
	return 0;
}
