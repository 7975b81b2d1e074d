/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front of lunettes alone: everything that the tables of options say, without the rooms that do
 * the work. The scripts that compare manual and completions with the tables run this.
 */
#include "cli/help.h"

int main(int argc, char **argv)
{
	struct options options;
	struct buf out = { 0 };
	struct err err;
	int action = options_parse(argc, argv, &options, &err), status = 0;

	if (action == OPTIONS_HELP)
		help_print(&out, options.help_about);
	else if (action == OPTIONS_VERSION)
		help_print_version(&out, "");
	else if (action == OPTIONS_DUMP)
		help_dump(&out);
	else
		status = 2;
	if (action == OPTIONS_SHORT_HELP)
		help_print_short(&out);
	if (action < 0)
		fprintf(stderr, "lunettes: %s\n", err.message);
	if (fwrite(out.p, 1, out.n, status ? stderr : stdout) != out.n || fflush(stdout) != 0)
		status = 2;
	buf_free(&out);
	options_free(&options);
	return status;
}
