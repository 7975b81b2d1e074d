/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "page/basis.h"

#define STAMP "-2026-01-02T03-04-05.678"

/* lumberjack writes the timestamp before the extension, the compressor appends its own suffix. */
static const struct {
	const char *name, *set;
} names[] = {
	{ "audit.log", "audit.log" },
	{ "audit" STAMP ".log", "audit.log" },
	{ "audit" STAMP ".log.gz", "audit.log" },
	{ "audit" STAMP ".log.zst", "audit.log" },
	{ "audit" STAMP ".log.xz", "audit.log" },
	{ "audit.log.gz", "audit.log" },
	{ "audit" STAMP, "audit" },
	{ "kube-apiserver-audit" STAMP ".log", "kube-apiserver-audit.log" },
	/* must-gather puts the node before it: two servers, two logs */
	{ "master-0-audit" STAMP ".log.gz", "master-0-audit.log" },
	{ "master-1-audit" STAMP ".log.gz", "master-1-audit.log" },
	{ "master-0-audit.log", "master-0-audit.log" },
	/* the folder stays */
	{ "logs/a/audit" STAMP ".log", "logs/a/audit.log" },
	{ "logs/b/audit.log", "logs/b/audit.log" },
	/* no stamps of lumberjack's */
	{ "audit-2026-01-02.log", "audit-2026-01-02.log" },
	{ "audit-2026-01-02T03-04-05.log", "audit-2026-01-02T03-04-05.log" },
	{ "audit-2026-01-02T03:04:05.678.log", "audit-2026-01-02T03:04:05.678.log" },
	{ "audit-2026-01-02T03-04-05.67", "audit-2026-01-02T03-04-05.67" },
	{ "audit.log.1", "audit.log.1" },
	{ "-", "-" },
	{ "", "" },
	{ ".gz", "" },
};

START_TEST(log_set)
{
	struct arena arena = { 0 };
	struct str set = basis_log_set(str_from(names[_i].name), &arena);

	ck_assert_msg(str_eq(set, str_from(names[_i].set)), "'" STR_FMT "' is not '%s'",
		      STR_ARG(set), names[_i].set);
	arena_free(&arena);
}
END_TEST

START_TEST(n_log_sets)
{
	struct basis_source sources[] = {
		{ .log_set = STR("a.log"), .records = 3 },
		{ .log_set = STR("b.log"), .records = 1 },
		{ .log_set = STR("a.log"), .records = 2 },
		{ .log_set = STR("c.log"), .records = 0 },
	};
	struct basis b = { .sources = sources, .n_sources = ARRAY_SIZE(sources) };

	ck_assert_uint_eq(basis_n_log_sets(&b), 2);
	b.n_sources = 0;
	ck_assert_uint_eq(basis_n_log_sets(&b), 0);
}
END_TEST

Suite *suite_basis(void)
{
	Suite *s = suite_create("basis");
	TCase *t = tcase_create("basis");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, log_set, 0, (int)ARRAY_SIZE(names));
	tcase_add_test(t, n_log_sets);
	return s;
}
