/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/drive.h"

#include "base/mem.h"
#include "cli/ending.h"
#include "cli/progress.h"

#include <unistd.h>

bool drive_write(struct command_run *run, size_t least)
{
	for (size_t i = 0; i < run->n_outputs; i++) {
		struct output *o = &run->outputs[i];

		if (!o->text->n || o->text->n < least)
			continue;
		if (isatty(o->target.sink.fd))
			progress_end(run->pipeline.progress);
		if (!target_put(&o->target, o->text, least))
			return false;
	}
	return true;
}

static void notice_closed(struct command_run *run)
{
	for (size_t i = 0; i < run->n_outputs; i++)
		if (run->outputs[i].target.sink.state == SINK_CLOSED)
			run->closed = true;
	run->whole = run->whole && !run->closed;
}

static int open_outputs(struct command_run *run, struct err *err)
{
	for (size_t i = 0; i < run->n_outputs; i++) {
		struct output *o = &run->outputs[i];

		if (!o->target.open && target_open(&o->target, o->path, err) < 0)
			return -1;
	}
	return 0;
}

static void close_outputs(struct command_run *run)
{
	for (size_t i = 0; i < run->n_outputs; i++)
		target_close(&run->outputs[i].target);
}

static int finish(struct command_run *run, struct err *err)
{
	notice_closed(run);
	if (run->closed)
		return 0;
	if (run->command->finish && run->command->finish(run, err) < 0)
		return -1;
	notice_closed(run);
	if (run->withheld || run->closed)
		return 0;
	drive_write(run, 0);
	for (size_t i = 0; i < run->n_outputs; i++)
		if (target_publish(&run->outputs[i].target, err) < 0)
			return -1;
	run->written = true;
	return 0;
}

/* Reports files that would be destroyed, or cannot be written, before anything is read. */
static int find_input(struct command_run *run, struct err *err)
{
	if (pipeline_find(&run->pipeline, err) < 0 ||
	    outputs_check(run->outputs, run->n_outputs, run->options, &run->pipeline.sources, err) <
		0)
		return -1;
	return open_outputs(run, err);
}

/* < 0: an error; > 0: the command needs no more, or cannot write. */
static int observe_pods(struct command_run *run, struct err *err)
{
	const struct timeline *t;
	int r;

	while ((r = pipeline_next(&run->pipeline, &t, err)) > 0) {
		const struct cluster *cluster =
		    context_find_cluster(run->basis->context, t->cluster);

		if (cluster &&
		    (!run->command->observe(run, t, cluster) || !drive_write(run, DRIVE_CHUNK)))
			break;
	}
	run->whole = r == 0;
	return r;
}

/* Some commands can show why an input has no useful records. */
static bool is_answerable(const struct command_run *run, const struct err *err)
{
	return run->needs.empty_input && err->code == ERR_INPUT &&
	       pipeline_has_basis(&run->pipeline);
}

static int read_input(struct command_run *run, struct err *err)
{
	nsec end;
	int read;

	if (find_input(run, err) < 0)
		return -1;
	read = pipeline_read(&run->pipeline, err);
	if (read < 0 && !is_answerable(run, err))
		return -1;
	end = pipeline_log_end(&run->pipeline);
	run->basis = &run->pipeline.basis;
	if (choice_begin(&run->choice, run->options, end, err) < 0 ||
	    (run->command->begin && run->command->begin(run, err) < 0) ||
	    (read == 0 && observe_pods(run, err) < 0))
		return -1;
	if (read < 0)
		return finish(run, &(struct err){ 0 }), read;
	return finish(run, err);
}

static int drive_input(struct command_run *run)
{
	struct err err = { 0 };
	int r, status;

	pipeline_open(&run->pipeline, run->options, &run->needs);
	run->whole = run->withheld = false;
	r = read_input(run, &err);
	notice_closed(run);
	if (r < 0)
		close_outputs(run);
	status = ending(run, r, &err);
	choice_free(&run->choice);
	pipeline_close(&run->pipeline);
	return status;
}

static int drive_inputs(struct command_run *run)
{
	int status = drive_input(run);

	while ((status == STATUS_OK || status == STATUS_PARTIAL) && run->command->another &&
	       run->command->another(run))
		status = drive_input(run);
	return status;
}

static int drive_without_input(struct command_run *run)
{
	struct err err = { 0 };

	if (open_outputs(run, &err) < 0 || finish(run, &err) < 0)
		return ending_error(run, &err);
	return STATUS_OK;
}

int drive(const struct options *options)
{
	struct command_run run = { .command = options->command,
				   .options = options,
				   .format = options->format };
	struct err err = { 0 };
	int status;

	run.own = mem_zalloc(run.command->own_size + 1);
	run.style = ending_style(options);
	settings_init(&run.settings);
	if (run.command->prepare && run.command->prepare(&run, &err) < 0) {
		status = ending_error(&run, &err);
	} else {
		if (!run.n_outputs) {
			run.n_outputs = 1;
			run.outputs[0] = (struct output){ .path = "-", .text = &run.text };
		}
		status =
		    run.command->bits & READERS ? drive_inputs(&run) : drive_without_input(&run);
	}
	close_outputs(&run);
	if (run.command->release)
		run.command->release(&run);
	rules_free(run.rules);
	settings_free(&run.settings);
	buf_free(&run.text);
	mem_free(run.own);
	return status;
}
