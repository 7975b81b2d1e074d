/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lunettes diff: what became slower, and since when? Two inputs are read one after the other, so
 * only one at a time is in memory; a single input is split while it is read.
 */
#include "base/map.h"
#include "cli/configure.h"
#include "cli/drive.h"
#include "documents/diff_json.h"
#include "page/diff.h"
#include "slo/compare.h"

struct diff_run {
	struct options options; /* of the current side */
	enum side side;		/* that side; with --at, the pod's */
	enum compare_by by;
	struct compare *compare;
	nsec at;			 /* NSEC_NONE: there are two inputs */
	struct buf basis[SIDES];	 /* as the format wrote it */
	struct map accounts, identities; /* of the side before: known accounts, and their UIDs */
	bool other_uid, same_uid;	 /* of the side after, compared with those */
	bool slower;			 /* --fail-on slower is true */
	uint64_t pods[SIDES], judged[SIDES];
};

struct diff_format {
	struct format format;
	/* The data sources of one side, while its input is open; later of both. */
	void (*basis)(struct buf *out, const struct basis *basis, const char *side,
		      struct table_style style);
	void (*write)(struct buf *out, const struct diff_view *view, struct table_style style);
};

static const struct diff_format formats[] = {
	{ { "table", FORMAT_TABLE }, diff_text_basis, diff_text },
	{ { "wide", FORMAT_WIDE }, diff_text_basis, diff_text },
	{ { "json", FORMAT_DOCUMENT }, diff_json_basis, diff_json },
	{ { "markdown", FORMAT_MARKDOWN }, diff_text_basis, diff_text },
};

static bool is_stdin(const struct option_list *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		if (strcmp(paths->items[i], "-") == 0)
			return true;
	return false;
}

static bool parse_by(const char *name, enum compare_by *ret)
{
	for (unsigned i = COMPARE_BY_NOTHING + 1; i <= COMPARE_BY_IMAGE; i++)
		if (strcmp(name, diff_by_name((enum compare_by)i)) == 0) {
			*ret = (enum compare_by)i;
			return true;
		}
	return false;
}

/* Values with no, or another, meaning for other commands. */
static int check_values(const struct options *o, struct diff_run *own, struct err *err)
{
	if (o->by && !parse_by(o->by, &own->by))
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
 * A controller's service account has another UID in another cluster. One account with the same UID
 * on both sides outweighs the others, because accounts can be deleted and recreated.
 */
static void compare_identities(struct diff_run *own, const struct survey *survey)
{
	struct buf key = { 0 };

	for (size_t i = 0; i < survey->identity_names.n; i++) {
		const struct survey_identity *id = &survey->identities[i];

		buf_reset(&key);
		buf_put_str(&key, id->account);
		buf_add_str(&key, id->uid);
		if (own->side == SIDE_BEFORE) {
			map_put(&own->accounts, id->account, NULL);
			map_put(&own->identities, buf_str(&key), NULL);
		} else if (map_find(&own->identities, buf_str(&key)) != MAP_NONE) {
			own->same_uid = true;
		} else if (map_find(&own->accounts, id->account) != MAP_NONE) {
			own->other_uid = true;
		}
	}
	buf_free(&key);
}

/* Reading */

/* With --before and --after, the current side. */
static void choose_side(struct diff_run *own, enum side side)
{
	own->side = side;
	own->options.operands = side == SIDE_BEFORE ? own->options.before : own->options.after;
	own->options.side = side == SIDE_BEFORE ? "before" : "after";
}

static int prepare_diff(struct command_run *run, struct err *err)
{
	struct diff_run *own = run->own;
	const struct options *o = run->options;

	if (check_usage(o, err) < 0 || check_values(o, own, err) < 0 ||
	    configure(o, &run->settings, err) < 0)
		return -1;
	run->needs.settings = &run->settings;
	own->compare = compare_new(own->by);
	own->options = *o;
	run->options = &own->options;
	if (o->at.kind == WHEN_NONE)
		choose_side(own, SIDE_BEFORE);
	return 0;
}

static bool is_last(const struct diff_run *own)
{
	return !own->options.side || own->side == SIDE_AFTER;
}

static bool choose_after(struct command_run *run)
{
	bool last = is_last(run->own);

	if (!last)
		choose_side(run->own, SIDE_AFTER);
	return !last;
}

static int begin_side(struct command_run *run, struct err *err)
{
	struct diff_run *own = run->own;
	const struct options *o = run->options;

	own->at = when_resolve(o->at, pipeline_log_end(&run->pipeline), o->zone);
	return 0;
}

static bool compare_pod(struct command_run *run, const struct timeline *t,
			const struct cluster *cluster)
{
	struct diff_run *own = run->own;
	nsec created = t->marks[MILESTONE_CREATED].at;
	struct delivery d;

	if (t->kind != OBJECT_POD || !choice_wants(&run->choice, t))
		return true;
	if (nsec_known(own->at) && !nsec_known(created)) {
		run->choice.unknown_created++;
		return true;
	}
	if (nsec_known(own->at))
		own->side = created < own->at ? SIDE_BEFORE : SIDE_AFTER;
	d = delivery_of(t, cluster, &run->settings);
	compare_add(own->compare, own->side, t, &d);
	own->pods[own->side]++;
	own->judged[own->side] += d.verdict == VERDICT_SUCCESS || d.verdict == VERDICT_SLOW ||
				  d.verdict == VERDICT_FAILED;
	return true;
}

static int finish_side(struct command_run *run, struct err *err)
{
	struct diff_run *own = run->own;
	const struct options *o = run->options;
	const struct diff_format *format = run->format;
	struct diff_view view = { .by = own->by, .at = own->at, .after = run->basis };

	if (!o->side)
		own->side = SIDE_BEFORE; /* a single input has one basis */
	format->basis(&own->basis[own->side], run->basis, o->side, run->style);
	compare_identities(own, &run->pipeline.all.survey);
	run->withheld = !is_last(own);
	if (run->withheld)
		return 0;
	view.found = compare_finish(own->compare, own->other_uid && !own->same_uid);
	own->slower = o->fail_on.n && comparison_is_slower(view.found);
	for (unsigned side = 0; side < SIDES; side++)
		view.basis[side] = buf_str(&own->basis[side]);
	format->write(&run->text, &view, run->style);
	return 0;
}

/* The condition can be judged if each side has a pod that was judged. */
static void judge_comparison(struct command_run *run, struct fail_on *fail_on)
{
	static const char *const names[SIDES] = { "before", "after" };
	const struct diff_run *own = run->own;

	fail_on->condition = own->slower;
	if (own->slower || !run->options->fail_on.n || !is_last(own))
		return;
	for (unsigned side = 0; side < SIDES; side++)
		if (!own->judged[side])
			buf_printf(&fail_on->unjudged,
				   "lunettes: --fail-on slower cannot be judged: %s has %s\n",
				   names[side],
				   own->pods[side] ? "no pod that was judged" : "no pod");
}

static void note_side(struct command_run *run, int result, struct buf *text)
{
	if (is_last(run->own))
		configure_notes(run->options, &run->settings, text);
	choice_note(&run->choice, text);
}

static void free_diff(struct command_run *run)
{
	struct diff_run *own = run->own;

	compare_free(own->compare);
	for (unsigned side = 0; side < SIDES; side++)
		buf_free(&own->basis[side]);
	map_free(&own->accounts);
	map_free(&own->identities);
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
	.own_size = sizeof(struct diff_run),
	.prepare = prepare_diff,
	.begin = begin_side,
	.observe = compare_pod,
	.finish = finish_side,
	.judge = judge_comparison,
	.notes = note_side,
	.another = choose_after,
	.release = free_diff,
};
/* clang-format on */
