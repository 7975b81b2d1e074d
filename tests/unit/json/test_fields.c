/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "json/fields.h"

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

struct thing {
	struct str kind, raw, long_key, inner, items, scalar;
	nsec at;
	int64_t i64;
	uint32_t count, length;
	bool flag, set, has;
	unsigned n_items, n_other;
};

static void read_item(struct json *j, void *object)
{
	struct thing *t = object;

	t->n_items++;
	json_text(j, &t->items);
}

static void read_other(struct json *j, void *object)
{
	((struct thing *)object)->n_other++;
	json_skip(j);
}

static const struct json_field inner_fields[] = {
	JSON_FIELD(TEXT, "kind", struct thing, inner),
	JSON_EACH("items", read_item),
};

/* Keys of all lengths that are compared in different ways, and some that differ in one byte. */
static const struct json_field fields[] = {
	JSON_FIELD(TEXT, "kind", struct thing, kind),
	JSON_FIELD(RAW, "kine", struct thing, raw),
	JSON_FIELD(TIME, "at", struct thing, at),
	JSON_FIELD(I64, "number64", struct thing, i64),
	JSON_FIELD(COUNT, "n", struct thing, count),
	JSON_FIELD(BOOL, "flag", struct thing, flag),
	JSON_FIELD(IS_SET, "isSet", struct thing, set),
	JSON_INSIDE("inside", inner_fields),
	JSON_EACH("items", read_item),
	JSON_FIELD(TEXT, "a.key.of.more.than.16.bytes", struct thing, long_key),
	JSON_OTHER("other", read_other),
	JSON_FIELD(SCALAR, "cpu", struct thing, scalar),
	JSON_FIELD(ITEMS, "gates", struct thing, length),
	JSON_FIELD(HAS, "gate", struct thing, has),
};

/* The table is copied to the heap, and so is the text: nothing may be read beside them. */
static struct thing thing_of(const char *text, bool *ret_object, bool *ret_good)
{
	struct thing t = { .at = NSEC_NONE, .i64 = -7, .count = 5 };
	char *copy = exact_copy(str_from(text));
	char *rows = exact_copy((struct str){ (const char *)fields, sizeof(fields) });
	struct json j = json_of((struct str){ copy, strlen(text) }, &arena);

	*ret_object =
	    json_fields(&j, (const struct json_field *)(void *)rows, ARRAY_SIZE(fields), &t);
	*ret_good = json_end(&j);
	t.kind = arena_str(&arena, t.kind);
	t.raw = arena_str(&arena, t.raw);
	t.inner = arena_str(&arena, t.inner);
	t.items = arena_str(&arena, t.items);
	t.long_key = arena_str(&arena, t.long_key);
	t.scalar = arena_str(&arena, t.scalar);
	free(rows);
	free(copy);
	return t;
}

static struct thing good(const char *text)
{
	bool object, end;
	struct thing t = thing_of(text, &object, &end);

	ck_assert_msg(object && end, "%s", text);
	return t;
}

static void check_text(struct str s, const char *expected)
{
	ck_assert_msg(str_eq(s, str_from(expected)), STR_FMT " is not %s", STR_ARG(s), expected);
}

static void check_all(const struct thing *t)
{
	check_text(t->kind, "Pod");
	check_text(t->raw, "[1, 2]");
	ck_assert_int_eq(t->at, SECOND + SECOND / 2);
	ck_assert_int_eq(t->i64, -12);
	ck_assert_uint_eq(t->count, 3);
	ck_assert(t->flag && t->set);
	check_text(t->inner, "Node");
	check_text(t->items, "b");
	ck_assert_uint_eq(t->n_items, 2);
	check_text(t->long_key, "x");
	ck_assert_uint_eq(t->n_other, 1);
	check_text(t->scalar, "0.5");
	ck_assert_uint_eq(t->length, 3);
	ck_assert(t->has);
}

/* One member a row. Their number is a prime, so that every step meets all of them. */
static const char *const members[] = {
	"\"kind\":\"Pod\"",
	"\"kine\": [1, 2] ",
	"\"at\":\"1970-01-01T00:00:01.5Z\"",
	"\"number64\":-12",
	"\"n\":3",
	"\"flag\":true",
	"\"isSet\":{\"x\":[]}",
	"\"inside\":{\"kind\":\"Node\",\"x\":1}",
	"\"items\":[\"a\",\"b\"]",
	"\"a.key.of.more.than.16.bytes\":\"x\"",
	"\"other\":{\"kind\":\"Other\"}",
	"\"cpu\":0.5",
	"\"gates\":[{},[1],null]",
	"\"unknown\":{\"kind\":\"Unknown\"}",
	"\"\":1",
	"\"cpus\":1",
	"\"gate\":null",
};

START_TEST(test_any_order)
{
	size_t n = ARRAY_SIZE(members), start = (size_t)_i % n, step = (size_t)_i / n + 1;
	char text[1024] = "{";
	struct thing t;

	for (size_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "," : "",
			 members[(start + i * step) % n]);
	strncat(text, "}", sizeof(text) - strlen(text) - 1);
	t = good(text);
	check_all(&t);
}
END_TEST

START_TEST(test_keys)
{
	struct thing t = good("{\"kin\":\"a\",\"kindx\":\"b\",\"Kind\":\"c\",\"nind\":\"d\","
			      "\"kinf\":1,\"isset\":{},\"a.key.of.more.than.16.byteS\":\"e\"}");

	ck_assert(!t.kind.n && !t.raw.n && !t.set && !t.has && !t.long_key.n);
	t = good("{\"k\\u0069nd\":\"escaped \\u00e9\"}");
	check_text(t.kind, "escaped \xc3\xa9");
	t = good("{}");
	ck_assert(!t.kind.n && t.at == NSEC_NONE && t.i64 == -7 && t.count == 5);
}
END_TEST

/* The longest length that fits 8 bits, and one more: no row's, whatever their first bytes. */
START_TEST(test_long_keys)
{
	char text[700];

	for (size_t n = 200; n < 600; n++) {
		int at = snprintf(text, sizeof(text), "{\"n");

		memset(text + at, 'n', n - 1);
		snprintf(text + at + n - 1, sizeof(text) - (size_t)at - n + 1, "\":9}");
		ck_assert_uint_eq(good(text).count, 5);
	}
}
END_TEST

START_TEST(test_duplicates)
{
	struct thing t =
	    good("{\"kind\":\"A\",\"kind\":\"B\",\"n\":1,\"n\":2,\"kind\":null,\"n\":0,"
		 "\"items\":[1],\"items\":[2]}");

	check_text(t.kind, "B");
	ck_assert_uint_eq(t.count, 2);
	ck_assert_uint_eq(t.n_items, 2);
}
END_TEST

/* Values of each other type leave the struct as it is, but for IS_SET, which is then false. */
static const char *const values[] = { "null", "true",  "1.5", "\"text\"", "[]",
				      "{}",   "false", "-1",  "[{}]",	  "4294967296" };

START_TEST(test_wrong_types)
{
	char text[256];
	const char *v = values[_i];
	bool string = *v == '"', object = *v == '{', integer = strcmp(v, "-1") == 0;
	struct thing t;

	snprintf(text, sizeof(text),
		 "{\"kind\":%s,\"at\":%s,\"number64\":%s,\"n\":%s,\"isSet\":{},\"isSet\":%s,"
		 "\"inside\":%s,\"kine\":%s,\"cpu\":%s,\"gates\":%s}",
		 v, v, v, v, v, v, v, v, v);
	t = good(text);
	check_text(t.kind, string ? "text" : "");
	ck_assert(t.at == NSEC_NONE);
	ck_assert_int_eq(t.i64, integer ? -1 : *v == '4' ? 4294967296 : -7);
	ck_assert_uint_eq(t.count, 5);
	ck_assert(t.set == object && !t.inner.n);
	ck_assert_uint_eq(t.length, strcmp(v, "[{}]") == 0);
	check_text(t.scalar, string ? "text" : *v == '-' || (*v >= '0' && *v <= '9') ? v : "");
	ck_assert(*v == 'n' ? !t.raw.p || !t.raw.n : str_eq(t.raw, str_from(v)));
}
END_TEST

START_TEST(test_no_object)
{
	bool object, end;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		thing_of(values[i], &object, &end);
		ck_assert(end && object == (*values[i] == '{'));
	}
}
END_TEST

/* Truncated anywhere: an error, and no byte is read past the end. */
START_TEST(test_cut)
{
	char text[1024] = "{";
	bool object, end;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "," : "",
			 members[i]);
	for (size_t n = strlen(text); n > 0; n--) {
		text[n] = 0;
		thing_of(text, &object, &end);
		ck_assert_msg(object && !end, "%s", text);
	}
}
END_TEST

/* Values before an error are kept; values after it are not read. */
static const char *const damaged[] = {
	"{\"kind\":\"Pod\",\"n\":}",
	"{\"kind\":\"Pod\",\"n\":01,\"number64\":1}",
	"{\"kind\":\"Pod\" \"number64\":1}",
	"{\"kind\":\"Pod\",\"items\":[1 2],\"number64\":1}",
	"{\"kind\":\"Pod\",\"inside\":{\"x\"},\"number64\":1}",
	"{\"kind\":\"Pod\",\"kine\":nul,\"number64\":1}",
	"{\"kind\":\"Pod\",\"unknown\":tru,\"number64\":1}",
	"{\"kind\":\"Pod\",\"isSet\":{,\"number64\":1}",
	"{\"kind\":\"Pod\",\"\\q\":1,\"number64\":1}",
};

START_TEST(test_damaged)
{
	bool object, end;
	struct thing t = thing_of(damaged[_i], &object, &end);

	ck_assert(object && !end);
	check_text(t.kind, "Pod");
	ck_assert_int_eq(t.i64, -7);
}
END_TEST

TCase *fields_tests(void)
{
	TCase *tc = tcase_create("fields");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, test_any_order, 0, (int)ARRAY_SIZE(members) * 12);
	tcase_add_test(tc, test_keys);
	tcase_add_test(tc, test_long_keys);
	tcase_add_test(tc, test_duplicates);
	tcase_add_loop_test(tc, test_wrong_types, 0, (int)ARRAY_SIZE(values));
	tcase_add_test(tc, test_no_object);
	tcase_add_test(tc, test_cut);
	tcase_add_loop_test(tc, test_damaged, 0, (int)ARRAY_SIZE(damaged));
	return tc;
}
