/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ending.h"

#include "cli/terminal.h"

#include <unistd.h>

enum exit_status status_of(const struct err *err)
{
	return err->code == ERR_INPUT ? STATUS_NO_INPUT : STATUS_USAGE;
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

static void print_notes(struct pipeline *p, const char *side, struct str more)
{
	struct buf text = { 0 };

	if (pipeline_taken(p))
		buf_printf(&text, "lunettes: no path was given: reading %s\n", pipeline_taken(p));
	notes_print(pipeline_notes(p), pipeline_basis(p), &text);
	if (pipeline_has_basis(p))
		basis_clocks(&text, pipeline_basis(p)->context, "lunettes: ");
	buf_add_str(&text, more);
	if (side)
		name_side(&text, side);
	if (text.n)
		fwrite(text.p, 1, text.n, stderr);
	buf_free(&text);
}

static void print(struct str lines)
{
	if (lines.n)
		fwrite(lines.p, 1, lines.n, stderr);
}

int ending(struct pipeline *p, const struct options *options, int result, const struct err *err,
	   const struct ending_said *said)
{
	const struct notes *notes = pipeline_notes(p);

	pipeline_end_progress(p);
	if (!options->quiet)
		print_notes(p, options->side, said->notes);
	if (result < 0) {
		fprintf(stderr, "lunettes: %s%s%s\n", options->side ? options->side : "",
			options->side ? ": " : "", err->message);
		return (int)status_of(err);
	}
	if (!options->allow_empty || !options->quiet)
		print(said->empty);
	print(said->holds);
	if (pipeline_basis(p)->n_unread || (options->strict && notes_skipped(notes)))
		return STATUS_PARTIAL;
	if (said->holds.n)
		return STATUS_CONDITION;
	return said->empty.n && !options->allow_empty ? STATUS_NO_INPUT : STATUS_OK;
}

int ending_of_names(struct pipeline *p, const struct options *options, int result,
		    const struct err *err, struct buf *notes, const struct choice *choice)
{
	struct buf missing = { 0 };
	struct ending_said said = { 0 };
	int status;

	if (result >= 0 && choice && choice_missing(choice, &missing) && options->n_pods)
		said.empty = buf_str(&missing);
	else
		buf_add_str(notes, buf_str(&missing));
	said.notes = buf_str(notes);
	status = ending(p, options, result, err, &said);
	buf_free(&missing);
	return status;
}

struct table_style ending_style(const struct options *options)
{
	struct terminal terminal = terminal_of(STDOUT_FILENO, (enum color_choice)options->color);
	enum format_kind kind = options->format->kind;
	bool wide = kind == FORMAT_WIDE, markdown = kind == FORMAT_MARKDOWN;

	return (struct table_style){ .width = wide || markdown ? 0 : terminal.width,
				     .wide = wide,
				     .no_headers = options->no_headers,
				     .bold = terminal.color,
				     .ascii = terminal.ascii,
				     .markdown = markdown,
				     .zone = options->zone };
}
