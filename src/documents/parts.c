/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/parts.h"

void put_share(struct json_writer *w, const char *key, uint64_t part, uint64_t whole)
{
	char text[32];
	uint64_t millionths;
	__extension__ typedef unsigned __int128 wide;

	json_put_key(w, key);
	if (!whole) {
		json_put_null(w);
		return;
	}
	millionths = (uint64_t)((wide)part * 1000000 / whole);
	snprintf(text, sizeof(text), "%llu.%06llu", (unsigned long long)(millionths / 1000000),
		 (unsigned long long)(millionths % 1000000));
	json_put_raw(w, str_from(text));
}

void put_value(struct json_writer *w, const char *key, bool known, struct quantile_value v)
{
	if (!put_object_if(w, key, known))
		return;
	put_seconds(w, "seconds", v.value);
	put_bool(w, "censored", v.censored);
	json_end_object(w);
}

void put_percentiles(struct json_writer *w, struct quantile *q)
{
	static const struct {
		const char *name;
		unsigned permille;
	} rows[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "max", 1000 } };
	struct quantile_value v = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool known = quantile_at(q, rows[i].permille, &v);

		put_value(w, rows[i].name, known, v);
	}
}

void put_record(struct json_writer *w, const struct basis *basis, struct position position,
		struct str audit_id)
{
	put_str(w, "file", basis_file(basis, position));
	put_u64(w, "line", position.line);
	put_maybe(w, "auditID", audit_id);
}

void put_gap(struct json_writer *w, struct gap gap)
{
	bool open = gap.from == INT64_MIN || gap.to == INT64_MAX;

	json_begin_object(w);
	put_time(w, "from", gap.from == INT64_MIN ? NSEC_NONE : gap.from);
	put_time(w, "to", gap.to == INT64_MAX ? NSEC_NONE : gap.to);
	put_seconds(w, "seconds", open ? NSEC_NONE : gap.to - gap.from);
	json_end_object(w);
}

void put_attribute_value(struct json_writer *w, const struct attribute *a)
{
	switch (a->type) {
	case ATTRIBUTE_TEXT:
		json_put_str(w, a->text);
		break;
	case ATTRIBUTE_NUMBER:
		json_put_i64(w, a->number);
		break;
	case ATTRIBUTE_TRUTH:
		json_put_bool(w, a->number != 0);
		break;
	case ATTRIBUTE_TEXTS:
		json_begin_array(w);
		for (size_t i = 0; i < a->n_texts; i++)
			json_put_str(w, a->texts[i]);
		json_end_array(w);
		break;
	case ATTRIBUTE_SECONDS:
		json_put_seconds(w, a->number);
		break;
	}
}
