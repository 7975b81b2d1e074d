/* SPDX-License-Identifier: Apache-2.0 */
/* A trait that the pods of one cause share is reported only if fewer other pods have it. */
#include "diagnose/traits.h"
#include "suites.h"

struct share_case {
	const char *name;
	enum trait trait;
	unsigned have, lack;	      /* of the group: of the value, of others */
	unsigned others, others_lack; /* of the pods outside */
	unsigned unknown;	      /* pods outside of which nothing is known */
	bool tells;
};

/* Chances by hand: hypergeometric, all of the group from all that have it. */
static const struct share_case cases[] = {
	/* C(20,2)/C(100,2) = 190/4950 = 0.038 */
	{ "two of two, a fifth of all", TRAIT_NODE, 2, 0, 18, 80, 0, false },
	/* C(5,2)/C(100,2) = 10/4950 = 0.002 */
	{ "two of two, few others", TRAIT_NODE, 2, 0, 3, 95, 0, true },
	{ "one alone", TRAIT_NODE, 1, 0, 0, 500, 0, false },
	{ "all pods run there", TRAIT_NODE, 40, 0, 60, 0, 0, false },
	{ "no other pod is known", TRAIT_NODE, 40, 0, 0, 0, 60, false },
	{ "most pods run there", TRAIT_NODE, 400, 0, 600, 400, 0, false },
	{ "half the pods run there", TRAIT_NODE, 20, 0, 50, 50, 0, true },
	{ "three of four is no rule", TRAIT_NODE, 30, 10, 0, 200, 0, false },
	{ "four of five is one", TRAIT_NODE, 32, 8, 0, 200, 0, true },
	{ "pods without a node are no others", TRAIT_NODE, 4, 0, 4, 0, 100, false },
	{ "pods without a webhook are others", TRAIT_WEBHOOK, 4, 0, 0, 0, 100, true },
};

static void count(struct trait_counts *c, unsigned n, const char *value)
{
	while (n--)
		trait_count(c, str_from(value));
}

START_TEST(a_share)
{
	const struct share_case *c = &cases[_i];
	struct trait_counts group = { 0 }, all = { 0 };
	unsigned in_group = c->have + c->lack;
	struct trait_share s;

	count(&group, c->have, "a");
	count(&group, c->lack, "b");
	count(&all, c->have + c->others, "a");
	count(&all, c->lack, "b");
	count(&all, c->others_lack, "c");
	s = trait_share_of(c->trait, &group, in_group, &all,
			   in_group + c->others + c->others_lack + c->unknown);
	ck_assert_msg(s.tells == c->tells, "%s: p %g", c->name, s.p);
	ck_assert(str_eq(s.value, STR("a")));
	ck_assert_uint_eq(s.pods, c->have);
	ck_assert_uint_eq(s.others, c->others);
	trait_counts_free(&group);
	trait_counts_free(&all);
}
END_TEST

/* Of values that are as frequent the first by name: no order of reading matters. */
START_TEST(a_tie)
{
	struct trait_counts one = { 0 }, other = { 0 };

	count(&one, 2, "b");
	count(&one, 2, "a");
	count(&other, 2, "a");
	count(&other, 2, "b");
	ck_assert(str_eq(trait_share_of(TRAIT_NODE, &one, 4, &one, 4).value, STR("a")));
	ck_assert(str_eq(trait_share_of(TRAIT_NODE, &other, 4, &other, 4).value, STR("a")));
	trait_counts_free(&one);
	trait_counts_free(&other);
}
END_TEST

struct registry_case {
	const char *image, *registry;
};

static const struct registry_case registries[] = {
	{ "registry.lab.example:5000/shop/web:1", "registry.lab.example:5000" },
	{ "localhost/web", "localhost" },
	{ "nginx:1.27", "docker.io" },
	{ "library/nginx", "docker.io" },
};

START_TEST(a_registry)
{
	const struct registry_case *c = &registries[_i];
	struct container_spec spec = { .name = STR("app"), .image = str_from(c->image) };
	struct pod_object object = { .containers = &spec, .n_containers = 1 };
	struct timeline t = { .object = &object };
	struct buf room = { 0 };

	ck_assert(
	    str_eq(trait_value(&t, NULL, NULL, TRAIT_REGISTRY, &room), str_from(c->registry)));
	ck_assert(str_eq(trait_value(&t, NULL, NULL, TRAIT_IMAGE, &room), str_from(c->image)));
	buf_free(&room);
}
END_TEST

/* A zone is the node's, from the context; an unknown one is empty, so it is not counted. */
START_TEST(a_zone)
{
	struct context context = { 0 };
	struct timeline t = { .cluster = STR("c"), .node = STR("n1") };
	struct buf room = { 0 };

	ck_assert_uint_eq(trait_value(&t, NULL, &context, TRAIT_ZONE, &room).n, 0);
	context_node_zone(&context, STR("c"), STR("n1"), STR("zone-b"));
	context_node_zone(&context, STR("other"), STR("n1"), STR("zone-a"));
	ck_assert(str_eq(trait_value(&t, NULL, &context, TRAIT_ZONE, &room), STR("zone-b")));
	context_free(&context);
	buf_free(&room);
}
END_TEST

Suite *suite_traits(void)
{
	Suite *s = suite_create("traits");
	TCase *tc = tcase_create("traits");

	tcase_add_loop_test(tc, a_share, 0, (int)ARRAY_SIZE(cases));
	tcase_add_test(tc, a_tie);
	tcase_add_loop_test(tc, a_registry, 0, (int)ARRAY_SIZE(registries));
	tcase_add_test(tc, a_zone);
	suite_add_tcase(s, tc);
	return s;
}
