/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of options. A new option is a row here and a field of struct options. It is then
 * parsed, shown by --help and completed by the shells (scripts/gen-completions); scripts/check-docs
 * requires its place in man/.
 */
#include "cli/options.h"

#include "slo/slos.h"

#define AT(field) .offset = offsetof(struct options, field)
#define CHOICES(...) .choices = (const char *const[]){ __VA_ARGS__, NULL }
/* Texts for some commands instead. */
#define WORDINGS(...) .wordings = (const struct option_wording[]){ __VA_ARGS__, { 0, NULL, NULL } }

#define GIB (UINT64_C(1) << 30)
#define DAY (24 * HOUR)

static const char *const whens[] = { "auto", "always", "never", NULL };

/* One row should look like the next. */
/* clang-format off */

const struct option_row options_rows[] = {
	/* Pods */
	{ .name = "namespace", .short_name = 'n', .kind = OPTION_LIST, .argument = "NS",
	  .group = GROUP_SELECTION, .commands = CHOOSERS | COMMAND_TIMELINE, AT(namespaces),
	  .help = "only pods of this namespace; may be repeated, be a list separated by commas, "
		  "and hold * and ?" },
	{ .name = "selector", .short_name = 'l', .kind = OPTION_STRING, .argument = "SELECTOR",
	  .group = GROUP_SELECTION, .commands = CHOOSERS, AT(selector_text),
	  .help = "only pods with these labels: k=v, k!=v, k, !k, k in (a,b), k notin (a,b), "
		  "joined by commas" },
	{ .name = "node", .kind = OPTION_STRING, .argument = "NODE",
	  .group = GROUP_SELECTION, .commands = CHOOSERS, AT(node),
	  .help = "only pods bound to this node; may hold * and ?" },

	/* Causes */
	{ .name = "code", .kind = OPTION_LIST, .argument = "CODE",
	  .group = GROUP_SELECTION, .commands = COMMAND_DIAGNOSE, AT(codes),
	  .help = "only pods with this cause, a code or its id; may be a list separated by "
		  "commas, and be repeated" },
	{ .name = "owner", .kind = OPTION_CHOICE, .argument = "OWNER",
	  .group = GROUP_SELECTION, .commands = COMMAND_DIAGNOSE, AT(owner),
	  CHOICES("any", "platform", "user", "undecided"),
	  .shown_default = "any",
	  .help = "only pods with a cause that this one has to mend" },
	{ .name = "scope", .kind = OPTION_CHOICE, .argument = "SCOPE",
	  .group = GROUP_SELECTION, .commands = COMMAND_DIAGNOSE, AT(scope),
	  CHOICES("any", "create", "run", "delete"),
	  .shown_default = "any",
	  .help = "only pods with a cause in this part of their lives" },

	/* Time of creation */
	{ .name = "since", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = CHOOSERS, AT(period.since),
	  .help = "only pods created at TIME or later" },
	{ .name = "until", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = CHOOSERS, AT(period.until),
	  .help = "only pods created before TIME" },
	{ .name = "around", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = CHOOSERS, AT(period.around),
	  .help = "only pods created near TIME: within --window before and after it" },
	{ .name = "window", .kind = OPTION_DURATION, .argument = "DURATION",
	  .group = GROUP_TIME, .commands = CHOOSERS, AT(period.window), .shown_default = "10m",
	  .min = SECOND, .max = 366 * DAY,
	  .help = "how near --around is" },

	{ .name = "at", .kind = OPTION_TIME, .argument = "TIME",
	  .group = GROUP_TIME, .commands = COMMAND_PODS | COMMAND_DIFF, AT(at),
	  WORDINGS(
		{ COMMAND_DIFF, NULL,
		  "compare the pods created before TIME with those created at TIME or later" }),
	  .help = "the pods that existed at TIME, as kubectl would have shown them" },

	/* Input: input/input.h explains the limits and has their defaults. */
	{ .name = "cluster", .kind = OPTION_LIST, .argument = "NAME=PATH",
	  .group = GROUP_INPUT, .commands = READERS, AT(cluster_texts),
	  .help = "also read PATH, whose records belong to the cluster NAME; may be repeated" },
	{ .name = "before", .kind = OPTION_LIST, .argument = "PATH",
	  .group = GROUP_INPUT, .commands = COMMAND_DIFF, AT(before),
	  .help = "what is compared with --after; may be repeated" },
	{ .name = "after", .kind = OPTION_LIST, .argument = "PATH",
	  .group = GROUP_INPUT, .commands = COMMAND_DIFF, AT(after),
	  .help = "what is compared with --before; may be repeated" },
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

	/* SLO */
	{ .name = "slo", .kind = OPTION_CHOICE, .argument = "SLO",
	  .group = GROUP_SLO, .commands = COMMAND_SLO, AT(slo), .choices = slo_names,
	  .shown_default = "create",
	  .help = "what is judged: the delivery, the deletion or the upgrade in place of pods, or "
		  "the binding of their claims" },
	{ .name = "by", .kind = OPTION_STRING, .argument = "DIMENSION",
	  .group = GROUP_SLO, .commands = COMMAND_SLO | COMMAND_DIFF, AT(by),
	  .shown_default = "namespace",
	  WORDINGS(
		{ COMMAND_DIFF, NULL,
		  "also compare each namespace, workload, node or image that is on both sides" }),
	  .help = "one row of groups for each namespace, workload, ownerKind, node, class, cores, "
		  "image, registry, storageClass, code, cluster or time=DURATION; two may be "
		  "joined by a comma" },
	{ .name = "objective", .kind = OPTION_LIST, .argument = "OBJECTIVE",
	  .group = GROUP_SLO, .commands = COMMAND_SLO, AT(objectives),
	  .help = "show attainment, error budget and burn rates of an objective, such as "
		  "'delivery<=30s:99.5%'; may be repeated" },
	{ .name = "fail-on", .kind = OPTION_LIST, .argument = "CONDITION",
	  .group = GROUP_SLO, AT(fail_on),
	  .commands = COMMAND_SLO | COMMAND_DIFF | COMMAND_DIAGNOSE,
	  WORDINGS(
		{ COMMAND_DIFF, NULL,
		  "exit with 1 if the condition holds; there is one: slower, which any duration "
		  "that is slower, or a lower attainment, makes true" },
		{ COMMAND_DIAGNOSE, NULL,
		  "exit with 1 if any of the pods has such a cause: cause stands for any, platform "
		  "and user for those that these have to mend, else a code; may be a list "
		  "separated by commas, and be repeated" }),
	  .help = "exit with 1 if the condition holds, such as 'p99(delivery)>30s', 'failed>0', "
		  "'attainment<99.5', 'burn(1h)>14.4'; may be repeated" },

	{ .name = "allow-empty", .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = JUDGES, AT(allow_empty),
	  WORDINGS(
		{ COMMAND_SLO | COMMAND_DIFF, NULL,
		  "exit with 0, not 3, if a condition of --fail-on cannot be judged because there "
		  "is no pod for it" },
		{ COMMAND_TRACE | COMMAND_TIMELINE | COMMAND_PODS, NULL,
		  "exit with 0, not 3, if no pod matches any of the names that were given" }),
	  .help = "exit with 0, not 3, if no pod matches any of the names that were given, or a "
		  "condition of --fail-on cannot be judged because no pod was diagnosed" },

	/* Files of traces */
	{ .name = "otlp", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = COMMAND_TRACE, AT(otlp),
	  .help = "write OpenTelemetry's OTLP as JSON, one trace a line" },
	{ .name = "jaeger", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = COMMAND_TRACE, AT(jaeger),
	  .help = "write the JSON that Jaeger's interface opens" },
	{ .name = "chrome", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = COMMAND_TRACE, AT(chrome),
	  .help = "write a Chrome trace, for Perfetto and chrome://tracing" },
	{ .name = "force", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = WRITERS, AT(force),
	  .help = "replace a file even if it is not empty and not of the kind that is written; "
		  "an input is never replaced" },
	{ .name = "only", .kind = OPTION_LIST, .argument = "VERDICT",
	  .group = GROUP_SELECTION, .commands = COMMAND_TRACE, AT(only),
	  .help = "only operations with this verdict: success, slow, failed, denied, aborted or "
		  "open; may be repeated, or be a list separated by commas" },
	{ .name = "evidence", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = COMMAND_TRACE, AT(evidence),
	  .help = "say of each span and event in which file and line it stands" },

	/* Output */
	{ .name = "output", .short_name = 'o', .kind = OPTION_CHOICE, .argument = "FORMAT",
	  .group = GROUP_OUTPUT, .commands = PRINTERS, AT(output),
	  .choice_at = command_format_name,
	  .shown_default = "table",
	  .help = "format of the result" },
	{ .name = "sort-by", .kind = OPTION_STRING, .argument = "COLUMN",
	  .group = GROUP_OUTPUT, .commands = COMMAND_SLO, AT(sort_by), .shown_default = "name",
	  .help = "order of the groups: name, pods, a verdict, judged, attainment, p50, p90, p99 "
		  "or max; '-' before it puts the greatest first" },
	{ .name = "tz", .kind = OPTION_STRING, .argument = "ZONE",
	  .group = GROUP_OUTPUT, .commands = READERS, AT(tz), .shown_default = "UTC",
	  .help = "time zone of the times in tables and of TIMEs without one: a name such as "
		  "Europe/Berlin, an offset such as +02:00, or local" },
	{ .name = "no-headers", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = PRINTERS, AT(no_headers),
	  .help = "print tables without their header lines" },
	{ .name = "limit", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_OUTPUT, AT(limit),
	  .commands = COMMAND_SLO | COMMAND_TRACE | COMMAND_TIMELINE | COMMAND_PODS |
		      COMMAND_DIAGNOSE,
	  .shown_default = "10",
	  WORDINGS(
		{ COMMAND_PODS, "all", "show at most N pods" },
		{ COMMAND_TIMELINE, "10", "show at most N pods" },
		{ COMMAND_TRACE, "all", "write at most N traces" },
		{ COMMAND_DIAGNOSE, "all; 10 of pods that are named",
		  "show at most N pods, or groups of them" }),
	  .min = 0, .max = 1000000,
	  .help = "show at most N of the slowest" },
	{ .name = "color", .kind = OPTION_CHOICE, .argument = "WHEN",
	  .group = GROUP_OUTPUT, .commands = PRINTERS, AT(color), .choices = whens,
	  .shown_default = "auto",
	  .help = "colour the tables" },

	/* Resources */
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

	/* Behaviour */
	{ .name = "config", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_GENERAL, .commands = JUDGES, AT(config),
	  .shown_default = "$LUNETTES_CONFIG, else ~/.config/lunettes/config.json",
	  .help = "read limits, classes and objectives from FILE: JSON or YAML, as "
		  "lunettes-config(5) says" },
	{ .name = "rules", .kind = OPTION_LIST, .argument = "FILE",
	  .group = GROUP_GENERAL, AT(rules),
	  .commands = COMMAND_SLO | COMMAND_DIAGNOSE | COMMAND_TRACE | COMMAND_CODES,
	  .help = "also the rules in FILE, as lunettes-rules(5) says; a code that is there "
		  "already is replaced; may be repeated" },
	{ .name = "span-config", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_GENERAL, .commands = COMMAND_SLO | COMMAND_TRACE, AT(span_config),
	  WORDINGS(
		{ COMMAND_SLO, NULL,
		  "with -o openmetrics: also the durations of the spans that FILE defines, as "
		  "lunettes-spans(5) says" }),
	  .help = "write the spans that FILE defines, a tracing configuration of Alipay's "
		  "Lunettes, as lunettes-spans(5) says" },
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
	  .group = GROUP_GENERAL, .commands = ~0u, AT(help),
	  .help = "print this help and exit" },
	{ .name = "version", .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = ~0u, AT(version),
	  .help = "print the version and what it was built with, and exit" },
	{ .name = "dump", .kind = OPTION_FLAG, .hidden = true,
	  .group = GROUP_GENERAL, .commands = COMMAND_HELP, AT(dump),
	  .help = "print all commands and options, separated by tabs" },
};

const size_t options_n_rows = ARRAY_SIZE(options_rows);
