/* SPDX-License-Identifier: Apache-2.0 */
/* Who is present in a log: which silences are holes, whose, and that no order of adding matters. */
#include "suites.h"

#include "kube/presence.h"

static struct presence presence;

static void teardown(void)
{
	presence_free(&presence);
}

static void write_at(struct str writer, nsec second, bool lease)
{
	presence_add(&presence, STR("c"), writer, T0 + second * SECOND,
		     lease ? WRITING_LEASE : WRITING_OTHER);
}

/* Every `step` seconds in [from, to). */
static void write_each(struct str writer, nsec from, nsec to, nsec step, bool lease)
{
	for (nsec at = from; at < to; at += step)
		write_at(writer, at, lease);
}

static void finish(nsec last)
{
	presence_sort(&presence);
	presence_finish(&presence, STR("c"), (struct gap){ T0, T0 + last * SECOND }, NULL, NULL);
}

/* The holes as text: "from-to ...", in seconds after T0; - is open. */
static void check_holes(const struct holes *h, const char *expected)
{
	char text[500] = "";

	for (size_t i = 0; i < h->n; i++) {
		size_t n = strlen(text);
		const struct gap *g = &h->list[i];
		char from[24] = "-", to[24] = "-";

		if (g->from != INT64_MIN)
			snprintf(from, sizeof(from), "%lld", (long long)((g->from - T0) / SECOND));
		if (g->to != INT64_MAX)
			snprintf(to, sizeof(to), "%lld", (long long)((g->to - T0) / SECOND));
		snprintf(text + n, sizeof(text) - n, "%s%s..%s", n ? " " : "", from, to);
	}
	ck_assert_str_eq(text, expected);
}

#define NODE STR("system:node:n1")

/*
 * What each of these writers writes in ten minutes, and its holes. `skip` is what is taken out.
 */
static const struct {
	const char *name;
	nsec step, skip_from, skip_to, first, last;
	bool lease;
	const char *expected;
} rates[] = {
	{ "a lease each 10 s, all of them", 10, 0, 0, 0, 601, true, "" },
	{ "one is lost: kubelets miss one now and then", 10, 200, 210, 0, 601, true, "" },
	{ "half a minute is lost", 10, 200, 230, 0, 601, true, "190..230" },
	{ "the second half", 10, 300, 601, 0, 601, true, "290..-" },
	{ "the first half", 10, 0, 300, 0, 601, true, "-..300" },
	{ "without leases half a minute may be silent", 5, 200, 220, 0, 601, false, "" },
	{ "and however long, however busy it was", 5, 200, 500, 0, 601, false, "" },
	{ "fewer than twenty writes are no rate", 40, 120, 400, 0, 601, true, "" },
	{ "too little of the window", 1, 60, 601, 0, 601, true, "" },
};

START_TEST(test_rate)
{
	for (nsec at = rates[_i].first; at < rates[_i].last; at += rates[_i].step)
		if (at < rates[_i].skip_from || at >= rates[_i].skip_to)
			write_at(NODE, at, rates[_i].lease);
	/* others fill the log */
	write_each(WRITER_ALL, 0, 601, 1, true);
	finish(600);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n1")), rates[_i].expected);
}
END_TEST

/* Ever longer silences, none three times as long as those before: a controller with little to do.
 */
START_TEST(test_bursts)
{
	static const nsec at[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,	12,  14,  16,
				   19, 22, 26, 30, 36, 42, 50, 60, 75, 95, 120, 155, 205, 275 };

	for (size_t i = 0; i < ARRAY_SIZE(at); i++)
		write_at(NODE, at[i], true);
	write_each(WRITER_ALL, 0, 276, 1, true);
	finish(275);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n1")), "");
}
END_TEST

START_TEST(test_everybody)
{
	write_each(WRITER_ALL, 0, 100, 1, true);
	write_each(WRITER_ALL, 113, 200, 1, true);
	write_each(NODE, 0, 200, 4, false);
	write_each(STR("system:node:rare"), 0, 3, 1, false);
	finish(199);
	check_holes(presence_holes(&presence, STR("c"), WRITER_ALL), "99..113");
	/* other writers that are too rare for a rate of their own share it */
	check_holes(presence_kubelet(&presence, STR("c"), STR("rare")), "99..-");
}
END_TEST

/* Without a rate, ten minutes without any record are still a hole. */
START_TEST(test_ceiling)
{
	write_at(WRITER_ALL, 0, false);
	write_at(WRITER_ALL, 599, false);
	write_at(WRITER_ALL, 1199, false);
	finish(1199);
	check_holes(presence_holes(&presence, STR("c"), WRITER_ALL), "599..1199");
}
END_TEST

START_TEST(test_absent)
{
	finish(600);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n1")), ""); /* dumps alone */
	write_each(WRITER_ALL, 0, 601, 1, true);
	write_each(NODE, 0, 601, 10, true);
	finish(600);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n1")), "");
	check_holes(presence_kubelet(&presence, STR("c"), STR("n2")), "-..-");
	check_holes(presence_holes(&presence, STR("c"), WRITER_SCHEDULER), "-..-");
	check_holes(presence_holes(&presence, STR("c"), WRITER_KUBELETS), "");
	check_holes(presence_holes(&presence, STR("d"), WRITER_SCHEDULER), "");
}
END_TEST

/* Kubelets without a node name: none of them is reported missing. */
START_TEST(test_anonymous)
{
	write_each(WRITER_ALL, 0, 601, 1, true);
	write_each(WRITER_KUBELET, 0, 601, 10, true);
	finish(600);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n2")), "");
}
END_TEST

/* It was given a pod, and is silent for half a minute, which no rate explains. */
START_TEST(test_asked)
{
	static const struct {
		nsec asked;
		const char *expected;
	} rows[] = { { 300, "210..390" }, { 211, "210..390" }, { 358, "210..390" },
		     { 359, "" },	  { 210, "" },	       { 209, "" } };

	write_each(WRITER_ALL, 0, 2000, 1, false);
	for (nsec at = 0; at < 2000; at += 30)
		if (at <= 210 || at >= 390)
			write_at(NODE, at, false);
	presence_ask_kubelet(&presence, STR("c"), STR("n1"), T0 + rows[_i].asked * SECOND, true);
	finish(1999);
	check_holes(presence_kubelet(&presence, STR("c"), STR("n1")), rows[_i].expected);
}
END_TEST

/*
 * Any split over threads and any order of merging gives the same, also where slots had to become
 * wider: 40 writers, each a second of every page for so long that it takes too much memory.
 */
START_TEST(test_merged)
{
	struct presence parts[3] = { 0 }, whole = { 0 };
	uint64_t state = 7;
	char name[32];

	for (int i = 0; i < 200000; i++) {
		nsec at = (nsec)(test_random(&state) % (uint64_t)(400 * 24 * HOUR / SECOND));
		unsigned w = (unsigned)(test_random(&state) % 40);

		snprintf(name, sizeof(name), "system:node:%u", w);
		presence_add(&whole, STR("c"), str_from(name), at * SECOND, WRITING_OTHER);
		presence_add(&parts[test_random(&state) % 3], STR("c"), str_from(name), at * SECOND,
			     false);
	}
	ck_assert_uint_gt(whole.shift, 0);
	presence_merge(&presence, &parts[2]);
	presence_merge(&presence, &parts[0]);
	presence_merge(&presence, &parts[1]);
	ck_assert_uint_eq(presence.shift, whole.shift);
	ck_assert_uint_eq(presence.pages, whole.pages);
	ck_assert_uint_le(presence.pages, PRESENCE_PAGES);
	for (size_t i = 0; i < whole.names.n; i++) {
		const struct log_writer *a = &whole.writers[i],
					*b = presence_find(&presence, a->cluster, a->name);
		nsec first[2], last[2];

		ck_assert_ptr_nonnull(b);
		ck_assert_uint_eq(a->chart.records, b->chart.records);
		ck_assert_uint_eq(a->chart.n_pages, b->chart.n_pages);
		ck_assert(chart_ends(&a->chart, whole.shift, &first[0], &last[0]));
		ck_assert(chart_ends(&b->chart, presence.shift, &first[1], &last[1]));
		ck_assert_int_eq(first[0], first[1]);
		ck_assert_int_eq(last[0], last[1]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		presence_free(&parts[i]);
	presence_free(&whole);
}
END_TEST

/* Any time is accepted, even an implausible one; and names of any length. */
START_TEST(test_hostile)
{
	char name[2000];

	memset(name, 'x', sizeof(name));
	presence_add(&presence, STR("c"), (struct str){ name, sizeof(name) }, T0, WRITING_OTHER);
	for (int i = 0; i < 63; i++) {
		presence_add(&presence, STR("c"), NODE, (nsec)1 << i, WRITING_OTHER);
		presence_add(&presence, STR("c"), NODE, -((nsec)1 << i), WRITING_OTHER);
		presence_add(&presence, STR("c"), WRITER_ALL, (nsec)1 << i, WRITING_OTHER);
	}
	presence_sort(&presence);
	presence_finish(&presence, STR("c"), (struct gap){ -((nsec)1 << 62), (nsec)1 << 62 }, NULL,
			NULL);
	presence_kubelet(&presence, STR("c"), (struct str){ name, sizeof(name) });
	ck_assert_ptr_nonnull(presence_find(&presence, STR("c"), NODE));
}
END_TEST

static const struct gap three[] = { { 10, 20 }, { 30, 40 }, { 50, INT64_MAX } };

START_TEST(test_next)
{
	static const struct {
		nsec from, to;
		int next; /* which comes next; -1: none */
		bool touch;
	} rows[] = { { 0, 10, 0, false },  { 0, 11, 0, true },	{ 19, 20, 0, true },
		     { 20, 30, 1, false }, { 20, 31, 1, true }, { 45, 50, 2, false },
		     { 60, 61, 2, true },  { 40, 41, 2, false } };
	struct holes h = { 0 };
	const struct gap *next;

	for (size_t i = ARRAY_SIZE(three); i-- > 0;)
		holes_add(&h, three[i]);
	holes_add(&h, (struct gap){ 12, 20 });
	holes_unite(&h);
	ck_assert_uint_eq(h.n, 3);
	next = holes_next(&h, rows[_i].from);
	ck_assert_int_eq(next ? (int)(next - h.list) : -1, rows[_i].next);
	ck_assert_int_eq(holes_touch(&h, rows[_i].from, rows[_i].to), rows[_i].touch);
	ck_assert(!holes_touch(NULL, rows[_i].from, rows[_i].to));
	holes_free(&h);
}
END_TEST

TCase *presence_tests(void)
{
	TCase *t = tcase_create("presence");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_loop_test(t, test_rate, 0, ARRAY_SIZE(rates));
	tcase_add_test(t, test_bursts);
	tcase_add_test(t, test_everybody);
	tcase_add_test(t, test_ceiling);
	tcase_add_test(t, test_absent);
	tcase_add_test(t, test_anonymous);
	tcase_add_loop_test(t, test_asked, 0, 6);
	tcase_add_test(t, test_merged);
	tcase_add_test(t, test_hostile);
	tcase_add_loop_test(t, test_next, 0, 8);
	return t;
}
