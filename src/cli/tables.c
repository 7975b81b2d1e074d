/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of commands and options. What is added here is parsed, shown by --help and completed
 * by the shells (scripts/gen-completions); scripts/check-docs then asks for its place in man/.
 */
#include "cli/options.h"

#define SLO (1u << COMMAND_SLO)
#define INSPECT (1u << COMMAND_INSPECT)
#define READERS (SLO | INSPECT) /* of input */
#define HELP (1u << COMMAND_HELP)
#define EVERYWHERE ((1u << COMMAND_N) - 1)
#define AT(field) .offset = offsetof(struct options, field)

#define GIB (UINT64_C(1) << 30)
#define DAY (24 * HOUR)

static const char *const outputs[] = { "table", "wide", "json", "jsonl", NULL };
static const unsigned output_commands[] = { READERS, READERS, READERS, SLO };
static const char *const whens[] = { "auto", "always", "never", NULL };

_Static_assert(ARRAY_SIZE(output_commands) == ARRAY_SIZE(outputs) - 1, "one mask a format");

/* One row should look like the next. */
/* clang-format off */

const struct command options_commands[COMMAND_N] = {
	[COMMAND_NONE] = {
		.name = "lunettes",
		.operands = "COMMAND [OPTION]... [FILE|DIR|-]...",
		.summary = "what Kubernetes audit logs say about the delivery of pods",
		.description =
			"Reads the audit logs of API servers, and dumps of Pods and Events, and "
			"tells how well pods were delivered. It needs no cluster, no database and "
			"no network: only the files, plain, compressed, wrapped or in archives, in "
			"any order. What a file is, is decided by its content, never by its name.",
		.examples =
			"lunettes slo /var/log/kubernetes/audit\tThe SLO tables of a host's logs.\n"
			"zcat audit.log.gz | lunettes slo -n shop\tThose of one namespace.\n",
	},
	[COMMAND_SLO] = {
		.name = "slo",
		.operands = "[OPTION]... [FILE|DIR|-]...",
		.summary = "show the SLO tables of pod delivery",
		.description =
			"Gives every pod one verdict and prints how many have which, how long "
			"each stage of their delivery took, and the slowest pods. The verdicts, "
			"stages and keys are explained in lunettes-slo(1).\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes slo audit.log\tThe tables of one file.\n"
			"lunettes slo must-gather.tar.gz\tThose of a bundle, as it is.\n"
			"lunettes slo -n 'team-*' --since 2h logs/\t"
			"Pods created in the last two hours of the logs.\n"
			"lunettes slo -o jsonl logs/ | jq 'select(.verdict == \"slow\")'\t"
			"The fact table, one line a pod.\n",
	},
	[COMMAND_INSPECT] = {
		.name = "inspect",
		.operands = "[OPTION]... [FILE|DIR|-]...",
		.summary = "show what logs hold, what they lack, and what that costs",
		.description =
			"Reads the same as slo, and tells what the numbers of slo would rest on: "
			"which files were read and how, which time and which gaps, what was logged "
			"about pods and at which level, what could not be used, and what of the "
			"delivery of pods can therefore not be told.\n\n"
			"A FILE is an audit log, plain or compressed; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes inspect logs/\tWhat the logs of a directory are good for.\n"
			"lunettes inspect -o json logs/ | jq .\tThe same for other programs.\n",
	},
	[COMMAND_POLICY] = {
		.name = "policy",
		.operands = "[OPTION]...",
		.no_operands = true,
		.summary = "print the audit policy that gives full results",
		.description =
			"Prints the smallest audit policy of Kubernetes with which everything can "
			"be told, as YAML for kube-apiserver --audit-policy-file. Its comments say "
			"what each rule is for, what is lost without it, and how to switch it on.",
		.examples =
			"lunettes policy > audit-policy.yaml\tA file for kube-apiserver.\n",
	},
	[COMMAND_HELP] = {
		.name = "help",
		.operands = "[COMMAND]",
		.summary = "explain lunettes or one of its commands",
		.description = "Prints what 'lunettes COMMAND --help' prints.",
		.examples = "lunettes help slo\tThe options of slo.\n",
	},
};

const struct option_row options_rows[] = {
	/* Which pods. */
	{ .name = "namespace", .short_name = 'n', .kind = OPTION_LIST, .argument = "NS",
	  .group = GROUP_SELECTION, .commands = SLO, AT(namespaces),
	  .help = "only pods of this namespace; may be repeated, be a list separated by commas, "
		  "and hold * and ?" },
	{ .name = "selector", .short_name = 'l', .kind = OPTION_STRING, .argument = "SELECTOR",
	  .group = GROUP_SELECTION, .commands = SLO, AT(selector_text),
	  .help = "only pods with these labels: k=v, k!=v, k, !k, k in (a,b), k notin (a,b), "
		  "joined by commas" },
	{ .name = "node", .kind = OPTION_STRING, .argument = "NODE",
	  .group = GROUP_SELECTION, .commands = SLO, AT(node),
	  .help = "only pods bound to this node; may hold * and ?" },

	/* When they were created. */
	{ .name = "since", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = SLO, AT(period.since),
	  .help = "only pods created at TIME or later" },
	{ .name = "until", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = SLO, AT(period.until),
	  .help = "only pods created before TIME" },
	{ .name = "around", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = SLO, AT(period.around),
	  .help = "only pods created near TIME: within --window before and after it" },
	{ .name = "window", .kind = OPTION_DURATION, .argument = "DURATION",
	  .group = GROUP_TIME, .commands = SLO, AT(period.window), .shown_default = "10m",
	  .min = SECOND, .max = 366 * DAY,
	  .help = "how near --around is" },

	/* What is read: defaults and meaning of the limits stand in input/input.h. */
	{ .name = "cluster", .kind = OPTION_LIST, .argument = "NAME=PATH",
	  .group = GROUP_INPUT, .commands = READERS, AT(cluster_texts),
	  .help = "also read PATH, whose records belong to the cluster NAME; may be repeated" },
	{ .name = "max-record", .kind = OPTION_SIZE, .argument = "SIZE",
	  .group = GROUP_INPUT, .commands = READERS, AT(max_record), .shown_default = "16M",
	  .min = KIB, .max = GIB,
	  .help = "skip, and report, records that are longer" },
	{ .name = "max-ratio", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_INPUT, .commands = READERS, AT(max_ratio), .shown_default = "2000",
	  .min = 1, .max = 1000000,
	  .help = "leave the rest of a file that expands to more than N times its size" },
	{ .name = "max-depth", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_INPUT, .commands = READERS, AT(max_depth), .shown_default = "4",
	  .min = 1, .max = 32,
	  .help = "leave archives that lie inside more than N - 1 others" },
	{ .name = "max-entries", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_INPUT, .commands = READERS, AT(max_entries), .shown_default = "1000000",
	  .min = 1, .max = 1000000000,
	  .help = "leave what an archive holds beyond its first N files" },

	/* What is printed. */
	{ .name = "output", .short_name = 'o', .kind = OPTION_CHOICE, .argument = "FORMAT",
	  .group = GROUP_OUTPUT, .commands = READERS, AT(output), .choices = outputs,
	  .choice_commands = output_commands,
	  .shown_default = "table",
	  .help = "format of the result" },
	{ .name = "no-headers", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = READERS, AT(no_headers),
	  .help = "print tables without their header lines" },
	{ .name = "limit", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_OUTPUT, .commands = SLO, AT(limit), .shown_default = "10",
	  .min = 0, .max = 1000000,
	  .help = "rows of the table of the slowest pods" },
	{ .name = "color", .kind = OPTION_CHOICE, .argument = "WHEN",
	  .group = GROUP_OUTPUT, .commands = READERS, AT(color), .choices = whens,
	  .shown_default = "auto",
	  .help = "colour the tables" },

	/* What it may use. */
	{ .name = "jobs", .short_name = 'j', .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_RESOURCES, .commands = READERS, AT(jobs), .shown_default = "0",
	  .min = 0, .max = 1024,
	  .help = "threads that read; 0 is one for each core" },
	{ .name = "memory", .kind = OPTION_SIZE, .argument = "SIZE",
	  .group = GROUP_RESOURCES, .commands = READERS, AT(memory), .shown_default = "256M",
	  .min = MIB, .max = 1024 * GIB,
	  .help = "memory for sorting; what exceeds it goes to temporary files" },
	{ .name = "tmpdir", .kind = OPTION_STRING, .argument = "DIR",
	  .group = GROUP_RESOURCES, .commands = READERS, AT(tmpdir),
	  .shown_default = "$TMPDIR, else /tmp",
	  .help = "directory of the temporary files" },

	/* How it behaves. */
	{ .name = "config", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_GENERAL, .commands = SLO, AT(config),
	  .shown_default = "$LUNETTES_CONFIG, else ~/.config/lunettes/config.json",
	  .help = "read limits, classes and objectives from FILE: JSON or YAML, as "
		  "lunettes-config(5) says" },
	{ .name = "strict", .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = READERS, AT(strict),
	  .help = "exit with 4 if anything in the input had to be skipped" },
	{ .name = "quiet", .short_name = 'q', .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = READERS, AT(quiet),
	  .help = "no notes on stderr, only errors" },
	{ .name = "verbose", .short_name = 'v', .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = READERS, AT(verbose),
	  .help = "up to 1000 notes of each kind on stderr, not only the first 3" },
	{ .name = "progress", .kind = OPTION_CHOICE, .argument = "WHEN",
	  .group = GROUP_GENERAL, .commands = READERS, AT(progress), .choices = whens,
	  .shown_default = "auto",
	  .help = "show on stderr how far the reading is, after a second" },
	{ .name = "help", .short_name = 'h', .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = EVERYWHERE, AT(help),
	  .help = "print this help and exit" },
	{ .name = "version", .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = EVERYWHERE, AT(version),
	  .help = "print the version and what it was built with, and exit" },
	{ .name = "dump", .kind = OPTION_FLAG, .hidden = true,
	  .group = GROUP_GENERAL, .commands = HELP, AT(dump),
	  .help = "print all commands and options, separated by tabs" },
};

const size_t options_n_rows = ARRAY_SIZE(options_rows);
