/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of commands and options. What is added here is parsed, shown by --help and completed
 * by the shells (scripts/gen-completions); scripts/check-docs then asks for its place in man/.
 */
#include "cli/options.h"

#define SLO (1u << COMMAND_SLO)
#define INSPECT (1u << COMMAND_INSPECT)
#define TIMELINE (1u << COMMAND_TIMELINE)
#define PODS (1u << COMMAND_PODS)
#define DIAGNOSE (1u << COMMAND_DIAGNOSE)
#define TRACE (1u << COMMAND_TRACE)
#define CODES (1u << COMMAND_CODES)
#define DIFF (1u << COMMAND_DIFF)
#define CHOOSERS (SLO | DIAGNOSE | TRACE | PODS | DIFF)		     /* of pods by what they are */
#define JUDGES (CHOOSERS | TIMELINE)				     /* of deliveries */
#define PRINTERS (SLO | DIAGNOSE | TIMELINE | PODS | INSPECT | DIFF) /* of tables and documents */
#define READERS (PRINTERS | TRACE)				     /* of input */
#define WRITERS TRACE							     /* of files */
#define HELP (1u << COMMAND_HELP)
#define EVERYWHERE ((1u << COMMAND_N) - 1)
#define AT(field) .offset = offsetof(struct options, field)

#define GIB (UINT64_C(1) << 30)
#define DAY (24 * HOUR)

static const char *const outputs[] = { "table",	      "wide",	  "json",     "jsonl",
				       "csv",	      "tsv",	  "markdown", "openmetrics",
				       "kube-burner", "perfdash", "junit",    NULL };
static const unsigned output_commands[] = {
	PRINTERS | CODES,
	PRINTERS | CODES,
	PRINTERS | CODES,
	SLO | DIAGNOSE | PODS,
	SLO | DIAGNOSE | PODS | CODES,
	SLO | DIAGNOSE | PODS | CODES,
	SLO | DIAGNOSE | CODES,
	SLO,
	SLO,
	SLO,
	DIAGNOSE,
};
static const char *const slos[] = { "create", "delete", "upgrade", "pvc", NULL };
static const char *const owners[] = { "any", "platform", "user", "undecided", NULL };
static const char *const scopes[] = { "any", "create", "run", "delete", NULL };
static const char *const whens[] = { "auto", "always", "never", NULL };

/* What means something else to some commands. */
static const struct option_wording at_wordings[] = {
	{ DIFF, NULL, "compare the pods created before TIME with those created at TIME or later" },
	{ 0, NULL, NULL },
};
static const struct option_wording by_wordings[] = {
	{ DIFF, NULL,
	  "also compare each namespace, workload, node or image that is on both sides" },
	{ 0, NULL, NULL },
};
static const struct option_wording fail_on_wordings[] = {
	{ DIFF, NULL,
	  "exit with 1 if the condition holds; there is one: slower, which any duration that is "
	  "slower, or a lower attainment, makes true" },
	{ DIAGNOSE, NULL,
	  "exit with 1 if any of the pods has such a cause: cause stands for any, platform and "
	  "user for those that these have to mend, else a code; may be a list separated by "
	  "commas, and be repeated" },
	{ 0, NULL, NULL },
};
static const struct option_wording limit_wordings[] = {
	{ PODS, "all", "show at most N pods" },
	{ TIMELINE, "10", "show at most N pods" },
	{ TRACE, "all", "write at most N traces" },
	{ DIAGNOSE, "all; 10 of pods that are named", "show at most N pods, or groups of them" },
	{ 0, NULL, NULL },
};

static const struct option_wording allow_empty_wordings[] = {
	{ SLO | DIFF, NULL,
	  "exit with 0, not 3, if a condition of --fail-on cannot be judged because there is no "
	  "pod for it" },
	{ TRACE | TIMELINE | PODS, NULL,
	  "exit with 0, not 3, if no pod matches any of the names that were given" },
	{ 0, NULL, NULL },
};
static const struct option_wording span_config_wordings[] = {
	{ SLO, NULL,
	  "with -o openmetrics: also the durations of the spans that FILE defines, as "
	  "lunettes-spans(5) says" },
	{ 0, NULL, NULL },
};

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
			"zcat audit.log.gz | lunettes slo -n shop\tThose of one namespace.\n"
			"lunettes timeline 'pod/shop/web-*' logs/\tThe lives of some pods.\n"
			"lunettes pods --at 10:21:30 logs/\tThe cluster at that time.\n",
	},
	[COMMAND_SLO] = {
		.name = "slo",
		.operands = "[OPTION]... [FILE|DIR|-]...",
		.summary = "show how well pods were delivered: the SLO tables",
		.description =
			"Gives every pod one verdict and prints how many have which, how long "
			"each stage of their delivery took, and the slowest pods; with --slo the "
			"same of deletions, upgrades in place and claims. Tables and options are "
			"explained in lunettes-slo(1), verdicts and stages in lunettes-stages(7), "
			"the keys of documents in lunettes-json(5).\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes slo audit.log\tThe tables of one file.\n"
			"lunettes slo must-gather.tar.gz\tThose of a bundle, as it is.\n"
			"lunettes slo -n 'team-*' --since 2h logs/\t"
			"Pods created in the last two hours of the logs.\n"
			"lunettes slo --by workload --sort-by -p99 logs/\t"
			"The workloads, the slowest first.\n"
			"lunettes slo --fail-on 'p99(delivery)>30s' logs/\t"
			"Exit with 1 if that holds.\n"
			"lunettes slo -o jsonl logs/ | jq 'select(.verdict == \"slow\")'\t"
			"The fact table, one line a pod.\n",
	},
	[COMMAND_TIMELINE] = {
		.name = "timeline",
		.operands = "[OPTION]... pod/NS/NAME... [FILE|DIR|-]...",
		.pods = true,
		.needs_pod = true,
		.summary = "show one pod's life: what happened when, and by whom",
		.description =
			"Prints everything that the logs say about a pod, in order of time, with "
			"who did it and where it stands, and the stages of its delivery as bars. "
			"A pod is named pod/NAMESPACE/NAME, pod/NAME together with -n, or "
			"uid/PREFIX; names may hold * and ?. Where several pods match, or one "
			"name had several lives, they follow one another.\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes timeline pod/shop/web-6d4-x2 audit.log\tThe life of one pod.\n"
			"lunettes timeline 'pod/shop/web-*' --limit 3 logs/\tThose of three.\n"
			"lunettes timeline uid/1f0c -o json logs/ | jq .facts\t"
			"What happened, for other programs.\n",
	},
	[COMMAND_DIAGNOSE] = {
		.name = "diagnose",
		.operands = "[OPTION]... [pod/NS/NAME|pvc/...]... [FILE|DIR|-]...",
		.pods = true,
		.claims = true,
		.summary = "tell why pods were slow, failed, died or did not go",
		.description =
			"With pods: of each its verdict, the cause, who can mend it, what to "
			"do, and the facts that prove it. Without: the causes of all pods and "
			"claims, grouped. A claim is named pvc/NAMESPACE/NAME. The codes are "
			"explained in lunettes-codes(7).\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes diagnose logs/\tWhat went wrong, and how often.\n"
			"lunettes diagnose pod/shop/web-0 logs/\tWhy one pod was slow or failed.\n",
	},
	[COMMAND_TRACE] = {
		.name = "trace",
		.operands = "[OPTION]... [pod/NS/NAME]... [FILE|DIR|-]...",
		.pods = true,
		.summary = "write what was done to pods as traces",
		.description =
			"Writes one trace for each creation, deletion and upgrade of a pod, each "
			"binding of a claim and each rollout, with a span for each stage, in the "
			"colour of who is responsible, and Events and writes as events of the "
			"spans. At least one of --otlp, --jaeger and --chrome says where to; - is "
			"standard output. "
			"lunettes-trace(1) explains spans and attributes, and how to load them.\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes trace --otlp traces.jsonl logs/\t"
			"All traces, for collectors and Jaeger.\n"
			"lunettes trace pod/shop/web-0 --jaeger web-0.json logs/\t"
			"One pod, to be opened in Jaeger's interface.\n"
			"lunettes trace --only slow,failed --chrome slow.json logs/\t"
			"What went wrong, for Perfetto.\n",
	},
	[COMMAND_PODS] = {
		.name = "pods",
		.operands = "[OPTION]... [pod/NS/NAME]... [FILE|DIR|-]...",
		.pods = true,
		.summary = "list the pods, or how they stood at a time",
		.description =
			"Prints one row a pod: its verdict, how long its delivery took, with "
			"-o wide each stage of it. With --at it prints what kubectl get pods would "
			"have shown at that time, of the pods that existed then.\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes pods -n shop audit.log\tThe pods of one namespace.\n"
			"lunettes pods --at 10:21:30 logs/\tThe cluster at that time.\n"
			"lunettes pods -o csv logs/ > pods.csv\tA table for other programs.\n",
	},
	[COMMAND_INSPECT] = {
		.name = "inspect",
		.operands = "[OPTION]... [FILE|DIR|-]...",
		.summary = "show what logs hold and lack, and what it costs",
		.description =
			"Reads the same as slo, and tells what the numbers of slo would rest on: "
			"which files were read and how, which time and which gaps, what was logged "
			"about pods and at which level, what could not be used, and what of the "
			"delivery of pods can therefore not be told.\n\n"
			"A FILE is an audit log, a dump of Pods or Events, or an archive of such "
			"files, plain, compressed or wrapped; a DIR is searched in depth; "
			"- is standard input. Without one, $LUNETTES_INPUT is read, else standard "
			"input if it is a pipe or a file, else the usual places of this host.",
		.examples =
			"lunettes inspect logs/\tWhat the logs of a directory are good for.\n"
			"lunettes inspect -o json logs/ | jq .\tThe same for other programs.\n",
	},
	[COMMAND_DIFF] = {
		.name = "diff",
		.operands = "[OPTION]... [FILE|DIR|-]...",
		.summary = "show what became slower, and since when",
		.description =
			"Compares the delivery of pods of two sets of logs, or of one that is "
			"cut in two at a moment: every stage, verdict and code, with a test of "
			"significance, and since when what is worse is worse.\n\n"
			"The two sets are named by --before and --after, which take what slo "
			"takes as FILE or DIR. Otherwise FILEs are read as slo reads them, and "
			"--at cuts.",
		.examples =
			"lunettes diff --before monday/ --after tuesday/\tTwo days side by side.\n"
			"lunettes diff --at 10:40 audit.log\t"
			"Pods created before 10:40 and those from then on.\n",
	},
	[COMMAND_CODES] = {
		.name = "codes",
		.operands = "[OPTION]... [CODE]...",
		.summary = "list the codes of diagnose, or explain some",
		.description =
			"Prints what diagnose can find: each code with the stage that it explains, "
			"who can mend it, and what it means. With CODEs, names or ids, it explains "
			"these. lunettes-codes(7) has them all.",
		.examples =
			"lunettes codes ImageNotFound\tOne code explained.\n"
			"lunettes codes -o json\tAll of them, for other programs.\n",
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
	  .group = GROUP_SELECTION, .commands = CHOOSERS | TIMELINE, AT(namespaces),
	  .help = "only pods of this namespace; may be repeated, be a list separated by commas, "
		  "and hold * and ?" },
	{ .name = "selector", .short_name = 'l', .kind = OPTION_STRING, .argument = "SELECTOR",
	  .group = GROUP_SELECTION, .commands = CHOOSERS, AT(selector_text),
	  .help = "only pods with these labels: k=v, k!=v, k, !k, k in (a,b), k notin (a,b), "
		  "joined by commas" },
	{ .name = "node", .kind = OPTION_STRING, .argument = "NODE",
	  .group = GROUP_SELECTION, .commands = CHOOSERS, AT(node),
	  .help = "only pods bound to this node; may hold * and ?" },

	/* Which causes. */
	{ .name = "code", .kind = OPTION_LIST, .argument = "CODE",
	  .group = GROUP_SELECTION, .commands = DIAGNOSE, AT(codes),
	  .help = "only pods with this cause, a code or its id; may be a list separated by "
		  "commas, and be repeated" },
	{ .name = "owner", .kind = OPTION_CHOICE, .argument = "OWNER",
	  .group = GROUP_SELECTION, .commands = DIAGNOSE, AT(owner), .choices = owners,
	  .shown_default = "any",
	  .help = "only pods with a cause that this one has to mend" },
	{ .name = "scope", .kind = OPTION_CHOICE, .argument = "SCOPE",
	  .group = GROUP_SELECTION, .commands = DIAGNOSE, AT(scope), .choices = scopes,
	  .shown_default = "any",
	  .help = "only pods with a cause in this part of their lives" },

	/* When they were created. */
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
	  .group = GROUP_TIME, .commands = PODS | DIFF, AT(at), .wordings = at_wordings,
	  .help = "the pods that existed at TIME, as kubectl would have shown them" },

	/* What is read: defaults and meaning of the limits stand in input/input.h. */
	{ .name = "cluster", .kind = OPTION_LIST, .argument = "NAME=PATH",
	  .group = GROUP_INPUT, .commands = READERS, AT(cluster_texts),
	  .help = "also read PATH, whose records belong to the cluster NAME; may be repeated" },
	{ .name = "before", .kind = OPTION_LIST, .argument = "PATH",
	  .group = GROUP_INPUT, .commands = DIFF, AT(before),
	  .help = "what is compared with --after; may be repeated" },
	{ .name = "after", .kind = OPTION_LIST, .argument = "PATH",
	  .group = GROUP_INPUT, .commands = DIFF, AT(after),
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

	/* What is judged. */
	{ .name = "slo", .kind = OPTION_CHOICE, .argument = "SLO",
	  .group = GROUP_SLO, .commands = SLO, AT(slo), .choices = slos,
	  .shown_default = "create",
	  .help = "what is judged: the delivery, the deletion or the upgrade in place of pods, or "
		  "the binding of their claims" },
	{ .name = "by", .kind = OPTION_STRING, .argument = "DIMENSION",
	  .group = GROUP_SLO, .commands = SLO | DIFF, AT(by),
	  .shown_default = "namespace", .wordings = by_wordings,
	  .help = "one row of groups for each namespace, workload, ownerKind, node, class, cores, "
		  "image, registry, storageClass, code, cluster or time=DURATION; two may be "
		  "joined by a comma" },
	{ .name = "objective", .kind = OPTION_LIST, .argument = "OBJECTIVE",
	  .group = GROUP_SLO, .commands = SLO, AT(objectives),
	  .help = "show attainment, error budget and burn rates of an objective, such as "
		  "'delivery<=30s:99.5%'; may be repeated" },
	{ .name = "fail-on", .kind = OPTION_LIST, .argument = "CONDITION",
	  .group = GROUP_SLO, .commands = SLO | DIFF | DIAGNOSE, AT(fail_on),
	  .wordings = fail_on_wordings,
	  .help = "exit with 1 if the condition holds, such as 'p99(delivery)>30s', 'failed>0', "
		  "'attainment<99.5', 'burn(1h)>14.4'; may be repeated" },

	{ .name = "allow-empty", .kind = OPTION_FLAG,
	  .group = GROUP_GENERAL, .commands = JUDGES, AT(allow_empty),
	  .wordings = allow_empty_wordings,
	  .help = "exit with 0, not 3, if no pod matches any of the names that were given, or a "
		  "condition of --fail-on cannot be judged because no pod was diagnosed" },

	/* Where traces go. */
	{ .name = "otlp", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = TRACE, AT(otlp),
	  .help = "write OpenTelemetry's OTLP as JSON, one trace a line" },
	{ .name = "jaeger", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = TRACE, AT(jaeger),
	  .help = "write the JSON that Jaeger's interface opens" },
	{ .name = "chrome", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_OUTPUT, .commands = TRACE, AT(chrome),
	  .help = "write a Chrome trace, for Perfetto and chrome://tracing" },
	{ .name = "force", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = WRITERS, AT(force),
	  .help = "replace a file even if it is not empty and not of the kind that is written; "
		  "an input is never replaced" },
	{ .name = "only", .kind = OPTION_LIST, .argument = "VERDICT",
	  .group = GROUP_SELECTION, .commands = TRACE, AT(only),
	  .help = "only operations with this verdict: success, slow, failed, denied, aborted or "
		  "open; may be repeated, or be a list separated by commas" },
	{ .name = "evidence", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = TRACE, AT(evidence),
	  .help = "say of each span and event in which file and line it stands" },

	/* What is printed. */
	{ .name = "output", .short_name = 'o', .kind = OPTION_CHOICE, .argument = "FORMAT",
	  .group = GROUP_OUTPUT, .commands = PRINTERS | CODES, AT(output), .choices = outputs,
	  .choice_commands = output_commands,
	  .shown_default = "table",
	  .help = "format of the result" },
	{ .name = "sort-by", .kind = OPTION_STRING, .argument = "COLUMN",
	  .group = GROUP_OUTPUT, .commands = SLO, AT(sort_by), .shown_default = "name",
	  .help = "order of the groups: name, pods, a verdict, judged, attainment, p50, p90, p99 "
		  "or max; '-' before it puts the greatest first" },
	{ .name = "tz", .kind = OPTION_STRING, .argument = "ZONE",
	  .group = GROUP_OUTPUT, .commands = READERS, AT(tz), .shown_default = "UTC",
	  .help = "time zone of the times in tables and of TIMEs without one: a name such as "
		  "Europe/Berlin, an offset such as +02:00, or local" },
	{ .name = "no-headers", .kind = OPTION_FLAG,
	  .group = GROUP_OUTPUT, .commands = PRINTERS | CODES, AT(no_headers),
	  .help = "print tables without their header lines" },
	{ .name = "limit", .kind = OPTION_COUNT, .argument = "N",
	  .group = GROUP_OUTPUT, .commands = SLO | TRACE | TIMELINE | PODS | DIAGNOSE, AT(limit),
	  .shown_default = "10", .wordings = limit_wordings,
	  .min = 0, .max = 1000000,
	  .help = "show at most N of the slowest" },
	{ .name = "color", .kind = OPTION_CHOICE, .argument = "WHEN",
	  .group = GROUP_OUTPUT, .commands = PRINTERS | CODES, AT(color), .choices = whens,
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
	  .group = GROUP_GENERAL, .commands = JUDGES, AT(config),
	  .shown_default = "$LUNETTES_CONFIG, else ~/.config/lunettes/config.json",
	  .help = "read limits, classes and objectives from FILE: JSON or YAML, as "
		  "lunettes-config(5) says" },
	{ .name = "rules", .kind = OPTION_LIST, .argument = "FILE",
	  .group = GROUP_GENERAL, .commands = SLO | DIAGNOSE | TRACE | CODES, AT(rules),
	  .help = "also the rules in FILE, as lunettes-rules(5) says; a code that is there "
		  "already is replaced; may be repeated" },
	{ .name = "span-config", .kind = OPTION_STRING, .argument = "FILE",
	  .group = GROUP_GENERAL, .commands = SLO | TRACE, AT(span_config),
	  .wordings = span_config_wordings,
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
