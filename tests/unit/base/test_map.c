/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "base/hash.h"
#include "base/map.h"

static struct map map;

static void teardown(void)
{
	map_free(&map);
}

START_TEST(test_order)
{
	bool is_new = false;

	ck_assert_uint_eq(map_find(&map, STR("a")), MAP_NONE);
	ck_assert_uint_eq(map_put(&map, STR("b"), &is_new), 0);
	ck_assert(is_new);
	ck_assert_uint_eq(map_put(&map, STR("a"), NULL), 1);
	ck_assert_uint_eq(map_put(&map, STR("b"), &is_new), 0);
	ck_assert(!is_new);
	ck_assert_uint_eq(map_find(&map, STR("a")), 1);
	ck_assert_uint_eq(map_find(&map, STR("c")), MAP_NONE);
	ck_assert_uint_eq(map.n, 2);
	ck_assert_str(map.keys[0], STR("b"));
}
END_TEST

/* The empty key, no key, prefixes and NULs are keys like others; no key and the empty one agree. */
START_TEST(test_odd_keys)
{
	ck_assert_uint_eq(map_put(&map, (struct str){ 0 }, NULL), 0);
	ck_assert_uint_eq(map_put(&map, STR(""), NULL), 0);
	ck_assert_uint_eq(map_put(&map, STR("a"), NULL), 1);
	ck_assert_uint_eq(map_put(&map, STR("a\0"), NULL), 2);
	ck_assert_uint_eq(map_put(&map, STR("a\0b"), NULL), 3);
	ck_assert_uint_eq(map_find(&map, STR("a\0")), 2);
	ck_assert_uint_eq(map_find(&map, STR("")), 0);
}
END_TEST

START_TEST(test_copies)
{
	char key[] = "node-7";

	map_put(&map, str_from(key), NULL);
	memset(key, 'x', sizeof(key) - 1);
	ck_assert_uint_eq(map_find(&map, STR("node-7")), 0);
	ck_assert_uint_eq(map_find(&map, STR("xxxxxx")), MAP_NONE);
}
END_TEST

START_TEST(test_many)
{
	enum { MANY = 4000 };
	char key[32];

	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < MANY; i++) {
			bool is_new = false;

			snprintf(key, sizeof(key), "pod-%u", i * 7919);
			ck_assert_uint_eq(map_put(&map, str_from(key), &is_new), i);
			ck_assert(is_new);
		}
		for (unsigned i = 0; i < MANY; i++) {
			snprintf(key, sizeof(key), "pod-%u", i * 7919);
			ck_assert_uint_eq(map_find(&map, str_from(key)), i);
			ck_assert_uint_eq(map_put(&map, str_from(key), NULL), i);
			ck_assert_str(map.keys[i], str_from(key));
		}
		ck_assert_uint_eq(map.n, MANY);
		map_reset(&map);
		ck_assert_uint_eq(map.n, 0);
		ck_assert_uint_eq(map_find(&map, STR("pod-0")), MAP_NONE);
	}
}
END_TEST

/* Pinned: it must not depend on the machine, and sorted runs may outlive the program. */
static const struct {
	struct str text;
	uint64_t seed, hash;
} hashes[] = {
	{ { "", 0 }, 0, 0x48218226ff3cd4bfu },
	{ { "", 0 }, 1, 0x445018e305810b78u },
	{ { "a", 1 }, 0, 0xc55cb0205a68155cu },
	{ { "abcdefgh", 8 }, 0, 0xe2800dca2fefeb21u },
	{ { "abcdefghi", 9 }, 0, 0x6b53d69faecc154au },
	{ { "/api/v1/namespaces/shop/pods", 28 }, 0, 0x8b93efd12a91e62eu },
};

START_TEST(test_hash)
{
	char *copy = malloc(hashes[_i].text.n + 8);

	for (size_t off = 0; off < 8; off++) { /* no alignment matters */
		memcpy(copy + off, hashes[_i].text.p, hashes[_i].text.n);
		ck_assert_uint_eq(
		    hash_str((struct str){ copy + off, hashes[_i].text.n }, hashes[_i].seed),
		    hashes[_i].hash);
	}
	free(copy);
}
END_TEST

START_TEST(test_hash_differs)
{
	static const char zeros[40];
	uint64_t seen[40];

	/* length counts, even where all bytes are alike, and each prefix is another text */
	for (size_t n = 0; n < ARRAY_SIZE(seen); n++) {
		seen[n] = hash_str((struct str){ n ? zeros : NULL, n }, 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_ne(seen[i], seen[n]);
	}
	ck_assert_uint_ne(hash_str(STR("ab"), 0), hash_str(STR("ba"), 0));
	ck_assert_uint_ne(hash_str(STR("ab"), 0), hash_str(STR("ab"), 1));
}
END_TEST

TCase *map_tests(void)
{
	TCase *t = tcase_create("map");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_order);
	tcase_add_test(t, test_odd_keys);
	tcase_add_test(t, test_copies);
	tcase_add_test(t, test_many);
	tcase_add_loop_test(t, test_hash, 0, ARRAY_SIZE(hashes));
	tcase_add_test(t, test_hash_differs);
	return t;
}
