/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "base/mem.h"
#include "wrap/join.h"

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
	{ "2026-11-22T10:00:00.1Z stdout P never ends", "lost 1\n", 0 },
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
	  "1:ab\nlost 2\n", 0 },
	{ "{\"log\":\"a\",\"partial_message\":\"true\",\"partial_id\":\"i\",\"partial_last\":"
	  "\"false\"}\n"
	  "{\"log\":\"b\",\"partial_message\":\"true\",\"partial_id\":\"i\",\"partial_last\":"
	  "\"true\"}",
	  "1:ab\n", 0 },
	{ "{\"message\":\"{\\\"a\\\":\",\"_partial\":true}\n"
	  "{\"message\":\"1}\",\"_partial\":false}",
	  "1:{\"a\":1}\n", 0 },
	/* the key is there: its value does not matter */
	{ "{\"log\":null,\"message\":\"{\\\"a\\\":\"}\n{\"message\":\"1}\",\"logtag\":\"\"}",
	  "1:{\"a\":1}\n", 0 },
	{ "{\"message\":\"{\\\"a\\\":\"}", "1:{\"message\":\"{\\\"a\\\":\"}\n", 0 },
	/* limits */
	{ "2026-11-22T10:00:00.1Z stdout P 1234567890\n2026-11-22T10:00:00.2Z stdout P 1234567890"
	  "1234567890123456789012345678901234567890\n2026-11-22T10:00:00.3Z stdout F end\n"
	  "2026-11-22T10:00:00.4Z stdout F next",
	  "lost 1 long\n4:2026-11-22T10:00:00.4Z stdout F next\n", 60 },
};

static void add_result(struct buf *out, struct join *j, enum join_result result,
		       const struct join_line *text)
{
	struct join_lost lost;

	if (result != JOIN_WAITS)
		buf_printf(out, "%llu:" STR_FMT "\n", (unsigned long long)text->line,
			   STR_ARG(text->bytes));
	while (join_next_lost(j, &lost))
		buf_printf(out, "lost %llu%s\n", (unsigned long long)lost.line,
			   !lost.why			      ? ""
			   : strstr(lost.why, "--max-record") ? " long"
							      : " many");
}

START_TEST(test_row)
{
	struct join j = { .record_max = rows[_i].record_max ? rows[_i].record_max : 1000 };
	struct str rest = str_from(rows[_i].in), line;
	struct buf out = { 0 };
	struct join_line text = { 0 };
	bool more = true;

	for (uint64_t n = 1; more; n++) {
		more = str_cut(rest, '\n', &line, &rest);
		if (!more)
			line = rest;
		text = (struct join_line){ .bytes = line, .line = n, .offset = n * 10 };
		add_result(&out, &j, join_text(&j, &text), &text);
	}
	join_end(&j);
	add_result(&out, &j, JOIN_WAITS, &text);
	ck_assert_str(buf_str(&out), str_from(rows[_i].out));
	buf_free(&out);
	join_free(&j);
}
END_TEST

static void add_piece(struct join *j, struct buf *out, const char *log, int stream, uint64_t line)
{
	char bytes[300];
	struct join_line text;

	snprintf(bytes, sizeof(bytes), "{\"logtag\":\"P\",\"log\":\"%s\",\"container_id\":\"%d\"}",
		 log, stream);
	text = (struct join_line){ .bytes = str_from(bytes), .line = line };
	add_result(out, j, join_text(j, &text), &text);
}

/* More streams than the limit: the oldest is dropped, with a note. */
START_TEST(test_many)
{
	struct join j = { .record_max = 1000 };
	struct buf out = { 0 };

	for (int i = 0; i < JOIN_WAITING + 2; i++)
		add_piece(&j, &out, "a", i, (uint64_t)i + 1);
	ck_assert_str(buf_str(&out), str_from("lost 1 many\nlost 2 many\n"));
	ck_assert_uint_eq(j.n, JOIN_WAITING);
	buf_free(&out);
	join_free(&j);
}
END_TEST

/* Streams that grow: together they stay below two records, and the one at hand is kept. */
START_TEST(test_growing)
{
	static const char ten[] = "1234567890",
			  more[] = "12345678901234567890123456789012345678901234567890"
				   "1234567890123456789012345678";
	struct join j = { .record_max = 100 };
	struct buf out = { 0 };
	uint64_t line = 0;

	for (int stream = 0; stream < 3; stream++)
		add_piece(&j, &out, ten, stream, ++line);
	for (int stream = 0; stream < 3; stream++)
		add_piece(&j, &out, more, stream, ++line);
	ck_assert_str(buf_str(&out), str_from("lost 1 many\n"));
	ck_assert_uint_eq(j.n, 2);
	buf_free(&out);
	join_free(&j);
}
END_TEST

TCase *join_tests(void)
{
	TCase *tests = tcase_create("join");

	tcase_add_loop_test(tests, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, test_many);
	tcase_add_test(tests, test_growing);
	return tests;
}
