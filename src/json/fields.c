/* SPDX-License-Identifier: Apache-2.0 */
#include "json/fields.h"

#include "json/internal.h"

/* Most keys have 4 to 16 bytes, so two overlapping loads compare them without a call. */
static inline bool same_bytes(const char *a, const char *b, size_t n)
{
	uint64_t a_head, b_head, a_tail, b_tail;
	uint32_t a4, b4, a4_tail, b4_tail;

	if (n >= 8 && n <= 16) {
		memcpy(&a_head, a, 8);
		memcpy(&b_head, b, 8);
		memcpy(&a_tail, a + n - 8, 8);
		memcpy(&b_tail, b + n - 8, 8);
		return ((a_head ^ b_head) | (a_tail ^ b_tail)) == 0;
	}
	if (n >= 4 && n < 8) {
		memcpy(&a4, a, 4);
		memcpy(&b4, b, 4);
		memcpy(&a4_tail, a + n - 4, 4);
		memcpy(&b4_tail, b + n - 4, 4);
		return ((a4 ^ b4) | (a4_tail ^ b4_tail)) == 0;
	}
	return memcmp(a, b, n) == 0;
}

/* The row of the key among those from `from` to `to`, or NULL. */
static inline const struct json_field *find_between(const struct json_field *from,
						    const struct json_field *to, struct str key,
						    uint16_t tag)
{
	for (const struct json_field *row = from; row < to; row++)
		if (row->tag == tag && same_bytes(row->key, key.p, key.n))
			return row;
	return NULL;
}

static void read_each(struct json *j, json_field_reader *read, void *object)
{
	if (!json_array(j))
		return;
	while (json_item(j))
		read(j, object);
}

static void read_count(struct json *j, uint32_t *ret_count)
{
	int64_t n;

	if (json_i64(j, &n) && n > 0 && n <= UINT32_MAX)
		*ret_count = (uint32_t)n;
}

static void count_items(struct json *j, uint32_t *ret_n)
{
	uint32_t n = 0;

	if (!json_array(j))
		return;
	for (; json_item(j); n++)
		json_skip(j);
	*ret_n = n;
}

bool json_time(struct json *j, nsec *ret_at)
{
	struct str text;

	return json_text(j, &text) && clock_parse(text, ret_at);
}

static void read_field(struct json *j, const struct json_field *row, void *object)
{
	void *field = (char *)object + row->offset;

	switch ((enum json_field_type)row->type) {
	case JSON_FIELD_TEXT:
		json_text(j, field);
		break;
	case JSON_FIELD_SCALAR:
		if (json_peek(j) == JSON_NUMBER)
			json_number(j, field);
		else
			json_text(j, field);
		break;
	case JSON_FIELD_RAW:
		if (json_peek(j) == JSON_NULL)
			json_skip(j);
		else
			json_raw(j, field);
		break;
	case JSON_FIELD_TIME:
		json_time(j, field);
		break;
	case JSON_FIELD_I64:
		json_i64(j, field);
		break;
	case JSON_FIELD_COUNT:
		read_count(j, field);
		break;
	case JSON_FIELD_BOOL:
		json_bool(j, field);
		break;
	case JSON_FIELD_HAS:
		*(bool *)field = true;
		json_skip(j);
		break;
	case JSON_FIELD_IS_SET:
		*(bool *)field = json_peek(j) == JSON_OBJECT;
		json_skip(j);
		break;
	case JSON_FIELD_ITEMS:
		count_items(j, field);
		break;
	case JSON_FIELD_INSIDE:
		json_fields(j, row->rows, row->n_rows, object);
		break;
	case JSON_FIELD_EACH:
		read_each(j, row->read, object);
		break;
	case JSON_FIELD_OTHER:
		row->read(j, object);
		break;
	}
}

bool json_fields(struct json *j, const struct json_field *rows, size_t n, void *object)
{
	const struct json_field *end = rows + n, *next = rows, *row;
	struct str key;

	if (!json_object(j))
		return false;
	while (json_key(j, &key)) {
		uint16_t tag = key.n - 1 < UCHAR_MAX
				   ? (uint16_t)(key.n | (size_t)(unsigned char)*key.p << 8)
				   : 0; /* of no row */

		row = find_between(next, end, key, tag);
		if (!row)
			row = find_between(rows, next, key, tag);
		if (!row) {
			json_skip(j);
			continue;
		}
		read_field(j, row, object);
		next = row + 1;
	}
	return true;
}
