/* SPDX-License-Identifier: Apache-2.0 */
/* Splits one source's bytes into texts: lines, and the longer values that begin on some of them. */
#include "input/texts.h"

#include "base/mem.h"
#include "input/items.h"
#include "input/yaml.h"
#include "wrap/join.h"

struct texts {
	struct files files;
	struct window window; /* of the current file, if it is no YAML */
	struct items items;
	bool skips_line;
	struct yaml *yaml; /* NULL: the file is read as lines */
	struct stream *yaml_from;
	struct join join;
};

struct texts *texts_of_stream(struct stream *base, const struct source *source,
			      const struct input_config *config, const struct peel_config *peel,
			      size_t block_size)
{
	struct texts *t = mem_zalloc(sizeof(*t));

	files_open(&t->files, base, source, config, peel);
	window_open(&t->window, &t->files, block_size);
	t->items.window = &t->window;
	t->join.record_max = t->window.record_max;
	return t;
}

struct texts *texts_open(const struct source *source, const struct input_config *config)
{
	return texts_of_stream(NULL, source, config, &(struct peel_config){ 0 }, 0);
}

/* The window is after the line's last byte: at its newline, or at the end of the file. */
static void take_newline(struct window *w)
{
	if (w->p < w->end) {
		window_advance(w, 1);
		w->line++;
	}
}

static enum given give_line(struct window *w, struct str line, struct text *ret_text)
{
	ret_text->unterminated = w->p == w->end;
	ret_text->line = w->line;
	ret_text->offset = w->offset - line.n;
	if (!ret_text->unterminated && line.p[line.n - 1] == '\r')
		line.n--;
	ret_text->bytes = line;
	take_newline(w);
	return GIVEN_TEXT;
}

/* A complete line that does not look like a typical record. */
static enum given judge_line(struct texts *t, struct str line, bool carried, struct text *ret_text)
{
	struct str body = str_trim(line);
	struct window *w = &t->window;

	if (body.n == 0) {
		take_newline(w);
		return GIVEN_NOTHING;
	}
	if (body.n == 1 && body.p[0] == '{') {
		window_back(w, line, body.p, carried);
		return items_value(&t->items, true, ret_text);
	}
	if (body.p[0] == '[' && items_is_array(body, w->p < w->end)) {
		window_back(w, line, body.p, carried);
		items_begin(&t->items, ENVELOPE_NONE, false);
		return GIVEN_NOTHING;
	}
	return give_line(w, line, ret_text);
}

/* The carry has the first record_max bytes of a longer line. */
static enum given judge_oversize(struct texts *t)
{
	struct window *w = &t->window;
	struct str begin = buf_str(&w->carry), body = str_trim(begin);
	size_t at;

	if (body.n > 0 && body.p[0] == '[') {
		window_back(w, begin, body.p, true);
		items_begin(&t->items, ENVELOPE_NONE, true);
	} else if (body.n > 0 && body.p[0] == '{' && items_find(body, &at)) {
		window_back(w, begin, body.p + at, true);
		items_begin(&t->items, ENVELOPE_LINE, true);
	} else {
		files_note(w->files, INPUT_OVERSIZE, w->line, w->offset - begin.n,
			   "a line longer than the limit");
		return GIVEN_SKIP_LINE;
	}
	return GIVEN_NOTHING;
}

/* A line that exceeds the window or the limit: the carry collects it. */
static enum given long_line(struct texts *t, struct text *ret_text)
{
	struct window *w = &t->window;

	if (w->later) {
		/* The window is the carry's own memory. */
		size_t left = window_left(w);

		memmove(w->carry.p, w->p, left);
		w->carry.n = left;
		w->offset += left;
		w->p = w->later;
		w->end = w->later_end;
		w->later = NULL;
	} else {
		w->carry.n = 0;
	}
	for (;;) {
		size_t room = w->record_max - w->carry.n, n = window_left(w);
		const char *newline = n ? memchr(w->p, '\n', n) : NULL;

		if (newline)
			n = (size_t)(newline - w->p);
		buf_add(&w->carry, w->p, MIN(n, room));
		window_advance(w, MIN(n, room));
		if (n > room)
			return judge_oversize(t);
		if (newline || !window_more(w))
			return judge_line(t, buf_str(&w->carry), true, ret_text);
	}
}

static enum given next_line(struct texts *t, struct text *ret_text)
{
	struct window *w = &t->window;
	const char *newline;
	struct str line;

	if (!window_any(w))
		return GIVEN_END;
	newline = memchr(w->p, '\n', window_left(w));
	line = (struct str){ w->p, newline ? (size_t)(newline - w->p) : 0 };
	if (UNLIKELY(!newline || line.n > w->record_max))
		return long_line(t, ret_text);
	window_advance(w, line.n);
	if (LIKELY(line.n > 2 && line.p[0] == '{' && line.p[1] == '"'))
		return give_line(w, line, ret_text);
	return judge_line(t, line, false, ret_text);
}

static enum given skip_line(struct window *w)
{
	while (window_any(w)) {
		const char *newline = memchr(w->p, '\n', window_left(w));

		window_advance(w, newline ? (size_t)(newline - w->p) : window_left(w));
		if (newline) {
			take_newline(w);
			break;
		}
	}
	return GIVEN_NOTHING;
}

/* Files */

static void note_yaml(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		      const char *detail)
{
	files_note(ctx, kind, line, offset, detail);
}

static bool begin_file(struct texts *t)
{
	struct files *f = &t->files;
	size_t n;

	if (!files_next(f))
		return false;
	window_begin(&t->window);
	t->items.open = t->skips_line = false;
	if (yaml_is(buf_str(&f->head))) {
		n = strcmp(f->form, "plain") == 0 ? 0 : strlen(f->form);
		snprintf(f->form + n, sizeof(f->form) - n, "%syaml", n ? "+" : "");
		t->yaml_from = files_stream(f);
		t->yaml = yaml_open(t->yaml_from, f->config.record_max, note_yaml, f);
	}
	return true;
}

static void close_yaml(struct texts *t)
{
	yaml_close(t->yaml);
	stream_close(t->yaml_from);
	t->yaml = NULL;
	t->yaml_from = NULL;
}

static void note_lost(struct texts *t)
{
	struct join_lost lost;

	while (join_next_lost(&t->join, &lost))
		files_note(&t->files, INPUT_PARTIAL, lost.line, lost.offset, lost.why);
}

static void end_file(struct texts *t)
{
	const struct window *w = &t->window;

	join_end(&t->join);
	note_lost(t);
	if (w->faulty)
		files_note(&t->files, w->fault.kind, w->line, w->offset, w->fault.text);
	close_yaml(t);
	files_end(&t->files, w->faulty && w->fault.kind == INPUT_BOMB);
}

/* Texts */

static enum given yaml_step(struct texts *t, struct text *ret_text)
{
	int r = yaml_next(t->yaml, ret_text, &t->window.fault);

	t->window.faulty = r < 0;
	return r > 0 ? GIVEN_TEXT : GIVEN_END;
}

/* The next text of the current file, or its end. */
static enum given next_text(struct texts *t, struct text *ret_text)
{
	enum given given;

	if (t->yaml)
		return yaml_step(t, ret_text);
	do {
		if (t->skips_line)
			given = skip_line(&t->window);
		else if (t->items.open)
			given = items_next(&t->items, ret_text);
		else
			given = next_line(t, ret_text);
		t->skips_line = given == GIVEN_SKIP_LINE;
	} while (given == GIVEN_NOTHING || given == GIVEN_SKIP_LINE);
	return given;
}

/* Whether it is returned: a fragment of a later text is not. */
static bool is_whole(struct texts *t, struct text *text)
{
	struct join_line line = { text->bytes, text->line, text->offset };
	enum join_result result;

	if (t->yaml)
		return true;
	result = join_text(&t->join, &line);
	text->bytes = line.bytes;
	text->line = line.line;
	text->offset = line.offset;
	note_lost(t);
	return result != JOIN_WAITS;
}

int texts_next(struct texts *t, struct text *ret_text, struct err *err)
{
	for (;;) {
		if (!t->files.top && !begin_file(t))
			return 0;
		if (next_text(t, ret_text) == GIVEN_END) {
			end_file(t);
		} else if (is_whole(t, ret_text)) {
			ret_text->member = t->files.member;
			return 1;
		}
	}
}

uint64_t texts_consumed(const struct texts *t)
{
	return files_consumed(&t->files);
}

const char *texts_form(const struct texts *t)
{
	return t->files.form;
}

void texts_close(struct texts *t)
{
	if (!t)
		return;
	close_yaml(t);
	files_close(&t->files);
	window_close(&t->window);
	buf_free(&t->items.value);
	join_free(&t->join);
	mem_free(t);
}
