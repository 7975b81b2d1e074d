/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

enum { HELP_COLUMN = 26 }; /* column of the explanations */

static const char *const group_titles[GROUP_N] = {
	[GROUP_SELECTION] = "Which pods",   [GROUP_TIME] = "When they were created",
	[GROUP_INPUT] = "What is read",	    [GROUP_SLO] = "What is judged",
	[GROUP_OUTPUT] = "What is printed", [GROUP_RESOURCES] = "What it may use",
	[GROUP_GENERAL] = "Other",
};

static void pad_to(struct buf *out, size_t *column, size_t to)
{
	for (; *column < to; ++*column)
		buf_add_char(out, ' ');
}

/* Wraps words from the given column on, with indented lines; ends with a newline. */
static void wrap(struct buf *out, struct str text, size_t column, size_t indent)
{
	struct str word;
	bool first = true;

	for (bool more = true; more;) {
		word = text;
		more = str_cut(text, ' ', &word, &text);
		if (!first && column + 1 + word.n > HELP_WIDTH) {
			buf_add_char(out, '\n');
			column = 0;
			first = true;
		}
		if (!first) {
			buf_add_char(out, ' ');
			column++;
		}
		pad_to(out, &column, indent);
		buf_add_str(out, word);
		column += word.n;
		first = false;
	}
	buf_add_char(out, '\n');
}

static void paragraphs(struct buf *out, const char *text)
{
	struct str rest = str_from(text);

	while (rest.n) {
		const char *end = memmem(rest.p, rest.n, "\n\n", 2);
		struct str one = end ? str_from_to(rest.p, end) : rest;

		wrap(out, one, 0, 0);
		buf_add_char(out, '\n');
		rest = str_after(rest, end ? one.n + 2 : one.n);
	}
}

static void two_columns(struct buf *out, struct str left, struct str right)
{
	size_t column = 2 + left.n;

	buf_printf(out, "  " STR_FMT, STR_ARG(left));
	if (column + 2 > HELP_COLUMN) {
		buf_add_char(out, '\n');
		column = 0;
	}
	pad_to(out, &column, HELP_COLUMN);
	wrap(out, right, column, HELP_COLUMN);
}

/* "(one of a, b, c; default b)" */
static void add_values(struct buf *out, const struct option_row *row, const struct command *command)
{
	const char *shown_default = option_wording_of(row, command->bits).shown_default;

	bool choices = row->kind == OPTION_CHOICE;

	if (!choices && !shown_default)
		return;
	buf_add_str(out, STR(" ("));
	if (choices)
		option_choices_add(out, row, command->bits);
	if (choices && shown_default)
		buf_add_str(out, STR("; "));
	if (shown_default)
		buf_printf(out, "default %s", shown_default);
	buf_add_char(out, ')');
}

static void print_option(struct buf *out, const struct option_row *row,
			 const struct command *command)
{
	struct buf left = { 0 }, right = { 0 };

	if (row->short_name)
		buf_printf(&left, "-%c, ", row->short_name);
	else
		buf_add_str(&left, STR("    "));
	buf_printf(&left, "--%s", row->name);
	if (row->argument)
		buf_printf(&left, " %s", row->argument);
	buf_add_str(&right, str_from(option_wording_of(row, command->bits).help));
	add_values(&right, row, command);
	two_columns(out, buf_str(&left), buf_str(&right));
	buf_free(&left);
	buf_free(&right);
}

static bool takes(const struct command *command, const struct option_row *row)
{
	return !row->hidden && (row->commands & command->bits);
}

static void print_options(struct buf *out, const struct command *command)
{
	for (unsigned group = 0; group < GROUP_N; group++) {
		bool titled = false;

		for (size_t i = 0; i < options_n_rows; i++) {
			const struct option_row *row = &options_rows[i];

			if (row->group != group || !takes(command, row))
				continue;
			if (!titled)
				buf_printf(out, "%s:\n", group_titles[group]);
			titled = true;
			print_option(out, row, command);
		}
		if (titled)
			buf_add_char(out, '\n');
	}
}

/* The meanings of values, for the options of the command. */
static void print_values(struct buf *out, const struct command *command)
{
	static const struct {
		enum option_kind kind;
		const char *text;
	} explained[] = {
		{ OPTION_TIME,
		  "TIME is RFC 3339 (2026-11-22T10:11:00Z), a time of day of the log (10:11 or "
		  "10:11:30, in the zone of --tz), or a duration back from the log's end (2h)." },
		{ OPTION_SIZE, "SIZE is in bytes, or has K, M or G behind it." },
	};
	struct buf text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(explained); i++) {
		bool taken = false;

		for (size_t j = 0; j < options_n_rows; j++)
			taken = taken || (options_rows[j].kind == explained[i].kind &&
					  takes(command, &options_rows[j]));
		if (taken && text.n)
			buf_add_char(&text, ' ');
		if (taken)
			buf_add_str(&text, str_from(explained[i].text));
	}
	if (text.n) {
		wrap(out, buf_str(&text), 0, 0);
		buf_add_char(out, '\n');
	}
	buf_free(&text);
}

static void print_examples(struct buf *out, const char *examples, size_t most)
{
	struct str rest = str_from(examples), line, command, what;

	buf_add_str(out, STR("Examples:\n"));
	while (most > 0 && str_cut(rest, '\n', &line, &rest)) {
		if (!str_cut(line, '\t', &command, &what))
			continue;
		most--;
		buf_add_str(out, STR("  "));
		wrap(out, what, 2, 2);
		buf_printf(out, "    " STR_FMT "\n", STR_ARG(command));
	}
}

static void print_usage(struct buf *out, const struct command *command)
{
	bool none = command == &command_lunettes;

	buf_printf(out, "Usage: lunettes%s%s %s\n", none ? "" : " ", none ? "" : command->name,
		   command->operands);
}

static void print_commands(struct buf *out)
{
	buf_add_str(out, STR("Commands:\n"));
	for (unsigned i = 1; i < COMMANDS_N; i++)
		two_columns(out, str_from(commands[i]->name), str_from(commands[i]->summary));
	buf_add_char(out, '\n');
}

void help_print(struct buf *out, const struct command *command)
{
	print_usage(out, command);
	buf_add_char(out, '\n');
	paragraphs(out, command->description);
	if (command == &command_lunettes)
		print_commands(out);
	print_options(out, command);
	print_values(out, command);
	print_examples(out, command->examples, SIZE_MAX);
	if (command == &command_lunettes)
		buf_add_str(out, STR("\n'lunettes COMMAND --help' explains a command, and "
				     "lunettes(1) everything.\n"));
}

void help_print_short(struct buf *out)
{
	print_usage(out, &command_lunettes);
	buf_add_char(out, '\n');
	print_commands(out);
	print_examples(out, command_lunettes.examples, 2); /* a screen of 24 lines */
	buf_add_str(out, STR("\n'lunettes --help' tells more.\n"));
}

void help_print_version(struct buf *out, const char *features)
{
	buf_printf(out, "lunettes %s\n", LUNETTES_VERSION);
	if (features && *features)
		buf_printf(out, "%s\n", features);
}

static void dump_option(struct buf *out, const struct command *command,
			const struct option_row *row)
{
	struct option_wording wording = option_wording_of(row, command->bits);
	char short_name[2] = { row->short_name, 0 };
	unsigned shown = 0, takers;
	const char *choice;

	buf_printf(out, "option\t%s\t%s\t%s\t%s\t%s\t", command->name, short_name, row->name,
		   row->argument ? row->argument : "", option_kind_name(row->kind));
	for (size_t i = 0; (choice = option_choice(row, i, &takers)); i++)
		if (takers & command->bits)
			buf_printf(out, "%s%s", shown++ ? "," : "", choice);
	buf_printf(out, "\t%s\t%s\n", wording.shown_default ? wording.shown_default : "",
		   wording.help);
}

void help_dump(struct buf *out)
{
	for (unsigned i = 0; i < COMMANDS_N; i++)
		buf_printf(out, "command\t%s\t%s\t%s\n", commands[i]->name, commands[i]->operands,
			   commands[i]->summary);
	for (unsigned i = 0; i < COMMANDS_N; i++)
		for (size_t j = 0; j < options_n_rows; j++)
			if (takes(commands[i], &options_rows[j]))
				dump_option(out, commands[i], &options_rows[j]);
}
