/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrase.h"
#include "page/pod_story.h"
#include "page/text.h"
#include "timeline/sight.h"

enum {
	TIME_WIDTH = 15, /* 10:11:00.123456 */
	SINCE_WIDTH = 9,
	WHO_MOST = 24,
	STAGE_FROM = 110, /* columns from which the stages are shown, and the files */
	WHERE_FROM = 140,
	WHERE_MOST = 40,
	WHAT_LEAST = 20,
	WHAT_LINES = 3, /* a longer message is shortened */
};

struct sheet {
	struct buf *out;
	struct table_style style;
	const struct story *s;
	size_t who, stage, where, what; /* widths; 0: not shown; of what: no limit */
	size_t indent;			/* where WHAT begins */
	struct buf cell, safe;
};

static void blanks(struct buf *out, size_t n)
{
	while (n--)
		buf_add_char(out, ' ');
}

static void safe(struct sheet *sh, struct str text)
{
	text_add_safe(sh->out, text, sh->style.ascii);
}

static void bold(struct sheet *sh, const char *on)
{
	if (sh->style.bold)
		buf_printf(sh->out, "\033[%sm", on);
}

/* The head */

static void key(struct sheet *sh, const char *name)
{
	buf_printf(sh->out, "  %-10s ", name);
}

static void line(struct sheet *sh, const char *name, struct str value)
{
	key(sh, name);
	safe(sh, value.n ? value : STR("-"));
	buf_add_char(sh->out, '\n');
}

static void duration(struct sheet *sh, const char *before, nsec d)
{
	buf_printf(sh->out, "%s", before);
	waterfall_add_duration(sh->out, d, sh->style.ascii);
}

/* That ended it: it did not wait for anything any more. */
static bool phase_failed(const struct story *s)
{
	const struct mark *failed = &s->t->marks[MILESTONE_FAILED];
	nsec at = nsec_known(failed->at) ? failed->at : failed->until;

	return failed->reached && nsec_known(at) && s->d->until == at;
}

static void verdict_line(struct sheet *sh)
{
	const struct delivery *d = sh->s->d;

	key(sh, "verdict");
	safe(sh, verdict_name(d->verdict));
	if (d->exclusion != EXCLUSION_NONE)
		buf_printf(sh->out, ": " STR_FMT, STR_ARG(exclusion_name(d->exclusion)));
	if (sh->s->t->denied) {
		buf_printf(sh->out, ": " STR_FMT ", %u attempt%s", STR_ARG(sh->s->t->refusal),
			   sh->s->t->attempts, sh->s->t->attempts == 1 ? "" : "s");
	} else if (nsec_known(d->total)) {
		duration(sh, ": total ", d->total);
		duration(sh, ", delivery ", d->delivery);
		duration(sh, ", user ", d->user);
	} else if (d->verdict == VERDICT_FAILED && phase_failed(sh->s)) {
		buf_add_str(sh->out, STR(": its phase became Failed before it was delivered"));
	} else if (nsec_known(d->waited) && d->verdict != VERDICT_EXCLUDED) {
		nsec whole = delivery_waited_whole(sh->s->t->marks[MILESTONE_CREATED].at, d->until,
						   d->waited);

		duration(sh, ": not delivered after ", nsec_known(whole) ? whole : d->waited);
		if (nsec_known(whole) && whole != d->waited)
			duration(sh, ", without user time ", d->waited);
	}
	buf_add_char(sh->out, '\n');
	if (!d->class_name.p || sh->s->t->denied)
		return;
	key(sh, "class");
	safe(sh, d->class_name);
	duration(sh, ": delivery within ", d->delivery_limit);
	duration(sh, ", deadline ", d->deadline_limit);
	buf_add_char(sh->out, '\n');
}

static void time_line(struct sheet *sh, const char *name, nsec at)
{
	char text[CLOCK_TEXT];

	if (!nsec_known(at))
		return;
	clock_format_in(sh->style.zone, at, 6, text);
	line(sh, name, str_from(text));
}

static const char *container_word(enum container_kind kind)
{
	static const char *const words[] = { "", " (init)", " (sidecar)", " (ephemeral)" };

	return words[kind];
}

/* The images that it was given later, in place. */
static void later_images(struct sheet *sh, struct str name)
{
	const struct timeline *t = sh->s->t;

	for (size_t i = 0; i < t->n_upgrades; i++) {
		const struct upgrade *u = &t->upgrades[i];

		if (u->kind != UPGRADE_IMAGE || !str_eq(u->containers, name))
			continue;
		buf_add_str(sh->out, STR(", then "));
		safe(sh, u->after);
	}
}

static void container_line(struct sheet *sh, struct str name, const struct container_spec *spec,
			   const struct container_life *life)
{
	key(sh, "container");
	safe(sh, name);
	buf_printf(sh->out, "%s", spec ? container_word(spec->kind) : "");
	if (spec && spec->image.n) {
		buf_add_str(sh->out, STR(" "));
		safe(sh, spec->image);
		later_images(sh, name);
	}
	if (life)
		buf_printf(sh->out, ", %u restart%s", life->restarts,
			   life->restarts == 1 ? "" : "s");
	if (life && life->ended.reached) {
		buf_printf(sh->out, ", last exit %d ", life->exit_code);
		safe(sh, life->reason);
	}
	if (life && life->waiting.n) {
		buf_add_str(sh->out, STR(", waits: "));
		safe(sh, life->waiting);
	}
	buf_add_char(sh->out, '\n');
}

static void container_lines(struct sheet *sh)
{
	const struct timeline *t = sh->s->t;
	const struct pod_object *o = t->object;

	for (size_t i = 0; i < t->n_containers; i++)
		container_line(sh, t->containers[i].name, t->containers[i].spec, &t->containers[i]);
	for (size_t i = 0; o && !t->n_containers && i < o->n_containers; i++)
		container_line(sh, o->containers[i].name, &o->containers[i], NULL);
}

static void head(struct sheet *sh)
{
	const struct timeline *t = sh->s->t;
	uint64_t restarts;

	bold(sh, "1");
	buf_add_str(sh->out, STR("pod/"));
	safe(sh, t->namespace);
	buf_add_char(sh->out, '/');
	safe(sh, t->name.n ? t->name : t->generate_name.n ? t->generate_name : STR("-"));
	bold(sh, "0");
	buf_add_char(sh->out, '\n');
	if (t->cluster.n)
		line(sh, "cluster", t->cluster);
	line(sh, "uid", t->uid);
	line(sh, "node", t->node);
	key(sh, "workload");
	safe(sh, t->workload_kind.n ? t->workload_kind : STR("-"));
	if (t->workload_name.n) {
		buf_add_char(sh->out, ' ');
		safe(sh, t->workload_name);
	}
	buf_add_char(sh->out, '\n');
	verdict_line(sh);
	time_line(sh, "created", t->marks[MILESTONE_CREATED].at);
	time_line(sh, "deleted", t->marks[MILESTONE_DELETED].at);
	time_line(sh, "gone", sight_gone(t));
	container_lines(sh);
	if (!t->n_containers && sight_restarts(t, &restarts) && restarts) {
		key(sh, "restarts");
		buf_printf(sh->out, "%llu\n", (unsigned long long)restarts);
	}
	if (t->cut)
		line(sh, "cut", STR("more facts than are kept; the rest is left out"));
}

/* The facts */

static struct str where_of(struct sheet *sh, const struct life_row *row)
{
	struct str file = basis_file(sh->s->basis, row->entry->position), folder;

	if (!sh->style.wide)
		str_cut_last(file, '/', &folder, &file);

	buf_reset(&sh->cell);
	buf_printf(&sh->cell, STR_FMT ":%llu", STR_ARG(file),
		   (unsigned long long)row->entry->position.line);
	return buf_str(&sh->cell);
}

static size_t shown_width(struct sheet *sh, struct str text)
{
	buf_reset(&sh->safe);
	text_add_safe(&sh->safe, text, sh->style.ascii);
	return text_width(buf_str(&sh->safe));
}

static void measure(struct sheet *sh)
{
	unsigned width = sh->style.width;
	bool stage = !width || width >= STAGE_FROM, where = !width || width >= WHERE_FROM;
	size_t used;

	sh->who = sizeof("WHO") - 1;
	for (size_t i = 0; i < sh->s->n_rows; i++) {
		const struct life_row *row = &sh->s->rows[i];

		sh->who = MAX(sh->who, shown_width(sh, row->who));
		if (stage)
			sh->stage = MAX(sh->stage, shown_width(sh, row->stage));
		if (where)
			sh->where = MAX(sh->where, shown_width(sh, where_of(sh, row)));
	}
	if (width) {
		sh->who = MIN(sh->who, (size_t)WHO_MOST);
		sh->where = MIN(sh->where, (size_t)WHERE_MOST);
	}
	sh->stage = sh->stage ? MAX(sh->stage, sizeof("STAGE") - 1) : 0;
	used = TIME_WIDTH + 1 + SINCE_WIDTH + 1 + sh->who + 1 + 2;
	used += (sh->stage ? sh->stage + 1 : 0) + (sh->where ? sh->where + 1 : 0);
	sh->indent = used;
	if (width)
		sh->what = width > used + WHAT_LEAST ? width - used : WHAT_LEAST;
}

static void put_left(struct sheet *sh, struct str text, size_t width)
{
	size_t used;

	buf_reset(&sh->safe);
	text_add_safe(&sh->safe, text.n ? text : STR("-"), sh->style.ascii);
	used = text_add_shortened(sh->out, buf_str(&sh->safe), width, sh->style.ascii);
	blanks(sh->out, width - MIN(used, width) + 1);
}

static void fact_header(struct sheet *sh)
{
	if (sh->style.no_headers)
		return;
	bold(sh, "1");
	put_left(sh, sh->style.zone ? STR("TIME") : STR("TIME (UTC)"), TIME_WIDTH);
	blanks(sh->out, SINCE_WIDTH - 6);
	buf_add_str(sh->out, STR("+SINCE "));
	put_left(sh, STR("WHO"), sh->who);
	if (sh->stage)
		put_left(sh, STR("STAGE"), sh->stage);
	if (sh->where)
		put_left(sh, STR("WHERE"), sh->where);
	buf_add_str(sh->out, STR("  WHAT"));
	bold(sh, "0");
	buf_add_char(sh->out, '\n');
}

/* The time of day in the user's zone. */
static struct str time_of_day(struct sheet *sh, nsec at, int digits, char *text)
{
	enum { DATE = sizeof("2026-11-22T") - 1, SECONDS = sizeof("10:11:00") - 1 };

	clock_format_in(sh->style.zone, at, digits, text);
	return (struct str){ text + DATE, SECONDS + (digits ? 1 + (size_t)digits : 0) };
}

static void put_time(struct sheet *sh, const struct life_row *row)
{
	char text[CLOCK_TEXT];
	struct str day = time_of_day(sh, row->at, row->precision == PRECISION_EXACT ? 6 : 0, text);

	if (row->precision == PRECISION_INFERRED)
		buf_add_char(sh->out, '~');
	buf_add_str(sh->out, day);
	blanks(sh->out, TIME_WIDTH + 1 - day.n - (row->precision == PRECISION_INFERRED));
}

static void put_since(struct sheet *sh, const struct life_row *row)
{
	nsec created = sh->s->t->marks[MILESTONE_CREATED].at;
	nsec since = nsec_known(created) ? row->at - created : 0;
	size_t used;

	buf_reset(&sh->cell);
	if (!nsec_known(created)) {
		buf_add_char(&sh->cell, '-');
	} else {
		buf_add_char(&sh->cell, since < 0 ? '-' : '+');
		waterfall_add_duration(&sh->cell, since < 0 ? -since : since, sh->style.ascii);
	}
	used = text_width(buf_str(&sh->cell));
	blanks(sh->out, SINCE_WIDTH - MIN(used, (size_t)SINCE_WIDTH));
	buf_add_str(sh->out, buf_str(&sh->cell));
	buf_add_char(sh->out, ' ');
}

/* Broken at blanks into lines that are as wide as the column; what is left goes into the last. */
static void put_wrapped(struct sheet *sh, struct str text)
{
	size_t used = 0, lines = 1;
	struct str word, rest;

	for (; text.n; text = rest) {
		size_t width;

		word = text;
		if (!str_cut(text, ' ', &word, &rest))
			rest = (struct str){ 0 };
		width = text_width(word);
		if (used && used + 1 + width > sh->what) {
			buf_add_char(sh->out, '\n');
			blanks(sh->out, sh->indent);
			used = 0;
			if (++lines == WHAT_LINES) {
				text_add_shortened(sh->out, text, sh->what, sh->style.ascii);
				return;
			}
		}
		if (used)
			buf_add_char(sh->out, ' ');
		used += !!used + text_add_shortened(sh->out, word, sh->what, sh->style.ascii);
	}
}

/* operation, how often, reason and message: what is longest comes last. */
static void put_what(struct sheet *sh, const struct life_row *row)
{
	char last[CLOCK_TEXT];

	buf_reset(&sh->safe);
	text_add_safe(&sh->safe, row->operation, sh->style.ascii);
	if (row->times > 1) {
		buf_printf(&sh->safe, " x%u until " STR_FMT, row->times,
			   STR_ARG(time_of_day(sh, row->last, 0, last)));
	}
	if (row->reason.n && !str_eq(row->reason, row->operation)) {
		buf_add_char(&sh->safe, ' ');
		text_add_safe(&sh->safe, row->reason, sh->style.ascii);
	}
	if (row->message.n) {
		buf_add_str(&sh->safe, STR(": "));
		text_add_safe(&sh->safe, row->message, sh->style.ascii);
	}
	buf_add_str(sh->out, row->error ? STR("! ") : STR("  "));
	if (sh->what)
		put_wrapped(sh, buf_str(&sh->safe));
	else
		buf_add_str(sh->out, buf_str(&sh->safe));
}

static void put_gap(struct sheet *sh, size_t i)
{
	enum life_gap gap = life_gap(sh->s->rows, i);

	if (gap == LIFE_GAP_NONE)
		return;
	duration(sh, "-- ", sh->s->rows[i].at - sh->s->rows[i - 1].at);
	buf_add_str(sh->out, gap == LIFE_GAP_SILENT ? STR(": nothing --\n")
						    : STR(": only repetitions --\n"));
}

static void put_day(struct sheet *sh, size_t i)
{
	enum { DATE = sizeof("2026-11-22") - 1 };
	char text[CLOCK_TEXT], before[CLOCK_TEXT];

	if (!i)
		return;
	clock_format_in(sh->style.zone, sh->s->rows[i - 1].at, 0, before);
	clock_format_in(sh->style.zone, sh->s->rows[i].at, 0, text);
	if (memcmp(text, before, DATE) != 0)
		buf_printf(sh->out, "-- %.*s --\n", DATE, text);
}

static void facts(struct sheet *sh)
{
	measure(sh);
	buf_add_char(sh->out, '\n');
	fact_header(sh);
	for (size_t i = 0; i < sh->s->n_rows; i++) {
		const struct life_row *row = &sh->s->rows[i];

		put_gap(sh, i);
		put_day(sh, i);
		if (row->error)
			bold(sh, "31");
		put_time(sh, row);
		put_since(sh, row);
		put_left(sh, row->who, sh->who);
		if (sh->stage)
			put_left(sh, row->stage, sh->stage);
		if (sh->where)
			put_left(sh, where_of(sh, row), sh->where);
		put_what(sh, row);
		if (row->error)
			bold(sh, "0");
		buf_add_char(sh->out, '\n');
	}
}

void story_text(struct buf *out, const struct story *s, struct table_style style)
{
	struct sheet sh = { .out = out, .style = style, .s = s };

	head(&sh);
	facts(&sh);
	for (size_t i = 0; i < s->n_parts; i++) {
		buf_add_char(out, '\n');
		bold(&sh, "1");
		buf_printf(out, "%s", s->parts[i].title);
		bold(&sh, "0");
		buf_add_char(out, '\n');
		waterfall_add(out, &s->parts[i], style);
	}
	if (s->n_parts && !style.no_headers)
		waterfall_legend(out, style);
	buf_free(&sh.cell);
	buf_free(&sh.safe);
}
