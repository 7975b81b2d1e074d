/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "cli/progress.h"

#include "base/mem.h"
#include "cli/terminal.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

enum {
	FIRST_MS = 1000, /* shorter runs show nothing */
	REDRAW_MS = 200,
	PLAIN_MS = 1000,
	PLAIN_WIDTH = 1000,
	INTERRUPT_MS = 100, /* how long a handler waits for a line that is being drawn */
};

struct progress {
	const char *side; /* as in the view */
	bool plain;	  /* separate lines instead of one that is redrawn */
	bool started;
	uint64_t total;
	nsec began;
	pthread_t thread;
	pthread_mutex_t lock; /* of ended */
	pthread_cond_t changed;
	bool ended;
	atomic_int phase;
	atomic_ullong bytes, records, about_pods, pods;
};

/*
 * Signal handlers have no argument, so this state is global: it lets a handler erase the line. A
 * drawing thread sets its flag before it checks whether drawing is allowed, and a handler forbids
 * drawing before it checks whether a thread draws, so one of them sees the other.
 */
static atomic_bool forbidden, drawing, visible;

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "a handler of signals may only use what has no lock");

static const char erase[] = "\r\033[K";

static void write_stderr(const char *text, size_t n)
{
	ssize_t ignored = write(STDERR_FILENO, text, n);

	(void)ignored; /* a failed line of progress is not an error */
}

static nsec now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* The text */

static void add_count(struct buf *out, uint64_t n, const char *what)
{
	char digits[STR_GROUPED];

	buf_printf(out, ", %s %s", str_grouped(n, digits).p, what);
}

/* The unit in which n has at most three digits before the point. */
static unsigned unit_of(double n)
{
	unsigned unit = 0;

	while (unit < 4 && n >= 999.5) {
		n /= 1000;
		unit++;
	}
	return unit;
}

/* As many digits as `like` with three, so that a growing number keeps its width. */
static void add_bytes(struct buf *out, double n, double like, bool named)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	unsigned unit = unit_of(like);

	for (unsigned i = 0; i < unit; i++) {
		n /= 1000;
		like /= 1000;
	}
	buf_printf(out, "%.*f", unit == 0 || like >= 99.95 ? 0 : like >= 9.995 ? 1 : 2, n);
	if (named)
		buf_printf(out, " %s", units[unit]);
}

static void add_time(struct buf *out, double seconds)
{
	unsigned long long s = (unsigned long long)(seconds + 0.5);

	if (s < 60)
		buf_printf(out, "%llus", s);
	else if (s < 3600)
		buf_printf(out, "%llum%02llus", s / 60, s % 60);
	else
		buf_printf(out, "%lluh%02llum", s / 3600, s / 60 % 60);
}

static void add_reading(struct buf *out, const struct progress_view *view)
{
	double bytes = (double)view->bytes;
	double total = (double)MAX(view->total, view->bytes); /* a log may grow while it is read */
	double rate = bytes / MAX((double)view->elapsed / (double)SECOND, 0.001);

	if (view->total) {
		add_bytes(out, bytes, total, false);
		buf_add_str(out, STR(" of "));
		add_bytes(out, total, total, true);
		buf_printf(out, " (%u%%)", (unsigned)(100 * bytes / total));
	} else {
		add_bytes(out, bytes, bytes, true);
	}
	buf_add_str(out, STR(", "));
	add_bytes(out, rate, rate, true);
	buf_add_str(out, STR("/s"));
	if (view->total && view->bytes) {
		buf_add_str(out, STR(", "));
		add_time(out, (total - bytes) / rate);
		buf_add_str(out, STR(" left"));
	}
	add_count(out, view->records, "records");
	add_count(out, view->about_pods, "about pods");
}

void progress_text(const struct progress_view *view, size_t width, struct buf *out)
{
	size_t begin = out->n;

	buf_add_str(out, STR("lunettes: "));
	if (view->side)
		buf_printf(out, "%s: ", view->side);
	switch (view->phase) {
	case PROGRESS_READING:
		add_reading(out, view);
		break;
	case PROGRESS_SORTING:
		buf_add_str(out, STR("sorting"));
		add_count(out, view->about_pods, "records about pods");
		break;
	case PROGRESS_PODS:
		buf_add_str(out, STR("all is read"));
		add_count(out, view->pods, "pods so far");
		break;
	}
	out->n = MIN(out->n, begin + width);
}

/* The thread */

static struct progress_view view_of(struct progress *p)
{
	return (struct progress_view){
		.phase = atomic_load_explicit(&p->phase, memory_order_relaxed),
		.side = p->side,
		.elapsed = now() - p->began,
		.bytes = atomic_load_explicit(&p->bytes, memory_order_relaxed),
		.total = p->total,
		.records = atomic_load_explicit(&p->records, memory_order_relaxed),
		.about_pods = atomic_load_explicit(&p->about_pods, memory_order_relaxed),
		.pods = atomic_load_explicit(&p->pods, memory_order_relaxed),
	};
}

/* A background job would draw across the foreground job's output. */
static bool in_front(void)
{
	pid_t front = tcgetpgrp(STDERR_FILENO);

	return front < 0 || front == getpgrp();
}

static void draw(struct progress *p)
{
	struct progress_view view = view_of(p);
	struct buf text = { 0 };

	if (p->plain) {
		progress_text(&view, PLAIN_WIDTH, &text);
		buf_add_char(&text, '\n');
	} else {
		struct terminal terminal = terminal_of(STDERR_FILENO, COLOR_NEVER);

		if (!in_front())
			return;
		/* some terminals begin a new line after the last column */
		buf_add_char(&text, '\r');
		progress_text(&view, MAX(terminal.width, 2) - 1, &text);
		buf_add_str(&text, STR("\033[K"));
	}
	atomic_store(&drawing, true);
	if (!atomic_load(&forbidden)) {
		atomic_store(&visible, !p->plain);
		write_stderr(text.p, text.n);
	}
	atomic_store(&drawing, false);
	buf_free(&text);
}

static struct timespec deadline_in(unsigned ms)
{
	nsec at = now() + (nsec)ms * (SECOND / 1000);

	return (struct timespec){ .tv_sec = at / SECOND, .tv_nsec = at % SECOND };
}

static void *draw_until_end(void *ctx)
{
	struct progress *p = ctx;
	struct timespec next = deadline_in(FIRST_MS);

	pthread_mutex_lock(&p->lock);
	while (!p->ended) {
		if (pthread_cond_timedwait(&p->changed, &p->lock, &next) != ETIMEDOUT)
			continue;
		draw(p);
		next = deadline_in(p->plain ? PLAIN_MS : REDRAW_MS);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct progress *progress_new(const struct options *o)
{
	const char *term = getenv("TERM");
	bool redraws = isatty(STDERR_FILENO) == 1 && term && *term && strcmp(term, "dumb") != 0;
	struct progress *p;
	pthread_condattr_t attributes;

	if (o->quiet || o->progress == PROGRESS_NEVER || (o->progress == PROGRESS_AUTO && !redraws))
		return NULL;
	p = mem_zalloc(sizeof(*p));
	p->plain = !redraws;
	p->side = o->side;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return p;
}

/* Other threads receive the signals: a handler that waits for this thread must not run in it. */
void progress_begin(struct progress *p, uint64_t total)
{
	sigset_t all, before;

	if (!p)
		return;
	p->total = total;
	p->began = now();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->started = pthread_create(&p->thread, NULL, draw_until_end, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void progress_end(struct progress *p)
{
	if (!p || !p->started)
		return;
	p->started = false;
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	if (atomic_exchange(&visible, false))
		write_stderr(erase, sizeof(erase) - 1);
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	progress_end(p);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	mem_free(p);
}

/* Only async-signal-safe calls. */
bool progress_interrupt(void)
{
	bool erased;

	atomic_store(&forbidden, true);
	for (int ms = 0; ms < INTERRUPT_MS && atomic_load(&drawing); ms++)
		poll(NULL, 0, 1);
	erased = atomic_exchange(&visible, false);
	if (erased)
		write_stderr(erase, sizeof(erase) - 1);
	return erased;
}

/* The counts */

void progress_add_bytes(struct progress *p, uint64_t bytes)
{
	if (p)
		atomic_fetch_add_explicit(&p->bytes, bytes, memory_order_relaxed);
}

void progress_add_records(struct progress *p, uint64_t records, uint64_t about_pods)
{
	if (!p)
		return;
	atomic_fetch_add_explicit(&p->records, records, memory_order_relaxed);
	atomic_fetch_add_explicit(&p->about_pods, about_pods, memory_order_relaxed);
}

void progress_sorting(struct progress *p)
{
	if (p)
		atomic_store_explicit(&p->phase, PROGRESS_SORTING, memory_order_relaxed);
}

void progress_add_pod(struct progress *p)
{
	if (!p)
		return;
	atomic_store_explicit(&p->phase, PROGRESS_PODS, memory_order_relaxed);
	atomic_fetch_add_explicit(&p->pods, 1, memory_order_relaxed);
}
