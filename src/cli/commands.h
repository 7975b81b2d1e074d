/* SPDX-License-Identifier: Apache-2.0 */
/* One function a command, each in its own file; what they return is the exit status. */
#ifndef LUNETTES_CLI_COMMANDS_H
#define LUNETTES_CLI_COMMANDS_H

#include "cli/options.h"

/* lunettes(1), EXIT STATUS. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_CONDITION = 1, /* one of --fail-on holds, and nothing below is to be told */
	STATUS_USAGE = 2,     /* wrong usage or configuration; also a disk that is full */
	STATUS_NO_INPUT = 3,  /* nothing that could be read */
	STATUS_PARTIAL =
	    4, /* something that was named could not be opened; --strict: anything skipped */
};

enum exit_status status_of(const struct err *err);

int cmd_slo(const struct options *options);
int cmd_timeline(const struct options *options);
int cmd_codes(const struct options *options);
int cmd_diagnose(const struct options *options);
int cmd_trace(const struct options *options);
int cmd_pods(const struct options *options);
int cmd_inspect(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_policy(const struct options *options);

#endif
