/* SPDX-License-Identifier: Apache-2.0 */
/* The deletion was requested. */
#include "suites.h"

static struct scene *created(void)
{
	struct scene *s = scene_new();

	scene_create(s, AT(100))->uid = STR("u1");
	scene_object(s, AT(0), "app");
	return s;
}

/* An object that shows deletionTimestamp minus grace. */
static void deleting(struct scene *s, nsec at)
{
	struct fact *f = scene_fact(s, FACT_DELETING);

	f->at = at;
	f->precision = PRECISION_SECOND;
	f->origin = ORIGIN_APISERVER;
}

static const struct {
	const char *reason;
	int32_t code;
	bool deleted;
} requests[] = {
	{ "delete", 200, true },	   { "delete", 202, true },    { "eviction", 201, true },
	{ "deletecollection", 200, true }, { "eviction", 429, false }, { "eviction", 500, false },
};

START_TEST(deleted_by_a_request)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_delete(s, AT(50300), requests[_i].reason, requests[_i].code);
	t = scene_only(s);
	if (requests[_i].deleted)
		check_mark(t, MILESTONE_DELETED, AT(50300), PRECISION_EXACT, SOURCE_AUDIT);
	else
		ck_assert(!t->marks[MILESTONE_DELETED].reached);
	scene_free(s);
}
END_TEST

/* A disruption budget rejects repeatedly, then allows. */
START_TEST(evicted_at_last)
{
	struct scene *s = created();

	for (int i = 0; i < 5; i++)
		scene_delete(s, AT(50300 + 5000 * i), "eviction", 429);
	scene_delete(s, AT(80000), "eviction", 201);
	check_mark(scene_only(s), MILESTONE_DELETED, AT(80000), PRECISION_EXACT, SOURCE_AUDIT);
	scene_free(s);
}
END_TEST

/* Hours of rejected evictions must not displace later facts. */
START_TEST(evicted_at_long_last)
{
	struct scene *s = created();
	const struct timeline *t;

	for (int i = 0; i < 2 * TIMELINE_FACTS_MAX; i++)
		scene_delete(s, AT(50300 + 5000 * (nsec)i), "eviction", 429);
	scene_delete(s, AT(50300 + 5000 * (nsec)(2 * TIMELINE_FACTS_MAX)), "eviction", 201);
	t = scene_only(s);
	check_mark(t, MILESTONE_DELETED, AT(50300 + 5000 * (nsec)(2 * TIMELINE_FACTS_MAX)),
		   PRECISION_EXACT, SOURCE_AUDIT);
	ck_assert(!t->cut);
	ck_assert_uint_eq(t->n_entries, 3);
	scene_free(s);
}
END_TEST

START_TEST(deleted_only_in_a_body)
{
	struct scene *s = created();

	scene_read(s, AT(60000));
	deleting(s, AT(50000));
	check_mark(scene_only(s), MILESTONE_DELETED, AT(50000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* The request's body shows the same second: the request is the better time of the two. */
START_TEST(deleted_by_a_request_with_a_body)
{
	struct scene *s = created();

	scene_delete(s, AT(50300), "delete", 200);
	deleting(s, AT(50000));
	check_mark(scene_only(s), MILESTONE_DELETED, AT(50300), PRECISION_EXACT, SOURCE_AUDIT);
	scene_free(s);
}
END_TEST

/* Asked for at 50 s; at 81 s the kubelet has stopped it and deletes it for good. */
START_TEST(deleted_for_good_by_the_kubelet)
{
	struct scene *s = created();

	scene_delete(s, AT(50300), "delete", 200);
	scene_delete(s, AT(81000), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	check_mark(scene_only(s), MILESTONE_DELETED, AT(50300), PRECISION_EXACT, SOURCE_AUDIT);
	scene_free(s);
}
END_TEST

/* The same, but the first request is not in the log: a body shows when it was. */
START_TEST(the_request_is_not_in_the_log)
{
	struct scene *s = created();

	scene_delete(s, AT(81000), "delete", 200)->origin = ORIGIN_KUBELET;
	s->facts[0].truth = true;
	deleting(s, AT(50000));
	check_mark(scene_only(s), MILESTONE_DELETED, AT(50000), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

START_TEST(not_deleted_before_it_was_created)
{
	struct scene *s = created();

	scene_read(s, AT(60000));
	deleting(s, AT(0));
	check_mark(scene_only(s), MILESTONE_DELETED, AT(100), PRECISION_SECOND, SOURCE_STATUS);
	scene_free(s);
}
END_TEST

/* A kubelet removes a pod that another client deleted: the time of that request is unknown. */
START_TEST(removed_by_the_kubelet_alone)
{
	struct scene *s = created();
	const struct timeline *t;

	scene_delete(s, AT(50300), "delete", 200)->origin = ORIGIN_KUBELET;
	t = scene_only(s);
	check_unknown(t, MILESTONE_DELETED);
	ck_assert(t->marks[MILESTONE_DELETED].reached);
	ck_assert_int_eq(t->marks[MILESTONE_DELETED].until, AT(50300));
	ck_assert_int_eq(mark_latest(&t->marks[MILESTONE_DELETED]), AT(50300));
	scene_free(s);
}
END_TEST

Suite *suite_deleted(void)
{
	Suite *s = suite_create("deleted");
	TCase *t = tcase_create("deleted");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, deleted_by_a_request, 0, (int)ARRAY_SIZE(requests));
	tcase_add_test(t, evicted_at_last);
	tcase_add_test(t, evicted_at_long_last);
	tcase_add_test(t, deleted_only_in_a_body);
	tcase_add_test(t, deleted_by_a_request_with_a_body);
	tcase_add_test(t, deleted_for_good_by_the_kubelet);
	tcase_add_test(t, removed_by_the_kubelet_alone);
	tcase_add_test(t, the_request_is_not_in_the_log);
	tcase_add_test(t, not_deleted_before_it_was_created);
	return s;
}
