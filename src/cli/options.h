/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands and options of lunettes, and the parsed command line.
 *
 * Legal order: options_parse; then, once the log's last moment is known, options_period; at the end
 * options_free, in every case. Nothing here prints or exits. Outside of the arguments only $TMPDIR
 * is read.
 */
#pragma once

#include "cli/command.h"
#include "cli/option.h"
#include "cli/podname.h"
#include "cli/selector.h"
#include "cli/when.h"

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum progress_choice { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };
enum option_group {
	GROUP_SELECTION,
	GROUP_TIME,
	GROUP_INPUT,
	GROUP_SLO,
	GROUP_OUTPUT,
	GROUP_RESOURCES,
	GROUP_GENERAL,
	GROUP_N
};

/* The names in --cluster NAME=PATH. */
struct cluster_option {
	const char *name, *path;
};

struct options {
	const struct command *command;	  /* to run */
	const struct command *help_about; /* with OPTIONS_HELP: the command to explain */
	struct option_list operands;	  /* paths after the command */
	struct pod_pattern *pods;	  /* operands that name pods */
	size_t n_pods;

	struct option_list namespaces; /* single patterns */
	const char *selector_text;     /* NULL: none */
	struct selector selector;      /* the same, parsed */
	const char *node;	       /* a pattern; NULL: any */
	struct option_list codes;      /* of causes; with commas, as given */
	unsigned owner, scope;	       /* of causes; 0: any */
	struct period_request period;
	struct when at;
	struct option_list cluster_texts;
	struct cluster_option *clusters;
	size_t n_clusters;
	uint64_t max_record, max_ratio, max_depth, max_entries; /* of struct input_config */

	unsigned slo; /* enum slo */
	const char *by,
	    *sort_by; /* NULL: slo by namespace, diff not at all; names of dimensions */
	struct option_list objectives, fail_on; /* objectives beside those of the configuration */

	unsigned output;	     /* of command_format_name */
	const struct format *format; /* the same, of the command; NULL: it has no formats */
	bool no_headers, limited;    /* limited: --limit was given */
	uint64_t limit;
	unsigned color, progress; /* enum color_choice, enum progress_choice */
	const char *tz;
	clock_zone *zone; /* of that name; NULL: UTC */

	uint64_t jobs, memory;	  /* jobs 0: one per core */
	const char *tmpdir;	  /* never NULL */
	const char *config;	  /* NULL: not given */
	struct option_list rules; /* files, one each */

	const char *otlp, *jaeger, *chrome; /* paths; NULL: not wanted */
	bool force;			    /* outputs may replace files of another kind */
	struct option_list only;	    /* verdicts, in lists separated by commas */
	const char *span_config;	    /* also of slo -o openmetrics; NULL: none */
	struct option_list before, after;   /* of diff: one path each */
	const char *side; /* the current input, for messages; NULL: there is only one */

	bool strict, quiet, verbose, evidence, allow_empty;
	bool help, version, dump; /* as given; options_parse selects the action */
	struct arena arena;	  /* of the lists above */
};

enum options_action {
	OPTIONS_RUN = 1,
	OPTIONS_HELP,	    /* help_print(help_about) to stdout, exit 0 */
	OPTIONS_SHORT_HELP, /* no command was given: help_print_short to stderr, exit 2 */
	OPTIONS_VERSION,    /* help_print_version to stdout, exit 0 */
	OPTIONS_DUMP,	    /* help_dump to stdout, exit 0 */
};

/*
 * argv as main got it, which must outlive the options. Returns the action (enum options_action), or
 * < 0 with a message; ret_options is to be freed in both cases.
 */
int options_parse(int argc, char *const *argv, struct options *ret_options, struct err *err);
void options_free(struct options *o);

/* log_end: the log's last moment, or NSEC_NONE if it has none. */
int options_period(const struct options *o, nsec log_end, struct period *ret_period,
		   struct err *err);
bool options_want_namespace(const struct options *o, struct str namespace);
bool options_want_node(const struct options *o, struct str node); /* "": not bound to one */
/* Whether an operand names the pod, or the claim; no operand names all. */
bool options_want_name(const struct options *o, enum object_kind kind, struct str namespace,
		       struct str name, struct str uid);
bool options_has(const struct command *command, const char *option);

/* The tables. */
extern const struct option_row options_rows[];
extern const size_t options_n_rows;
