/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/csv.h"

struct csv csv_of(struct buf *out, bool tabs)
{
	return (struct csv){ out, tabs, false };
}

static void add_quoted(struct buf *out, struct str field)
{
	bool quote = false;

	for (size_t i = 0; i < field.n; i++)
		quote = quote || memchr(",\"\r\n", field.p[i], 4);
	if (!quote) {
		buf_add_str(out, field);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, field.p[i]);
	}
	buf_add_char(out, '"');
}

static void add_escaped(struct buf *out, struct str field)
{
	static const char from[] = "\t\n\r\\", to[] = "tnr\\";

	for (size_t i = 0; i < field.n; i++) {
		const char *special = memchr(from, field.p[i], sizeof(from) - 1);

		if (special)
			buf_add_char(out, '\\');
		buf_add_char(out, special ? to[special - from] : field.p[i]);
	}
}

void csv_put(struct csv *c, struct str field)
{
	if (c->inside)
		buf_add_char(c->out, c->tabs ? '\t' : ',');
	c->inside = true;
	if (c->tabs)
		add_escaped(c->out, field);
	else
		add_quoted(c->out, field);
}

void csv_put_list(struct csv *c, const struct str *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_put(c, fields[i]);
}

void csv_put_cell(struct csv *c, struct table_cell cell)
{
	char text[CLOCK_TEXT + DURATION_TEXT];

	switch (cell.kind) {
	case TABLE_STR:
		csv_put(c, cell.as.text);
		break;
	case TABLE_COUNT:
		snprintf(text, sizeof(text), "%llu", (unsigned long long)cell.as.count);
		csv_put(c, str_from(text));
		break;
	case TABLE_DURATION:
		csv_put(c, (struct str){ text, duration_format_seconds(cell.as.time, text) });
		break;
	case TABLE_TIME:
		csv_put(c, (struct str){ text, clock_format(cell.as.time, text) });
		break;
	default:
		csv_put(c, STR(""));
		break;
	}
}

void csv_put_keys(struct csv *c, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_put(c, str_from(keys[i]));
	csv_end_row(c);
}

void csv_end_row(struct csv *c)
{
	buf_add_char(c->out, '\n');
	c->inside = false;
}
