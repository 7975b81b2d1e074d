/* SPDX-License-Identifier: Apache-2.0 */
#include "documents/parts.h"
#include "documents/pods.h"

#include "base/mem.h"

/* The second unit only if it is not zero. */
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

/* Cells: tables show words, CSV and TSV only numbers and known values. */

static bool delimited(const struct pods *p)
{
	return p->format == PODS_ROWS;
}

static struct table_cell cell_name(const struct pods_row *r)
{
	return cell_str(r->t->name.n ? r->t->name : r->t->generate_name);
}

static struct table_cell cell_ready(const struct pods_row *r)
{
	const struct sight *s = &r->sight;

	return cell_str(s->ready_known
			    ? arena_printf(&r->p->arena, "%u/%u", s->ready, s->containers)
			    : STR("?"));
}

static struct table_cell cell_status(const struct pods_row *r)
{
	return cell_str(r->sight.status.p ? r->sight.status : STR("?"));
}

static struct table_cell cell_verdict(const struct pods_row *r)
{
	return cell_str(verdict_name(r->d->verdict));
}

/* A table shows how long a failed pod waited, as a lower bound. */
static bool waited(const struct pods_row *r)
{
	return r->d->verdict == VERDICT_FAILED && nsec_known(r->d->waited) && !delimited(r->p);
}

static struct table_cell cell_delivery(const struct pods_row *r)
{
	return waited(r) ? cell_duration(r->d->waited, true) : cell_duration(r->d->delivery, false);
}

static struct table_cell cell_total(const struct pods_row *r)
{
	nsec created = r->t->marks[MILESTONE_CREATED].at;

	return waited(r)
		   ? cell_duration(delivery_waited_whole(created, r->d->until, r->d->waited), true)
		   : cell_duration(r->d->total, false);
}

static struct table_cell cell_restarts(const struct pods_row *r)
{
	uint64_t n;

	return sight_restarts(r->t, &n) ? cell_count(n) : cell_empty();
}

/* As in kubectl: the number, and the time since the last restart. */
static struct table_cell cell_restarts_then(const struct pods_row *r)
{
	const struct sight *s = &r->sight;
	char ago[DURATION_TEXT];

	if (!s->restarts_known)
		return cell_empty();
	if (delimited(r->p) || !s->restarts || !nsec_known(s->last_restart) ||
	    s->last_restart > r->p->at)
		return cell_count(s->restarts);
	pods_age_format(r->p->at - s->last_restart, ago);
	return cell_str(
	    arena_printf(&r->p->arena, "%llu (%s ago)", (unsigned long long)s->restarts, ago));
}

static struct table_cell cell_age(const struct pods_row *r)
{
	char text[DURATION_TEXT];

	if (delimited(r->p) || !nsec_known(r->age))
		return cell_duration(r->age, false);
	pods_age_format(r->age, text);
	return cell_str(arena_str(&r->p->arena, str_from(text)));
}

static struct table_cell cell_node_then(const struct pods_row *r)
{
	struct str node = r->sight.node;

	return cell_str(node.n || delimited(r->p) ? node : node.p ? STR("<none>") : STR("?"));
}

static struct table_cell cell_workload(const struct pods_row *r)
{
	return r->t->workload_name.n ? cell_str(arena_printf(&r->p->arena, STR_FMT "/" STR_FMT,
							     STR_ARG(r->t->workload_kind),
							     STR_ARG(r->t->workload_name)))
				     : cell_empty();
}

static struct table_cell cell_reason(const struct pods_row *r)
{
	return cell_str(r->d->exclusion != EXCLUSION_NONE ? exclusion_name(r->d->exclusion)
							  : r->t->refusal);
}

static struct table_cell cell_created(const struct pods_row *r)
{
	return cell_time(r->t->marks[MILESTONE_CREATED].at);
}

/* The columns, followed by those of the stages. */

enum { VERDICTS = 1, SIGHTS = 2, BOTH = 3 };

/* clang-format off */
#define TEXT(field) .text = offsetof(struct timeline, field)

static const struct {
	struct table_column shown;
	const char *key; /* of CSV and TSV */
	unsigned of;
	struct table_cell (*cell)(const struct pods_row *r);
	size_t text; /* in place of cell: where it is in struct timeline */
} columns[] = {
	{ { .name = "CLUSTER", .min_width = 7 }, "cluster", BOTH, TEXT(cluster) },
	{ { .name = "NAMESPACE", .min_width = 9 }, "namespace", BOTH, TEXT(namespace) },
	{ { .name = "NAME", .min_width = 12 }, "name", BOTH, cell_name },
	{ { .name = "READY" }, "ready", SIGHTS, cell_ready },
	{ { .name = "STATUS" }, "status", SIGHTS, cell_status },
	{ { .name = "RESTARTS" }, "restarts", SIGHTS, cell_restarts_then },
	{ { .name = "VERDICT" }, "verdict", VERDICTS, cell_verdict },
	{ { .name = "DELIVERY", .align = TABLE_RIGHT },
	  "deliverySeconds", VERDICTS, cell_delivery },
	{ { .name = "TOTAL", .align = TABLE_RIGHT, .drop = 3 },
	  "totalSeconds", VERDICTS, cell_total },
	{ { .name = "RESTARTS", .align = TABLE_RIGHT, .drop = 2 },
	  "restarts", VERDICTS, cell_restarts },
	{ { .name = "AGE", .drop = 1 }, "ageSeconds", BOTH, cell_age },
	{ { .name = "NODE", .min_width = 6, .drop = 2 }, "node", SIGHTS, cell_node_then },
	{ { .name = "NODE", .min_width = 6, .drop = 4 }, "node", VERDICTS, TEXT(node) },
	{ { .name = "WORKLOAD", .min_width = 8, .drop = 5 }, "workload", VERDICTS, cell_workload },
	{ { .name = "REASON", .drop = 6, .sparse = true }, "reason", VERDICTS, cell_reason },
	{ { .name = "CREATED", .wide_only = true }, "created", VERDICTS, cell_created },
	{ { .name = "UID", .wide_only = true }, "uid", BOTH, TEXT(uid) },
};
/* clang-format on */

static bool is_shown(const struct pods *p, size_t i)
{
	if (!(columns[i].of & (nsec_known(p->at) ? SIGHTS : VERDICTS)))
		return false;
	if (delimited(p))
		return true;
	return (i || p->clusters) && (!columns[i].shown.wide_only || p->style.wide);
}

static bool shows_stages(const struct pods *p)
{
	return !nsec_known(p->at) && (delimited(p) || p->style.wide);
}

static void begin_table(struct pods *p)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (is_shown(p, i))
			p->columns[n++] = columns[i].shown;
	for (int i = 0; shows_stages(p) && i <= STAGE_READINESS_GATE; i++)
		p->columns[n++] =
		    (struct table_column){ .name = lifecycle_rows[i].name, .align = TABLE_RIGHT };
	table_begin(&p->table, p->columns, n);
}

static void begin_csv(struct pods *p)
{
	char key[32];

	p->csv = csv_of(&p->out, p->style.tabs);
	if (p->style.no_headers)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (is_shown(p, i))
			csv_put(&p->csv, str_from(columns[i].key));
	for (int i = 0; shows_stages(p) && i <= STAGE_READINESS_GATE; i++) {
		snprintf(key, sizeof(key), "%sSeconds", lifecycle_rows[i].name);
		csv_put(&p->csv, str_from(key));
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

static struct table_cell cell_of(size_t i, const struct pods_row *r)
{
	const void *text = (const char *)r->t + columns[i].text;

	return columns[i].cell ? columns[i].cell(r) : cell_str(*(const struct str *)text);
}

static void put_row(struct pods *p, const struct pods_row *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (is_shown(p, i))
			put_cell(p, cell_of(i, r));
	for (int i = 0; shows_stages(p) && i <= STAGE_READINESS_GATE; i++)
		put_cell(p, cell_duration(stages_time(r->t->stages, r->t->n_stages,
						      (enum lifecycle_stage)i, NSEC_NONE, NULL),
					  false));
	if (delimited(p))
		csv_end_row(&p->csv);
}

/* Documents */

static void begin_json(struct pods *p)
{
	p->writer = mem_zalloc(sizeof(*p->writer));
	*p->writer = json_writer_of(&p->out);
	if (p->format != PODS_JSON)
		return;
	put_head(p->writer, nsec_known(p->at) ? "PodSights" : "PodTable");
	if (nsec_known(p->at))
		put_time(p->writer, "at", p->at);
	basis_unread_json(p->writer, p->basis);
	put_array(p->writer, "pods");
}

void pods_begin(struct pods *p)
{
	if (p->format == PODS_JSON || p->format == PODS_JSONL) {
		begin_json(p);
		return;
	}
	if (delimited(p))
		begin_csv(p);
	else
		begin_table(p);
}

void pods_add(struct pods *p, const struct timeline *t, const struct delivery *d, nsec log_end)
{
	nsec created = t->marks[MILESTONE_CREATED].at, gone = sight_gone(t);
	struct pods_row r = { .p = p, .t = t, .d = d, .age = NSEC_NONE };

	arena_reset(&p->arena);
	if (nsec_known(p->at)) {
		r.sight = sight_of(t, p->at, &p->arena);
		if (!r.sight.exists)
			return;
		r.age = r.sight.age;
		p->unknown += !r.sight.status.p;
	} else if (nsec_known(created) && !t->denied) {
		r.age = MAX((nsec_known(gone) ? gone : log_end) - created, 0);
	}
	p->n++;
	if (!p->writer) {
		put_row(p, &r);
		return;
	}
	pods_json_row(p->writer, &r);
	if (p->format == PODS_JSONL)
		buf_add_char(&p->out, '\n');
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
	end_line(p->writer);
}

void pods_free(struct pods *p)
{
	if (p->format == PODS_PAGE)
		table_free(&p->table);
	mem_free(p->writer);
	arena_free(&p->arena);
	buf_free(&p->out);
}
