/* SPDX-License-Identifier: Apache-2.0 */
/* A source to files: itself, or those of the archive that it is, and of the archives in that. */
#include "input/texts.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Descriptors are opened when the first text is asked for: sources can be many. */
static bool open_source(struct texts *t)
{
	int fd = STDIN_FILENO;

	if (!t->source.is_stdin) {
		do
			fd = open(t->source.path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR);
		if (fd < 0) {
			texts_note(t, INPUT_CANNOT_OPEN, 0, 0, strerror(errno));
			return false;
		}
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	t->base = stream_of_fd(fd, !t->source.is_stdin);
	return true;
}

static void tell_file(struct texts *t, const char *form, uint32_t member, uint64_t bytes)
{
	struct input_file file = {
		.name = member ? buf_str(&t->name) : t->source.name,
		.member = member,
		.form = form,
		.bytes = bytes,
	};

	if (t->config.file)
		t->config.file(t->config.ctx, &file);
}

/*
 * Many small files that each stay below the ratio are a bomb too, so an archive is measured by all
 * that came out of it.
 */
static bool is_bomb(const struct texts *t)
{
	for (unsigned i = 0; i < t->n_nests; i++) {
		uint64_t given = members_given(t->nests[i].members);

		if (given > t->peel.ratio_free &&
		    given / MAX(t->base->given, 1) > t->peel.ratio_max)
			return true;
	}
	return false;
}

static ssize_t read_on(struct texts *t, void *to, size_t n, struct stream_fault *fault)
{
	if (t->n_nests && is_bomb(t))
		return stream_fail(fault, INPUT_BOMB, "more than %llu times as large when unpacked",
				   (unsigned long long)t->peel.ratio_max);
	return stream_read(t->top, to, n, fault);
}

/* What was looked at comes first. */
ssize_t files_read(struct texts *t, void *to, size_t n, struct stream_fault *fault)
{
	if (t->head_at < t->head.n) {
		n = MIN(n, t->head.n - t->head_at);
		memcpy(to, t->head.p + t->head_at, n);
		t->head_at += n;
		return (ssize_t)n;
	}
	if (t->head_ended) {
		*fault = t->head_fault;
		return t->head_faulty ? -1 : 0;
	}
	return read_on(t, to, n, fault);
}

/* The file at hand as a stream. */

struct again {
	struct stream s;
	struct texts *t;
};

static ssize_t again_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	return files_read(((struct again *)s)->t, to, n, fault);
}

static void again_close(struct stream *s)
{
	mem_free(s);
}

static struct stream *again_open(struct texts *t)
{
	static const struct stream_ops ops = { again_read, again_close };
	struct again *a = mem_zalloc(sizeof(*a));

	a->s.ops = &ops;
	a->t = t;
	return &a->s;
}

static void note_yaml(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		      const char *detail)
{
	texts_note(ctx, kind, line, offset, detail);
}

/* Looking */

/* The first bytes of the file at hand. */
static void read_head(struct texts *t)
{
	ssize_t got = 1;

	buf_reset(&t->head);
	buf_reserve(&t->head, INPUT_LOOK_SIZE);
	while (got > 0 && t->head.n < INPUT_LOOK_SIZE) {
		got =
		    read_on(t, t->head.p + t->head.n, INPUT_LOOK_SIZE - t->head.n, &t->head_fault);
		if (got > 0)
			t->head.n += (size_t)got;
	}
	t->head_at = 0;
	t->head_ended = got <= 0;
	t->head_faulty = got < 0;
}

/* False: it is not for us, and said so. */
static bool is_wanted(struct texts *t)
{
	bool named = t->source.named && !t->member;
	const char *what = NULL;

	if (!t->config.look)
		return true;
	switch (t->config.look(t->config.ctx, buf_str(&t->head), &what)) {
	case INPUT_LOOK_READ:
		return true;
	case INPUT_LOOK_PASS:
		if (named || t->head_faulty)
			return true;
		texts_note(t, INPUT_PASSED_OVER, 0, 0, what);
		return false;
	case INPUT_LOOK_FOREIGN:
		texts_note(t, named ? INPUT_FOREIGN : INPUT_PASSED_OVER, 0, 0, what);
		return false;
	}
	return true;
}

/* Opening */

static void forget_file(struct texts *t)
{
	if (!t->n_nests && t->base) {
		t->consumed = t->base->given;
		t->base = NULL; /* it is below top */
	}
	yaml_close(t->yaml);
	stream_close(t->yaml_from);
	stream_close(t->top);
	t->yaml = NULL;
	t->yaml_from = t->top = NULL;
	t->life = TEXTS_NO_FILE;
	t->faulty = false;
}

static void begin_file(struct texts *t, const struct peeled *peeled)
{
	t->top = peeled->top;
	t->life = TEXTS_OPEN;
	t->faulty = false;
	t->mode = TEXTS_LINES;
	t->offset = peeled->skipped;
	t->line = 1;
	t->in = t->later = (struct window){ 0 };
	memcpy(t->form, peeled->form, sizeof(t->form));
	if (!t->block)
		t->block = mem_alloc_pages(t->block_size);
	read_head(t);
}

/* An archive is opened and becomes the innermost; its files are next. */
static void begin_nest(struct texts *t, const struct peeled *peeled)
{
	struct nest *nest = &t->nests[t->n_nests];

	*nest = (struct nest){ .members = members_open(peeled->top, &t->peel),
			       .name_n = t->name.n,
			       .member = t->member };
	memcpy(nest->form, peeled->form, sizeof(nest->form));
	t->n_nests++;
}

/* Takes the stream over. True: a file to read is open now. */
static bool enter(struct texts *t, struct stream *from)
{
	struct peeled peeled;
	struct stream_fault fault;
	size_t n;

	if (!stream_peel(from, t->base, &t->peel, &peeled, &fault)) {
		t->base = t->n_nests ? t->base : NULL;
		texts_note(t, fault.kind, 0, 0, fault.text);
		return false;
	}
	if (peeled.archive && t->n_nests < t->config.depth_max) {
		begin_nest(t, &peeled);
		return false;
	}
	if (peeled.archive) {
		t->top = peeled.top;
		texts_note(t, INPUT_TOO_DEEP, 0, 0, NULL);
		forget_file(t);
		return false;
	}
	begin_file(t, &peeled);
	if (!is_wanted(t)) {
		forget_file(t);
		return false;
	}
	if (yaml_is(buf_str(&t->head))) {
		n = strcmp(t->form, "plain") == 0 ? 0 : strlen(t->form);
		snprintf(t->form + n, sizeof(t->form) - n, "%syaml", n ? "+" : "");
		t->yaml_from = again_open(t);
		t->yaml = yaml_open(t->yaml_from, t->config.record_max, note_yaml, t);
	}
	return true;
}

static struct nest *innermost(struct texts *t)
{
	return &t->nests[t->n_nests - 1];
}

/* Notes from now on are about the archive itself. */
static void stand_on(struct texts *t, const struct nest *nest)
{
	t->member = nest->member;
	t->name.n = nest->name_n;
}

static void leave_nest(struct texts *t)
{
	struct nest *nest = innermost(t);

	stand_on(t, nest);
	tell_file(t, nest->form, nest->member, members_given(nest->members));
	t->n_nests--;
	if (!t->n_nests)
		t->consumed = t->base->given;
	members_close(nest->members);
	if (!t->n_nests)
		t->base = NULL;
}

/* The next file of the innermost archive, or its end. True: a file to read is open now. */
static bool next_member(struct texts *t)
{
	struct nest *nest = innermost(t);
	struct stream_fault fault;
	struct str name;
	int r = members_next(nest->members, &name, &fault);

	stand_on(t, nest);
	if (r > 0 && ++nest->entries > t->config.entries_max) {
		texts_note(t, INPUT_ENTRIES, 0, 0, NULL);
		r = 0;
	} else if (r < 0) {
		texts_note(t, fault.kind, 0, 0, fault.text);
	}
	if (r <= 0) {
		leave_nest(t);
		return false;
	}
	if (t->name.n == 0)
		buf_add_str(&t->name, t->source.name);
	buf_add_char(&t->name, '!');
	buf_add_str(&t->name, name);
	t->member = ++t->n_members;
	return enter(t, members_stream(nest->members));
}

bool files_next(struct texts *t)
{
	if (!t->begun) {
		t->begun = true;
		if (!t->base && !open_source(t))
			return false;
		if (enter(t, t->base))
			return true;
	}
	while (t->n_nests)
		if (next_member(t))
			return true;
	return false;
}

/* Ending */

void files_end(struct texts *t)
{
	bool bomb = t->faulty && t->fault.kind == INPUT_BOMB;

	join_end(&t->join);
	texts_note_lost(t);
	if (t->faulty)
		texts_note(t, t->fault.kind, t->line, t->offset, t->fault.text);
	tell_file(t, t->form, t->member, t->top->given);
	forget_file(t);
	while (bomb && t->n_nests) /* the rest of the archive would go on with it */
		leave_nest(t);
}

void files_close(struct texts *t)
{
	if (t->life != TEXTS_NO_FILE)
		forget_file(t);
	while (t->n_nests)
		members_close(t->nests[--t->n_nests].members);
	if (!t->begun)
		stream_close(t->base);
}
