/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tournament of losers (Knuth 5.4.1). The sources are the leaves of a binary tree, leaf i at
 * place n + i, so the parent of place p is p / 2 for any n. Each inner place stores the loser of
 * its match, and place 0 the overall winner:
 *
 *             [0] kiwi                   kiwi is returned; the next of that source, say lemon,
 *             [1] melon                  climbs from its leaf: it meets orange (wins), then melon
 *        [2] pear   [3] orange           (wins) and is the new winner. One match a level, whereas
 *     melon  pear  kiwi  orange          a heap would have to compare two children on each.
 *
 * A source that has ended loses every match. A single source needs no tree.
 */
#include "sort/merge.h"

#include "base/mem.h"

struct merge_source {
	const struct run *run; /* NULL: on disk */
	size_t next;	       /* of run */
	struct spill_reader reader;
	struct str key, value; /* its first item that was not returned */
	bool ended;
};

struct merge {
	struct merge_source *sources;
	size_t n, cap;
	size_t *tree; /* n places with numbers of sources */
	struct spill_unpacker *unpacker;
	bool started;
};

struct merge *merge_new(void)
{
	return mem_zalloc(sizeof(struct merge));
}

static struct merge_source *source_new(struct merge *m)
{
	assert(!m->started);
	array_reserve(m->sources, m->cap, m->n + 1);
	m->sources[m->n] = (struct merge_source){ 0 };
	return &m->sources[m->n++];
}

void merge_add_run(struct merge *m, const struct run *run)
{
	source_new(m)->run = run;
}

void merge_add_spill(struct merge *m, const struct spill_run *run)
{
	spill_reader_init(&source_new(m)->reader, run);
	if (!m->unpacker)
		m->unpacker = spill_unpacker_new();
}

static int source_step(struct merge *m, struct merge_source *s, struct err *err)
{
	int rc;

	if (!s->run) {
		rc = spill_reader_next(&s->reader, m->unpacker, &s->key, &s->value, err);
		s->ended = rc == 0;
		return rc < 0 ? -1 : 0;
	}
	s->ended = s->next == s->run->n;
	if (!s->ended) {
		const char *record = run_record(s->run, s->next++);

		s->key = item_key(record);
		s->value = item_value(record);
	}
	return 0;
}

static bool beats(const struct merge *m, size_t a, size_t b)
{
	const struct merge_source *x = &m->sources[a], *y = &m->sources[b];
	int c;

	if (x->ended || y->ended)
		return !x->ended;
	c = str_cmp(x->key, y->key);
	if (c == 0)
		c = str_cmp(x->value, y->value);
	return c < 0;
}

static int start(struct merge *m, struct err *err)
{
	size_t *winners;

	m->started = true;
	for (size_t i = 0; i < m->n; i++) {
		if (source_step(m, &m->sources[i], err) < 0)
			return -1;
	}
	if (m->n < 2)
		return 0;
	m->tree = mem_alloc(m->n * sizeof(*m->tree));
	winners = mem_alloc(2 * m->n * sizeof(*winners));
	for (size_t i = 0; i < m->n; i++)
		winners[m->n + i] = i;
	for (size_t place = m->n - 1; place > 0; place--) {
		size_t a = winners[2 * place], b = winners[2 * place + 1];
		bool a_wins = beats(m, a, b);

		winners[place] = a_wins ? a : b;
		m->tree[place] = a_wins ? b : a;
	}
	m->tree[0] = winners[1];
	mem_free(winners);
	return 0;
}

/* The winner was returned: its next item climbs from its leaf. */
static int replay(struct merge *m, struct err *err)
{
	size_t climber = m->n > 1 ? m->tree[0] : 0;

	if (source_step(m, &m->sources[climber], err) < 0)
		return -1;
	if (m->n == 1)
		return 0;
	for (size_t place = (m->n + climber) / 2; place > 0; place /= 2) {
		size_t other = m->tree[place];

		if (beats(m, other, climber)) {
			m->tree[place] = climber;
			climber = other;
		}
	}
	m->tree[0] = climber;
	return 0;
}

int merge_next(struct merge *m, struct str *ret_key, struct str *ret_value, struct err *err)
{
	const struct merge_source *winner;

	if (m->n == 0)
		return 0;
	if ((m->started ? replay(m, err) : start(m, err)) < 0)
		return -1;
	winner = &m->sources[m->n > 1 ? m->tree[0] : 0];
	if (winner->ended)
		return 0;
	*ret_key = winner->key;
	*ret_value = winner->value;
	return 1;
}

void merge_free(struct merge *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		spill_reader_free(&m->sources[i].reader);
	mem_free(m->sources);
	mem_free(m->tree);
	spill_unpacker_free(m->unpacker);
	mem_free(m);
}
