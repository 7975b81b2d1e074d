/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "cli/podname.h"

static const struct {
	const char *operand;
	bool pod;
} operands[] = {
	{ "pod/shop/web", true },    { "pods/web", true },    { "po/web", true },
	{ "uid/1f", true },	     { "./pod/web", false },  { "pod", false },
	{ "podcasts/a.log", false }, { "logs/pod/x", false }, { "-", false },
};

START_TEST(tells_pods_from_paths)
{
	ck_assert_int_eq(pod_pattern_is(str_from(operands[_i].operand)), operands[_i].pod);
}
END_TEST

static const struct {
	const char *operand;
	bool claim;
} claims[] = {
	{ "pvc/shop/data", true },
	{ "pvcs/data", true },
	{ "persistentvolumeclaim/shop/data", true },
	{ "persistentvolumeclaims/data", true },
	{ "pod/shop/data", false },
	{ "./pvc/x", false },
	{ "pvc", false },
	{ "logs/pvc/x", false },
};

START_TEST(tells_claims_from_paths)
{
	ck_assert_int_eq(object_pattern_is(str_from(claims[_i].operand)) &&
			     !pod_pattern_is(str_from(claims[_i].operand)), claims[_i].claim);
}
END_TEST

/* A name is of a pod or of a claim; a UID is of either. */
START_TEST(matches_claims)
{
	struct str shop = STR("shop"), data = STR("data"), uid = STR("1f0c");
	struct pod_pattern p;
	struct err err;

	ck_assert_int_eq(pod_pattern_parse("pvc/shop/da*", &p, &err), 0);
	ck_assert(pod_pattern_match(&p, OBJECT_CLAIM, shop, data, uid));
	ck_assert(!pod_pattern_match(&p, OBJECT_CLAIM, data, data, uid));
	ck_assert(!pod_pattern_match(&p, OBJECT_POD, shop, data, uid));
	ck_assert_int_eq(pod_pattern_parse("pod/shop/data", &p, &err), 0);
	ck_assert(!pod_pattern_match(&p, OBJECT_CLAIM, shop, data, uid));
	ck_assert_int_eq(pod_pattern_parse("uid/1f", &p, &err), 0);
	ck_assert(pod_pattern_match(&p, OBJECT_CLAIM, shop, data, uid));
	ck_assert(pod_pattern_match(&p, OBJECT_POD, shop, data, uid));
	ck_assert_int_eq(pod_pattern_parse("pvc/Shop/data", &p, &err), -1);
	ck_assert(strstr(err.message, "names no claim"));
}
END_TEST

static const struct {
	const char *operand, *namespace, *name, *uid;
	bool match;
} matches[] = {
	{ "pod/shop/web", "shop", "web", "u", true },
	{ "pod/shop/web", "shop", "web-1", "u", false },
	{ "pod/shop/web", "data", "web", "u", false },
	{ "po/shop/web-*", "shop", "web-1", "u", true },
	{ "pods/*/w?b", "data", "wab", "u", true },
	{ "pod/web", "any", "web", "u", true },
	{ "pod/web", "web", "any", "u", false },
	{ "uid/1f0c", "a", "b", "1f0c-22", true },
	{ "uid/1f0c", "a", "b", "01f0c", false },
	{ "uid/*22", "a", "b", "1f0c-22-3", true },
	{ "uid/1f0c", "a", "1f0c", "", false },
};

START_TEST(matches_pods)
{
	struct pod_pattern p;
	struct err err = { 0 };

	ck_assert_int_eq(pod_pattern_parse(matches[_i].operand, &p, &err), 0);
	ck_assert_int_eq(pod_pattern_match(&p, OBJECT_POD, str_from(matches[_i].namespace),
					   str_from(matches[_i].name), str_from(matches[_i].uid)),
			 matches[_i].match);
}
END_TEST

static const char *const wrong[] = { "pod/",	  "pod//web", "pod/shop/", "pod/Shop/web",
				     "pod/a/b/c", "uid/",     "pod/a b" };

START_TEST(refuses_what_names_no_pod)
{
	struct pod_pattern p;
	struct err err = { 0 };

	ck_assert_int_eq(pod_pattern_parse(wrong[_i], &p, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert(strstr(err.message, "names no pod; expected pod/NAMESPACE/NAME"));
}
END_TEST

static const struct {
	const char *operand, *near[NEAR_MAX];
} nears[] = {
	/* one letter off, before what only holds the name, before the same name elsewhere */
	{ "pod/shop/wep", { "pod/shop/web" } },
	{ "pod/shop/web-84946cc76f-b845e", { "pod/shop/web-84946cc76f-b845d" } },
	{ "pod/shpo/web", { "pod/shop/web", "pod/data/web" } },
	{ "pod/web-8494", { "pod/shop/web-84946cc76f-b845d" } },
	{ "pod/shop/nothing-like-it", { NULL } },
	{ "uid/12", { NULL } },
	{ "pvc/data/db-1", { "pvc/data/db-0" } },
};

START_TEST(names_what_is_near)
{
	static const char *const pods[][2] = {
		{ "data", "web" },
		{ "data", "db-0" },
		{ "shop", "api" },
		{ "shop", "web" },
		{ "shop", "web-84946cc76f-b845d" },
		{ "shop", "web" },
	};
	struct pod_pattern p;
	struct near_names near = { .pattern = &p };
	struct err err = { 0 };

	ck_assert_int_eq(pod_pattern_parse(nears[_i].operand, &p, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(pods); i++)
		near_names_offer(&near, str_from(pods[i][0]), str_from(pods[i][1]));
	for (size_t i = 0; i < NEAR_MAX && nears[_i].near[i]; i++) {
		ck_assert_uint_gt(near.n, i);
		ck_assert_msg(str_eq(near.names[i], str_from(nears[_i].near[i])), STR_FMT,
			      STR_ARG(near.names[i]));
	}
	ck_assert(near.n == 0 || nears[_i].near[0]);
	near_names_free(&near);
}
END_TEST

Suite *suite_podname(void)
{
	Suite *s = suite_create("podname");
	TCase *t = tcase_create("podname");

	tcase_add_loop_test(t, tells_pods_from_paths, 0, ARRAY_SIZE(operands));
	tcase_add_loop_test(t, matches_pods, 0, ARRAY_SIZE(matches));
	tcase_add_loop_test(t, tells_claims_from_paths, 0, ARRAY_SIZE(claims));
	tcase_add_test(t, matches_claims);
	tcase_add_loop_test(t, refuses_what_names_no_pod, 0, ARRAY_SIZE(wrong));
	tcase_add_loop_test(t, names_what_is_near, 0, ARRAY_SIZE(nears));
	suite_add_tcase(s, t);
	return s;
}
