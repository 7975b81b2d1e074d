/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pipeline.h"

#include "cli/progress.h"
#include "wrap/look.h"

#include <sys/stat.h>
#include <unistd.h>

void pipeline_open(struct pipeline *p, const struct options *options,
		   const struct pipeline_needs *needs)
{
	*p = (struct pipeline){ .options = options,
				.needs = *needs,
				.notes = notes_new(options->verbose),
				.progress = progress_new(options) };
}

void pipeline_close(struct pipeline *p)
{
	progress_free(p->progress);
	timelines_free(p->timelines);
	feed_free(p->feed);
	sorter_free(p->sorter);
	gathered_free(&p->all);
	notes_free(p->notes);
	ledger_free(p->ledger);
	sources_free(&p->sources);
	operands_free(&p->operands);
	*p = (struct pipeline){ 0 };
}

/* Notes */

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

/* Notes that need all records. */
static void note_survey(struct pipeline *p)
{
	char what[64], by[DURATION_TEXT];
	struct decode_note note = { .kind = DECODE_JUMP, .what = what };

	for (size_t i = 0; i < p->all.survey.n_runs; i++) {
		const struct survey_run *run = &p->all.survey.runs[i];

		if (!run->jumps)
			continue;
		duration_format(run->jumped, by);
		snprintf(what, sizeof(what), "by %s", by);
		note.position = run->jump;
		notes_decode(p->notes, &note);
	}
	survey_mixed(&p->all.survey, note_mixed, p);
}

static struct input_config input_limits(const struct options *o)
{
	return (struct input_config){ .record_max = (size_t)o->max_record,
				      .ratio_max = o->max_ratio,
				      .depth_max = (unsigned)o->max_depth,
				      .entries_max = o->max_entries };
}

/* Checks the first bytes of a file that was found in a directory. */
static enum input_look look_at_head(void *ctx, struct str head, const char **ret_what)
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

/* The bytes of all sources, or 0 if a size is unknown, as of a pipe. */
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
	unsigned n = workers_count(p->options->jobs);
	struct sorter_config sorter = { .memory = (size_t)p->options->memory,
					.tmpdir = p->options->tmpdir,
					.lanes = n };
	struct feed_config feed = { .input = input_limits(p->options),
				    .note = note_input,
				    .ctx = p,
				    .ledger = p->ledger,
				    .progress = p->progress };
	int r;

	feed.input.look = look_at_head;
	p->sorter = sorter_new(&sorter);
	p->feed = feed_new(&p->sources, &feed);
	progress_begin(p->progress, total_size(&p->sources));
	r = workers_run(&(struct workers_config){ .decode = { .detailed = p->needs.survey,
							      .attach = p->needs.attach,
							      .attach_ctx = p->needs.attach_ctx },
						  .writes = p->needs.writes,
						  .sources = &p->sources,
						  .feed = p->feed,
						  .ledger = p->ledger,
						  .notes = p->notes,
						  .progress = p->progress,
						  .sorter = p->sorter },
			n, &p->all, err);
	progress_sorting(p->progress);
	note_survey(p);
	return r < 0 ? r : sorter_finish(p->sorter, err);
}

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
	p->basis = (struct basis){ .ingest = &p->all.ingest,
				   .settings = p->needs.settings,
				   .context = &p->all.context,
				   .writes = &p->all.writes,
				   .passed_over = notes_count(p->notes, INPUT_PASSED_OVER) };
	p->basis.sources = ledger_finish(p->ledger, &p->basis.n_sources);
	p->basis.unread = notes_unread(p->notes, &p->basis.n_unread);
}

static int read_records(struct pipeline *p, struct err *err)
{
	int r = read_all(p, err);

	make_basis(p); /* the notes always need it */
	if (r < 0)
		return r;
	p->timelines = timelines_new(next_item, p, &p->all.context);
	timelines_attached(p->timelines, p->needs.keep);
	if (p->all.ingest.records || ingest_objects(&p->all.ingest))
		return 0;
	return err_set(err, ERR_INPUT, "no audit event, Pod or Event of Kubernetes in %zu file%s%s",
		       p->sources.n, p->sources.n == 1 ? "" : "s",
		       p->needs.empty_input ? "" : "; 'lunettes inspect' tells what there is");
}

int pipeline_read(struct pipeline *p, struct err *err)
{
	int r = read_records(p, err);

	if (r < 0)
		progress_end(p->progress);
	return r;
}

int pipeline_next(struct pipeline *p, const struct timeline **ret_timeline, struct err *err)
{
	int r = timelines_next(p->timelines, ret_timeline, err);

	if (r > 0)
		progress_add_pod(p->progress);
	else
		progress_end(p->progress);
	p->all.ingest.duplicates = timelines_duplicates(p->timelines);
	return r;
}

nsec pipeline_log_end(const struct pipeline *p)
{
	nsec end = NSEC_NONE;

	for (size_t i = 0; i < p->all.context.cluster_names.n; i++) {
		const struct cluster *cl = &p->all.context.clusters[i];

		end = MAX(end, nsec_known(cl->last) ? cl->last : cl->dumped_last);
	}
	return end;
}
