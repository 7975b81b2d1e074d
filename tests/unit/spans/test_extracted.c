/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes that are attached to records, read back for one pod, and their limits. */
#include "suites.h"

#include "spans/extract.h"

static struct arena arena;
static struct buf bytes;
static void *state;

static void teardown(void)
{
	arena_free(&arena);
	buf_free(&bytes);
	state = NULL;
}

/* As extract.c writes an item. */
static void item(enum extracted_kind kind, uint32_t number, const char *word, struct str text)
{
	buf_put_varint(&bytes, kind);
	buf_put_varint(&bytes, number);
	buf_put_maybe(&bytes, word ? str_from(word) : (struct str){ 0 });
	buf_put_maybe(&bytes, text);
}

/* One record with the items so far. */
static bool keep(nsec received, nsec completed)
{
	struct record r = { .received = received,
			    .completed = completed,
			    .attached = arena_str(&arena, buf_str(&bytes)) };

	buf_reset(&bytes);
	return extract_keep(&state, &arena, &r);
}

START_TEST(items_come_back)
{
	const struct pod_extracts *all;
	const struct extract_moment *at;

	item(EXTRACTED_OPERATION, 0, "label:add", ((struct str){ "a\0b", 3 }));
	item(EXTRACTED_TEXT, EXTRACT_REQUEST, NULL, (struct str){ 0 });
	ck_assert(keep(20, 30));
	item(EXTRACTED_EVENT, 0, "Pulled", STR(""));
	ck_assert(keep(21, NSEC_NONE)); /* received, and answered before the other */
	all = state;
	ck_assert_uint_eq(all->n_moments, 2);
	at = extract_moments(all, &arena);
	ck_assert(at[0].received == 21 && at[0].completed == 21 && at[0].n == 1);
	ck_assert(at[0].list[0].kind == EXTRACTED_EVENT);
	ck_assert(str_eq(at[0].list[0].word, STR("Pulled")) && at[0].list[0].text.p);
	ck_assert(at[1].received == 20 && at[1].completed == 30 && at[1].n == 2);
	ck_assert(str_eq(at[1].list[0].text, ((struct str){ "a\0b", 3 })));
	ck_assert(at[1].list[1].number == EXTRACT_REQUEST && !at[1].list[1].text.p);
	ck_assert(!all->cut);
}
END_TEST

START_TEST(unchanged_values_are_not_kept)
{
	struct pod_extracts *all;

	item(EXTRACTED_VALUES, 0, NULL, STR("")); /* none, as before the first answer */
	ck_assert(!keep(1, 1));
	item(EXTRACTED_VALUES, 0, NULL, STR("k\0v\0"));
	item(EXTRACTED_VALUES, 1, NULL, STR("k\0v\0"));
	ck_assert(keep(2, 2));
	item(EXTRACTED_VALUES, 0, NULL, STR("k\0v\0"));
	ck_assert(!keep(3, 3));
	item(EXTRACTED_VALUES, 0, NULL, STR(""));
	ck_assert(keep(4, 4));
	item(EXTRACTED_VALUES, 0, NULL, STR("k\0v\0"));
	ck_assert(keep(5, 5));
	all = state;
	ck_assert_uint_eq(all->n, 4);
	ck_assert_uint_eq(all->n_moments, 3);
}
END_TEST

START_TEST(a_pod_has_a_limit)
{
	const struct pod_extracts *all;

	for (nsec i = 0; i < EXTRACT_POD_MAX; i++) {
		item(EXTRACTED_OPERATION, 0, "pod:ip:set", (struct str){ 0 });
		ck_assert(keep(i, i));
	}
	all = state;
	ck_assert(!all->cut);
	item(EXTRACTED_VALUES, 0, NULL, STR("")); /* unchanged: nothing is lost */
	ck_assert(!keep(EXTRACT_POD_MAX, EXTRACT_POD_MAX));
	ck_assert(!all->cut);
	item(EXTRACTED_OPERATION, 0, "pod:ip:set", (struct str){ 0 });
	ck_assert(!keep(EXTRACT_POD_MAX, EXTRACT_POD_MAX));
	ck_assert(all->cut);
	ck_assert_uint_eq(all->n, EXTRACT_POD_MAX);
}
END_TEST

START_TEST(raw_texts_have_a_limit)
{
	char *text = arena_alloc(&arena, EXTRACT_TEXT_MAX, 1);
	struct record r = { .received = 1, .completed = 1 };
	size_t n = EXTRACT_POD_TEXT_MAX / EXTRACT_TEXT_MAX;
	const struct pod_extracts *all;

	item(EXTRACTED_POD, EXTRACT_RESPONSE, NULL, (struct str){ text, EXTRACT_TEXT_MAX });
	r.attached = buf_str(&bytes);
	for (size_t i = 0; i <= n; i++)
		ck_assert(extract_keep(&state, &arena, &r));
	all = state;
	ck_assert(all->items[n - 1].text.p && !all->items[n].text.p);
}
END_TEST

/* A run of the sorter may be damaged. */
START_TEST(what_is_damaged_ends)
{
	const struct pod_extracts *all;

	item(EXTRACTED_OPERATION, 0, "a", STR("text"));
	item(EXTRACTED_OPERATION, 0, "b", STR("text"));
	for (size_t cut = 1; cut < 8; cut++) {
		struct record r = { .attached = { bytes.p, bytes.n - cut } };

		state = NULL;
		ck_assert(extract_keep(&state, &arena, &r));
		all = state;
		ck_assert_uint_eq(all->n, 1);
	}
}
END_TEST

Suite *suite_extracted(void)
{
	Suite *s = suite_create("extracted");
	TCase *t = tcase_create("extracted");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, items_come_back);
	tcase_add_test(t, unchanged_values_are_not_kept);
	tcase_add_test(t, a_pod_has_a_limit);
	tcase_add_test(t, raw_texts_have_a_limit);
	tcase_add_test(t, what_is_damaged_ends);
	suite_add_tcase(s, t);
	return s;
}
