/* SPDX-License-Identifier: Apache-2.0 */
/* The context of a cluster: minutes and gaps, nodes and clocks, owners; merged in any order. */
#include "suites.h"

static struct context context;

static void teardown(void)
{
	context_free(&context);
}

static const struct cluster *finish(void)
{
	context_finish(&context);
	return context_find_cluster(&context, STR("c"));
}

static void see(nsec second)
{
	context_record(&context, STR("c"), T0 + second * SECOND, WRITING_OTHER);
}

START_TEST(test_window)
{
	ck_assert_ptr_null(context_find_cluster(&context, STR("c")));
	see(30);
	see(10);
	see(20);
	context_record(&context, STR("d"), T0, WRITING_OTHER);
	finish();
	ck_assert_int_eq(context_find_cluster(&context, STR("c"))->first, T0 + 10 * SECOND);
	ck_assert_int_eq(context_find_cluster(&context, STR("c"))->last, T0 + 30 * SECOND);
	ck_assert_uint_eq(context_find_cluster(&context, STR("c"))->records, 3);
	ck_assert_int_eq(context_find_cluster(&context, STR("d"))->last, T0);
	ck_assert_ptr_null(context_find_cluster(&context, STR("")));
}
END_TEST

/* T0 is a full minute. A minute of silence is a gap, less is none, wherever minutes begin. */
static const struct {
	nsec seconds[5];
	size_t n, n_gaps;
	nsec from, to; /* of the last gap */
} gaps[] = {
	{ { 0 }, 1, 0, 0, 0 },
	{ { 0, 59 }, 2, 0, 0, 0 },
	{ { 0, 60 }, 2, 1, 0, 60 },
	{ { 30, 89 }, 2, 0, 0, 0 },
	{ { 30, 90 }, 2, 1, 30, 90 },
	{ { 0, 59, 118 }, 3, 0, 0, 0 },
	{ { 1, 119 }, 2, 1, 1, 119 },
	{ { 0, 30, 3600, 3601, 7200 }, 5, 2, 3601, 7200 },
	{ { 7200, 3601, 0, 3600, 30 }, 5, 2, 3601, 7200 },
};

START_TEST(test_gap)
{
	const struct cluster *cl;

	for (size_t i = 0; i < gaps[_i].n; i++)
		see(gaps[_i].seconds[i]);
	cl = finish();
	ck_assert_uint_eq(cl->n_gaps, gaps[_i].n_gaps);
	if (!cl->n_gaps)
		return;
	ck_assert_int_eq(cl->gaps[cl->n_gaps - 1].from, T0 + gaps[_i].from * SECOND);
	ck_assert_int_eq(cl->gaps[cl->n_gaps - 1].to, T0 + gaps[_i].to * SECOND);
}
END_TEST

/* Delays of Events of one node, and what is added to its times. */
static const struct {
	nsec delays[9];
	size_t n;
	nsec offset;
} clocks[] = {
	{ { 0 }, 0, 0 },
	{ { 2000000, 5000000 }, 2, 0 },		/* the way through the network */
	{ { 900000000, SECOND }, 2, 0 },	/* slow, but both explain it */
	{ { -1, 2000000 }, 2, -1 },		/* before it happened: it is ahead */
	{ { -5 * SECOND }, 1, -5 * SECOND },	/* one is proof enough */
	{ { 60 * SECOND, 61 * SECOND }, 2, 0 }, /* two may be late by chance */
	{ { 66 * SECOND, 61 * SECOND, 62 * SECOND, 63 * SECOND, 64 * SECOND, 65 * SECOND,
	    60 * SECOND, 67 * SECOND },
	  8,
	  60 * SECOND }, /* eight are not */
	{ { 66 * SECOND, 61 * SECOND, 62 * SECOND, 63 * SECOND, 64 * SECOND, 65 * SECOND, 0,
	    67 * SECOND },
	  8,
	  0 },
	{ { SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND }, 9, 0 },
};

START_TEST(test_clock)
{
	for (size_t i = 0; i < clocks[_i].n; i++)
		context_delay(&context, STR("c"), STR("n1"), clocks[_i].delays[i]);
	context_delay(&context, STR("c"), STR("n2"), -7);
	context_delay(&context, STR("d"), STR("n1"), -9);
	finish();
	ck_assert_int_eq(context_clock_offset(&context, STR("c"), STR("n1")), clocks[_i].offset);
	ck_assert_int_eq(context_clock_offset(&context, STR("c"), STR("n3")), 0);
	ck_assert_int_eq(context_clock_offset(&context, STR("c"), (struct str){ 0 }), 0);
}
END_TEST

static void own(const char *kind, const char *name, const char *owner_kind, const char *owner)
{
	context_owner(&context,
		      &(struct ownership){ STR("c"), STR("shop"), str_from(kind), str_from(name),
					   str_from(owner_kind), str_from(owner), NSEC_NONE });
}

static void check_workload(const char *namespace, const char *kind, const char *name,
			   const char *expected)
{
	struct str k = str_from(kind), n = str_from(name);
	char text[100];
	bool found = context_workload(&context, STR("c"), str_from(namespace), &k, &n);

	snprintf(text, sizeof(text), "%s" STR_FMT " " STR_FMT, found ? "" : "? ", STR_ARG(k),
		 STR_ARG(n));
	ck_assert_str_eq(text, expected);
}

START_TEST(test_workload)
{
	own("ReplicaSet", "web-6d4", "Deployment", "web");
	own("Deployment", "web", "App", "shop");
	own("Job", "j", "CronJob", "c");
	own("ReplicaSet", "empty", "", "");
	own("ReplicaSet", "nameless", "Deployment", "");
	check_workload("shop", "ReplicaSet", "web-6d4", "App shop");
	check_workload("shop", "Job", "j", "CronJob c");
	check_workload("shop", "Job", "web-6d4", "? Job web-6d4");
	check_workload("other", "Job", "j", "? Job j");
	check_workload("shop", "ReplicaSet", "empty", "? ReplicaSet empty");
	check_workload("shop", "ReplicaSet", "nameless", "Deployment ");
}
END_TEST

/* Who owns whom in a circle: it ends. Made anew under another owner: always the same one. */
START_TEST(test_odd_owners)
{
	own("A", "a", "B", "b");
	own("B", "b", "A", "a");
	own("S", "s", "S", "s");
	check_workload("shop", "A", "a", "A a");
	check_workload("shop", "S", "s", "S s");
	own("R", "r", "D", "two");
	own("R", "r", "D", "one");
	own("R", "r", "D", "two");
	check_workload("shop", "R", "r", "D one");
}
END_TEST

/* The first of several with one name; an owner that is unknown or missing has no time. */
START_TEST(test_created)
{
	static const struct str c = { "c", 1 }, n = { "shop", 4 }, r = { "R", 1 };

	ck_assert_int_eq(context_created(&context, c, n, r, r), NSEC_NONE);
	context_owner(&context, &(struct ownership){ c, n, r, r, STR("D"), STR("d"), 0 });
	ck_assert_int_eq(context_created(&context, c, n, r, r), NSEC_NONE);
	context_owner(&context, &(struct ownership){ c, n, r, r, STR("D"), STR("d"), T0 + SECOND });
	context_owner(&context, &(struct ownership){ c, n, r, r, STR("D"), STR("e"), T0 });
	context_owner(&context, &(struct ownership){ c, n, r, r, STR("D"), STR("d"), NSEC_NONE });
	ck_assert_int_eq(context_created(&context, c, n, r, r), T0);
	context_owner(&context, &(struct ownership){ c, n, r, r, STR(""), STR(""), T0 - SECOND });
	ck_assert_int_eq(context_created(&context, c, n, r, r), T0 - SECOND);
	check_workload("shop", "R", "R", "D d");
	context_owner(&context, &(struct ownership){ c, n, r, STR("bare"), STR(""), STR(""), T0 });
	ck_assert_int_eq(context_created(&context, c, n, r, STR("bare")), T0);
	check_workload("shop", "R", "bare", "? R bare");
	context_owner(&context, &(struct ownership){ c, n, r, STR("bare"), STR("D"), STR("d"), 0 });
	check_workload("shop", "R", "bare", "D d");
	ck_assert_int_eq(context_created(&context, c, STR("other"), r, r), NSEC_NONE);
}
END_TEST

START_TEST(test_long_names)
{
	char name[2000];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	own("R", name, "D", "d");
	own("R", "r", "D", name);
	check_workload("shop", "R", "r", "? R r"); /* longer than any name: not kept */
	ck_assert_int_eq(context_clock_offset(&context, STR("c"), str_from(name)), 0);
}
END_TEST

START_TEST(test_changes)
{
	struct node *node;

	for (int i = CONTEXT_NODE_CHANGES_MAX + 50; i > 0; i--)
		context_node_change(&context, STR("c"), STR("n1"),
				    &(struct node_change){ T0 + i, STR("Ready"), i % 2 });
	node = context_node(&context, STR("c"), STR("n1"));
	ck_assert_uint_eq(node->n_changes, CONTEXT_NODE_CHANGES_MAX);
	/* written again and again: one change */
	for (int i = 0; i < 5; i++)
		context_node_change(&context, STR("c"), STR("n2"),
				    &(struct node_change){ T0, STR("Ready"), true });
	context_node_change(&context, STR("c"), STR("n2"),
			    &(struct node_change){ T0, STR("Ready"), false });
	context_node_change(&context, STR("c"), STR("n2"),
			    &(struct node_change){ T0, STR("Disk"), true });
	finish();
	node = context_node(&context, STR("c"), STR("n1"));
	for (size_t i = 1; i < node->n_changes; i++)
		ck_assert_int_lt(node->changes[i - 1].at, node->changes[i].at);
	node = context_node(&context, STR("c"), STR("n2"));
	ck_assert_uint_eq(node->n_changes, 3);
	ck_assert_str(node->changes[0].subject, STR("Disk"));
	ck_assert(!node->changes[1].truth && node->changes[2].truth);
}
END_TEST

/* Some facts in one of several parts, by dice. */
static void fill(struct context *parts, size_t n_parts, uint64_t seed)
{
	static const struct str clusters[] = { { "", 0 }, { "c", 1 }, { "d", 1 } };
	static const struct str names[] = { { "a", 1 }, { "b", 1 }, { "ab", 2 }, { "", 0 } };

	for (int i = 0; i < 2000; i++) {
		struct context *c = &parts[test_random(&seed) % n_parts];
		struct str cluster = clusters[test_random(&seed) % 3];
		struct str name = names[test_random(&seed) % 4], other = names[i % 4];
		nsec at = T0 + (nsec)(test_random(&seed) % 5000) * SECOND;

		switch (test_random(&seed) % 5) {
		case 0:
			context_node_change(c, cluster, name,
					    &(struct node_change){ at, other, i % 2 });
			break;
		case 1:
			context_delay(c, cluster, name, (nsec)(test_random(&seed) % 1000) - 300);
			break;
		case 2:
			context_owner(c, &(struct ownership){ cluster, STR("n"), STR("R"), name,
							      STR("D"), other,
							      (nsec)(i + 1) * SECOND });
			break;
		case 3:
			context_cluster(c, cluster)->status_writes++;
			break;
		default:
			context_record(c, cluster, at, WRITING_OTHER);
		}
	}
}

static void describe_cluster(struct buf *out, const struct cluster *cl)
{
	buf_printf(out, "%lld %lld %llu %llu %zu %zu\n", (long long)cl->first, (long long)cl->last,
		   (unsigned long long)cl->records, (unsigned long long)cl->status_writes,
		   cl->n_minutes, cl->n_gaps);
	for (size_t i = 0; i < cl->n_minutes; i++)
		buf_printf(out, " %lld-%lld", (long long)cl->minutes[i].first,
			   (long long)cl->minutes[i].last);
	for (size_t i = 0; i < cl->n_gaps; i++)
		buf_printf(out, " %lld>%lld", (long long)cl->gaps[i].from,
			   (long long)cl->gaps[i].to);
}

static void describe(struct context *c, struct buf *out)
{
	static const char *const clusters[] = { "", "c", "d" };
	static const char *const names[] = { "a", "b", "ab", "" };

	context_finish(c);
	for (size_t i = 0; i < 3; i++) {
		struct str cluster = str_from(clusters[i]);

		describe_cluster(out, context_find_cluster(c, cluster));
		for (size_t k = 0; k < 4; k++) {
			struct str kind = STR("R"), name = str_from(names[k]);
			struct node *node = context_node(c, cluster, name);

			buf_printf(out, "\n%llu %lld", (unsigned long long)node->delays.n,
				   (long long)context_clock_offset(c, cluster, name));
			for (size_t n = 0; n < node->n_changes; n++)
				buf_printf(out, " " STR_FMT "%d@%lld",
					   STR_ARG(node->changes[n].subject),
					   node->changes[n].truth, (long long)node->changes[n].at);
			buf_printf(out, "\n%lld",
				   (long long)context_created(c, cluster, STR("n"), kind, name));
			context_workload(c, cluster, STR("n"), &kind, &name);
			buf_printf(out, "\n" STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(name));
		}
	}
}

/* However the facts were spread over threads and in whatever order these are merged. */
START_TEST(test_merge)
{
	enum { PARTS = 4 };
	static const size_t orders[][PARTS] = { { 0, 1, 2, 3 }, { 3, 1, 0, 2 }, { 2, 3, 1, 0 } };
	struct buf whole = { 0 }, merged = { 0 };

	fill(&context, 1, (uint64_t)_i);
	describe(&context, &whole);
	for (size_t o = 0; o < ARRAY_SIZE(orders); o++) {
		struct context parts[PARTS] = { 0 }, sum = { 0 };
		uint64_t seed = (uint64_t)_i;

		fill(parts, PARTS, seed);
		for (size_t i = 0; i < PARTS; i++)
			context_merge(&sum, &parts[orders[o][i]]);
		buf_reset(&merged);
		describe(&sum, &merged);
		ck_assert_str(buf_str(&merged), buf_str(&whole));
		for (size_t i = 0; i < PARTS; i++)
			context_free(&parts[i]);
		context_free(&sum);
	}
	buf_free(&whole);
	buf_free(&merged);
}
END_TEST

TCase *context_tests(void)
{
	TCase *t = tcase_create("context");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_window);
	tcase_add_loop_test(t, test_gap, 0, ARRAY_SIZE(gaps));
	tcase_add_loop_test(t, test_clock, 0, ARRAY_SIZE(clocks));
	tcase_add_test(t, test_workload);
	tcase_add_test(t, test_odd_owners);
	tcase_add_test(t, test_created);
	tcase_add_test(t, test_long_names);
	tcase_add_test(t, test_changes);
	tcase_add_loop_test(t, test_merge, 0, 5);
	return t;
}
