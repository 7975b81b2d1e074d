/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ending.h"

#include "cli/command_run.h"
#include "cli/progress.h"
#include "cli/terminal.h"

#include <unistd.h>

static void print_lines(struct str lines)
{
	if (lines.n)
		fwrite(lines.p, 1, lines.n, stderr);
}

/* "lunettes: ..." becomes "lunettes: before: ..." in each line. */
static void name_side(struct buf *text, const char *side)
{
	static const struct str prefix = { "lunettes: ", 10 };
	struct str rest = buf_str(text), line;
	struct buf named = { 0 };

	while (str_cut(rest, '\n', &line, &rest)) {
		if (str_starts(line, prefix)) {
			buf_printf(&named, STR_FMT "%s: ", STR_ARG(prefix), side);
			line = str_after(line, prefix.n);
		}
		buf_add_str(&named, line);
		buf_add_char(&named, '\n');
	}
	buf_free(text);
	*text = named;
}

static void print_notes(struct command_run *run, struct str own)
{
	const struct pipeline *p = &run->pipeline;
	struct buf text = { 0 };

	if (p->operands.taken)
		buf_printf(&text, "lunettes: no path was given: reading %s\n", p->operands.taken);
	notes_print(p->notes, &p->basis, &text);
	if (pipeline_has_basis(p))
		basis_clocks(&text, &p->all.context, "lunettes: ");
	buf_add_str(&text, own);
	if (run->options->side)
		name_side(&text, run->options->side);
	print_lines(buf_str(&text));
	buf_free(&text);
}

int ending_error(const struct command_run *run, const struct err *err)
{
	const char *side = run->options->side;

	fprintf(stderr, "lunettes: %s%s%s\n", side ? side : "", side ? ": " : "", err->message);
	return err->code == ERR_INPUT ? STATUS_NO_INPUT : STATUS_USAGE;
}

/*
 * Reports selections that are not in the logs. They are the error of a run without a result, if
 * nothing that was named is there, or a condition cannot be judged. Otherwise, or for one of
 * several inputs, they are a note.
 */
static void add_missing(struct command_run *run, struct fail_on *fail_on, struct buf *notes)
{
	struct buf missing = { 0 };
	bool none = choice_missing(&run->choice, &missing);
	bool is_reason =
	    none && (run->options->n_pods || fail_on->unjudged.n) && !run->command->another;

	if (is_reason) {
		buf_add_str(&missing, buf_str(&fail_on->unjudged));
		buf_reset(&fail_on->unjudged);
	}
	buf_add_str(is_reason ? &fail_on->unjudged : notes, buf_str(&missing));
	buf_free(&missing);
}

static int report(struct command_run *run, const struct fail_on *fail_on)
{
	const struct options *o = run->options;

	if (!o->allow_empty || !o->quiet)
		print_lines(buf_str(&fail_on->unjudged));
	print_lines(buf_str(&fail_on->holds));
	run->partial = run->partial || run->pipeline.basis.n_unread ||
		       (o->strict && notes_skipped(run->pipeline.notes));
	if (run->partial)
		return STATUS_PARTIAL;
	if (fail_on->holds.n || fail_on->condition)
		return STATUS_CONDITION;
	return fail_on->unjudged.n && !o->allow_empty ? STATUS_NO_INPUT : STATUS_OK;
}

int ending(struct command_run *run, int result, const struct err *err)
{
	struct fail_on fail_on = { 0 };
	struct buf notes = { 0 };
	int status;

	progress_end(run->pipeline.progress);
	if (result >= 0 && run->command->judge)
		run->command->judge(run, &fail_on);
	if (run->command->notes)
		run->command->notes(run, result, &notes);
	if (result >= 0 && run->whole)
		add_missing(run, &fail_on, &notes);
	if (!run->options->quiet)
		print_notes(run, buf_str(&notes));
	status = result < 0 ? ending_error(run, err) : report(run, &fail_on);
	buf_free(&notes);
	buf_free(&fail_on.holds);
	buf_free(&fail_on.unjudged);
	return status;
}

struct table_style ending_style(const struct options *options)
{
	struct terminal terminal = terminal_of(STDOUT_FILENO, (enum color_choice)options->color);
	enum format_kind kind = options->format ? options->format->kind : FORMAT_DOCUMENT;
	bool wide = kind == FORMAT_WIDE, markdown = kind == FORMAT_MARKDOWN;

	return (struct table_style){ .width = wide || markdown ? 0 : terminal.width,
				     .wide = wide,
				     .no_headers = options->no_headers,
				     .bold = terminal.color,
				     .ascii = terminal.ascii,
				     .markdown = markdown,
				     .tabs = options->format && options->format->tabs,
				     .zone = options->zone };
}
