/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "cli/help.h"
#include "cli/terminal.h"

#include <unistd.h>

/* No line is longer than the width, or ends in a blank; the text ends with one newline. */
static void check_lines(struct str text)
{
	struct str line, rest = text;

	ck_assert(str_ends(text, STR("\n")) && !str_ends(text, STR("\n\n")));
	while (str_cut(rest, '\n', &line, &rest)) {
		ck_assert_msg(line.n <= HELP_WIDTH, STR_FMT, STR_ARG(line));
		ck_assert_msg(!str_ends(line, STR(" ")), STR_FMT, STR_ARG(line));
	}
}

static bool holds(const struct buf *b, const char *needle)
{
	return str_contains(buf_str(b), str_from(needle));
}

START_TEST(prints_every_command)
{
	for (unsigned c = 0; c < COMMANDS_N; c++) {
		struct buf out = { 0 };

		help_print(&out, commands[c]);
		check_lines(buf_str(&out));
		ck_assert(str_starts(buf_str(&out), STR("Usage: lunettes")));
		ck_assert(holds(&out, "Examples:\n"));
		for (size_t i = 0; i < options_n_rows; i++) {
			const struct option_row *row = &options_rows[i];
			char name[64];

			snprintf(name, sizeof(name), "--%s%s%s", row->name,
				 row->argument ? " " : "", row->argument ? row->argument : "");
			if (!row->hidden && (row->commands & commands[c]->bits))
				ck_assert_msg(holds(&out, name), "%s", name);
		}
		ck_assert(!holds(&out, "--dump"));
		buf_free(&out);
	}
}
END_TEST

START_TEST(shows_values)
{
	struct buf out = { 0 };

	help_print(&out, &command_slo);
	ck_assert(holds(&out, "  -o, --output FORMAT     format of the result (table, wide, json, "
			      "jsonl, csv,\n"));
	ck_assert(holds(&out, "      --limit N           show at most N of the slowest (default "
			      "10)\n"));
	buf_reset(&out);
	help_print(&out, &command_pods);
	ck_assert(holds(&out, "      --limit N           show at most N pods (default all)\n"));
	buf_free(&out);
}
END_TEST

START_TEST(is_short_without_a_command)
{
	struct buf out = { 0 };
	size_t lines = 0;

	help_print_short(&out);
	check_lines(buf_str(&out));
	for (size_t i = 0; i < out.n; i++)
		lines += out.p[i] == '\n';
	ck_assert_uint_le(lines, 24);
	ck_assert(holds(&out, "slo") && holds(&out, "lunettes --help"));
	buf_free(&out);
}
END_TEST

START_TEST(prints_the_version)
{
	struct buf out = { 0 };

	help_print_version(&out, "zlib 1.3");
	ck_assert(str_eq(buf_str(&out), STR("lunettes " LUNETTES_VERSION "\nzlib 1.3\n")));
	buf_reset(&out);
	help_print_version(&out, NULL);
	ck_assert(str_eq(buf_str(&out), STR("lunettes " LUNETTES_VERSION "\n")));
	buf_free(&out);
}
END_TEST

START_TEST(dumps_fields)
{
	struct buf out = { 0 };
	struct str rest, line;

	help_dump(&out);
	ck_assert(
	    holds(&out, "command\thelp\t[COMMAND]\texplain lunettes or one of its commands\n"));
	ck_assert(holds(&out, "option\tslo\t\tcolor\tWHEN\tchoice\tauto,always,never\tauto\t"
			      "colour the tables\n"));
	ck_assert(holds(&out, "option\tdiff\to\toutput\tFORMAT\tchoice\ttable,wide,json"));
	ck_assert(holds(&out, "option\tlunettes\t\tversion\t\tflag\t\t\t"));
	ck_assert(!holds(&out, "dump"));
	rest = buf_str(&out);
	while (str_cut(rest, '\n', &line, &rest)) {
		size_t tabs = 0;

		for (size_t i = 0; i < line.n; i++)
			tabs += line.p[i] == '\t';
		ck_assert_uint_eq(tabs, str_starts(line, STR("option\t")) ? 8 : 3);
	}
	buf_free(&out);
}
END_TEST

START_TEST(knows_no_terminal)
{
	struct terminal t;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	setenv("COLUMNS", "50", 1);
	setenv("LC_ALL", "C", 1);
	t = terminal_of(ends[1], COLOR_AUTO);
	ck_assert(!t.is_terminal && !t.color && !t.ascii && t.width == 0);
	ck_assert(terminal_of(ends[1], COLOR_ALWAYS).color);
	ck_assert(!terminal_of(ends[1], COLOR_NEVER).color);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

Suite *suite_help(void)
{
	Suite *s = suite_create("help");
	TCase *t = tcase_create("help");

	suite_add_tcase(s, t);
	tcase_add_test(t, prints_every_command);
	tcase_add_test(t, shows_values);
	tcase_add_test(t, is_short_without_a_command);
	tcase_add_test(t, prints_the_version);
	tcase_add_test(t, dumps_fields);
	tcase_add_test(t, knows_no_terminal);
	return s;
}
