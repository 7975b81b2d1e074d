/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lunettes diff: what became slower, and since when? Two inputs are read one behind the other, so
 * that there is memory for one at a time; one input is cut in two while it is read.
 */
#include "base/map.h"
#include "cli/choice.h"
#include "cli/configure.h"
#include "cli/ending.h"
#include "documents/diff_json.h"
#include "page/diff.h"
#include "base/sink.h"
#include "slo/compare.h"

#include <unistd.h>

struct diff_run {
	const struct options *options; /* as given */
	enum compare_by by;
	struct compare *compare;
	struct settings settings;
	nsec at; /* NSEC_NONE: there are two inputs */
	struct buf basis[SIDES];	 /* as the format wrote it */
	struct map accounts, identities; /* of before: who is known, and by which UID */
	bool other_uid, same_uid;	 /* of after, against those */
	bool condition;			 /* of --fail-on: it holds */
	uint64_t pods[SIDES], judged[SIDES];
	struct choice choice; /* of the side that is read */
};

struct diff_format {
	struct format format;
	/* What one side is based on, while its input is open; then both. */
	void (*basis)(struct buf *out, const struct basis *basis, const struct options *o);
	void (*write)(struct buf *out, const struct diff_view *view, struct table_style style);
};

static void write_text_basis(struct buf *out, const struct basis *basis, const struct options *o)
{
	diff_text_basis(out, basis, o->side, ending_style(o));
}

static void write_json_basis(struct buf *out, const struct basis *basis, const struct options *o)
{
	diff_json_basis(out, basis);
}

static void write_json(struct buf *out, const struct diff_view *view, struct table_style style)
{
	diff_json(out, view);
}

static const struct diff_format formats[] = {
	{ { "table", FORMAT_TABLE }, write_text_basis, diff_text },
	{ { "wide", FORMAT_WIDE }, write_text_basis, diff_text },
	{ { "json", FORMAT_DOCUMENT }, write_json_basis, write_json },
};

static const struct diff_format *format_of(const struct options *o)
{
	return FORMAT_ROW(o->format, struct diff_format);
}

static bool is_stdin(const struct option_list *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		if (strcmp(paths->items[i], "-") == 0)
			return true;
	return false;
}

static bool parse_by(const char *name, enum compare_by *ret)
{
	static const char *const names[] = {
		[COMPARE_BY_NAMESPACE] = "namespace",
		[COMPARE_BY_WORKLOAD] = "workload",
		[COMPARE_BY_NODE] = "node",
		[COMPARE_BY_IMAGE] = "image",
	};

	for (unsigned i = COMPARE_BY_NOTHING + 1; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*ret = (enum compare_by)i;
			return true;
		}
	return false;
}

/* Values that mean something else, or nothing, to other commands. */
static int check_values(struct diff_run *run, struct err *err)
{
	const struct options *o = run->options;

	if (o->by && !parse_by(o->by, &run->by))
		return err_set(err, ERR_USAGE,
			       "option --by does not take '%.100s'; expected namespace, workload, "
			       "node or image",
			       o->by);
	for (size_t i = 0; i < o->fail_on.n; i++)
		if (strcmp(o->fail_on.items[i], "slower") != 0)
			return err_set(err, ERR_USAGE,
				       "option --fail-on does not take '%.100s'; expected slower",
				       o->fail_on.items[i]);
	return 0;
}

static int check_usage(const struct options *o, struct err *err)
{
	bool two = o->before.n || o->after.n;

	if (two && o->at.kind != WHEN_NONE)
		return err_set(
		    err, ERR_USAGE,
		    "option --at cuts one set of logs in two and cannot be combined with "
		    "--before and --after");
	if (two && (!o->before.n || !o->after.n))
		return err_set(err, ERR_USAGE, "option --%s needs --%s PATH, to be compared with",
			       o->before.n ? "before" : "after", o->before.n ? "after" : "before");
	if (two && o->n_clusters)
		return err_set(err, ERR_USAGE,
			       "option --cluster belongs to neither side of --before and --after; "
			       "it can be combined with --at");
	if (two && o->operands.n)
		return err_set(err, ERR_USAGE,
			       "%.200s belongs to neither side: write --before %.100s or "
			       "--after %.100s",
			       o->operands.items[0], o->operands.items[0], o->operands.items[0]);
	if (!two && o->at.kind == WHEN_NONE)
		return err_set(err, ERR_USAGE,
			       "'lunettes diff' needs two sides: --before PATH --after PATH, or "
			       "--at TIME, which cuts one set of logs in two");
	if (is_stdin(&o->before) && is_stdin(&o->after))
		return err_set(err, ERR_USAGE,
			       "standard input can be read once: only one of --before and --after "
			       "may be -");
	return 0;
}

/* Clusters */

/*
 * A controller's service account has another UID in another cluster. One that is the same on both
 * sides outweighs the others: accounts can be deleted and made anew.
 */
static void compare_identities(struct diff_run *run, const struct survey *survey, enum side side)
{
	struct buf key = { 0 };

	for (size_t i = 0; i < survey->identity_names.n; i++) {
		const struct survey_identity *id = &survey->identities[i];

		buf_reset(&key);
		buf_put_str(&key, id->account);
		buf_add_str(&key, id->uid);
		if (side == SIDE_BEFORE) {
			map_put(&run->accounts, id->account, NULL);
			map_put(&run->identities, buf_str(&key), NULL);
		} else if (map_find(&run->identities, buf_str(&key)) != MAP_NONE) {
			run->same_uid = true;
		} else if (map_find(&run->accounts, id->account) != MAP_NONE) {
			run->other_uid = true;
		}
	}
	buf_free(&key);
}

/* Reading */

static int add_all(struct diff_run *run, struct pipeline *p, const struct options *o,
		   enum side side, struct err *err)
{
	const struct timeline *t;
	int r;

	if (pipeline_read(p, err) < 0 ||
	    choice_begin(&run->choice, o, pipeline_log_end(p), err) < 0)
		return -1;
	run->at = when_resolve(o->at, pipeline_log_end(p), o->zone);
	while ((r = pipeline_next(p, &t, err)) > 0) {
		nsec created = t->marks[MILESTONE_CREATED].at;
		const struct cluster *cluster =
		    context_find_cluster(pipeline_basis(p)->context, t->cluster);
		struct delivery d;

		if (!cluster || t->kind != OBJECT_POD || !choice_wants(&run->choice, t))
			continue;
		if (run->at != NSEC_NONE && created == NSEC_NONE) {
			run->choice.unknown_created++;
			continue;
		}
		if (run->at != NSEC_NONE)
			side = created < run->at ? SIDE_BEFORE : SIDE_AFTER;
		d = delivery_of(t, cluster, &run->settings);
		compare_add(run->compare, side, t, &d);
		run->pods[side]++;
		run->judged[side] += d.verdict == VERDICT_SUCCESS || d.verdict == VERDICT_SLOW ||
				     d.verdict == VERDICT_FAILED;
	}
	return r;
}

static int print(struct diff_run *run, struct pipeline *p, struct err *err)
{
	const struct options *o = run->options;
	struct diff_view view = { .by = run->by, .at = run->at, .after = pipeline_basis(p) };
	struct buf text = { 0 };
	struct sink out;

	view.found = compare_finish(run->compare, run->other_uid && !run->same_uid);
	run->condition = o->fail_on.n && comparison_is_slower(view.found);
	for (unsigned side = 0; side < SIDES; side++)
		view.basis[side] = buf_str(&run->basis[side]);
	format_of(o)->write(&text, &view, ending_style(o));
	sink_open(&out, STDOUT_FILENO, "standard output");
	sink_write(&out, buf_str(&text));
	buf_free(&text);
	return sink_close(&out, err);
}

/* One input: a side, or with --at both; behind the last one comes the result. */
static int read_input(struct diff_run *run, const struct options *o, enum side side, bool last)
{
	struct pipeline *p = pipeline_open(o);
	struct buf notes = { 0 };
	struct err err = { 0 };
	int status, r;

	pipeline_judged_by(p, &run->settings);
	run->choice = (struct choice){ .options = o };
	r = add_all(run, p, o, side, &err);
	if (r == 0) {
		format_of(o)->basis(&run->basis[side], pipeline_basis(p), o);
		compare_identities(run, pipeline_survey(p), side);
		r = last ? print(run, p, &err) : 0;
	}
	if (last)
		configure_notes(run->options, &run->settings, &notes);
	choice_note(&run->choice, &notes);
	if (r == 0)
		choice_missing(&run->choice, &notes);
	status = ending(p, o, r, &err, &(struct ending_said){ .notes = buf_str(&notes) });
	choice_free(&run->choice);
	buf_free(&notes);
	pipeline_close(p);
	return status;
}

static int read_inputs(struct diff_run *run)
{
	struct options o = *run->options;
	int first, second;

	if (o.at.kind != WHEN_NONE)
		return read_input(run, &o, SIDE_BEFORE, true);
	o.operands = run->options->before;
	o.side = "before";
	first = read_input(run, &o, SIDE_BEFORE, false);
	if (first != STATUS_OK && first != STATUS_PARTIAL)
		return first;
	o.operands = run->options->after;
	o.side = "after";
	second = read_input(run, &o, SIDE_AFTER, true);
	return second != STATUS_OK ? second : first;
}

/* Why the condition cannot be judged; false: it can. */
static bool add_empty(const struct diff_run *run, struct buf *out)
{
	static const char *const names[SIDES] = { "before", "after" };

	for (unsigned side = 0; side < SIDES; side++)
		if (!run->judged[side])
			buf_printf(out, "lunettes: --fail-on slower cannot be judged: %s has %s\n",
				   names[side],
				   run->pods[side] ? "no pod that was judged" : "no pod");
	return out->n > 0;
}

/* What each side's files were is said; what the two are together decides the rest. */
static int judge(const struct diff_run *run)
{
	const struct options *o = run->options;
	struct buf text = { 0 };
	int status = STATUS_OK;

	if (run->condition)
		return STATUS_CONDITION;
	if (o->fail_on.n && add_empty(run, &text)) {
		if (!o->allow_empty || !o->quiet)
			fwrite(text.p, 1, text.n, stderr);
		status = o->allow_empty ? STATUS_OK : STATUS_NO_INPUT;
	}
	buf_free(&text);
	return status;
}

static int run_diff(const struct options *options)
{
	struct diff_run run = { .options = options, .at = NSEC_NONE };
	struct err err = { 0 };
	int status;

	settings_init(&run.settings);
	if (check_usage(options, &err) < 0 || check_values(&run, &err) < 0 ||
	    configure(options, &run.settings, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		settings_free(&run.settings);
		return (int)status_of(&err);
	}
	run.compare = compare_new(run.by);
	status = read_inputs(&run);
	if (status == STATUS_OK || status == STATUS_PARTIAL) {
		int judged = judge(&run);

		status = status == STATUS_OK ? judged : status;
	}
	compare_free(run.compare);
	for (unsigned side = 0; side < SIDES; side++)
		buf_free(&run.basis[side]);
	map_free(&run.accounts);
	map_free(&run.identities);
	settings_free(&run.settings);
	return status;
}

/* clang-format off */
const struct command command_diff = {
	.name = "diff",
	.bits = COMMAND_DIFF | READERS | JUDGES | CHOOSERS | PRINTERS,
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
	.formats = FORMATS(formats),
	.run = run_diff,
};
/* clang-format on */
