/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/parts.h"
#include "documents/pods.h"

#include "base/mem.h"

/* The second unit only if there is any of it. */
static void two_units(char *out, long long a, char unit, long long b, char smaller)
{
	if (b)
		snprintf(out, DURATION_TEXT, "%lld%c%lld%c", a, unit, b, smaller);
	else
		snprintf(out, DURATION_TEXT, "%lld%c", a, unit);
}

void pods_age_format(nsec age, char *ret_text)
{
	long long s = age > 0 ? age / SECOND : 0, m = s / 60, h = m / 60, d = h / 24, y = d / 365;

	if (s < 120)
		two_units(ret_text, s, 's', 0, 0);
	else if (m < 10)
		two_units(ret_text, m, 'm', s % 60, 's');
	else if (h < 3)
		two_units(ret_text, m, 'm', 0, 0);
	else if (h < 8)
		two_units(ret_text, h, 'h', m % 60, 'm');
	else if (h < 48)
		two_units(ret_text, h, 'h', 0, 0);
	else if (d < 8)
		two_units(ret_text, d, 'd', h % 24, 'h');
	else if (d < 2 * 365)
		two_units(ret_text, d, 'd', 0, 0);
	else if (y < 8)
		two_units(ret_text, y, 'y', d % 365, 'd');
	else
		two_units(ret_text, y, 'y', 0, 0);
}

/* Columns */

static bool delimited(const struct pods *p)
{
	return p->format == PODS_CSV || p->format == PODS_TSV;
}

static void column(struct pods *p, struct table_column column)
{
	if (column.wide_only && !p->style.wide && p->format == PODS_PAGE)
		return;
	assert(p->n_columns < ARRAY_SIZE(p->columns));
	p->columns[p->n_columns++] = column;
}

/* AGE and RESTARTS of a table are words; other programs get numbers. */
static void make_columns(struct pods *p)
{
	static const struct table_column names[] = {
		{ .name = "NAMESPACE", .min_width = 9 },
		{ .name = "NAME", .min_width = 12 },
	};
	static const struct table_column sights[] = {
		{ .name = "READY" },
		{ .name = "STATUS" },
		{ .name = "RESTARTS" },
		{ .name = "AGE", .drop = 1 },
		{ .name = "NODE", .min_width = 6, .drop = 2 },
		{ .name = "UID", .wide_only = true },
	};
	static const struct table_column deliveries[] = {
		{ .name = "VERDICT" },
		{ .name = "DELIVERY", .align = TABLE_RIGHT },
		{ .name = "TOTAL", .align = TABLE_RIGHT, .drop = 3 },
		{ .name = "RESTARTS", .align = TABLE_RIGHT, .drop = 2 },
		{ .name = "AGE", .drop = 1 },
		{ .name = "NODE", .min_width = 6, .drop = 4 },
		{ .name = "WORKLOAD", .min_width = 8, .drop = 5 },
		{ .name = "REASON", .drop = 6, .sparse = true },
		{ .name = "CREATED", .wide_only = true },
		{ .name = "UID", .wide_only = true },
	};
	bool verdicts = !nsec_known(p->at);
	const struct table_column *own = verdicts ? deliveries : sights;
	size_t n = verdicts ? ARRAY_SIZE(deliveries) : ARRAY_SIZE(sights);

	if (p->clusters || delimited(p))
		column(p, (struct table_column){ .name = "CLUSTER", .min_width = 7 });
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		column(p, names[i]);
	for (size_t i = 0; i < n; i++)
		column(p, own[i]);
	for (int i = 0; verdicts && i <= STAGE_READINESS_GATE; i++)
		column(p, (struct table_column){ .name = lifecycle_rows[i].name,
						 .align = TABLE_RIGHT,
						 .wide_only = true });
}

/* Cells: of a table; or of CSV and TSV */

/* The columns of a table shout, the keys of other programs do not, but say their unit. */
static void put_keys(struct pods *p)
{
	for (size_t i = 0; i < p->n_columns; i++) {
		char key[32];
		size_t n = 0;
		const char *name = p->columns[i].name;
		bool shouts = name[0] >= 'A' && name[0] <= 'Z';
		bool seconds = !shouts || strcmp(name, "DELIVERY") == 0 ||
			       strcmp(name, "TOTAL") == 0 || strcmp(name, "AGE") == 0;

		for (; name[n]; n++)
			key[n] = (char)(shouts ? name[n] | 0x20 : name[n]);
		n += (size_t)snprintf(key + n, sizeof(key) - n, "%s", seconds ? "Seconds" : "");
		csv_put(&p->csv, (struct str){ key, n });
	}
	csv_end_row(&p->csv);
}

static void put_cell(struct pods *p, struct table_cell cell)
{
	if (delimited(p))
		csv_put_cell(&p->csv, cell);
	else
		table_put(&p->table, cell);
}

static void put_text(struct pods *p, struct str text)
{
	put_cell(p, cell_str(text));
}

static void put_age(struct pods *p, nsec age)
{
	char text[DURATION_TEXT];

	if (delimited(p) || !nsec_known(age)) {
		put_cell(p, cell_duration(age, false));
		return;
	}
	pods_age_format(age, text);
	put_text(p, str_from(text));
}

/* As kubectl: how many, and how long ago the last one was. */
static void put_restarts(struct pods *p, bool known, uint64_t n, nsec last)
{
	char ago[DURATION_TEXT], text[2 * DURATION_TEXT];

	if (!known) {
		put_text(p, STR(""));
		return;
	}
	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	if (!delimited(p) && n && nsec_known(last) && last <= p->at) {
		pods_age_format(p->at - last, ago);
		snprintf(text, sizeof(text), "%llu (%s ago)", (unsigned long long)n, ago);
	}
	put_text(p, str_from(text));
}

static void put_sight(struct pods *p, const struct timeline *t, const struct sight *s)
{
	struct str ready =
	    s->ready_known ? arena_printf(&p->arena, "%u/%u", s->ready, s->containers) : STR("?");

	put_text(p, ready);
	put_text(p, s->status.p ? s->status : STR("?"));
	put_restarts(p, s->restarts_known, s->restarts, s->last_restart);
	put_age(p, s->age);
	put_text(p, s->node.n || delimited(p) ? s->node : s->node.p ? STR("<none>") : STR("?"));
	if (delimited(p) || p->style.wide)
		put_text(p, t->uid);
}

static void put_delivery(struct pods *p, const struct timeline *t, const struct delivery *d,
			 nsec age)
{
	uint64_t restarts;
	bool known = sight_restarts(t, &restarts);
	struct str workload = t->workload_name;

	if (workload.n)
		workload = arena_printf(&p->arena, STR_FMT "/" STR_FMT, STR_ARG(t->workload_kind),
					STR_ARG(t->workload_name));
	put_text(p, verdict_name(d->verdict));
	if (d->verdict == VERDICT_FAILED && nsec_known(d->waited) && !delimited(p)) {
		nsec whole =
		    delivery_waited_whole(t->marks[MILESTONE_CREATED].at, d->until, d->waited);

		put_cell(p, cell_duration(d->waited, true));
		put_cell(p, cell_duration(whole, true));
	} else {
		put_cell(p, cell_duration(d->delivery, false));
		put_cell(p, cell_duration(d->total, false));
	}
	put_restarts(p, known, restarts, NSEC_NONE);
	put_age(p, age);
	put_text(p, t->node);
	put_text(p, workload);
	put_text(p, d->exclusion != EXCLUSION_NONE ? exclusion_name(d->exclusion) : t->refusal);
	if (!delimited(p) && !p->style.wide)
		return;
	put_cell(p, cell_time(t->marks[MILESTONE_CREATED].at));
	put_text(p, t->uid);
	for (int i = 0; i <= STAGE_READINESS_GATE; i++)
		put_cell(p, cell_duration(stages_time(t->stages, t->n_stages,
						      (enum lifecycle_stage)i, NSEC_NONE, NULL),
					  false));
}

/* Documents */

static void begin_json(struct pods *p)
{
	p->writer = mem_zalloc(sizeof(*p->writer));
	*p->writer = json_writer_of(&p->out);
	if (p->format != PODS_JSON)
		return;
	put_head(p->writer, nsec_known(p->at) ? "PodSights" : "PodTable");
	if (nsec_known(p->at)) {
		json_put_key(p->writer, "at");
		json_put_time(p->writer, p->at);
	}
	basis_unread_json(p->writer, p->basis);
	put_array(p->writer, "pods");
}

void pods_begin(struct pods *p)
{
	if (p->format == PODS_JSON || p->format == PODS_JSONL) {
		begin_json(p);
		return;
	}
	make_columns(p);
	p->csv = csv_of(&p->out, p->format == PODS_TSV);
	if (p->format == PODS_PAGE)
		table_begin(&p->table, p->columns, p->n_columns);
	if (delimited(p) && !p->style.no_headers)
		put_keys(p);
}

void pods_add(struct pods *p, const struct timeline *t, const struct delivery *d, nsec log_end)
{
	nsec created = t->marks[MILESTONE_CREATED].at, gone = sight_gone(t), age = NSEC_NONE;
	struct sight s = { 0 };

	arena_reset(&p->arena);
	if (nsec_known(p->at)) {
		s = sight_of(t, p->at, &p->arena);
		if (!s.exists)
			return;
		p->unknown += !s.status.p;
	} else if (nsec_known(created) && !t->denied) {
		age = MAX((nsec_known(gone) ? gone : log_end) - created, 0);
	}
	p->n++;
	if (p->writer) {
		pods_json_row(p->writer, p, t, d, &s, age);
		if (p->format == PODS_JSONL)
			buf_add_char(&p->out, '\n');
		return;
	}
	if (p->clusters || delimited(p))
		put_text(p, t->cluster);
	put_text(p, t->namespace);
	put_text(p, t->name.n ? t->name : t->generate_name);
	if (!nsec_known(p->at))
		put_delivery(p, t, d, age);
	else
		put_sight(p, t, &s);
	if (delimited(p))
		csv_end_row(&p->csv);
}

void pods_end(struct pods *p)
{
	if (p->format == PODS_PAGE)
		basis_unread_text(&p->out, p->basis, p->style);
	if (p->format == PODS_PAGE && p->n) {
		struct page page = page_of(&p->out, p->style);

		page_table(&page, &p->table);
		page_free(&page);
	}
	if (p->format != PODS_JSON)
		return;
	json_end_array(p->writer);
	json_end_object(p->writer);
	buf_add_char(&p->out, '\n');
}

void pods_free(struct pods *p)
{
	if (p->format == PODS_PAGE)
		table_free(&p->table);
	mem_free(p->writer);
	arena_free(&p->arena);
	buf_free(&p->out);
}
