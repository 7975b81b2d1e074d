/* SPDX-License-Identifier: Apache-2.0 */
/* The suites of this program, and what they share. */
#pragma once

#include "base/prelude.h"

#include <check.h>

Suite *suite_drive(void);
Suite *suite_help(void);
Suite *suite_option(void);
Suite *suite_options(void);
Suite *suite_podname(void);
Suite *suite_progress(void);
Suite *suite_selector(void);
Suite *suite_when(void);

/*
 * Splits a command line at its blanks, as main would get it: argv[0] is "lunettes". The word '' is
 * an empty argument, and _ in a word becomes a blank.
 */
struct words {
	int argc;
	char *argv[64];
	char text[512];
};

void words_of(struct words *w, const char *line);
