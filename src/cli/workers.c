/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cli/workers.h"

#include "base/mem.h"
#include "cli/progress.h"
#include "kube/codec.h"

#include <unistd.h>

/* More workers would only compete for the same disk. */
enum { JOBS_MAX = 64 };

/* One thread with the data that it alone writes; merged when all have ended. */
struct worker {
	const struct workers_config *config;
	unsigned lane;
	pthread_t thread;
	struct decoder *decoder;
	struct writes writes;
	struct buf key, value;
	struct err err;
	bool failed;
};

static void note_decode(void *ctx, const struct decode_note *note)
{
	struct worker *w = ctx;

	notes_decode(w->config->notes, note);
}

static int sort_record(void *ctx, const struct record *record, struct err *err)
{
	struct worker *w = ctx;

	buf_reset(&w->key);
	buf_reset(&w->value);
	record_key(record, &w->key);
	record_encode(record, &w->value);
	return sorter_add(w->config->sorter, w->lane, buf_str(&w->key), buf_str(&w->value), err);
}

/* The decoder's counts so far, of everything that is reported by file. */
struct file_counts {
	uint64_t records, about_pods, objects, wrapped[WRAPPER_ROWS_MAX];
};

static void count_now(const struct worker *w, struct file_counts *ret_now)
{
	const struct ingest *ingest = decoder_ingest(w->decoder);
	const struct wrapper_seen *seen = decoder_wrappers(w->decoder);

	ret_now->records = ingest->records;
	ret_now->about_pods = ingest->podRecords;
	ret_now->objects = ingest_objects(ingest);
	memcpy(ret_now->wrapped, seen->records, sizeof(ret_now->wrapped));
}

static void report_gain(struct worker *w, uint32_t source, uint32_t member,
			const struct file_counts *before)
{
	struct ledger_gain gain = { 0 };
	struct file_counts now;

	count_now(w, &now);
	gain.records = now.records - before->records;
	gain.objects = now.objects - before->objects;
	for (unsigned i = 0; i < WRAPPER_ROWS_MAX; i++)
		if (now.wrapped[i] != before->wrapped[i])
			gain.wrappers |= (uint64_t)1 << i;
	progress_add_records(w->config->progress, gain.records + gain.objects,
			     now.about_pods - before->about_pods);
	ledger_gain(w->config->ledger, source, member, &gain);
}

/* The texts of one file, of which a batch may contain several. Returns their end. */
static size_t read_file(struct worker *w, const struct feed_batch *batch, size_t i, struct err *err,
			int *ret_result)
{
	struct str cluster = w->config->sources->list[batch->source].cluster;
	uint32_t member = batch->texts[i].member;
	struct file_counts before;

	count_now(w, &before);
	for (; i < batch->n && batch->texts[i].member == member && *ret_result >= 0; i++) {
		const struct feed_text *t = &batch->texts[i];
		struct str text = { batch->bytes.p + t->begin, t->n };
		struct position at = { batch->source, member, t->line, t->offset };

		*ret_result = decoder_text(
		    w->decoder, &(struct decode_text){ cluster, text, at, t->unterminated }, err);
	}
	report_gain(w, batch->source, member, &before);
	return i;
}

static int read_batch(struct worker *w, const struct feed_batch *batch, struct err *err)
{
	int r = 0;

	survey_begin(decoder_survey(w->decoder));
	for (size_t i = 0; i < batch->n && r >= 0;)
		i = read_file(w, batch, i, err, &r);
	return r;
}

static void *run_worker(void *ctx)
{
	struct worker *w = ctx;
	struct feed_batch batch = { 0 };
	int r;

	while ((r = feed_next(w->config->feed, &batch, &w->err)) > 0) {
		r = read_batch(w, &batch, &w->err);
		if (r < 0)
			break;
	}
	if (r < 0) {
		w->failed = true;
		feed_stop(w->config->feed);
	}
	feed_batch_free(&batch);
	return NULL;
}

unsigned workers_count(uint64_t jobs)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (!jobs)
		jobs = cores > 0 ? (uint64_t)cores : 1;
	return (unsigned)MIN(jobs, (uint64_t)JOBS_MAX);
}

static void open_worker(struct worker *w, const struct workers_config *config, unsigned lane)
{
	struct decode_config decode = config->decode;

	decode.record = sort_record;
	decode.note = note_decode;
	decode.ctx = w;
	if (config->writes) {
		decode.event = writes_observe;
		decode.event_ctx = &w->writes;
	}
	*w = (struct worker){ .config = config, .lane = lane, .decoder = decoder_new(&decode) };
}

/* Sums, which do not depend on the order. */
static void merge_worker(struct gathered *all, struct worker *w)
{
	ingest_add(&all->ingest, decoder_ingest(w->decoder));
	context_merge(&all->context, decoder_context(w->decoder));
	survey_merge(&all->survey, decoder_survey(w->decoder));
	wrapper_seen_merge(&all->wrappers, decoder_wrappers(w->decoder));
	writes_merge(&all->writes, &w->writes);
	writes_free(&w->writes);
	decoder_free(w->decoder);
	buf_free(&w->key);
	buf_free(&w->value);
}

int workers_run(const struct workers_config *config, unsigned n, struct gathered *ret,
		struct err *err)
{
	struct worker *workers = mem_zalloc(n * sizeof(*workers));
	unsigned started = 1;
	int r = 0;

	for (unsigned i = 0; i < n; i++)
		open_worker(&workers[i], config, i);
	/* the first one runs here; the others do the work of threads that cannot be started */
	while (started < n &&
	       pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]) == 0)
		started++;
	run_worker(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < n; i++) {
		if (workers[i].failed && r == 0) {
			*err = workers[i].err;
			r = -1;
		}
		merge_worker(ret, &workers[i]);
	}
	mem_free(workers);
	context_finish(&ret->context);
	writes_finish(&ret->writes);
	survey_finish(&ret->survey);
	return r;
}

void gathered_free(struct gathered *g)
{
	context_free(&g->context);
	survey_free(&g->survey);
	writes_free(&g->writes);
}
