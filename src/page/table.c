/* SPDX-License-Identifier: Apache-2.0 */
#include "page/table.h"

#include "base/mem.h"
#include "page/phrase.h"
#include "page/text.h"

enum {
	GAP = 2,	  /* blanks between columns */
	SHORTENED_MIN = 8 /* a narrower string is unreadable */
};

struct table_cell cell_empty(void)
{
	return (struct table_cell){ .kind = TABLE_EMPTY };
}

struct table_cell cell_str(struct str text)
{
	return (struct table_cell){ .kind = TABLE_STR, .as.text = text };
}

struct table_cell cell_count(uint64_t count)
{
	return (struct table_cell){ .kind = TABLE_COUNT, .as.count = count };
}

struct table_cell cell_duration(nsec duration, bool censored)
{
	if (!nsec_known(duration))
		return cell_empty();
	return (struct table_cell){ TABLE_DURATION, censored, { .time = duration } };
}

struct table_cell cell_time(nsec at)
{
	if (!nsec_known(at))
		return cell_empty();
	return (struct table_cell){ .kind = TABLE_TIME, .as.time = at };
}

struct table_cell cell_percent(uint64_t parts_per_ten_thousand)
{
	return (struct table_cell){ .kind = TABLE_PERCENT, .as.count = parts_per_ten_thousand };
}

struct table_cell cell_ratio(uint64_t part, uint64_t whole)
{
	return (struct table_cell){ .kind = TABLE_RATIO, .as.ratio = { part, whole } };
}

struct table_cell cell_share(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return cell_empty();
	assert(part <= whole);
	for (; whole > UINT64_MAX / 10000; part >>= 1)
		whole >>= 1; /* no count is that large, so precision does not matter there */
	return cell_percent(part * 10000 / whole);
}

void table_begin(struct table *t, const struct table_column *columns, size_t n_columns)
{
	*t = (struct table){ .columns = columns, .n_columns = n_columns };
}

void table_put(struct table *t, struct table_cell cell)
{
	if (cell.kind == TABLE_STR)
		cell.as.text = arena_str(&t->arena, cell.as.text);
	array_reserve(t->cells, t->cap, t->n_cells + 1);
	t->cells[t->n_cells++] = cell;
}

void table_free(struct table *t)
{
	mem_free(t->cells);
	arena_free(&t->arena);
	*t = (struct table){ 0 };
}

static void add_time(struct buf *out, clock_zone *zone, nsec at)
{
	char text[CLOCK_TEXT];

	buf_add(out, text, clock_format_in(zone, at, 3, text));
}

void table_add_cell(struct buf *out, struct table_cell cell, bool ascii, clock_zone *zone)
{
	size_t before = out->n;

	switch (cell.kind) {
	case TABLE_EMPTY:
		break;
	case TABLE_STR:
		text_add_safe(out, cell.as.text, ascii);
		break;
	case TABLE_COUNT:
		buf_printf(out, "%llu", (unsigned long long)cell.as.count);
		break;
	case TABLE_DURATION:
		buf_add_str(out, cell.censored ? STR("> ") : STR(""));
		phrase_add_duration(out, cell.as.time, ascii);
		break;
	case TABLE_TIME:
		add_time(out, zone, cell.as.time);
		break;
	case TABLE_PERCENT:
		buf_printf(out, "%llu.%02llu%%", (unsigned long long)(cell.as.count / 100),
			   (unsigned long long)(cell.as.count % 100));
		break;
	case TABLE_RATIO:
		buf_printf(out, "%llu/%llu", (unsigned long long)cell.as.ratio.part,
			   (unsigned long long)cell.as.ratio.whole);
		break;
	}
	if (out->n == before)
		buf_add_char(out, '-');
}

/* The result of the layout for one column. */
struct column_state {
	bool shown, is_text;
	bool used;	     /* some cell of it is not empty */
	size_t width, floor; /* a string column is not made narrower than its floor */
};

struct table_layout {
	const struct table *table;
	struct table_style style;
	struct column_state *columns;
	struct buf cell, shortened; /* of the current cell */
	struct buf *out;
};

static struct str cell_text(struct table_layout *l, struct table_cell cell)
{
	buf_reset(&l->cell);
	table_add_cell(&l->cell, cell, l->style.ascii, l->style.zone);
	return buf_str(&l->cell);
}

static bool is_empty(struct table_cell cell)
{
	return cell.kind == TABLE_EMPTY || (cell.kind == TABLE_STR && !cell.as.text.n);
}

static void measure(struct table_layout *l)
{
	const struct table *t = l->table;

	for (size_t i = 0; i < t->n_columns; i++) {
		const struct table_column *c = &t->columns[i];
		size_t name = l->style.no_headers ? 0 : strlen(c->name);

		l->columns[i].shown = !c->wide_only || l->style.wide;
		l->columns[i].width = MAX(name, c->min_width);
		l->columns[i].floor = MAX(l->columns[i].width, (size_t)SHORTENED_MIN);
	}
	for (size_t i = 0; i < t->n_cells; i++) {
		struct column_state *c = &l->columns[i % t->n_columns];
		size_t width = text_width(cell_text(l, t->cells[i]));

		c->width = MAX(c->width, width);
		c->is_text = c->is_text || t->cells[i].kind == TABLE_STR;
		c->used = c->used || !is_empty(t->cells[i]);
	}
	for (size_t i = 0; i < t->n_columns; i++)
		if (t->columns[i].sparse && !l->columns[i].used)
			l->columns[i].shown = false;
}

static size_t total_width(const struct table_layout *l)
{
	size_t width = 0, shown = 0;

	for (size_t i = 0; i < l->table->n_columns; i++) {
		if (l->columns[i].shown) {
			width += l->columns[i].width;
			shown++;
		}
	}
	return width + (shown ? (shown - 1) * GAP : 0);
}

/* Of columns with the same priority the rightmost is dropped first. */
static bool drop_one(struct table_layout *l)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < l->table->n_columns; i++) {
		unsigned drop = l->table->columns[i].drop;

		if (l->columns[i].shown && drop &&
		    (best == SIZE_MAX || drop >= l->table->columns[best].drop))
			best = i;
	}
	if (best == SIZE_MAX)
		return false;
	l->columns[best].shown = false;
	return true;
}

/* Removes the excess width, always from the widest string column; false if none can shrink. */
static bool shrink(struct table_layout *l, size_t excess)
{
	while (excess) {
		struct column_state *widest = NULL;

		for (size_t i = 0; i < l->table->n_columns; i++) {
			struct column_state *c = &l->columns[i];

			if (c->shown && c->is_text && c->width > c->floor &&
			    (!widest || c->width > widest->width))
				widest = c;
		}
		if (!widest)
			return false;
		widest->width--;
		excess--;
	}
	return true;
}

static void fit(struct table_layout *l)
{
	size_t limit = l->style.width;

	if (limit == 0)
		return;
	while (total_width(l) > limit)
		if (!drop_one(l))
			break;
	if (total_width(l) > limit)
		shrink(l, total_width(l) - limit);
}

static void add_blanks(struct buf *out, size_t n)
{
	if (n == 0)
		return;
	buf_reserve(out, n);
	memset(out->p + out->n, ' ', n);
	out->n += n;
}

static void put_padded(struct table_layout *l, size_t column, struct str text, size_t *pending)
{
	const struct column_state *c = &l->columns[column];
	size_t used, pad;

	buf_reset(&l->shortened);
	used = text_add_shortened(&l->shortened, text, c->width, l->style.ascii);
	pad = c->width - MIN(used, c->width);
	/* Blanks are added only when text follows, so no line ends in one. */
	if (l->table->columns[column].align == TABLE_RIGHT) {
		*pending += pad;
		pad = 0;
	}
	add_blanks(l->out, *pending);
	buf_add_str(l->out, buf_str(&l->shortened));
	*pending = pad + GAP;
}

static void end_line(struct table_layout *l, size_t start)
{
	while (l->out->n > start && l->out->p[l->out->n - 1] == ' ')
		l->out->n--;
}

static void put_header(struct table_layout *l)
{
	size_t pending = 0, start = l->out->n;

	if (l->style.bold)
		buf_add_str(l->out, STR("\x1b[1m"));
	for (size_t i = 0; i < l->table->n_columns; i++)
		if (l->columns[i].shown)
			put_padded(l, i, str_from(l->table->columns[i].name), &pending);
	end_line(l, start);
	if (l->style.bold)
		buf_add_str(l->out, STR("\x1b[0m"));
	buf_add_char(l->out, '\n');
}

static void put_row(struct table_layout *l, const struct table_cell *cells)
{
	size_t pending = 0, start = l->out->n;

	for (size_t i = 0; i < l->table->n_columns; i++)
		if (l->columns[i].shown)
			put_padded(l, i, cell_text(l, cells[i]), &pending);
	end_line(l, start);
	buf_add_char(l->out, '\n');
}

void table_render(const struct table *t, struct table_style style, struct buf *out)
{
	struct table_layout l = { .table = t, .style = style, .out = out };

	if (t->n_columns == 0)
		return;
	assert(t->n_cells % t->n_columns == 0 && "each row puts one cell a column");
	l.columns = mem_zalloc(t->n_columns * sizeof(*l.columns));
	measure(&l);
	fit(&l);
	if (!style.no_headers)
		put_header(&l);
	for (size_t i = 0; i < t->n_cells; i += t->n_columns)
		put_row(&l, t->cells + i);
	buf_free(&l.cell);
	buf_free(&l.shortened);
	mem_free(l.columns);
}
