/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/ruleset.h"

#include "base/mem.h"

struct rules *rules_new(void)
{
	return mem_zalloc(sizeof(struct rules));
}

void rules_free(struct rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->patterns && i < r->n_matchers; i++)
		pattern_free(r->patterns[i]);
	mem_free(r->patterns);
	for (size_t i = 0; i < r->words.n; i++)
		mem_free(r->by_words[i].list);
	for (unsigned i = 0; i < MATCH_KINDS; i++)
		mem_free(r->any[i].list);
	mem_free(r->by_words);
	mem_free(r->list);
	mem_free(r->matchers);
	mem_free(r->by_id);
	map_free(&r->codes);
	map_free(&r->ids);
	map_free(&r->words);
	arena_free(&r->arena);
	mem_free(r);
}

uint32_t rules_put(struct rules *r, const struct rule *rule)
{
	uint32_t at = map_find(&r->codes, rule->code);

	if (at == MAP_NONE) {
		array_reserve(r->list, r->cap, r->n + 1);
		at = (uint32_t)r->n++;
		map_put(&r->codes, rule->code, NULL);
		map_put(&r->ids, rule->id, NULL);
	} else {
		for (size_t i = 0; i < r->n_matchers; i++)
			if (r->matchers[i].rule == at)
				r->matchers[i].rule = RULE_REPLACED;
	}
	r->list[at] = *rule;
	r->list[at].rank = at;
	return at;
}

static void add_candidate(struct candidates *c, uint32_t matcher)
{
	array_reserve(c->list, c->cap, c->n + 1);
	c->list[c->n++] = matcher;
}

/* A letter for the kind before the word, so that one map serves all kinds. */
static struct str word_key(enum match_kind kind, struct str word, char *room, size_t size)
{
	size_t n = MIN(word.n, size - 1);

	room[0] = (char)('a' + kind);
	if (n)
		memcpy(room + 1, word.p, n);
	return (struct str){ room, n + 1 };
}

enum { WORD_MAX = 128 }; /* of a reason; Kubernetes' own have at most 63 */

const struct candidates *rules_asking(const struct rules *r, enum match_kind kind, struct str word)
{
	char room[WORD_MAX];
	uint32_t i;

	if (word.n >= WORD_MAX)
		return NULL;
	i = map_find(&r->words, word_key(kind, word, room, sizeof(room)));
	return i == MAP_NONE ? NULL : &r->by_words[i];
}

bool rules_find_text(const struct rules *r, const struct matcher *m, struct str text,
		     struct captures *ret)
{
	struct pattern **pattern = &r->patterns[m - r->matchers];

	if (!m->expression.n)
		return true;
	if (!*pattern) /* the reader has validated it */
		*pattern = pattern_new(m->expression, &(struct err){ 0 });
	return *pattern && pattern_find(*pattern, text, ret);
}

static void index_word(struct rules *r, uint32_t matcher, struct str word)
{
	char room[WORD_MAX];
	bool is_new;
	uint32_t i = map_put(
	    &r->words, word_key(r->matchers[matcher].kind, word, room, sizeof(room)), &is_new);

	array_reserve(r->by_words, r->by_words_cap, (size_t)i + 1);
	if (is_new)
		r->by_words[i] = (struct candidates){ 0 };
	add_candidate(&r->by_words[i], matcher);
}

static int by_id(const void *a, const void *b, void *ctx)
{
	const struct rules *r = ctx;

	return str_cmp(r->list[*(const uint32_t *)a].id, r->list[*(const uint32_t *)b].id);
}

void rules_finish(struct rules *r)
{
	for (uint32_t i = 0; i < r->n_matchers; i++) {
		const struct matcher *m = &r->matchers[i];

		if (m->rule == RULE_REPLACED)
			continue;
		for (size_t k = 0; k < m->words.n; k++)
			index_word(r, i, m->words.list[k]);
		if (!m->words.n)
			add_candidate(&r->any[m->kind], i);
	}
	r->patterns = mem_zalloc((r->n_matchers + 1) * sizeof(*r->patterns));
	r->by_id = mem_alloc((r->n + 1) * sizeof(*r->by_id));
	for (uint32_t i = 0; i < r->n; i++)
		r->by_id[i] = i;
	if (r->n)
		qsort_r(r->by_id, r->n, sizeof(*r->by_id), by_id, r);
}

size_t rules_count(const struct rules *r)
{
	return r->n;
}

const struct rule *rules_at(const struct rules *r, size_t i)
{
	return &r->list[r->by_id[i]];
}

const struct rule *rules_find(const struct rules *r, struct str name)
{
	uint32_t i = map_find(&r->codes, name);

	if (i == MAP_NONE)
		i = map_find(&r->ids, name);
	return i == MAP_NONE ? NULL : &r->list[i];
}
