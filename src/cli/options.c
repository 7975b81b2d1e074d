/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/pattern.h"
#include "base/suggest.h"
#include "cli/zone.h"

enum { NAME_MAX_BYTES = 253 }; /* of a DNS subdomain, the longest name of a namespace or node */

static const struct options defaults = {
	.period.window = 10 * MINUTE,
	.limit = 10,
	.memory = 256 * MIB,
	.max_record = 16 * MIB,
	.max_ratio = 2000,
	.max_depth = 4,
	.max_entries = 1000000,
};

/* NULL: there is none. The first row is not a command that can be named. */
static const struct command *command_find(const char *name)
{
	for (unsigned i = 1; i < COMMANDS_N; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
	return NULL;
}

static unsigned command_bits(const char *operand, const char **ret_name)
{
	const struct command *command = command_find(operand);

	*ret_name = command ? command->name : "";
	return command ? command->bits : 0;
}

static int command_unknown(const char *name, struct err *err)
{
	struct suggest suggest = suggest_for(str_from(name));

	for (unsigned i = 1; i < COMMANDS_N; i++)
		suggest_offer(&suggest, commands[i]->name);
	if (suggest.best)
		return err_set(err, ERR_USAGE, "there is no command '%.100s'; did you mean '%s'?",
			       name, suggest.best);
	if (strpbrk(name, "./") || strcmp(name, "-") == 0)
		return err_set(err, ERR_USAGE,
			       "there is no command '%.100s'; to read it as a log, write "
			       "'lunettes slo %.100s'",
			       name, name);
	return err_set(err, ERR_USAGE, "there is no command '%.100s'; 'lunettes --help' lists them",
		       name);
}

bool options_has(const struct command *command, const char *option)
{
	for (size_t i = 0; i < options_n_rows; i++)
		if (strcmp(options_rows[i].name, option) == 0)
			return options_rows[i].commands & command->bits;
	return false;
}

/* Some choices are not every command's. */
static int check_choice(const struct option_parser *p, const struct option_row *row,
			const struct command *command, struct err *err)
{
	const unsigned *choice;
	struct buf choices = { 0 };
	unsigned takers;

	if (row->kind != OPTION_CHOICE)
		return 0;
	choice = (const unsigned *)(const void *)((const char *)p->values + row->offset);
	if (option_has_choice(row, *choice, command->bits))
		return 0;
	option_choices_add(&choices, row, command->bits);
	err_set(err, ERR_USAGE, "'lunettes %s' has no --%s %s; expected " STR_FMT, command->name,
		row->name, option_choice(row, *choice, &takers), STR_ARG(buf_str(&choices)));
	buf_free(&choices);
	return -1;
}

/* Every option that was given must be one of the command. */
static int check_seen(const struct option_parser *p, const struct command *command, struct err *err)
{
	for (size_t i = 0; i < p->n_rows; i++) {
		if (!(p->seen >> i & 1))
			continue;
		if (p->rows[i].commands & command->bits) {
			if (check_choice(p, &p->rows[i], command, err) < 0)
				return -1;
			continue;
		}
		if (command == &command_lunettes)
			return err_set(err, ERR_USAGE,
				       "option --%s needs a command, such as 'lunettes slo --%s'",
				       p->rows[i].name, p->rows[i].name);
		return err_set(err, ERR_USAGE, "'lunettes %s' has no option --%s", command->name,
			       p->rows[i].name);
	}
	return 0;
}

static bool seen(const struct option_parser *p, const char *name)
{
	for (size_t i = 0; i < p->n_rows; i++)
		if (strcmp(p->rows[i].name, name) == 0)
			return p->seen >> i & 1;
	return false;
}

/* The characters of a DNS subdomain and of a pattern for one. */
static bool is_name_pattern(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_BYTES || s.p[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !memchr("-.*?", s.p[i], 4))
			return false;
	return true;
}

static int name_pattern_check(const char *option, struct str name, struct err *err)
{
	if (is_name_pattern(name))
		return 0;
	return err_set(err, ERR_USAGE,
		       "option --%s does not take '%.*s'; expected a name of lower-case letters, "
		       "digits, '-' and '.', in which '*' and '?' stand for any",
		       option, (int)MIN(name.n, 100), name.p);
}

/* "a,b" and "c" become a, b and c. */
static int split_namespaces(struct options *o, struct err *err)
{
	struct option_words words = { .list = &o->namespaces };
	struct option_list split = { 0 };
	struct str name;

	while (option_words_next(&words, &name)) {
		if (name_pattern_check("namespace", name, err) < 0)
			return -1;
		option_list_add(&split, &o->arena,
				arena_printf(&o->arena, STR_FMT, STR_ARG(name)).p);
	}
	o->namespaces = split;
	return 0;
}

static int split_clusters(struct options *o, struct err *err)
{
	size_t n = o->cluster_texts.n;

	o->clusters = arena_array(&o->arena, struct cluster_option, n);
	for (size_t i = 0; i < n; i++) {
		struct str text = str_from(o->cluster_texts.items[i]), name, path;

		if (!str_cut(text, '=', &name, &path) || name.n == 0 || path.n == 0)
			return err_set(
			    err, ERR_USAGE,
			    "option --cluster does not take '%.100s'; expected NAME=PATH, "
			    "such as prod=logs/prod",
			    text.p);
		o->clusters[i].name = arena_printf(&o->arena, STR_FMT, STR_ARG(name)).p;
		o->clusters[i].path = path.p;
	}
	o->n_clusters = n;
	return 0;
}

static int check_period(const struct option_parser *p, struct err *err)
{
	bool around = seen(p, "around");

	if (around && (seen(p, "since") || seen(p, "until")))
		return err_set(err, ERR_USAGE,
			       "option --around cannot be combined with --since or --until; "
			       "give either a middle or the two ends");
	if (seen(p, "window") && !around)
		return err_set(err, ERR_USAGE,
			       "option --window needs --around TIME, the middle of the window");
	return 0;
}

static int check_values(const struct option_parser *p, struct options *o, struct err *err)
{
	const char *tmpdir = getenv("TMPDIR");
	struct err why;

	if (split_namespaces(o, err) < 0 || split_clusters(o, err) < 0 ||
	    check_period(p, err) < 0 || zone_choose(o->tz, &o->zone, err) < 0)
		return -1;
	if (o->node && name_pattern_check("node", str_from(o->node), err) < 0)
		return -1;
	if (o->selector_text && selector_parse(str_from(o->selector_text), &o->selector, &why) < 0)
		return err_set(err, ERR_USAGE, "option --selector: %.480s", why.message);
	if (o->tmpdir && !*o->tmpdir)
		return err_set(err, ERR_USAGE, "option --tmpdir needs the name of a directory");
	if (o->config && (!*o->config || strcmp(o->config, "-") == 0))
		return err_set(err, ERR_USAGE,
			       "option --config does not take '%s'; expected the name of a file",
			       o->config);
	if (o->quiet && o->verbose)
		return err_set(err, ERR_USAGE, "options --quiet and --verbose exclude each other");
	if (!o->tmpdir)
		o->tmpdir = tmpdir && *tmpdir ? tmpdir : "/tmp";
	return 0;
}

/* Separates operands that name pods from paths. */
static int split_pods(struct options *o, struct err *err)
{
	const struct command *command = o->command;
	struct option_list paths = { 0 };

	if (!command->pods)
		return 0;
	o->pods = arena_array(&o->arena, struct pod_pattern, o->operands.n);
	for (size_t i = 0; i < o->operands.n; i++)
		if (!(command->claims ? object_pattern_is : pod_pattern_is)(
			str_from(o->operands.items[i])))
			option_list_add(&paths, &o->arena, o->operands.items[i]);
		else if (pod_pattern_parse(o->operands.items[i], &o->pods[o->n_pods++], err) < 0)
			return -1;
	o->operands = paths;
	if (command->needs_pod && !o->n_pods)
		return err_set(err, ERR_USAGE,
			       "'lunettes %s' needs the name of a pod: lunettes %s "
			       "pod/NAMESPACE/NAME [FILE]...; 'lunettes pods [FILE]...' lists them",
			       command->name, command->name);
	return 0;
}

/* Removes the name of the command from the front of the operands. */
static int cut_command(struct option_list *operands, const struct command **ret_command,
		       struct err *err)
{
	*ret_command = &command_lunettes;
	if (!operands->n)
		return 0;
	*ret_command = command_find(operands->items[0]);
	if (!*ret_command)
		return command_unknown(operands->items[0], err);
	operands->items++;
	operands->n--;
	operands->cap--;
	return 0;
}

static int help_action(struct options *o, struct err *err)
{
	if (o->dump && !o->help)
		return OPTIONS_DUMP;
	if (o->help) { /* lunettes help --help */
		o->help_about = &command_help;
		return OPTIONS_HELP;
	}
	if (o->operands.n > 1)
		return err_set(err, ERR_USAGE, "'help' takes one command, but %zu were given",
			       o->operands.n);
	if (cut_command(&o->operands, &o->help_about, err) < 0)
		return -1;
	return OPTIONS_HELP;
}

static int action(const struct option_parser *p, struct options *o, struct err *err)
{
	unsigned takers;

	if (cut_command(&o->operands, &o->command, err) < 0 || check_seen(p, o->command, err) < 0)
		return -1;
	o->format = command_format(o->command, command_format_name(o->output, &takers));
	if (o->version)
		return OPTIONS_VERSION;
	if (o->command == &command_help)
		return help_action(o, err);
	o->help_about = o->command;
	if (o->help)
		return OPTIONS_HELP;
	if (o->command == &command_lunettes)
		return OPTIONS_SHORT_HELP;
	if (o->command->no_operands && o->operands.n)
		return err_set(err, ERR_USAGE,
			       "'lunettes %s' reads nothing, but '%.100s' was given",
			       o->command->name, o->operands.items[0]);
	o->limited = seen(p, "limit");
	return split_pods(o, err) < 0 || check_values(p, o, err) < 0 ? -1 : OPTIONS_RUN;
}

int options_parse(int argc, char *const *argv, struct options *ret_options, struct err *err)
{
	struct option_parser p = { .rows = options_rows,
				   .n_rows = options_n_rows,
				   .command_of = command_bits };
	size_t n_args = argc > 0 ? (size_t)argc - 1 : 0;
	const char **args;

	*ret_options = defaults;
	p.values = ret_options;
	p.arena = &ret_options->arena;
	args = arena_array(p.arena, const char *, n_args);
	for (size_t i = 0; i < n_args; i++)
		args[i] = argv[i + 1];
	if (option_parse(&p, args, n_args, err) < 0)
		return -1;
	ret_options->operands = p.operands;
	return action(&p, ret_options, err);
}

void options_free(struct options *o)
{
	selector_free(&o->selector);
	arena_free(&o->arena);
	*o = (struct options){ 0 };
}

int options_period(const struct options *o, nsec log_end, struct period *ret_period,
		   struct err *err)
{
	return period_resolve(&o->period, log_end, o->zone, ret_period, err);
}

bool options_want_namespace(const struct options *o, struct str namespace)
{
	for (size_t i = 0; i < o->namespaces.n; i++)
		if (pattern_match(str_from(o->namespaces.items[i]), namespace))
			return true;
	return o->namespaces.n == 0;
}

bool options_want_node(const struct options *o, struct str node)
{
	return !o->node || (node.n && pattern_match(str_from(o->node), node));
}

bool options_want_name(const struct options *o, enum object_kind kind, struct str namespace,
		       struct str name, struct str uid)
{
	for (size_t i = 0; i < o->n_pods; i++)
		if (pod_pattern_match(&o->pods[i], kind, namespace, name, uid))
			return true;
	return o->n_pods == 0;
}
