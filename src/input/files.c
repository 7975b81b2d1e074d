/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a source as files: the source itself or, if it is an archive, its members, recursively. */
#include "input/files.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void files_note(const struct files *f, enum input_note_kind kind, uint64_t line, uint64_t offset,
		const char *detail)
{
	struct input_note note = {
		.kind = kind,
		.name = f->member ? buf_str(&f->name) : f->source.name,
		.member = f->member,
		.named = f->source.named && !f->member,
		.line = line,
		.offset = offset,
		.detail = detail,
	};

	if (f->config.note)
		f->config.note(f->config.ctx, &note);
}

void files_open(struct files *f, struct stream *base, const struct source *source,
		const struct input_config *config, const struct peel_config *peel)
{
	*f = (struct files){ .base = base, .source = *source, .config = *config, .peel = *peel };
	if (f->config.record_max == 0)
		f->config.record_max = INPUT_RECORD_MAX;
	if (f->config.ratio_max == 0)
		f->config.ratio_max = INPUT_RATIO_MAX;
	if (f->peel.ratio_free == 0)
		f->peel.ratio_free = INPUT_RATIO_FREE;
	f->peel.ratio_max = f->config.ratio_max;
	f->config.depth_max =
	    MIN(f->config.depth_max ? f->config.depth_max : INPUT_NEST_MAX, (unsigned)NEST_MAX);
	if (f->config.entries_max == 0)
		f->config.entries_max = INPUT_ENTRIES_MAX;
}

/* The descriptor is opened when the first text is read, because there can be many sources. */
static bool open_source(struct files *f)
{
	int fd = STDIN_FILENO;

	if (!f->source.is_stdin) {
		do
			fd = open(f->source.path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR);
		if (fd < 0) {
			files_note(f, INPUT_CANNOT_OPEN, 0, 0, strerror(errno));
			return false;
		}
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	f->base = stream_of_fd(fd, !f->source.is_stdin);
	return true;
}

static void report_file(struct files *f, const char *form, uint32_t member, uint64_t bytes)
{
	struct input_file file = {
		.name = member ? buf_str(&f->name) : f->source.name,
		.member = member,
		.form = form,
		.bytes = bytes,
	};

	if (f->config.file)
		f->config.file(f->config.ctx, &file);
}

/* Small files below the ratio can be a bomb together, so an archive's ratio counts them all. */
static bool is_bomb(const struct files *f)
{
	for (unsigned i = 0; i < f->n_nests; i++) {
		uint64_t given = members_given(f->nests[i].members);

		if (given > f->peel.ratio_free &&
		    given / MAX(f->base->given, 1) > f->peel.ratio_max)
			return true;
	}
	return false;
}

static ssize_t read_on(struct files *f, void *to, size_t n, struct stream_fault *fault)
{
	if (f->n_nests && is_bomb(f))
		return stream_fail(fault, INPUT_BOMB, "more than %llu times as large when unpacked",
				   (unsigned long long)f->peel.ratio_max);
	return stream_read(f->top, to, n, fault);
}

/* Returns the bytes that were peeked at first. */
ssize_t files_read(struct files *f, void *to, size_t n, struct stream_fault *fault)
{
	if (f->head_at < f->head.n) {
		n = MIN(n, f->head.n - f->head_at);
		memcpy(to, f->head.p + f->head_at, n);
		f->head_at += n;
		return (ssize_t)n;
	}
	if (f->head_ended) {
		*fault = f->head_fault;
		return f->head_faulty ? -1 : 0;
	}
	return read_on(f, to, n, fault);
}

/* The current file as a stream. */

struct again {
	struct stream s;
	struct files *files;
};

static ssize_t again_read(struct stream *s, void *to, size_t n, struct stream_fault *fault)
{
	return files_read(((struct again *)s)->files, to, n, fault);
}

static void again_close(struct stream *s)
{
	mem_free(s);
}

struct stream *files_stream(struct files *f)
{
	static const struct stream_ops ops = { again_read, again_close };
	struct again *a = mem_zalloc(sizeof(*a));

	a->s.ops = &ops;
	a->files = f;
	return &a->s;
}

/* Peeking */

/* The first bytes of the current file. */
static void read_head(struct files *f)
{
	ssize_t got = 1;

	buf_reset(&f->head);
	buf_reserve(&f->head, INPUT_LOOK_SIZE);
	while (got > 0 && f->head.n < INPUT_LOOK_SIZE) {
		got =
		    read_on(f, f->head.p + f->head.n, INPUT_LOOK_SIZE - f->head.n, &f->head_fault);
		if (got > 0)
			f->head.n += (size_t)got;
	}
	f->head_at = 0;
	f->head_ended = got <= 0;
	f->head_faulty = got < 0;
}

/* False: the file has nothing for us, which was reported. */
static bool is_wanted(struct files *f)
{
	bool named = f->source.named && !f->member;
	const char *what = NULL;

	if (!f->config.look)
		return true;
	switch (f->config.look(f->config.ctx, buf_str(&f->head), &what)) {
	case INPUT_LOOK_READ:
		return true;
	case INPUT_LOOK_PASS:
		if (named || f->head_faulty)
			return true;
		files_note(f, INPUT_PASSED_OVER, 0, 0, what);
		return false;
	case INPUT_LOOK_FOREIGN:
		files_note(f, named ? INPUT_FOREIGN : INPUT_PASSED_OVER, 0, 0, what);
		return false;
	}
	return true;
}

/* Opening */

static void forget_file(struct files *f)
{
	if (!f->n_nests && f->base) {
		f->consumed = f->base->given;
		f->base = NULL; /* it is below top */
	}
	stream_close(f->top);
	f->top = NULL;
}

static void begin_file(struct files *f, const struct peeled *peeled)
{
	f->top = peeled->top;
	f->skipped = peeled->skipped;
	memcpy(f->form, peeled->form, sizeof(f->form));
	read_head(f);
}

/* Opens an archive, which becomes the innermost one; its files are next. */
static void begin_nest(struct files *f, const struct peeled *peeled)
{
	struct nest *nest = &f->nests[f->n_nests];

	*nest = (struct nest){ .members = members_open(peeled->top, &f->peel),
			       .name_n = f->name.n,
			       .member = f->member };
	memcpy(nest->form, peeled->form, sizeof(nest->form));
	f->n_nests++;
}

/* Owns the stream from now on. True: a file to read is open now. */
static bool enter(struct files *f, struct stream *from)
{
	struct peeled peeled;
	struct stream_fault fault;

	if (!stream_peel(from, f->base, &f->peel, &peeled, &fault)) {
		f->base = f->n_nests ? f->base : NULL;
		files_note(f, fault.kind, 0, 0, fault.text);
		return false;
	}
	if (peeled.archive && f->n_nests < f->config.depth_max) {
		begin_nest(f, &peeled);
		return false;
	}
	if (peeled.archive) {
		f->top = peeled.top;
		files_note(f, INPUT_TOO_DEEP, 0, 0, NULL);
		forget_file(f);
		return false;
	}
	begin_file(f, &peeled);
	if (!is_wanted(f)) {
		forget_file(f);
		return false;
	}
	return true;
}

static struct nest *innermost(struct files *f)
{
	return &f->nests[f->n_nests - 1];
}

/* From now on notes are about the archive itself. */
static void set_names(struct files *f, const struct nest *nest)
{
	f->member = nest->member;
	f->name.n = nest->name_n;
}

static void leave_nest(struct files *f)
{
	struct nest *nest = innermost(f);

	set_names(f, nest);
	report_file(f, nest->form, nest->member, members_given(nest->members));
	f->n_nests--;
	if (!f->n_nests)
		f->consumed = f->base->given;
	members_close(nest->members);
	if (!f->n_nests)
		f->base = NULL;
}

/* The next file of the innermost archive, or its end. True: a file to read is open now. */
static bool next_member(struct files *f)
{
	struct nest *nest = innermost(f);
	struct stream_fault fault;
	struct str name;
	int r = members_next(nest->members, &name, &fault);

	set_names(f, nest);
	if (r > 0 && ++nest->entries > f->config.entries_max) {
		files_note(f, INPUT_ENTRIES, 0, 0, NULL);
		r = 0;
	} else if (r < 0) {
		files_note(f, fault.kind, 0, 0, fault.text);
	}
	if (r <= 0) {
		leave_nest(f);
		return false;
	}
	if (f->name.n == 0)
		buf_add_str(&f->name, f->source.name);
	buf_add_char(&f->name, '!');
	buf_add_str(&f->name, name);
	f->member = ++f->n_members;
	return enter(f, members_stream(nest->members));
}

bool files_next(struct files *f)
{
	if (!f->begun) {
		f->begun = true;
		if (!f->base && !open_source(f))
			return false;
		if (enter(f, f->base))
			return true;
	}
	while (f->n_nests)
		if (next_member(f))
			return true;
	return false;
}

/* Ending */

void files_end(struct files *f, bool bomb)
{
	report_file(f, f->form, f->member, f->top->given);
	forget_file(f);
	while (bomb && f->n_nests) /* otherwise the rest of the archive would continue with it */
		leave_nest(f);
}

uint64_t files_consumed(const struct files *f)
{
	return f->base ? f->base->given : f->consumed;
}

void files_close(struct files *f)
{
	if (f->top)
		forget_file(f);
	while (f->n_nests)
		members_close(f->nests[--f->n_nests].members);
	if (!f->begun)
		stream_close(f->base);
	buf_free(&f->name);
	buf_free(&f->head);
}
