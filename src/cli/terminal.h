/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file descriptor leads to, as far as it changes how things are printed to it.
 */
#pragma once

#include "cli/options.h"

struct terminal {
	bool is_terminal;
	bool color;	/* of --color, $NO_COLOR and $TERM */
	bool ascii;	/* the locale of the environment is not UTF-8 */
	unsigned width; /* columns; 0, without limit, if it is not a terminal */
};

struct terminal terminal_of(int fd, enum color_choice color);
