/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/drive.h"
#include "cli/ending.h"
#include "cli/help.h"
#include "cli/progress.h"
#include "input/input.h"
#include "base/sink.h"
#include "spans/spans.h"

#include <signal.h>
#include <unistd.h>

/* An interrupted run leaves nothing to clean up, because its temporary files have no names. */
static void on_interrupt(int signal_number)
{
	static const char text[] = "\nlunettes: interrupted; the result is absent or not whole\n";
	size_t begin = progress_interrupt() ? 1 : 0; /* after the terminal's echo of ^C */
	ssize_t ignored = write(STDERR_FILENO, text + begin, sizeof(text) - 1 - begin);

	(void)ignored;
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static int print(struct buf *text, int fd)
{
	struct sink out;
	struct err err = { 0 };

	sink_open(&out, fd, fd == STDOUT_FILENO ? "standard output" : "standard error");
	sink_write(&out, buf_str(text));
	if (sink_close(&out, &err) < 0) {
		fprintf(stderr, "lunettes: %s\n", err.message);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static void print_version(struct buf *out)
{
	struct buf features = { 0 };

	buf_printf(&features, "%s; %s%c", input_features(), spans_features(), 0);
	help_print_version(out, features.p);
	buf_free(&features);
}

static int act(int action, const struct options *o)
{
	struct buf text = { 0 };
	int status;

	switch ((enum options_action)action) {
	case OPTIONS_RUN:
		return drive(o);
	case OPTIONS_HELP:
		help_print(&text, o->help_about);
		break;
	case OPTIONS_SHORT_HELP:
		help_print_short(&text);
		break;
	case OPTIONS_VERSION:
		print_version(&text);
		break;
	case OPTIONS_DUMP:
		help_dump(&text);
		break;
	}
	status = print(&text, action == OPTIONS_SHORT_HELP ? STDERR_FILENO : STDOUT_FILENO);
	buf_free(&text);
	return action == OPTIONS_SHORT_HELP ? STATUS_USAGE : status;
}

int main(int argc, char **argv)
{
	struct options options;
	struct err err = { 0 };
	int action, status = STATUS_USAGE;

	signal(SIGPIPE, SIG_IGN); /* a closed pipe ends the run without a crash */
	signal(SIGXFSZ, SIG_IGN); /* a file size limit is reported as an error */
	signal(SIGINT, on_interrupt);
	signal(SIGTERM, on_interrupt);
	action = options_parse(argc, argv, &options, &err);
	if (action < 0)
		fprintf(stderr, "lunettes: %s\n", err.message);
	else
		status = act(action, &options);
	options_free(&options);
	return status;
}
