/* SPDX-License-Identifier: Apache-2.0 */
#include "page/phrase.h"
#include "page/pod_story.h"
#include "timeline/sight.h"

enum {
	TIME_WIDTH = 15, /* 10:11:00.123456 */
	SINCE_WIDTH = 9,
	WHO_MOST = 24,
	STAGE_FROM = 110, /* minimum widths for showing the stages, and the files */
	WHERE_FROM = 140,
	WHERE_MOST = 40,
};

/* The head */

static void end_value(struct page *p, const char *key)
{
	page_value(p, key, PAGE_UNBROKEN);
}

static void add_value(struct page *p, const char *key, struct str value)
{
	buf_add_str(&p->text, value.n ? value : STR("-"));
	end_value(p, key);
}

static void add_duration(struct page *p, const char *before, nsec d)
{
	buf_printf(&p->text, "%s", before);
	page_add_duration(p, d);
}

/* The failure ended the delivery, after which the pod did not wait any more. */
static bool phase_failed(const struct story *s)
{
	const struct mark *failed = &s->t->marks[MILESTONE_FAILED];
	nsec at = nsec_known(failed->at) ? failed->at : failed->until;

	return failed->reached && nsec_known(at) && s->d->until == at;
}

static void add_verdict(struct page *p, const struct story *s)
{
	const struct delivery *d = s->d;

	buf_add_str(&p->text, verdict_name(d->verdict));
	if (d->exclusion != EXCLUSION_NONE)
		buf_printf(&p->text, ": " STR_FMT, STR_ARG(exclusion_name(d->exclusion)));
	if (s->t->denied) {
		buf_printf(&p->text, ": " STR_FMT ", %u attempt%s", STR_ARG(s->t->refusal),
			   s->t->attempts, s->t->attempts == 1 ? "" : "s");
	} else if (nsec_known(d->total)) {
		add_duration(p, ": total ", d->total);
		add_duration(p, ", delivery ", d->delivery);
		add_duration(p, ", user ", d->user);
	} else if (d->verdict == VERDICT_FAILED && phase_failed(s)) {
		buf_add_str(&p->text, STR(": its phase became Failed before it was delivered"));
	} else if (nsec_known(d->waited) && d->verdict != VERDICT_EXCLUDED) {
		nsec whole =
		    delivery_waited_whole(s->t->marks[MILESTONE_CREATED].at, d->until, d->waited);

		add_duration(p, ": not delivered after ", nsec_known(whole) ? whole : d->waited);
		if (nsec_known(whole) && whole != d->waited)
			add_duration(p, ", without user time ", d->waited);
	}
	end_value(p, "verdict");
	if (!d->class_name.p || s->t->denied)
		return;
	buf_add_str(&p->text, d->class_name);
	add_duration(p, ": delivery within ", d->delivery_limit);
	add_duration(p, ", deadline ", d->deadline_limit);
	end_value(p, "class");
}

static void add_time(struct page *p, const char *key, nsec at)
{
	char text[CLOCK_TEXT];

	if (!nsec_known(at))
		return;
	clock_format_in(p->style.zone, at, 6, text);
	add_value(p, key, str_from(text));
}

static const char *container_word(enum container_kind kind)
{
	static const char *const words[] = { "", " (init)", " (sidecar)", " (ephemeral)" };

	return words[kind];
}

/* The images that it got later, by in-place updates. */
static void add_later_images(struct page *p, const struct timeline *t, struct str name)
{
	for (size_t i = 0; i < t->n_upgrades; i++) {
		const struct upgrade *u = &t->upgrades[i];

		if (u->kind == UPGRADE_IMAGE && str_eq(u->containers, name))
			phrase_add(&p->text, STR(", then "), u->after);
	}
}

static void add_container(struct page *p, const struct timeline *t, struct str name,
			  const struct container_spec *spec, const struct container_life *life)
{
	phrase_add(&p->text, name, str_from(spec ? container_word(spec->kind) : ""));
	if (spec && spec->image.n) {
		phrase_add(&p->text, STR(" "), spec->image);
		add_later_images(p, t, name);
	}
	if (life)
		buf_printf(&p->text, ", %u restart%s", life->restarts,
			   life->restarts == 1 ? "" : "s");
	if (life && life->ended.reached) {
		buf_printf(&p->text, ", last exit %d ", life->exit_code);
		buf_add_str(&p->text, life->reason);
	}
	if (life && life->waiting.n)
		phrase_add(&p->text, STR(", waits: "), life->waiting);
	end_value(p, "container");
}

static void add_containers(struct page *p, const struct timeline *t)
{
	const struct pod_object *o = t->object;

	for (size_t i = 0; i < t->n_containers; i++)
		add_container(p, t, t->containers[i].name, t->containers[i].spec,
			      &t->containers[i]);
	for (size_t i = 0; o && !t->n_containers && i < o->n_containers; i++)
		add_container(p, t, o->containers[i].name, &o->containers[i], NULL);
}

static void add_head(struct page *p, const struct story *s)
{
	const struct timeline *t = s->t;
	struct buf name = { 0 };
	uint64_t restarts;

	phrase_add(&name, STR("pod/"), t->namespace, STR("/"),
		   t->name.n		? t->name
		   : t->generate_name.n ? t->generate_name
					: STR("-"));
	page_head(p, buf_str(&name), false);
	buf_free(&name);
	if (t->cluster.n)
		add_value(p, "cluster", t->cluster);
	add_value(p, "uid", t->uid);
	add_value(p, "node", t->node);
	buf_add_str(&p->text, t->workload_kind.n ? t->workload_kind : STR("-"));
	if (t->workload_name.n)
		phrase_add(&p->text, STR(" "), t->workload_name);
	end_value(p, "workload");
	add_verdict(p, s);
	add_time(p, "created", t->marks[MILESTONE_CREATED].at);
	add_time(p, "deleted", t->marks[MILESTONE_DELETED].at);
	add_time(p, "gone", sight_gone(t));
	add_containers(p, t);
	if (!t->n_containers && sight_restarts(t, &restarts) && restarts) {
		buf_printf(&p->text, "%llu", (unsigned long long)restarts);
		end_value(p, "restarts");
	}
	if (t->cut)
		add_value(p, "cut", STR("more facts than are kept; the rest is left out"));
}

/* The facts */

struct story_facts {
	struct page *page;
	const struct story *s;
	struct arena arena;
	struct buf text;
};

static struct str where_of(struct story_facts *f, const struct life_row *row)
{
	struct str file = basis_file(f->s->basis, row->entry->position), folder;

	if (!f->page->style.wide)
		str_cut_last(file, '/', &folder, &file);
	return arena_printf(&f->arena, STR_FMT ":%llu", STR_ARG(file),
			    (unsigned long long)row->entry->position.line);
}

/* The time of day in the user's zone. */
static struct str time_of_day(struct story_facts *f, nsec at, int digits)
{
	enum { DATE = sizeof("2026-11-22T") - 1, SECONDS = sizeof("10:11:00") - 1 };
	char text[CLOCK_TEXT];

	clock_format_in(f->page->style.zone, at, digits, text);
	return arena_str(&f->arena,
			 (struct str){ text + DATE, SECONDS + (digits ? 1 + (size_t)digits : 0) });
}

static struct str time_of(struct story_facts *f, const struct life_row *row)
{
	struct str day = time_of_day(f, row->at, row->precision == PRECISION_EXACT ? 6 : 0);

	return row->precision == PRECISION_INFERRED
		   ? arena_printf(&f->arena, "~" STR_FMT, STR_ARG(day))
		   : day;
}

/* Relative to the pod's creation. */
static struct str since_of(struct story_facts *f, const struct life_row *row)
{
	nsec created = f->s->t->marks[MILESTONE_CREATED].at, since;

	if (!nsec_known(created))
		return STR("");
	since = row->at - created;
	buf_reset(&f->text);
	buf_add_char(&f->text, since < 0 ? '-' : '+');
	phrase_add_duration(&f->text, since < 0 ? -since : since, f->page->style.ascii);
	return arena_str(&f->arena, buf_str(&f->text));
}

static struct str what_of(struct story_facts *f, const struct life_row *row)
{
	struct str times = { 0 };

	if (row->times > 1)
		times = arena_printf(&f->arena, " x%u until " STR_FMT, row->times,
				     STR_ARG(time_of_day(f, row->last, 0)));
	buf_reset(&f->text);
	story_add_what(&f->text, row, times, true);
	return arena_str(&f->arena, buf_str(&f->text));
}

/* A long silence before it, or a new day. */
static struct str before_of(struct story_facts *f, size_t i)
{
	enum { DATE = sizeof("2026-11-22") - 1 };
	enum life_gap gap = life_gap(f->s->rows, i);
	char day[CLOCK_TEXT], before[CLOCK_TEXT];

	if (!i)
		return STR("");
	buf_reset(&f->text);
	if (gap != LIFE_GAP_NONE) {
		buf_add_str(&f->text, STR("-- "));
		phrase_add_duration(&f->text, f->s->rows[i].at - f->s->rows[i - 1].at,
				    f->page->style.ascii);
		buf_add_str(&f->text, gap == LIFE_GAP_SILENT ? STR(": nothing --\n")
							     : STR(": only repetitions --\n"));
	}
	clock_format_in(f->page->style.zone, f->s->rows[i - 1].at, 0, before);
	clock_format_in(f->page->style.zone, f->s->rows[i].at, 0, day);
	if (memcmp(day, before, DATE) != 0)
		buf_printf(&f->text, "-- %.*s --\n", DATE, day);
	return arena_str(&f->arena, buf_str(&f->text));
}

static void add_facts(struct page *p, const struct story *s)
{
	struct story_facts f = { .page = p, .s = s };
	struct page_log_row *rows = arena_array(&f.arena, struct page_log_row, s->n_rows);
	struct page_log log = {
		.columns = { { .name = p->style.zone ? "TIME" : "TIME (UTC)", .least = TIME_WIDTH },
			     { .name = "+SINCE", .least = SINCE_WIDTH, .align = TABLE_RIGHT },
			     { .name = "WHO", .most = WHO_MOST },
			     { .name = "STAGE", .from = STAGE_FROM, .sparse = true },
			     { .name = "WHERE",
			       .from = WHERE_FROM,
			       .most = WHERE_MOST,
			       .sparse = true } },
		.rows = rows,
		.n = s->n_rows,
	};

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct life_row *row = &s->rows[i];

		rows[i] =
		    (struct page_log_row){ .before = before_of(&f, i),
					   .cells = { time_of(&f, row), since_of(&f, row), row->who,
						      row->stage, where_of(&f, row) },
					   .what = what_of(&f, row),
					   .error = row->error };
	}
	page_log(p, &log);
	buf_free(&f.text);
	arena_free(&f.arena);
}

void story_text(struct buf *out, const struct story *s, struct table_style style)
{
	struct page p = page_of(out, style);

	add_head(&p, s);
	add_facts(&p, s);
	for (size_t i = 0; i < s->n_parts; i++) {
		page_subtitle(&p, s->parts[i].title);
		waterfall_add(&p, &s->parts[i]);
	}
	if (s->n_parts && !style.no_headers)
		waterfall_legend(&p);
	page_free(&p);
}
