/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h> /* first, because it declares functions that base/prelude.h bans */

#include "sort/sorter.h"

#include "base/mem.h"
#include "sort/merge.h"
#include "sort/run.h"
#include "sort/spill.h"

enum {
	MEMORY_MIN = 64 << 10,
	CACHE_LINE = 64,
	THREADS_FROM = 1 << 14, /* items; below that, a thread costs more than it sorts */
};

/* The owner of `file` is this lane. A lane without a descriptor writes to another lane's file. */
struct lane {
	struct run run;
	struct spill_writer *writer;
	struct spill_file file;	 /* set under the sorter's lock */
	pthread_mutex_t writing; /* locked while a run is written to file */
	uint64_t items, bytes;
	char apart[CACHE_LINE]; /* from the next lane, which another thread writes to */
};

struct sorter {
	size_t memory, block, fan_in, n_lanes;
	const char *tmpdir;
	struct lane *lanes;

	pthread_mutex_t lock; /* for the runs, their statistics and which lanes have a file */
	struct spill_run *runs;
	size_t n_runs, runs_cap;
	struct sorter_stats stats; /* without items and bytes, which each lane counts */

	struct merge *merge; /* after finish */
};

/* Memory of a merge in addition to its readers. */
enum { MERGE_MEMORY = SPILL_UNPACKER_MEMORY + SPILL_WRITER_MEMORY };

/* Small enough that fan_in readers use a quarter of the memory, or the rest of a small memory. */
static size_t block_size(size_t memory, size_t fan_in)
{
	size_t rest = memory > MERGE_MEMORY ? memory - MERGE_MEMORY : 0;
	size_t block = SPILL_BLOCK_MAX;

	while (block > SPILL_BLOCK_MIN && block > MIN(memory / 4, rest) / fan_in)
		block /= 2;
	return block;
}

struct sorter *sorter_new(const struct sorter_config *config)
{
	struct sorter *s = mem_zalloc(sizeof(*s));
	size_t share;

	s->memory = MAX(config->memory, (size_t)MEMORY_MIN);
	s->tmpdir = config->tmpdir;
	s->fan_in = config->fan_in ? MAX(config->fan_in, 2) : SORTER_FAN_IN;
	s->n_lanes = MAX(config->lanes, 1);
	s->block = block_size(s->memory, s->fan_in);
	pthread_mutex_init(&s->lock, NULL);

	share = s->memory / s->n_lanes;
	s->lanes = mem_alloc(s->n_lanes * sizeof(*s->lanes));
	for (size_t i = 0; i < s->n_lanes; i++) {
		struct lane *lane = &s->lanes[i];

		*lane = (struct lane){ .file = { .fd = -1 } };
		pthread_mutex_init(&lane->writing, NULL);
		run_init(&lane->run, share - MIN((size_t)SPILL_WRITER_MEMORY, share / 4));
	}
	return s;
}

/* The file that the lane writes to: its own, opened now if needed, or the first open one. */
static struct lane *file_owner(struct sorter *s, struct lane *lane, struct err *err)
{
	struct spill_file file;
	struct lane *owner = NULL;
	int rc;

	if (lane->file.fd >= 0)
		return lane;
	/* Under the lock, so that a lane that fails here sees the file of the last descriptor. */
	pthread_mutex_lock(&s->lock);
	rc = spill_file_open(&file, s->tmpdir, err);
	if (rc > 0) {
		lane->file = file;
		owner = lane;
	}
	for (size_t i = 0; rc == 0 && i < s->n_lanes && !owner; i++) {
		if (s->lanes[i].file.fd >= 0)
			owner = &s->lanes[i];
	}
	pthread_mutex_unlock(&s->lock);
	if (rc == 0 && !owner)
		err_set(err, ERR_SYSTEM,
			"no file descriptor is free for a temporary file (raise the limit with "
			"ulimit -n, or give more memory with --memory)");
	return owner;
}

static void register_run(struct sorter *s, const struct spill_run *run)
{
	pthread_mutex_lock(&s->lock);
	array_reserve(s->runs, s->runs_cap, s->n_runs + 1);
	s->runs[s->n_runs++] = *run;
	s->stats.runs++;
	s->stats.spilled_bytes += run->size;
	pthread_mutex_unlock(&s->lock);
}

static int write_run(struct spill_writer *w, const struct run *run, struct spill_run *ret_run,
		     struct err *err)
{
	for (size_t i = 0; i < run->n; i++) {
		const char *record = run_record(run, i);

		if (spill_writer_add(w, item_key(record), item_value(record), err) < 0)
			return -1;
	}
	return spill_writer_end(w, ret_run, err);
}

/* The lane's run must be sorted. */
static int lane_spill(struct sorter *s, struct lane *lane, struct err *err)
{
	struct lane *owner = file_owner(s, lane, err);
	struct spill_run run;
	int rc;

	if (!owner)
		return -1;
	if (!lane->writer)
		lane->writer = spill_writer_new(s->block);
	pthread_mutex_lock(&owner->writing);
	spill_writer_begin(lane->writer, &owner->file);
	rc = write_run(lane->writer, &lane->run, &run, err);
	pthread_mutex_unlock(&owner->writing);
	if (rc < 0)
		return -1;
	register_run(s, &run);
	return 0;
}

int sorter_add(struct sorter *s, unsigned lane_number, struct str key, struct str value,
	       struct err *err)
{
	struct lane *lane = &s->lanes[lane_number];

	assert(lane_number < s->n_lanes && !s->merge);
	if (UNLIKELY(key.n > SORTER_ITEM_MAX || value.n > SORTER_ITEM_MAX - key.n))
		return err_set(err, ERR_LIMIT, "a record of %zu bytes is too large to be sorted",
			       key.n + value.n);
	if (UNLIKELY(!run_add(&lane->run, key, value))) {
		run_sort(&lane->run);
		if (lane_spill(s, lane, err) < 0)
			return -1;
		run_reset(&lane->run);
		run_add(&lane->run, key, value);
	}
	lane->items++;
	lane->bytes += key.n + value.n;
	return 0;
}

static void *sort_lane(void *lane)
{
	run_sort(&((struct lane *)lane)->run);
	return NULL;
}

/* The first lane is sorted in this thread, others in their own threads where that pays. */
static void sort_lanes(struct sorter *s)
{
	pthread_t *threads = mem_alloc(s->n_lanes * sizeof(*threads));
	bool *started = mem_zalloc(s->n_lanes * sizeof(*started));

	for (size_t i = 1; i < s->n_lanes; i++) {
		struct lane *lane = &s->lanes[i];

		started[i] = lane->run.n >= THREADS_FROM &&
			     pthread_create(&threads[i], NULL, sort_lane, lane) == 0;
	}
	for (size_t i = 0; i < s->n_lanes; i++) {
		if (started[i])
			pthread_join(threads[i], NULL);
		else
			run_sort(&s->lanes[i].run);
	}
	mem_free(threads);
	mem_free(started);
}

static size_t held(const struct sorter *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_lanes; i++)
		n += run_memory(&s->lanes[i].run);
	return n;
}

/* The number of runs on disk that can be read at a time in addition to the lanes; at least two. */
static size_t readers_max(const struct sorter *s)
{
	size_t taken = held(s) + MERGE_MEMORY;
	size_t left = s->memory > taken ? s->memory - taken : 0;

	return MIN(MAX(left / s->block, 2), s->fan_in);
}

/* Writes the lanes' runs to disk until the readers of the merge fit beside the others. */
static int make_room(struct sorter *s, struct err *err)
{
	for (size_t i = 0; i < s->n_lanes; i++) {
		struct lane *lane = &s->lanes[i];

		bool spill = lane->run.n > 0 && readers_max(s) < MIN(s->n_runs, s->fan_in);

		if (spill && lane_spill(s, lane, err) < 0)
			return -1;
		if (spill || lane->run.n == 0)
			run_free(&lane->run);
		spill_writer_free(lane->writer);
		lane->writer = NULL;
	}
	return 0;
}

static int larger_first(const void *a, const void *b)
{
	const struct spill_run *x = a, *y = b;

	return (x->size < y->size) - (x->size > y->size);
}

/* Merges the last n runs, which are the smallest, into one. */
static int merge_smallest(struct sorter *s, struct spill_writer *w, size_t n, struct err *err)
{
	struct spill_run *from = s->runs + s->n_runs - n, run;
	struct merge *m = merge_new();
	struct str key, value;
	int rc;

	for (size_t i = 0; i < n; i++)
		merge_add_spill(m, &from[i]);
	spill_writer_begin(w, from->file);
	while ((rc = merge_next(m, &key, &value, err)) > 0) {
		rc = spill_writer_add(w, key, value, err);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		rc = spill_writer_end(w, &run, err);
	merge_free(m);
	if (rc < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		spill_run_discard(&from[i]);
	s->n_runs -= n;
	register_run(s, &run);
	s->stats.passes++;
	return 0;
}

/*
 * Merges until the last merge can read all runs at once. The first merge takes so many that every
 * later one is full. Together with taking the smallest, that rewrites the fewest bytes.
 */
static int merge_down(struct sorter *s, struct err *err)
{
	size_t fan_in = readers_max(s), n;
	struct spill_writer *w;
	int rc = 0;

	if (s->n_runs <= fan_in)
		return 0;
	w = spill_writer_new(s->block);
	qsort(s->runs, s->n_runs, sizeof(*s->runs), larger_first);
	n = (s->n_runs - fan_in - 1) % (fan_in - 1) + 2;
	while (rc == 0 && s->n_runs > fan_in) {
		struct spill_run merged;
		size_t at;

		rc = merge_smallest(s, w, n, err);
		if (rc < 0)
			break;
		merged = s->runs[s->n_runs - 1];
		for (at = s->n_runs - 1; at > 0 && s->runs[at - 1].size < merged.size; at--)
			s->runs[at] = s->runs[at - 1];
		s->runs[at] = merged;
		n = fan_in;
	}
	spill_writer_free(w);
	return rc;
}

int sorter_finish(struct sorter *s, struct err *err)
{
	assert(!s->merge);
	sort_lanes(s);
	if (s->n_runs > 0 && (make_room(s, err) < 0 || merge_down(s, err) < 0))
		return -1;
	s->merge = merge_new();
	for (size_t i = 0; i < s->n_lanes; i++) {
		if (s->lanes[i].run.n > 0)
			merge_add_run(s->merge, &s->lanes[i].run);
	}
	for (size_t i = 0; i < s->n_runs; i++)
		merge_add_spill(s->merge, &s->runs[i]);
	return 0;
}

int sorter_next(struct sorter *s, struct str *ret_key, struct str *ret_value, struct err *err)
{
	assert(s->merge);
	return merge_next(s->merge, ret_key, ret_value, err);
}

struct sorter_stats sorter_stats(const struct sorter *s)
{
	struct sorter_stats stats = s->stats;

	for (size_t i = 0; i < s->n_lanes; i++) {
		stats.items += s->lanes[i].items;
		stats.bytes += s->lanes[i].bytes;
	}
	return stats;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	merge_free(s->merge);
	for (size_t i = 0; i < s->n_lanes; i++) {
		struct lane *lane = &s->lanes[i];

		run_free(&lane->run);
		spill_writer_free(lane->writer);
		spill_file_close(&lane->file);
		pthread_mutex_destroy(&lane->writing);
	}
	pthread_mutex_destroy(&s->lock);
	mem_free(s->lanes);
	mem_free(s->runs);
	mem_free(s);
}
