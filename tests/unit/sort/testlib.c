/* SPDX-License-Identifier: Apache-2.0 */
#include "testlib.h"

#include <dirent.h>
#include <unistd.h>

uint64_t test_random(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15; /* splitmix64 */

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static struct str copy(struct str s)
{
	char *p = mem_alloc(s.n);

	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

void pairs_add(struct pairs *all, struct str key, struct str value)
{
	array_reserve(all->p, all->cap, all->n + 1);
	all->p[all->n++] = (struct pair){ copy(key), copy(value) };
}

void pairs_shuffle(struct pairs *all, uint64_t *state)
{
	for (size_t i = all->n; i > 1; i--) {
		size_t k = test_random(state) % i;
		struct pair last = all->p[i - 1];

		all->p[i - 1] = all->p[k];
		all->p[k] = last;
	}
}

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = str_cmp(x->key, y->key);

	return c ? c : str_cmp(x->value, y->value);
}

void pairs_sort(struct pairs *all)
{
	if (all->n)
		qsort(all->p, all->n, sizeof(*all->p), compare);
}

static void free_bytes(struct str s)
{
	union {
		const char *p;
		void *memory;
	} u = { s.p };

	mem_free(u.memory);
}

void pairs_free(struct pairs *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free_bytes(all->p[i].key);
		free_bytes(all->p[i].value);
	}
	mem_free(all->p);
	*all = (struct pairs){ 0 };
}

static void random_bytes(struct buf *b, size_t n, unsigned alphabet, uint64_t *state)
{
	static const unsigned char few[] = { 0, 'a', 0xff, 'b', 1, 0x80, 0x7f, 'c' };

	for (size_t i = 0; i < n; i++) {
		uint64_t r = test_random(state);

		buf_add_char(b, (char)(alphabet > sizeof(few) ? r % alphabet : few[r % alphabet]));
	}
}

/* Namespaces that are prefixes of others, a few pods each, a time that mostly rises. */
static void pod_key(struct buf *key, size_t i, uint64_t *state)
{
	static const char *const spaces[] = { "team", "team-a", "team-ab", "", "kube-system" };

	buf_printf(key, "cluster-1%c%s%cdeployment-%u", 0,
		   spaces[test_random(state) % ARRAY_SIZE(spaces)], 0,
		   (unsigned)(test_random(state) % 40));
	buf_add_char(key, 0);
	buf_put_be64(key, 1700000000000000000 + i * 1000000 + test_random(state) % 5000000);
}

struct pairs pairs_random(enum pairs_shape shape, size_t n, uint64_t *state)
{
	struct pairs all = { 0 };
	struct buf key = { 0 }, value = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_reset(&key);
		buf_reset(&value);
		if (shape == SHAPE_PODS)
			pod_key(&key, i, state);
		else if (shape == SHAPE_TINY) /* many duplicates, empty keys, all bytes */
			random_bytes(&key, test_random(state) % 4, 256, state);
		else if (shape == SHAPE_NULS) /* prefixes, continuations of NUL bytes */
			random_bytes(&key, test_random(state) % 24, 1 + (unsigned)(i % 3), state);
		else if (shape == SHAPE_LONG) /* shared beginnings of many words */
			random_bytes(&key, test_random(state) % 300, 1, state);
		if (shape == SHAPE_PODS)
			random_bytes(&value, test_random(state) % 300, 7, state);
		else if (shape == SHAPE_SAME_KEY)
			random_bytes(&value, test_random(state) % 40, 1 + i % 2, state);
		else
			random_bytes(&value, test_random(state) % 3, 2, state);
		pairs_add(&all, buf_str(&key), buf_str(&value));
	}
	buf_free(&key);
	buf_free(&value);
	return all;
}

char *test_dir_new(void)
{
	const char *parent = getenv("TMPDIR");
	struct buf path = { 0 };

	buf_printf(&path, "%s/test-sort-XXXXXX", parent ? parent : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(path.p));
	return path.p;
}

size_t test_dir_entries(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* . and .. */
}

void test_dir_free(char *dir)
{
	ck_assert_int_eq(rmdir(dir), 0); /* which also proves that it is empty */
	mem_free(dir);
}
