/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader on any bytes: it agrees with cJSON (but for the documented differences), its three
 * ways to skip agree with each other, a walk in any order stays inside the text and meets an error
 * only where there is one, and what the writer makes of a string is read back as that string.
 */
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
	check_string(text);
	return 0;
}
