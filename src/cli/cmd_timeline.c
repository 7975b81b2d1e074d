/* SPDX-License-Identifier: Apache-2.0 */
/* lunettes timeline: what happened to one pod, when, and who did it. */
#include "cli/configure.h"
#include "cli/drive.h"
#include "documents/pod_story_json.h"

struct timeline_run {
	uint64_t shown, beyond;
};

struct timeline_format {
	struct format format;
	void (*write)(struct buf *out, const struct story *story, struct table_style style);
};

static const struct timeline_format formats[] = {
	{ { "table", FORMAT_TABLE }, story_text },
	{ { "wide", FORMAT_WIDE }, story_text },
	{ { "json", FORMAT_DOCUMENT }, story_json },
	{ { "markdown", FORMAT_MARKDOWN }, story_text },
};

static int configure_timelines(struct command_run *run, struct err *err)
{
	return configure(run->options, &run->settings, err);
}

static bool is_for_people(const struct command_run *run)
{
	return run->options->format->kind != FORMAT_DOCUMENT;
}

static int begin_timelines(struct command_run *run, struct err *err)
{
	if (is_for_people(run))
		basis_unread_text(&run->text, run->basis, run->style);
	return 0;
}

/* A pod is printed at once, because there are few. */
static bool show_pod(struct command_run *run, const struct timeline *t,
		     const struct cluster *cluster)
{
	const struct timeline_format *format = run->format;
	struct timeline_run *own = run->own;
	struct delivery d;
	struct story story;

	if (t->kind != OBJECT_POD || !choice_wants(&run->choice, t))
		return true;
	if (own->shown >= run->options->limit) {
		own->beyond++;
		return true;
	}
	d = delivery_of(t, cluster, &run->settings);
	story_make(&story, t, &d, run->basis,
		   nsec_known(cluster->last) ? cluster->last : cluster->dumped_last);
	if (own->shown && is_for_people(run))
		buf_add_char(&run->text, '\n');
	format->write(&run->text, &story, run->style);
	story_free(&story);
	own->shown++;
	return drive_write(run, 0);
}

static void note_timelines(struct command_run *run, int result, struct buf *text)
{
	const struct timeline_run *own = run->own;

	if (result < 0)
		return;
	configure_notes(run->options, &run->settings, text);
	if (own->beyond)
		buf_printf(text, "lunettes: %llu more pod%s match; --limit shows more\n",
			   (unsigned long long)own->beyond, own->beyond == 1 ? "" : "s");
}

/* clang-format off */
const struct command command_timeline = {
	.name = "timeline",
	.bits = COMMAND_TIMELINE | READERS | JUDGES | PRINTERS,
	.operands = "[OPTION]... pod/NS/NAME... [FILE|DIR|-]...",
	.pods = true,
	.needs_pod = true,
	.summary = "show one pod's life: what happened when, and by whom",
	.description =
		"Prints everything that the logs say about a pod, in order of time, with "
		"who did it and where it stands, and the stages of its delivery as bars. "
		"A pod is named pod/NAMESPACE/NAME, pod/NAME together with -n, or "
		"uid/PREFIX; names may hold * and ?. Where several pods match, or one "
		"name had several lives, they follow one another."
		COMMAND_INPUT_TEXT,
	.examples =
		"lunettes timeline pod/shop/web-6d4-x2 audit.log\tThe life of one pod.\n"
		"lunettes timeline 'pod/shop/web-*' --limit 3 logs/\tThose of three.\n"
		"lunettes timeline uid/1f0c -o json logs/ | jq .facts\t"
		"What happened, for other programs.\n",
	.formats = FORMATS(formats),
	.own_size = sizeof(struct timeline_run),
	.prepare = configure_timelines,
	.begin = begin_timelines,
	.observe = show_pod,
	.notes = note_timelines,
};
/* clang-format on */
