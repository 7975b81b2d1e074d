/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "cli/options.h"

struct parsed {
	struct words words;
	struct options options;
	struct err err;
	int r;
};

static void parse(struct parsed *p, const char *line)
{
	*p = (struct parsed){ 0 };
	words_of(&p->words, line);
	p->r = options_parse(p->words.argc, p->words.argv, &p->options, &p->err);
}

static void clean_environment(void)
{
	unsetenv("TMPDIR");
}

START_TEST(has_defaults)
{
	struct parsed p;
	struct options *o = &p.options;

	parse(&p, "slo");
	ck_assert_int_eq(p.r, OPTIONS_RUN);
	ck_assert_ptr_eq(o->command, &command_slo);
	ck_assert_uint_eq(o->operands.n, 0);
	ck_assert_uint_eq(o->memory, 256 * MIB);
	ck_assert_uint_eq(o->max_record, 16 * MIB);
	ck_assert_uint_eq(o->max_ratio, 2000);
	ck_assert_uint_eq(o->max_depth, 4);
	ck_assert_uint_eq(o->max_entries, 1000000);
	ck_assert_uint_eq(o->limit, 10);
	ck_assert_uint_eq(o->jobs, 0);
	ck_assert_str_eq(o->format->name, "table");
	ck_assert_uint_eq(o->color, COLOR_AUTO);
	ck_assert_int_eq(o->period.window, 10 * MINUTE);
	ck_assert_str_eq(o->tmpdir, "/tmp");
	ck_assert(!o->strict && !o->quiet && !o->verbose && !o->no_headers);
	ck_assert(options_want_namespace(o, STR("any")) && options_want_node(o, STR("")));
	ck_assert(selector_match(&o->selector, NULL, 0));
	options_free(o);
}
END_TEST

START_TEST(takes_every_option)
{
	struct parsed p;
	struct options *o = &p.options;

	parse(
	    &p,
	    "-n shop,team-* slo a --namespace=kube-system -l app=web,!old --node node-? --since "
	    "2h --until 10:11 --cluster a=x/y --cluster b=z=1 -o jsonl --no-headers --limit 0 -j4 "
	    "--memory 1G --tmpdir /var --max-record 1M --max-ratio 9 --max-depth 2 "
	    "--max-entries=7 --strict -q --color=never - b");
	ck_assert_msg(p.r == OPTIONS_RUN, "%s", p.err.message);
	ck_assert_uint_eq(o->operands.n, 3);
	ck_assert_str_eq(o->operands.items[0], "a");
	ck_assert_str_eq(o->operands.items[1], "-");
	ck_assert_uint_eq(o->namespaces.n, 3);
	ck_assert_str_eq(o->namespaces.items[0], "shop");
	ck_assert_str_eq(o->namespaces.items[1], "team-*");
	ck_assert_str_eq(o->namespaces.items[2], "kube-system");
	ck_assert_uint_eq(o->n_clusters, 2);
	ck_assert_str_eq(o->clusters[0].name, "a");
	ck_assert_str_eq(o->clusters[0].path, "x/y");
	ck_assert_str_eq(o->clusters[1].path, "z=1");
	ck_assert_uint_eq(o->selector.n_terms, 2);
	ck_assert_str_eq(o->selector_text, "app=web,!old");
	ck_assert_int_eq(o->period.since.kind, WHEN_BACK);
	ck_assert_int_eq(o->period.until.kind, WHEN_TIME_OF_DAY);
	ck_assert_str_eq(o->format->name, "jsonl");
	ck_assert_uint_eq(o->color, COLOR_NEVER);
	ck_assert_uint_eq(o->jobs, 4);
	ck_assert_uint_eq(o->limit, 0);
	ck_assert_uint_eq(o->memory, UINT64_C(1) << 30);
	ck_assert_uint_eq(o->max_record, MIB);
	ck_assert_uint_eq(o->max_ratio, 9);
	ck_assert_uint_eq(o->max_depth, 2);
	ck_assert_uint_eq(o->max_entries, 7);
	ck_assert_str_eq(o->tmpdir, "/var");
	ck_assert(o->strict && o->quiet && o->no_headers);
	options_free(o);
}
END_TEST

START_TEST(selects_namespaces_and_nodes)
{
	struct parsed p;

	parse(&p, "slo -n shop,team-* --node n*");
	ck_assert(options_want_namespace(&p.options, STR("shop")));
	ck_assert(options_want_namespace(&p.options, STR("team-a")));
	ck_assert(!options_want_namespace(&p.options, STR("shop2")));
	ck_assert(!options_want_namespace(&p.options, STR("")));
	ck_assert(options_want_node(&p.options, STR("node-7")));
	ck_assert(!options_want_node(&p.options, STR("worker")));
	options_free(&p.options);
	parse(&p, "slo --node *");
	ck_assert(!options_want_node(&p.options, STR("")));
	options_free(&p.options);
}
END_TEST

START_TEST(resolves_its_period)
{
	struct parsed p;
	struct period period;

	parse(&p, "slo --around 1970-01-02T00:00:00Z --window 1h");
	ck_assert_int_eq(p.r, OPTIONS_RUN);
	ck_assert_int_eq(options_period(&p.options, NSEC_NONE, &period, &p.err), 0);
	ck_assert(period.from == 23 * HOUR && period.to == 25 * HOUR);
	options_free(&p.options);
	parse(&p, "slo --since 1h --until 2h");
	ck_assert_int_eq(p.r, OPTIONS_RUN);
	ck_assert_int_eq(options_period(&p.options, 48 * HOUR, &period, &p.err), -1);
	options_free(&p.options);
}
END_TEST

START_TEST(asks_the_environment_for_tmpdir)
{
	struct parsed p;

	setenv("TMPDIR", "/scratch", 1);
	parse(&p, "slo");
	ck_assert_str_eq(p.options.tmpdir, "/scratch");
	options_free(&p.options);
	setenv("TMPDIR", "", 1);
	parse(&p, "slo");
	ck_assert_str_eq(p.options.tmpdir, "/tmp");
	options_free(&p.options);
}
END_TEST

static const struct {
	const char *line;
	int action;
	const struct command *about;
} actions[] = {
	{ "slo x", OPTIONS_RUN, &command_slo },
	{ "slo --help", OPTIONS_HELP, &command_slo },
	{ "-h slo -n BAD", OPTIONS_HELP, &command_slo },
	{ "--help", OPTIONS_HELP, &command_lunettes },
	{ "-h", OPTIONS_HELP, &command_lunettes },
	{ "help", OPTIONS_HELP, &command_lunettes },
	{ "help slo", OPTIONS_HELP, &command_slo },
	{ "policy", OPTIONS_RUN, &command_policy },
	{ "policy --help", OPTIONS_HELP, &command_policy },
	{ "inspect -o wide x", OPTIONS_RUN, &command_inspect },
	{ "help help", OPTIONS_HELP, &command_help },
	{ "help --help", OPTIONS_HELP, &command_help },
	{ "help --dump", OPTIONS_DUMP, &command_lunettes },
	{ "--version", OPTIONS_VERSION, &command_lunettes },
	{ "slo --version", OPTIONS_VERSION, &command_lunettes },
	{ "--", OPTIONS_SHORT_HELP, &command_lunettes },
};

START_TEST(knows_what_to_do)
{
	struct parsed p;

	parse(&p, actions[_i].line);
	ck_assert_msg(p.r == actions[_i].action, "%s: %d %s", actions[_i].line, p.r, p.err.message);
	if (p.r == OPTIONS_HELP)
		ck_assert_ptr_eq(p.options.help_about, actions[_i].about);
	options_free(&p.options);
}
END_TEST

START_TEST(stands_without_arguments)
{
	struct options o;
	struct err err;
	char name[] = "lunettes";
	char *argv[] = { name, NULL };

	ck_assert_int_eq(options_parse(1, argv, &o, &err), OPTIONS_SHORT_HELP);
	options_free(&o);
	ck_assert_int_eq(options_parse(0, argv + 1, &o, &err), OPTIONS_SHORT_HELP);
	options_free(&o);
}
END_TEST

#define NAME_EXPECTED                                                                              \
	"expected a name of lower-case letters, digits, '-' and '.', in which '*' and '?' stand "  \
	"for any"

static const struct {
	const char *line, *message;
} errors[] = {
	{ "sol", "there is no command 'sol'; did you mean 'slo'?" },
	{ "audit.log", "there is no command 'audit.log'; to read it as a log, write 'lunettes slo "
		       "audit.log'" },
	{ "-", "there is no command '-'; to read it as a log, write 'lunettes slo -'" },
	{ "frobnicate", "there is no command 'frobnicate'; 'lunettes --help' lists them" },
	{ "''", "there is no command ''; 'lunettes --help' lists them" },
	{ "help sol", "there is no command 'sol'; did you mean 'slo'?" },
	{ "help slo help", "'help' takes one command, but 2 were given" },
	{ "help -q", "'lunettes help' has no option --quiet" },
	{ "slo --dump", "'lunettes slo' has no option --dump" },
	{ "policy audit.log", "'lunettes policy' reads nothing, but 'audit.log' was given" },
	{ "policy -q", "'lunettes policy' has no option --quiet" },
	{ "inspect -n shop", "'lunettes inspect' has no option --namespace" },
	{ "inspect -o jsonl",
	  "'lunettes inspect' has no --output jsonl; expected table, wide, json or markdown" },
	{ "--strict", "option --strict needs a command, such as 'lunettes slo --strict'" },
	{ "slo --limt 3", "there is no option '--limt'; did you mean '--limit'?" },
	{ "slo --names x", "there is no option '--names'; did you mean '--namespace'?" },
	{ "slo -n Shop", "option --namespace does not take 'Shop'; " NAME_EXPECTED },
	{ "slo -n a,,b", "option --namespace does not take ''; " NAME_EXPECTED },
	{ "slo -n --strict", "option --namespace does not take '--strict'; " NAME_EXPECTED },
	{ "slo --node a/b", "option --node does not take 'a/b'; " NAME_EXPECTED },
	{ "slo --cluster x", "option --cluster does not take 'x'; expected NAME=PATH, such as "
			     "prod=logs/prod" },
	{ "slo --cluster =x", "option --cluster does not take '=x'; expected NAME=PATH, such as "
			      "prod=logs/prod" },
	{ "slo --cluster x=", "option --cluster does not take 'x='; expected NAME=PATH, such as "
			      "prod=logs/prod" },
	{ "slo -l app=a_b",
	  "option --selector: the selector 'app=a b' has 'b' at column 7 where ',' "
	  "or an operator (=, !=, in, notin) is expected" },
	{ "slo --window 5m", "option --window needs --around TIME, the middle of the window" },
	{ "slo --around 10:00 --since 1h", "option --around cannot be combined with --since or "
					   "--until; give either a middle or the two ends" },
	{ "slo --tmpdir ''", "option --tmpdir needs the name of a directory" },
	{ "slo -qv", "options --quiet and --verbose exclude each other" },
	{ "slo --memory 1K", "option --memory does not take '1K'; expected a size such as 64M or "
			     "1GiB, from 1M to 1024G" },
	{ "slo --jobs 1025",
	  "option --jobs does not take '1025'; expected a whole number from 0 to "
	  "1024" },
	{ "slo --slo deletion", "option --slo does not take 'deletion'; expected create, delete, "
				"upgrade or pvc" },
	{ "inspect -o csv",
	  "'lunettes inspect' has no --output csv; expected table, wide, json or markdown" },
	{ "timeline", "'lunettes timeline' needs the name of a pod: lunettes timeline "
		      "pod/NAMESPACE/NAME [FILE]...; 'lunettes pods [FILE]...' lists them" },
	{ "timeline pod/a/b --since 1h", "'lunettes timeline' has no option --since" },
	{ "slo --color alway",
	  "option --color does not take 'alway'; expected auto, always or never; "
	  "did you mean 'always'?" },
};

START_TEST(says_what_is_wrong)
{
	struct parsed p;

	parse(&p, errors[_i].line);
	ck_assert_int_eq(p.r, -1);
	ck_assert_int_eq(p.err.code, ERR_USAGE);
	ck_assert_str_eq(p.err.message, errors[_i].message);
	options_free(&p.options);
}
END_TEST

START_TEST(has_sound_tables)
{
	unsigned takers;

	ck_assert_uint_le(options_n_rows, OPTION_ROWS_MAX);
	for (size_t i = 0; i < options_n_rows; i++) {
		const struct option_row *row = &options_rows[i];

		ck_assert(row->commands && row->group < GROUP_N);
		ck_assert_msg((row->kind == OPTION_FLAG) == !row->argument, "%s", row->name);
		ck_assert_msg((row->kind == OPTION_CHOICE) == !!option_choice(row, 0, &takers),
			      "%s", row->name);
		ck_assert_msg(row->max >= row->min && row->max <= INT64_MAX, "%s", row->name);
		/* A choice is listed in one line of a dump, a help text in one field. */
		ck_assert_ptr_null(strpbrk(row->help, "\t\n"));
		for (size_t j = 0; j < i; j++) {
			ck_assert_str_ne(options_rows[j].name, row->name);
			ck_assert_msg(!row->short_name ||
					  row->short_name != options_rows[j].short_name,
				      "%s", row->name);
			ck_assert_msg(options_rows[j].offset != row->offset, "%s", row->name);
		}
	}
}
END_TEST

/* The requirements in the head of cli/command.h. */
START_TEST(has_sound_commands)
{
	unsigned bits = 0;

	for (unsigned c = 0; c < COMMANDS_N; c++) {
		const struct command *command = commands[c];

		ck_assert_msg((command->bits & COMMAND_SINGLE) == 1u << c,
			      "%s: .bits needs its own bit, COMMAND_NAME, and no other's",
			      command->name);
		ck_assert_msg(!(bits & command->bits & COMMAND_SINGLE), "%s", command->name);
		bits |= command->bits;
		ck_assert_msg(!(command->bits & PRINTERS) == !command->formats.n,
			      "%s: PRINTERS have .formats, others have none", command->name);
		ck_assert_msg(!command->formats.n ||
				  strcmp(command->formats.first->name, "table") == 0,
			      "%s: the first format is the default, table", command->name);
		ck_assert(command->summary && command->description && command->examples);
	}
}
END_TEST

Suite *suite_options(void)
{
	Suite *s = suite_create("options");
	TCase *t = tcase_create("options");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, clean_environment, NULL);
	tcase_add_test(t, has_defaults);
	tcase_add_test(t, takes_every_option);
	tcase_add_test(t, selects_namespaces_and_nodes);
	tcase_add_test(t, resolves_its_period);
	tcase_add_test(t, asks_the_environment_for_tmpdir);
	tcase_add_loop_test(t, knows_what_to_do, 0, (int)ARRAY_SIZE(actions));
	tcase_add_test(t, stands_without_arguments);
	tcase_add_loop_test(t, says_what_is_wrong, 0, (int)ARRAY_SIZE(errors));
	tcase_add_test(t, has_sound_tables);
	tcase_add_test(t, has_sound_commands);
	return s;
}
