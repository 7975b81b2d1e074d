/* SPDX-License-Identifier: Apache-2.0 */
/* Other facts around the time of a cause, and the stages that it delayed. */
#include "page/diagnosis_parts.h"
#include "page/phrase.h"
#include "page/pod_story.h"
#include "page/text.h"

enum { BEFORE = 4, AFTER = 5, WHEN = 14, WHO = 18, LINES = 2 };

/* One line: facts of one write share a line, repetitions are counted. */
struct happening {
	nsec at, last;
	struct str who, what; /* safe */
	struct str key;	      /* without the message, to find repetitions */
	uint32_t times;
	bool error;
};

struct happenings {
	struct happening *list;
	size_t n;
	struct arena arena;
	struct buf text, raw;
	bool ascii;
};

/* ContainersReady changes together with Ready. */
static bool is_echo(const struct life_row *rows, size_t n, size_t i)
{
	if (!str_starts(rows[i].operation, STR("condition:ContainersReady:")))
		return false;
	for (size_t k = i ? i - 1 : 0; k < n && k <= i + 1; k++)
		if (rows[k].at == rows[i].at &&
		    str_starts(rows[k].operation, STR("condition:Ready:")))
			return true;
	return false;
}

static struct str safe_copy(struct happenings *m, struct str text)
{
	buf_reset(&m->text);
	text_add_safe(&m->text, text, m->ascii);
	return arena_str(&m->arena, buf_str(&m->text));
}

static struct str what_of(struct happenings *m, const struct life_row *row, bool message)
{
	buf_reset(&m->raw);
	story_add_what(&m->raw, row, STR(""), message);
	return safe_copy(m, buf_str(&m->raw));
}

static void add_row(struct happenings *m, const struct life_row *row)
{
	struct str key = what_of(m, row, false), what = what_of(m, row, true);
	struct str who = safe_copy(m, row->who.n ? row->who : STR("-"));
	struct happening *before = m->n ? &m->list[m->n - 1] : NULL;

	if (before && str_eq(before->who, who) && str_eq(before->key, key)) {
		before->times += row->times;
		before->last = MAX(row->at, row->last);
		before->error = before->error || row->error;
		return;
	}
	if (before && before->at == row->at && before->times == 1 && row->times <= 1 &&
	    str_eq(before->who, who)) {
		/* several facts leave no room for their messages */
		before->key = arena_printf(&m->arena, STR_FMT "; " STR_FMT, STR_ARG(before->key),
					   STR_ARG(key));
		before->what = before->key;
		before->error = before->error || row->error;
		return;
	}
	m->list[m->n++] = (struct happening){ .at = row->at,
					      .last = row->times > 1 ? row->last : row->at,
					      .who = who,
					      .what = what,
					      .key = key,
					      .times = MAX(row->times, 1),
					      .error = row->error };
}

static void gather(struct happenings *m, const struct timeline *t)
{
	const struct life_row *rows;
	size_t n = life_rows(t, &m->arena, &rows);

	m->list = arena_array(&m->arena, struct happening, n);
	for (size_t i = 0; i < n; i++)
		if (!is_echo(rows, n, i))
			add_row(m, &rows[i]);
}

static void add_happening(struct page *p, struct happenings *m, const struct happening *one,
			  nsec day)
{
	struct buf *out = &p->text;
	size_t line = out->n, used;

	buf_add_str(out, one->error ? STR("! ") : STR("  "));
	phrase_add_time_of_day(out, p->style.zone, one->at, day, 3);
	used = out->n - line;
	phrase_add_blanks(out, 2 + WHEN - MIN(used, (size_t)2 + WHEN));
	phrase_add_cell(out, one->who, WHO - 2, false, p->style.ascii);
	buf_add_char(out, ' ');
	buf_reset(&m->text);
	if (one->times > 1) {
		buf_printf(&m->text, "%u times until ", one->times);
		phrase_add_time_of_day(&m->text, p->style.zone, one->last, day, 0);
		buf_add_str(&m->text, STR(": "));
	}
	buf_add_str(&m->text, one->what);
	phrase_add_column(
	    out, buf_str(&m->text),
	    (struct phrase_column){ 2 + WHEN + WHO, p->style.width, LINES, p->style.ascii });
	buf_add_char(out, '\n');
}

static void add_happenings(struct page *p, const struct diagnosed *pod)
{
	nsec first = pod->diagnosis->primary->first;
	struct happenings m = { .ascii = p->style.ascii };
	size_t middle = 0;

	gather(&m, pod->t);
	while (middle + 1 < m.n && m.list[middle].at < first)
		middle++;
	for (size_t i = middle > BEFORE ? middle - BEFORE : 0; i < m.n && i <= middle + AFTER; i++)
		add_happening(p, &m, &m.list[i], first);
	if (m.n) {
		page_subtitle(p, "AROUND THAT TIME");
		page_drawing(p);
	}
	buf_free(&m.text);
	buf_free(&m.raw);
	arena_free(&m.arena);
}

/* The stages that the cause delayed; a cause of scope run has none. */
static bool add_stages(struct page *p, const struct diagnosed *pod, const struct basis *basis)
{
	const char *wanted = pod->diagnosis->primary->scope == SCOPE_CREATE   ? "DELIVERY"
			     : pod->diagnosis->primary->scope == SCOPE_DELETE ? "DELETION"
									      : "";
	struct story story;
	bool any = false;

	story_make(&story, pod->t, pod->d, basis, pod->log_end);
	for (size_t i = 0; i < story.n_parts; i++) {
		if (strcmp(story.parts[i].title, wanted) != 0 || story.parts[i].n < 2)
			continue;
		page_subtitle(p, wanted);
		waterfall_add(p, &story.parts[i]);
		any = true;
	}
	story_free(&story);
	return any;
}

bool diagnosis_page_around(struct page *p, const struct diagnosed *pod, const struct basis *basis)
{
	add_happenings(p, pod);
	return add_stages(p, pod, basis);
}
