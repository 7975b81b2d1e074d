/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ending.h"

#include "cli/commands.h"
#include "cli/terminal.h"

#include <unistd.h>

static void print_notes(struct pipeline *p, struct str more)
{
	struct buf text = { 0 };

	if (pipeline_taken(p))
		buf_printf(&text, "lunettes: no path was given: reading %s\n", pipeline_taken(p));
	notes_print(pipeline_notes(p), pipeline_basis(p), &text);
	buf_add_str(&text, more);
	if (text.n)
		fwrite(text.p, 1, text.n, stderr);
	buf_free(&text);
}

int ending(struct pipeline *p, const struct options *options, int result, const struct err *err,
	   struct str more)
{
	const struct notes *notes = pipeline_notes(p);

	pipeline_end_progress(p);
	if (!options->quiet)
		print_notes(p, more);
	if (result < 0) {
		fprintf(stderr, "lunettes: %s\n", err->message);
		return (int)status_of(err);
	}
	if (notes_unopened(notes) || (options->strict && notes_skipped(notes)))
		return STATUS_PARTIAL;
	return STATUS_OK;
}

struct table_style ending_style(const struct options *options)
{
	struct terminal terminal = terminal_of(STDOUT_FILENO, (enum color_choice)options->color);
	bool wide = options->output == OUTPUT_WIDE, markdown = options->output == OUTPUT_MARKDOWN;

	return (struct table_style){ .width = wide || markdown ? 0 : terminal.width,
				     .wide = wide,
				     .no_headers = options->no_headers,
				     .bold = terminal.color,
				     .ascii = terminal.ascii,
				     .markdown = markdown };
}
