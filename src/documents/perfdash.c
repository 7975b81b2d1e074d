/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/perfdash.h"

#include "documents/put.h"

/* Nanoseconds as milliseconds: plain decimals, like our seconds but shifted by three digits. */
static void put_ms(struct json_writer *w, const char *key, nsec duration)
{
	char text[48];
	int n = snprintf(text, sizeof(text), "%lld.%06lld", (long long)(duration / 1000000),
			 (long long)(duration % 1000000));

	while (text[n - 1] == '0')
		n--;
	n -= text[n - 1] == '.';
	json_put_key(w, key);
	json_put_raw(w, (struct str){ text, (size_t)n });
}

static void put_item(struct json_writer *w, struct quantile *q, const char *metric)
{
	static const struct {
		const char *key;
		unsigned permille;
	} rows[] = { { "Perc50", 500 }, { "Perc90", 900 }, { "Perc99", 990 } };
	struct quantile_value v;

	json_begin_object(w);
	put_object(w, "data");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (quantile_at(q, rows[i].permille, &v))
			put_ms(w, rows[i].key, v.value);
	json_end_object(w);
	put_str(w, "unit", STR("ms"));
	put_object(w, "labels");
	put_str(w, "Metric", str_from(metric));
	json_end_object(w);
	json_end_object(w);
}

void perfdash_report(struct buf *out, struct slo_report *r, const struct basis *basis,
		     struct table_style style)
{
	struct json_writer w = json_writer_of(out);

	json_begin_object(&w);
	put_str(&w, "version", STR("v1"));
	put_array(&w, "dataItems");
	for (unsigned i = 0; i < TRANSITION_COUNT; i++)
		if (transition_rows[i].metric && r->transitions[i].n)
			put_item(&w, &r->transitions[i], transition_rows[i].metric);
	json_end_array(&w);
	end_line(&w);
}
