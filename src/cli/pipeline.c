/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "cli/pipeline.h"

#include "base/mem.h"
#include "changes/writes.h"
#include "cli/feed.h"
#include "cli/ledger.h"
#include "cli/operands.h"
#include "cli/progress.h"
#include "kube/codec.h"
#include "sort/sorter.h"
#include "wrap/look.h"
#include "wrap/wrapper.h"

#include <sys/stat.h>
#include <unistd.h>

/* More workers than this only share the same disk. */
enum { JOBS_MAX = 64 };

/* One thread with what it alone writes; merged when all have ended. */
struct worker {
	struct pipeline *p;
	unsigned lane;
	pthread_t thread;
	struct decoder *decoder;
	struct writes writes; /* to what pods depend on, for diagnose */
	struct buf key, value;
	struct err err;
	bool failed;
};

struct pipeline {
	const struct options *options;
	struct operands operands;
	struct sources sources;
	struct ledger *ledger;
	struct arena arena;
	struct notes *notes;
	struct sorter *sorter;
	struct ingest ingest;
	struct context context;
	struct writes writes;
	struct survey survey;
	struct wrapper_seen wrappers;
	struct basis basis;
	struct pipeline_needs needs;
	struct timelines *timelines;
	struct feed *feed;
	struct progress *progress; /* or NULL */
};

struct pipeline *pipeline_open(const struct options *options, const struct pipeline_needs *needs)
{
	struct pipeline *p = mem_zalloc(sizeof(*p));

	p->options = options;
	p->needs = *needs;
	p->notes = notes_new(options->verbose);
	p->progress = progress_new(options);
	return p;
}

void pipeline_close(struct pipeline *p)
{
	if (!p)
		return;
	progress_free(p->progress);
	timelines_free(p->timelines);
	feed_free(p->feed);
	sorter_free(p->sorter);
	context_free(&p->context);
	survey_free(&p->survey);
	notes_free(p->notes);
	ledger_free(p->ledger);
	sources_free(&p->sources);
	operands_free(&p->operands);
	arena_free(&p->arena);
	mem_free(p);
}

/* Notes on their way */

static void note_found(void *ctx, const struct input_note *note)
{
	struct pipeline *p = ctx;

	notes_input(p->notes, UINT32_MAX, note);
}

static void note_input(void *ctx, uint32_t source, const struct input_note *note)
{
	struct pipeline *p = ctx;
	const char *damage = notes_input(p->notes, source, note);

	if (damage)
		ledger_damage(p->ledger, source, note->member, note->name, damage);
}

static void note_decode(void *ctx, const struct decode_note *note)
{
	struct worker *w = ctx;

	notes_decode(w->p->notes, note);
}

/* Reading */

static void note_mixed(void *ctx, const struct survey_identity *identity)
{
	struct pipeline *p = ctx;
	char what[160];
	struct decode_note note = { .kind = DECODE_MIXED,
				    .position = identity->first,
				    .what = what };

	snprintf(what, sizeof(what), "service account " STR_FMT " has UID " STR_FMT,
		 STR_ARG(identity->account), STR_ARG(identity->uid));
	notes_decode(p->notes, &note);
}

/* What can only be told when all records have been seen. */
static void note_survey(struct pipeline *p)
{
	char what[64], by[DURATION_TEXT];
	struct decode_note note = { .kind = DECODE_JUMP, .what = what };

	for (size_t i = 0; i < p->survey.n_runs; i++) {
		const struct survey_run *run = &p->survey.runs[i];

		if (!run->jumps)
			continue;
		duration_format(run->jumped, by);
		snprintf(what, sizeof(what), "by %s", by);
		note.position = run->jump;
		notes_decode(p->notes, &note);
	}
	survey_mixed(&p->survey, note_mixed, p);
}

static struct input_config input_limits(const struct options *o)
{
	return (struct input_config){ .record_max = (size_t)o->max_record,
				      .ratio_max = o->max_ratio,
				      .depth_max = (unsigned)o->max_depth,
				      .entries_max = o->max_entries };
}

static int take_record(void *ctx, const struct record *record, struct err *err)
{
	struct worker *w = ctx;

	buf_reset(&w->key);
	buf_reset(&w->value);
	record_key(record, &w->key);
	record_encode(record, &w->value);
	return sorter_add(w->p->sorter, w->lane, buf_str(&w->key), buf_str(&w->value), err);
}

/* What a decoder has counted so far, of what is told by file. */
struct counted {
	uint64_t records, about_pods, objects, wrapped[WRAPPER_ROWS_MAX];
};

static void counted_now(const struct worker *w, struct counted *ret_now)
{
	const struct ingest *ingest = decoder_ingest(w->decoder);
	const struct wrapper_seen *seen = decoder_wrappers(w->decoder);

	ret_now->records = ingest->records;
	ret_now->about_pods = ingest->podRecords;
	ret_now->objects = ingest_objects(ingest);
	memcpy(ret_now->wrapped, seen->records, sizeof(ret_now->wrapped));
}

static void tell_gain(struct worker *w, uint32_t source, uint32_t member,
		      const struct counted *before)
{
	struct ledger_gain gain = { 0 };
	struct counted now;

	counted_now(w, &now);
	gain.records = now.records - before->records;
	gain.objects = now.objects - before->objects;
	for (unsigned i = 0; i < WRAPPER_ROWS_MAX; i++)
		if (now.wrapped[i] != before->wrapped[i])
			gain.wrappers |= (uint64_t)1 << i;
	progress_add_records(w->p->progress, gain.records + gain.objects,
			     now.about_pods - before->about_pods);
	ledger_gain(w->p->ledger, source, member, &gain);
}

/* The texts of one file: a batch may hold those of many. Returns where they end. */
static size_t read_file(struct worker *w, const struct feed_batch *batch, size_t i, struct err *err,
			int *ret_result)
{
	struct str cluster = w->p->sources.list[batch->source].cluster;
	uint32_t member = batch->texts[i].member;
	struct counted before;

	counted_now(w, &before);
	for (; i < batch->n && batch->texts[i].member == member && *ret_result >= 0; i++) {
		const struct feed_text *t = &batch->texts[i];
		struct str text = { batch->bytes.p + t->begin, t->n };
		struct position at = { batch->source, member, t->line, t->offset };

		*ret_result = decoder_text(w->decoder, cluster, text, at, t->unterminated, err);
	}
	tell_gain(w, batch->source, member, &before);
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

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct feed_batch batch = { 0 };
	int r;

	while ((r = feed_next(w->p->feed, &batch, &w->err)) > 0) {
		r = read_batch(w, &batch, &w->err);
		if (r < 0)
			break;
	}
	if (r < 0) {
		w->failed = true;
		feed_stop(w->p->feed);
	}
	feed_batch_free(&batch);
	return NULL;
}

static unsigned n_workers(const struct pipeline *p)
{
	uint64_t jobs = p->options->jobs;

	if (!jobs) {
		long cores = sysconf(_SC_NPROCESSORS_ONLN);

		jobs = cores > 0 ? (uint64_t)cores : 1;
	}
	return (unsigned)MAX(MIN(jobs, (uint64_t)JOBS_MAX), 1);
}

static int run_workers(struct pipeline *p, struct worker *workers, unsigned n, struct err *err)
{
	unsigned started = 1;

	for (unsigned i = 0; i < n; i++) {
		struct decode_config config = { take_record,	 note_decode,
						&workers[i],	 p->needs.survey,
						p->needs.attach, p->needs.attach_ctx };

		if (p->needs.writes) {
			config.event = writes_observe;
			config.event_ctx = &workers[i].writes;
		}
		workers[i].p = p;
		workers[i].lane = i;
		workers[i].decoder = decoder_new(&config);
	}
	/* the first one runs here; what cannot be started is done by the others */
	while (started < n &&
	       pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
		started++;
	work(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	for (unsigned i = 0; i < n; i++) {
		if (!workers[i].failed)
			continue;
		*err = workers[i].err;
		return -1;
	}
	return 0;
}

/* Sums that no order changes. */
static void merge_worker(struct pipeline *p, struct worker *w)
{
	ingest_add(&p->ingest, decoder_ingest(w->decoder));
	context_merge(&p->context, decoder_context(w->decoder));
	writes_merge(&p->writes, &w->writes);
	writes_free(&w->writes);
	survey_merge(&p->survey, decoder_survey(w->decoder));
	wrapper_seen_merge(&p->wrappers, decoder_wrappers(w->decoder));
	decoder_free(w->decoder);
	buf_free(&w->key);
	buf_free(&w->value);
}

/* What a file that nobody named must show to be read. */
static enum input_look look(void *ctx, struct str head, const char **ret_what)
{
	switch (look_at(head, ret_what)) {
	case LOOK_OURS:
		return INPUT_LOOK_READ;
	case LOOK_FOREIGN:
		return INPUT_LOOK_FOREIGN;
	default:
		return INPUT_LOOK_PASS;
	}
}

/* Bytes of all sources, or 0 if those of one are not known: a pipe's, say. */
static uint64_t total_size(const struct sources *sources)
{
	uint64_t total = 0;

	for (size_t i = 0; i < sources->n; i++) {
		const struct source *source = &sources->list[i];
		struct stat st;

		if (source->is_stdin || !source->size) {
			int r =
			    source->is_stdin ? fstat(STDIN_FILENO, &st) : stat(source->path, &st);

			if (r < 0 || !S_ISREG(st.st_mode))
				return 0;
			total += (uint64_t)st.st_size;
		}
		total += source->is_stdin ? 0 : source->size;
	}
	return total;
}

static int read_all(struct pipeline *p, struct err *err)
{
	unsigned n = n_workers(p);
	struct sorter_config config = { .memory = (size_t)p->options->memory,
					.tmpdir = p->options->tmpdir,
					.lanes = n };
	struct feed_config feed = { .input = input_limits(p->options),
				    .note = note_input,
				    .ctx = p,
				    .ledger = p->ledger,
				    .progress = p->progress };
	struct worker *workers = mem_zalloc(n * sizeof(*workers));
	int r;

	p->sorter = sorter_new(&config);
	feed.input.look = look;
	p->feed = feed_new(&p->sources, &feed);
	progress_begin(p->progress, total_size(&p->sources));
	r = run_workers(p, workers, n, err);
	for (unsigned i = 0; i < n; i++)
		merge_worker(p, &workers[i]);
	mem_free(workers);
	progress_sorting(p->progress);
	context_finish(&p->context);
	writes_finish(&p->writes);
	survey_finish(&p->survey);
	note_survey(p);
	return r < 0 ? r : sorter_finish(p->sorter, err);
}

/* Operands */

int pipeline_find(struct pipeline *p, struct err *err)
{
	struct input_config config = input_limits(p->options);
	int r = operands_find(p->options, &p->operands, err);

	config.note = note_found;
	config.ctx = p;
	if (r == 0)
		r = sources_find(p->operands.list, p->operands.n, &config, &p->sources, err);
	if (r < 0)
		return r;
	p->ledger = ledger_new(&p->sources);
	return 0;
}

static int next_item(void *ctx, struct str *ret_key, struct str *ret_value, struct err *err)
{
	struct pipeline *p = ctx;

	return sorter_next(p->sorter, ret_key, ret_value, err);
}

static void make_basis(struct pipeline *p)
{
	p->basis = (struct basis){ .ingest = &p->ingest,
				   .settings = p->needs.settings,
				   .context = &p->context,
				   .writes = &p->writes,
				   .passed_over = notes_count(p->notes, INPUT_PASSED_OVER) };
	p->basis.sources = ledger_finish(p->ledger, &p->basis.n_sources);
	p->basis.unread = notes_unread(p->notes, &p->basis.n_unread);
}

static int read_records(struct pipeline *p, struct err *err)
{
	int r = read_all(p, err);

	make_basis(p); /* the notes need it in any case */
	if (r < 0)
		return r;
	p->timelines = timelines_new(next_item, p, &p->context);
	timelines_attached(p->timelines, p->needs.keep);
	if (p->ingest.records || ingest_objects(&p->ingest))
		return 0;
	return err_set(err, ERR_INPUT, "no audit event, Pod or Event of Kubernetes in %zu file%s%s",
		       p->sources.n, p->sources.n == 1 ? "" : "s",
		       p->needs.empty_input ? "" : "; 'lunettes inspect' tells what there is");
}

void pipeline_end_progress(struct pipeline *p)
{
	progress_end(p->progress);
}

int pipeline_read(struct pipeline *p, struct err *err)
{
	int r = read_records(p, err);

	if (r < 0)
		pipeline_end_progress(p);
	return r;
}

int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err)
{
	int r = timelines_next(p->timelines, ret_timeline, err);

	if (r > 0)
		progress_add_pod(p->progress);
	else
		pipeline_end_progress(p);
	p->ingest.duplicates = timelines_duplicates(p->timelines);
	return r;
}

bool pipeline_has_basis(const struct pipeline *p)
{
	return p->basis.sources != NULL;
}

const struct basis *pipeline_basis(struct pipeline *p)
{
	return &p->basis;
}

nsec pipeline_log_end(const struct pipeline *p)
{
	nsec end = NSEC_NONE;

	for (size_t i = 0; i < p->context.cluster_names.n; i++) {
		const struct cluster *cl = &p->context.clusters[i];

		end = MAX(end, cl->last != NSEC_NONE ? cl->last : cl->dumped_last);
	}
	return end;
}

const struct survey *pipeline_survey(const struct pipeline *p)
{
	return &p->survey;
}

const struct wrapper_seen *pipeline_wrappers(const struct pipeline *p)
{
	return &p->wrappers;
}

const char *pipeline_taken(const struct pipeline *p)
{
	return p->operands.taken;
}

const struct notes *pipeline_notes(const struct pipeline *p)
{
	return p->notes;
}

const struct sources *pipeline_sources(const struct pipeline *p)
{
	return &p->sources;
}
