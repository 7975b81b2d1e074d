/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader on any bytes: it agrees with cJSON (but for the documented differences), its three
 * ways to skip agree with each other, a walk in any order stays inside the text and meets an error
 * only where there is one, and so does a table of fields, and what the writer makes of a string is
 * read back as that string.
 */
#include "json/fields.h"
#include "json/writer.h"
#include "oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(x)                                                                                 \
	do {                                                                                       \
		if (!(x)) {                                                                        \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

enum { SKIPS_MAX = 64, SIZE_MAX_INPUT = 64 * 1024 };

static bool check_oracle(struct str text)
{
	const char *what = NULL;
	size_t offset = SIZE_MAX;
	bool ours = json_check(text, &what, &offset);
	cJSON *tree = oracle_parse(text);

	REQUIRE(ours || (what && offset <= text.n));
	if (ours && tree)
		REQUIRE(oracle_same(text, tree));
	else if (ours)
		REQUIRE(oracle_is_narrow(text));
	else if (tree)
		REQUIRE(oracle_is_lax(text, what, offset));
	cJSON_Delete(tree);
	return ours;
}

static void check_skips(struct str text)
{
	int left = SKIPS_MAX;

	for (size_t i = 0; i < text.n && left > 0; i++) {
		const char *p = text.p + i, *end = text.p + text.n, *after;

		if (*p != '{' && *p != '[')
			continue;
		left--;
		json_skip_use(JSON_SIMD_SCALAR);
		after = json_skip_container(p, end);
		REQUIRE(!after || (after > p && after <= end));
		for (int which = JSON_SIMD_SSE2; which <= JSON_SIMD_AVX2; which++)
			if (json_skip_use((enum json_simd)which))
				REQUIRE(json_skip_container(p, end) == after);
	}
	json_skip_use(JSON_SIMD_AUTO);
}

static void check_string(struct str s)
{
	struct arena arena = { 0 };
	struct buf once = { 0 }, twice = { 0 };
	struct json_writer w = json_writer_of(&once);
	const char *what;
	size_t offset;
	struct str back = { 0 };
	struct json j;

	json_put_str(&w, s);
	REQUIRE(json_check(buf_str(&once), &what, &offset));
	j = json_of(buf_str(&once), &arena);
	REQUIRE(json_text(&j, &back) && json_end(&j));
	w = json_writer_of(&twice);
	json_put_str(&w, back);
	/* the first writing has replaced what is not UTF-8; after that nothing changes any more */
	REQUIRE(str_eq(buf_str(&once), buf_str(&twice)));
	buf_free(&once);
	buf_free(&twice);
	arena_free(&arena);
}

/* One value, by the getter that the dice choose, which is often the wrong one. */
static void take_value(struct json *j, unsigned dice, char *kinds)
{
	struct str s;
	int64_t n;
	bool b;

	switch (dice % 10) {
	case 0:
		json_skip(j);
		break;
	case 1:
		json_raw(j, &s);
		break;
	case 2:
		json_i64(j, &n);
		break;
	case 3:
		json_number(j, &s);
		break;
	case 4:
		json_bool(j, &b);
		break;
	case 5:
		if (json_text(j, &s))
			check_string(s);
		break;
	case 6:
	case 7:
		if (json_object(j))
			kinds[j->depth] = '{';
		break;
	default:
		if (json_array(j))
			kinds[j->depth] = '[';
	}
}

static void check_walk(struct str text, bool valid, uint32_t seed)
{
	struct arena arena = { 0 };
	struct json j = json_of(text, &arena);
	char kinds[JSON_DEPTH_MAX + 1] = { 0 };
	struct str key;

	do {
		seed = seed * 1664525 + 1013904223;
		if (seed >> 31)
			json_peek(&j);
		take_value(&j, seed >> 16, kinds);
		while (j.depth > 0 && !j.bad &&
		       !(kinds[j.depth] == '{' ? json_key(&j, &key) : json_item(&j)))
			REQUIRE(j.p <= j.end);
		REQUIRE(j.p >= j.start && j.p <= j.end && json_offset(&j) <= text.n);
	} while (j.depth > 0 && !j.bad);
	REQUIRE(json_end(&j) || !valid);
	REQUIRE(!j.bad == !j.what);
	arena_free(&arena);
}

/* A table of one letter's keys that reads itself again from what it finds. */
struct fielded {
	struct str text, raw;
	nsec at;
	int64_t i64;
	uint32_t count;
	bool flag, set;
};

static json_field_reader read_inside;
static const struct json_field inside[] = {
	JSON_FIELD(TEXT, "a", struct fielded, text), JSON_FIELD(RAW, "b", struct fielded, raw),
	JSON_FIELD(TIME, "at", struct fielded, at),  JSON_FIELD(I64, "x", struct fielded, i64),
	JSON_FIELD(COUNT, "n", struct fielded, count), JSON_FIELD(BOOL, "c", struct fielded, flag),
	JSON_FIELD(IS_SET, "k", struct fielded, set), JSON_OTHER("o", read_inside),
	JSON_OTHER("kind", read_inside),
};
static const struct json_field outside[] = {
	JSON_INSIDE("a", inside),
	JSON_EACH("items", read_inside),
	JSON_EACH("b", read_inside),
	JSON_INSIDE("metadata", inside),
};

static void read_inside(struct json *j, void *object)
{
	json_fields(j, inside, ARRAY_SIZE(inside), object);
}

static void check_fields(struct str text, bool valid)
{
	struct arena arena = { 0 };
	struct json j = json_of(text, &arena);
	struct fielded f = { 0 };
	bool object = json_peek(&j) == JSON_OBJECT;

	REQUIRE(json_fields(&j, outside, ARRAY_SIZE(outside), &f) == object);
	REQUIRE(json_end(&j) || !valid);
	REQUIRE(!f.raw.n || (f.raw.p >= text.p && f.raw.p + f.raw.n <= text.p + text.n));
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	bool valid;

	if (size > SIZE_MAX_INPUT)
		return 0;
	valid = check_oracle(text);
	check_skips(text);
	for (uint32_t seed = 0; seed < 4; seed++)
		check_walk(text, valid, seed * 77777 + (uint32_t)size);
	check_fields(text, valid);
	check_string(text);
	return 0;
}
