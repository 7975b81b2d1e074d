/* SPDX-License-Identifier: Apache-2.0 */
#include "gather.h"

#include "base/mem.h"
#include "input/join.h"

/* Texts go in line by line; what comes out, and what waits at the end, is one string. */
static const struct row {
	const char *in, *out;
	size_t record_max;
} rows[] = {
	{ "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"}",
	  "1:{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"}\n", 0 },
	/* CRI */
	{ "2026-11-22T10:00:00.1Z stdout P {\"a\":\n2026-11-22T10:00:00.2Z stdout F 1}",
	  "1:2026-11-22T10:00:00.1Z stdout F {\"a\":1}\n", 0 },
	{ "2026-11-22T10:00:00.1Z stdout P a\n2026-11-22T10:00:00.2Z stderr P b\n"
	  "2026-11-22T10:00:00.3Z stdout P c\n2026-11-22T10:00:00.4Z stderr F d\n"
	  "2026-11-22T10:00:00.5Z stdout F e",
	  "2:2026-11-22T10:00:00.2Z stderr F bd\n1:2026-11-22T10:00:00.1Z stdout F ace\n", 0 },
	{ "2026-11-22T10:00:00.1Z stdout P:x a\n2026-11-22T10:00:00.2+01:00 stdout F:y b",
	  "1:2026-11-22T10:00:00.1Z stdout F ab\n", 0 },
	{ "2026-11-22T10:00:00.1Z stdout F whole", "1:2026-11-22T10:00:00.1Z stdout F whole\n", 0 },
	{ "2026-11-22T10:00:00.1Z stdout Fine day", "1:2026-11-22T10:00:00.1Z stdout Fine day\n",
	  0 },
	{ "2026-11-22T10:00:00.1Z stdout P never ends", "waits 1\n", 0 },
	/* Docker */
	{ "{\"log\":\"{\\\"a\\\":\",\"stream\":\"stdout\",\"time\":\"t\"}\n"
	  "{\"log\":\"1}\\n\",\"stream\":\"stdout\",\"time\":\"t\"}",
	  "1:{\"a\":1}\n", 0 },
	{ "{\"log\":\"{\\\"a\\\":1}\\n\",\"stream\":\"stdout\"}",
	  "1:{\"log\":\"{\\\"a\\\":1}\\n\",\"stream\":\"stdout\"}\n", 0 },
	/* newlines stripped by a shipper: a whole value is whole, and ends what waits */
	{ "{\"log\":\"{\\\"a\\\":1}\"}", "1:{\"log\":\"{\\\"a\\\":1}\"}\n", 0 },
	{ "{\"log\":\"{\\\"a\\\":\"}\n{\"log\":\"[1\"}\n{\"log\":\"]}\"}", "1:{\"a\":[1]}\n", 0 },
	{ "{\"log\":\"plain text\"}", "1:{\"log\":\"plain text\"}\n", 0 },
	/* Fluent Bit, Vector, Docker's fluentd driver */
	{ "{\"logtag\":\"P\",\"log\":\"a\",\"stream\":\"stdout\"}\n"
	  "{\"stream\":\"stdout\",\"log\":\"b\",\"logtag\":\"F\"}",
	  "1:ab\n", 0 },
	{ "{\"logtag\":\"P\",\"log\":\"a\",\"kubernetes\":{\"pod_id\":\"1\"}}\n"
	  "{\"logtag\":\"P\",\"log\":\"x\",\"kubernetes\":{\"pod_id\":\"2\"}}\n"
	  "{\"logtag\":\"F\",\"log\":\"b\",\"kubernetes\":{\"pod_id\":\"1\"}}",
	  "1:ab\nwaits 2\n", 0 },
	{ "{\"log\":\"a\",\"partial_message\":\"true\",\"partial_id\":\"i\",\"partial_last\":"
	  "\"false\"}\n"
	  "{\"log\":\"b\",\"partial_message\":\"true\",\"partial_id\":\"i\",\"partial_last\":"
	  "\"true\"}",
	  "1:ab\n", 0 },
	/* limits */
	{ "2026-11-22T10:00:00.1Z stdout P 1234567890\n2026-11-22T10:00:00.2Z stdout P 1234567890"
	  "1234567890123456789012345678901234567890\n2026-11-22T10:00:00.3Z stdout F end\n"
	  "2026-11-22T10:00:00.4Z stdout F next",
	  "dropped 1\n4:2026-11-22T10:00:00.4Z stdout F next\n", 60 },
};

static void add_result(struct buf *out, enum join_result result, const struct text *text)
{
	if (result == JOIN_WHOLE || result == JOIN_JOINED)
		buf_printf(out, "%llu:" STR_FMT "\n", (unsigned long long)text->line,
			   STR_ARG(text->bytes));
	else if (result == JOIN_DROPPED)
		buf_printf(out, "dropped %llu\n", (unsigned long long)text->line);
}

START_TEST(test_row)
{
	struct join j = { .record_max = rows[_i].record_max ? rows[_i].record_max : 1000 };
	struct str rest = str_from(rows[_i].in), line;
	struct buf out = { 0 };
	struct text text = { 0 };
	bool more = true;

	for (uint64_t n = 1; more; n++) {
		more = str_cut(rest, '\n', &line, &rest);
		if (!more)
			line = rest;
		text = (struct text){ .bytes = line, .line = n, .offset = n * 10 };
		add_result(&out, join_text(&j, &text), &text);
	}
	while (join_end(&j, &text))
		buf_printf(&out, "waits %llu\n", (unsigned long long)text.line);
	ck_assert_dump_eq(&out, rows[_i].out);
	buf_free(&out);
	join_free(&j);
}
END_TEST

/* More streams than may wait: the oldest goes, and is told. */
START_TEST(test_many)
{
	struct join j = { .record_max = 1000 };
	unsigned dropped = 0, waiting = 0;
	struct text text;
	char line[200];

	for (int i = 0; i < JOIN_WAITING + 5; i++) {
		snprintf(line, sizeof(line),
			 "{\"logtag\":\"P\",\"log\":\"a\",\"container_id\":\"%d\"}", i);
		text = (struct text){ .bytes = str_from(line), .line = (uint64_t)i + 1 };
		dropped += join_text(&j, &text) == JOIN_DROPPED;
	}
	while (join_end(&j, &text))
		waiting++;
	ck_assert_uint_eq(dropped, 5);
	ck_assert_uint_eq(waiting, JOIN_WAITING);
	join_free(&j);
}
END_TEST

/* Streams that grow: together they stay below two records, and the one at hand is kept. */
START_TEST(test_growing)
{
	static const char *const lengths[] = { "1234567890",
					       "12345678901234567890123456789012345678"
					       "90123456789012345678901234567890123456"
					       "789" };
	struct join j = { .record_max = 100 };
	unsigned dropped = 0, waiting = 0;
	uint64_t lines = 0, at[4] = { 0 };
	struct text text;
	char line[300];

	for (int round = 0; round < 2; round++)
		for (int stream = 0; stream < 3; stream++) {
			snprintf(line, sizeof(line),
				 "{\"logtag\":\"P\",\"log\":\"%s\",\"container_id\":\"%d\"}",
				 lengths[round], stream);
			text = (struct text){ .bytes = str_from(line), .line = ++lines };
			dropped += join_text(&j, &text) == JOIN_DROPPED;
		}
	while (join_end(&j, &text))
		at[waiting++] = text.line;
	ck_assert_uint_eq(dropped, 1);
	ck_assert_uint_eq(waiting, 2);
	ck_assert_uint_eq(at[0], 2); /* the first stream, the oldest, went for the third */
	ck_assert_uint_eq(at[1], 3);
	join_free(&j);
}
END_TEST

Suite *suite_join(void)
{
	Suite *suite = suite_create("join");
	TCase *tests = tcase_create("join");

	tcase_add_loop_test(tests, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, test_many);
	tcase_add_test(tests, test_growing);
	suite_add_tcase(suite, tests);
	return suite;
}
