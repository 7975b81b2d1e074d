/* SPDX-License-Identifier: Apache-2.0 */
/* One source's bytes to texts: blocks and lines. */
#include "input/texts.h"

#include "base/mem.h"

void texts_note(struct texts *t, enum input_note_kind kind, uint64_t line, uint64_t offset,
		const char *detail)
{
	struct input_note note = {
		.kind = kind,
		.name = t->member ? buf_str(&t->name) : t->source.name,
		.member = t->member,
		.named = t->source.named && !t->member,
		.line = line,
		.offset = offset,
		.detail = detail,
	};

	if (t->config.note)
		t->config.note(t->config.ctx, &note);
}

struct texts *texts_of_stream(struct stream *base, const struct source *source,
			      const struct input_config *config, const struct peel_config *peel,
			      size_t block_size)
{
	struct texts *t = mem_zalloc(sizeof(*t));

	t->source = *source;
	t->config = *config;
	if (t->config.record_max == 0)
		t->config.record_max = INPUT_RECORD_MAX;
	if (t->config.ratio_max == 0)
		t->config.ratio_max = INPUT_RATIO_MAX;
	t->peel = *peel;
	if (t->peel.ratio_free == 0)
		t->peel.ratio_free = INPUT_RATIO_FREE;
	t->peel.ratio_max = t->config.ratio_max;
	t->config.depth_max =
	    MIN(t->config.depth_max ? t->config.depth_max : INPUT_NEST_MAX, (unsigned)NEST_MAX);
	if (t->config.entries_max == 0)
		t->config.entries_max = INPUT_ENTRIES_MAX;
	t->block_size = block_size ? block_size : INPUT_BLOCK;
	t->join.record_max = t->config.record_max;
	t->base = base;
	return t;
}

struct texts *texts_open(const struct source *source, const struct input_config *config)
{
	return texts_of_stream(NULL, source, config, &(struct peel_config){ 0 }, 0);
}

bool texts_more(struct texts *t)
{
	ssize_t got;

	if (t->later.p) {
		t->in = t->later;
		t->later = (struct window){ 0 };
		if (t->in.p < t->in.end)
			return true;
	}
	if (t->life == TEXTS_OVER)
		return false;
	got = files_read(t, t->block, t->block_size, &t->fault);
	if (got <= 0) {
		t->life = TEXTS_OVER;
		t->faulty = got < 0;
		return false;
	}
	t->in = (struct window){ t->block, t->block + got };
	return true;
}

/* The window stands behind the line's last byte: on its newline, or at the end of the stream. */
static void take_newline(struct texts *t)
{
	if (t->in.p < t->in.end) {
		texts_advance(t, 1);
		t->line++;
	}
}

static enum texts_step give_line(struct texts *t, struct str line, struct text *ret_text)
{
	ret_text->unterminated = t->in.p == t->in.end;
	ret_text->line = t->line;
	ret_text->offset = t->offset - line.n;
	if (!ret_text->unterminated && line.p[line.n - 1] == '\r')
		line.n--;
	ret_text->bytes = line;
	take_newline(t);
	return TEXTS_TEXT;
}

/* Back to `to`, which lies in the line that was just read, be it in the window or in the carry. */
static void go_back(struct texts *t, struct str line, const char *to, bool carried)
{
	t->offset -= line.n - (size_t)(to - line.p);
	if (carried) {
		t->later = t->in;
		t->in = (struct window){ to, line.p + line.n };
	} else {
		t->in.p = to;
	}
}

/* A whole line that does not look like the usual record. */
static enum texts_step judge_line(struct texts *t, struct str line, bool carried,
				  struct text *ret_text)
{
	struct str body = str_trim(line);

	if (body.n == 0) {
		take_newline(t);
		return TEXTS_AGAIN;
	}
	if (body.n == 1 && body.p[0] == '{') {
		go_back(t, line, body.p, carried);
		return items_value(t, true, ret_text);
	}
	if (body.p[0] == '[' && items_is_array(body, t->in.p < t->in.end)) {
		go_back(t, line, body.p, carried);
		items_begin(t, ENVELOPE_NONE);
		return TEXTS_AGAIN;
	}
	return give_line(t, line, ret_text);
}

/* The first record_max bytes of a line that is longer are in the carry. */
static enum texts_step judge_oversize(struct texts *t)
{
	struct str begin = buf_str(&t->carry), body = str_trim(begin);
	size_t at;

	if (body.n > 0 && body.p[0] == '[') {
		go_back(t, begin, body.p, true);
		items_begin(t, ENVELOPE_NONE);
		t->one_line = true;
	} else if (body.n > 0 && body.p[0] == '{' && items_find(body, &at)) {
		go_back(t, begin, body.p + at, true);
		items_begin(t, ENVELOPE_LINE);
		t->one_line = true;
	} else {
		texts_note(t, INPUT_OVERSIZE, t->line, t->offset - begin.n,
			   "a line longer than the limit");
		t->mode = TEXTS_SKIP_LINE;
	}
	return TEXTS_AGAIN;
}

/* A line that goes beyond the window or the limit: it is put together in the carry. */
static enum texts_step long_line(struct texts *t, struct text *ret_text)
{
	if (t->later.p) {
		/* The window is the carry's own memory. */
		size_t left = texts_left(t);

		memmove(t->carry.p, t->in.p, left);
		t->carry.n = left;
		t->offset += left;
		t->in = t->later;
		t->later = (struct window){ 0 };
	} else {
		t->carry.n = 0;
	}
	for (;;) {
		size_t room = t->config.record_max - t->carry.n, n = texts_left(t);
		const char *newline = n ? memchr(t->in.p, '\n', n) : NULL;

		if (newline)
			n = (size_t)(newline - t->in.p);
		buf_add(&t->carry, t->in.p, MIN(n, room));
		texts_advance(t, MIN(n, room));
		if (n > room)
			return judge_oversize(t);
		if (newline || !texts_more(t))
			return judge_line(t, buf_str(&t->carry), true, ret_text);
	}
}

static enum texts_step next_line(struct texts *t, struct text *ret_text)
{
	const char *newline;
	struct str line;

	if (t->in.p == t->in.end && !texts_more(t))
		return TEXTS_END;
	newline = memchr(t->in.p, '\n', texts_left(t));
	line = (struct str){ t->in.p, newline ? (size_t)(newline - t->in.p) : 0 };
	if (UNLIKELY(!newline || line.n > t->config.record_max))
		return long_line(t, ret_text);
	texts_advance(t, line.n);
	if (LIKELY(line.n > 2 && line.p[0] == '{' && line.p[1] == '"'))
		return give_line(t, line, ret_text);
	return judge_line(t, line, false, ret_text);
}

static enum texts_step skip_line(struct texts *t)
{
	t->mode = TEXTS_LINES;
	while (t->in.p < t->in.end || texts_more(t)) {
		const char *newline = memchr(t->in.p, '\n', texts_left(t));

		texts_advance(t, newline ? (size_t)(newline - t->in.p) : texts_left(t));
		if (newline) {
			take_newline(t);
			break;
		}
	}
	return TEXTS_AGAIN;
}

static enum texts_step texts_step(struct texts *t, struct text *ret_text)
{
	switch (t->mode) {
	case TEXTS_LINES:
		return next_line(t, ret_text);
	case TEXTS_SKIP_LINE:
		return skip_line(t);
	case TEXTS_ITEMS:
		return items_next(t, ret_text);
	case TEXTS_REST:
		return items_rest(t);
	}
	return TEXTS_END;
}

void texts_note_lost(struct texts *t)
{
	struct join_lost lost;

	while (join_next_lost(&t->join, &lost))
		texts_note(t, INPUT_PARTIAL, lost.line, lost.offset, lost.why);
}

static enum texts_step yaml_step(struct texts *t, struct text *ret_text)
{
	int r = yaml_next(t->yaml, ret_text, &t->fault);

	t->faulty = r < 0;
	return r > 0 ? TEXTS_TEXT : TEXTS_END;
}

/* The next text of the file at hand. */
static enum texts_step file_step(struct texts *t, struct text *ret_text)
{
	enum texts_step step;

	if (t->yaml)
		return yaml_step(t, ret_text);
	do
		step = texts_step(t, ret_text);
	while (step == TEXTS_AGAIN);
	return step;
}

/* Is it to be given, or is it a piece of one that comes later? */
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
	texts_note_lost(t);
	return result != JOIN_WAITS;
}

int texts_next(struct texts *t, struct text *ret_text, struct err *err)
{
	for (;;) {
		if (t->life == TEXTS_NO_FILE && !files_next(t))
			return 0;
		if (file_step(t, ret_text) == TEXTS_END) {
			files_end(t);
		} else if (is_whole(t, ret_text)) {
			ret_text->member = t->member;
			return 1;
		}
	}
}

uint64_t texts_consumed(const struct texts *t)
{
	return t->base ? t->base->given : t->consumed;
}

const char *texts_form(const struct texts *t)
{
	return t->form;
}

void texts_close(struct texts *t)
{
	if (!t)
		return;
	files_close(t);
	mem_free(t->block);
	buf_free(&t->carry);
	buf_free(&t->value);
	buf_free(&t->name);
	buf_free(&t->head);
	join_free(&t->join);
	mem_free(t);
}
