/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdatomic.h>

#include "cli/feed.h"

#include "base/mem.h"
#include "cli/progress.h"

struct feed_source {
	struct text_feed *feed;
	uint32_t rank;
	bool opened, ended;   /* under the feed's lock: a thread uses it; nothing is left */
	atomic_uint readers;  /* threads that use it; changed under the feed's lock */
	pthread_mutex_t lock; /* protects the members below */
	pthread_cond_t changed;
	struct feed_batch ready[FEED_AHEAD];
	unsigned n_ready;
	bool decoding; /* a thread decodes, and owns texts */
	bool finished; /* the texts have ended */
	struct texts *texts;
	uint64_t counted; /* bytes read, for progress; owned by that thread, too */
};

struct text_feed {
	const struct sources *sources;
	struct feed_config config;
	pthread_mutex_t lock;
	struct feed_source *list;
	size_t first; /* all before it have ended */
	bool stopped;
};

struct text_feed *feed_new(const struct sources *sources, const struct feed_config *config)
{
	struct text_feed *f = mem_zalloc(sizeof(*f));

	*f = (struct text_feed){ .sources = sources, .config = *config };
	pthread_mutex_init(&f->lock, NULL);
	f->list = mem_zalloc((sources->n + 1) * sizeof(*f->list));
	for (size_t i = 0; i < sources->n; i++) {
		f->list[i].feed = f;
		f->list[i].rank = (uint32_t)i;
		pthread_mutex_init(&f->list[i].lock, NULL);
		pthread_cond_init(&f->list[i].changed, NULL);
	}
	return f;
}

void feed_free(struct text_feed *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->sources->n; i++) {
		texts_close(f->list[i].texts);
		for (unsigned k = 0; k < FEED_AHEAD; k++)
			feed_batch_free(&f->list[i].ready[k]);
		pthread_cond_destroy(&f->list[i].changed);
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

void feed_stop(struct text_feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->stopped = true;
	pthread_mutex_unlock(&f->lock);
}

static void note_input(void *ctx, const struct input_note *n)
{
	struct feed_source *s = ctx;

	s->feed->config.note(s->feed->config.ctx, s->rank, n);
}

static void note_file(void *ctx, const struct input_file *read)
{
	struct feed_source *s = ctx;

	ledger_file(s->feed->config.ledger, s->rank, read);
}

static enum input_look look_at_head(void *ctx, struct str head, const char **ret_what)
{
	struct feed_source *s = ctx;

	return s->feed->config.input.look(s->feed->config.ctx, head, ret_what);
}

/* A source for a thread without one: the next unopened one, or the one with the fewest threads. */
static struct feed_source *choose_source(struct text_feed *f)
{
	struct feed_source *best = NULL;

	while (f->first < f->sources->n && f->list[f->first].ended)
		f->first++;
	for (size_t i = f->first; i < f->sources->n && !f->stopped; i++) {
		struct feed_source *s = &f->list[i];

		if (!s->opened)
			return s;
		if (!s->ended && (!best || atomic_load(&s->readers) < atomic_load(&best->readers)))
			best = s;
	}
	return best;
}

static struct feed_source *attach(struct text_feed *f, struct feed_batch *batch)
{
	pthread_mutex_lock(&f->lock);
	if (!batch->at && (batch->at = choose_source(f))) {
		batch->at->opened = true;
		atomic_fetch_add(&batch->at->readers, 1);
	}
	if (f->stopped)
		batch->at = NULL;
	pthread_mutex_unlock(&f->lock);
	return batch->at;
}

static void leave(struct text_feed *f, struct feed_batch *batch)
{
	pthread_mutex_lock(&f->lock);
	batch->at->ended = true;
	atomic_fetch_sub(&batch->at->readers, 1);
	batch->at = NULL;
	pthread_mutex_unlock(&f->lock);
}

/* Called after each text, because a batch of a slow pipe takes long; changes with each block. */
static void add_progress(struct feed_source *s)
{
	uint64_t consumed = texts_consumed(s->texts);

	if (consumed == s->counted)
		return;
	progress_add_bytes(s->feed->config.progress, consumed - s->counted);
	s->counted = consumed;
}

static void end_source(struct feed_source *s)
{
	add_progress(s);
	texts_close(s->texts);
	s->texts = NULL;
}

static void open_source(struct feed_source *s)
{
	struct input_config config = s->feed->config.input;

	config.note = note_input;
	config.file = note_file;
	config.look = config.look ? look_at_head : NULL;
	config.ctx = s;
	s->texts = texts_open(&s->feed->sources->list[s->rank], &config);
}

/* Called by the decoding thread. 0: the source has ended; the batch may have its last texts. */
static int fill(struct feed_source *s, struct feed_batch *batch, struct err *err)
{
	struct text text;
	int r = 1;

	if (!s->texts)
		open_source(s);
	batch->source = s->rank;
	batch->n = 0;
	buf_reset(&batch->bytes);
	while (batch->bytes.n < FEED_BATCH && batch->n < FEED_TEXTS &&
	       (r = texts_next(s->texts, &text, err)) > 0) {
		array_reserve(batch->texts, batch->cap, batch->n + 1);
		batch->texts[batch->n++] =
		    (struct feed_text){ batch->bytes.n, text.bytes.n, text.member,
					text.line,	text.offset,  text.unterminated };
		buf_add_str(&batch->bytes, text.bytes);
		add_progress(s);
	}
	return r;
}

/* Swaps the batches with all that they own, so nothing is copied or allocated. */
static void swap(struct feed_batch *a, struct feed_batch *b)
{
	struct feed_source *at_a = a->at, *at_b = b->at;
	struct feed_batch t = *a;

	*a = *b;
	*b = t;
	a->at = at_a;
	b->at = at_b;
}

/* Under the lock, which is released while decoding. The batch may be empty at the source's end. */
static int decode(struct feed_source *s, struct feed_batch *batch, struct err *err)
{
	int r;

	s->decoding = true;
	for (;;) {
		pthread_mutex_unlock(&s->lock);
		r = fill(s, batch, err);
		if (r <= 0)
			end_source(s);
		pthread_mutex_lock(&s->lock);
		s->finished = r <= 0;
		/* a lone thread scans it at once, while it is in this core's cache */
		if (s->finished || s->n_ready == FEED_AHEAD || atomic_load(&s->readers) == 1)
			break;
		swap(&s->ready[s->n_ready++], batch);
		pthread_cond_signal(&s->changed);
	}
	s->decoding = false;
	pthread_cond_broadcast(&s->changed);
	return r;
}

/* > 0 a batch; 0 the source has ended. Decoding comes first, because other threads wait for it. */
static int take_batch(struct feed_source *s, struct feed_batch *batch, struct err *err)
{
	int r = 0;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		batch->n = 0;
		if (!s->decoding && !s->finished && s->n_ready < FEED_AHEAD) {
			r = decode(s, batch, err);
			if (r < 0 || batch->n)
				break;
		} else if (s->n_ready) {
			swap(batch, &s->ready[--s->n_ready]);
			break;
		} else if (s->finished) {
			break;
		} else {
			pthread_cond_wait(&s->changed, &s->lock);
		}
	}
	pthread_mutex_unlock(&s->lock);
	return r < 0 ? r : batch->n > 0;
}

int feed_next(struct text_feed *f, struct feed_batch *batch, struct err *err)
{
	while (attach(f, batch)) {
		int r = take_batch(batch->at, batch, err);

		if (r < 0)
			feed_stop(f);
		if (r != 0)
			return r;
		leave(f, batch);
	}
	return 0;
}
