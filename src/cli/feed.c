/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cli/feed.h"

#include "base/mem.h"

struct feed_source {
	struct feed *feed;
	uint32_t rank;
	pthread_mutex_t lock; /* of texts */
	struct texts *texts;
	bool tried;	    /* texts was opened, and is closed at the end */
	bool opened, ended; /* under the feed's lock: chosen once; nothing is left */
	unsigned readers;   /* likewise: threads that take batches from it */
};

struct feed {
	const struct sources *sources;
	struct basis_source *basis;
	size_t record_max;
	void (*note)(void *ctx, uint32_t source, const struct input_note *note);
	void *ctx;
	pthread_mutex_t lock;
	struct feed_source *list;
	size_t first; /* all before it have ended */
	bool stopped;
};

struct feed *feed_new(const struct sources *sources, struct basis_source *basis, size_t record_max,
		      void (*note)(void *ctx, uint32_t source, const struct input_note *note),
		      void *ctx)
{
	struct feed *f = mem_zalloc(sizeof(*f));

	*f = (struct feed){ .sources = sources,
			    .basis = basis,
			    .record_max = record_max,
			    .note = note,
			    .ctx = ctx };
	pthread_mutex_init(&f->lock, NULL);
	f->list = mem_zalloc((sources->n + 1) * sizeof(*f->list));
	for (size_t i = 0; i < sources->n; i++) {
		f->list[i].feed = f;
		f->list[i].rank = (uint32_t)i;
		pthread_mutex_init(&f->list[i].lock, NULL);
	}
	return f;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->sources->n; i++) {
		texts_close(f->list[i].texts);
		pthread_mutex_destroy(&f->list[i].lock);
	}
	pthread_mutex_destroy(&f->lock);
	mem_free(f->list);
	mem_free(f);
}

void feed_batch_free(struct feed_batch *batch)
{
	buf_free(&batch->bytes);
	mem_free(batch->texts);
	*batch = (struct feed_batch){ 0 };
}

void feed_stop(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->stopped = true;
	pthread_mutex_unlock(&f->lock);
}

static void note(void *ctx, const struct input_note *n)
{
	struct feed_source *s = ctx;

	s->feed->note(s->feed->ctx, s->rank, n);
}

/* The lower, the better: go on with what is open, then open another, then help where one can. */
static unsigned rank_of(const struct feed_source *s)
{
	return !s->opened ? 1 : s->readers ? 1 + s->readers : 0;
}

/* So never more files are open than there are threads. */
static struct feed_source *choose(struct feed *f)
{
	struct feed_source *best = NULL;

	pthread_mutex_lock(&f->lock);
	while (f->first < f->sources->n && f->list[f->first].ended)
		f->first++;
	for (size_t i = f->first; i < f->sources->n && !f->stopped; i++) {
		struct feed_source *s = &f->list[i];

		if (!s->ended && (!best || rank_of(s) < rank_of(best)))
			best = s;
		if (best && (!s->opened || rank_of(best) == 0))
			break; /* they are opened in order: behind this one none is open */
	}
	if (best) {
		best->opened = true;
		best->readers++;
	}
	pthread_mutex_unlock(&f->lock);
	return best;
}

static void leave(struct feed_source *s, bool ended)
{
	pthread_mutex_lock(&s->feed->lock);
	s->readers--;
	s->ended = s->ended || ended;
	pthread_mutex_unlock(&s->feed->lock);
}

static void end_source(struct feed_source *s)
{
	struct basis_source *basis = &s->feed->basis[s->rank];

	basis->bytes = texts_produced(s->texts);
	snprintf(basis->form, sizeof(basis->form), "%s", texts_form(s->texts));
	texts_close(s->texts);
	s->texts = NULL;
}

/* Under the source's lock. 0: it is at its end. */
static int fill(struct feed_source *s, struct feed_batch *batch, struct err *err)
{
	struct text text;
	int r = 1;

	batch->source = s->rank;
	batch->n = 0;
	buf_reset(&batch->bytes);
	while (batch->bytes.n < FEED_BATCH && batch->n < FEED_TEXTS &&
	       (r = texts_next(s->texts, &text, err)) > 0) {
		array_reserve(batch->texts, batch->cap, batch->n + 1);
		batch->texts[batch->n++] =
		    (struct feed_text){ batch->bytes.n, text.bytes.n, text.line, text.offset,
					text.unterminated };
		buf_add_str(&batch->bytes, text.bytes);
	}
	return r;
}

static int take(struct feed_source *s, struct feed_batch *batch, bool *ret_ended, struct err *err)
{
	struct feed *f = s->feed;
	struct input_config config = { .record_max = f->record_max, .note = note, .ctx = s };
	int r = 0;

	pthread_mutex_lock(&s->lock);
	*ret_ended = false;
	batch->n = 0;
	if (!s->tried)
		s->texts = texts_open(&f->sources->list[s->rank], &config);
	s->tried = true;
	if (s->texts)
		r = fill(s, batch, err);
	if (r <= 0) {
		*ret_ended = true;
		if (s->texts)
			end_source(s);
	}
	pthread_mutex_unlock(&s->lock);
	return r;
}

int feed_next(struct feed *f, struct feed_batch *batch, struct err *err)
{
	struct feed_source *s;

	while ((s = choose(f))) {
		bool ended;
		int r = take(s, batch, &ended, err);

		leave(s, ended);
		if (r < 0)
			feed_stop(f);
		if (r < 0 || batch->n)
			return r < 0 ? r : 1;
	}
	return 0;
}
