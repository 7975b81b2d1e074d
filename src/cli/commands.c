/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include "base/prelude.h"

/* All rows have the same layout. */
/* clang-format off */

const struct command command_lunettes = {
	.name = "lunettes",
	.bits = COMMAND_LUNETTES,
	.operands = "COMMAND [OPTION]... [FILE|DIR|-]...",
	.summary = "what Kubernetes audit logs say about the delivery of pods",
	.description =
		"Reads the audit logs of API servers, and dumps of Pods and Events, and "
		"tells how well pods were delivered. It needs no cluster, no database and "
		"no network: only the files, plain, compressed, wrapped or in archives, in "
		"any order. What a file is, is decided by its content, never by its name.",
	.examples =
		"lunettes slo /var/log/kubernetes/audit\tThe SLO tables of a host's logs.\n"
		"zcat audit.log.gz | lunettes slo -n shop\tThose of one namespace.\n"
		"lunettes timeline 'pod/shop/web-*' logs/\tThe lives of some pods.\n"
		"lunettes pods --at 10:21:30 logs/\tThe cluster at that time.\n",
};

const struct command command_help = {
	.name = "help",
	.bits = COMMAND_HELP,
	.operands = "[COMMAND]",
	.summary = "explain lunettes or one of its commands",
	.description = "Prints what 'lunettes COMMAND --help' prints.",
	.examples = "lunettes help slo\tThe options of slo.\n",
};

#define COMMAND_POINTER(id, name) [COMMAND_INDEX_##id] = &command_##name,

const struct command *const commands[COMMANDS_N] = { COMMANDS(COMMAND_POINTER) };

/* clang-format on */

static const struct format *format_at(const struct command *command, size_t i)
{
	const char *first = (const char *)command->formats.first;

	return (const struct format *)(const void *)(first + i * command->formats.row_size);
}

const struct format *command_format(const struct command *command, const char *name)
{
	for (size_t i = 0; i < command->formats.n; i++)
		if (strcmp(format_at(command, i)->name, name) == 0)
			return format_at(command, i);
	return NULL;
}

/* The commands that have the format, as bits; *ret_first is the first of them. */
static unsigned having_format(const char *name, const struct command **ret_first)
{
	unsigned having = 0;

	for (unsigned i = 0; i < COMMANDS_N; i++) {
		if (!command_format(commands[i], name))
			continue;
		if (!having)
			*ret_first = commands[i];
		having |= commands[i]->bits & COMMAND_SINGLE;
	}
	return having;
}

const char *command_format_name(size_t i, unsigned *ret_commands)
{
	for (unsigned c = 0; c < COMMANDS_N; c++) {
		for (size_t k = 0; k < commands[c]->formats.n; k++) {
			const char *name = format_at(commands[c], k)->name;
			const struct command *first = NULL;
			unsigned having = having_format(name, &first);

			if (first != commands[c] || i--)
				continue;
			*ret_commands = having;
			return name;
		}
	}
	return NULL;
}
