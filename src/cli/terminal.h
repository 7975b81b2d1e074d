/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of an output's descriptor that change how things are printed to it. */
#pragma once

#include "cli/options.h"

struct terminal {
	bool is_terminal;
	bool color;	/* of --color, $NO_COLOR and $TERM */
	bool ascii;	/* the locale of the environment is not UTF-8 */
	unsigned width; /* columns; 0, without limit, if it is not a terminal */
};

struct terminal terminal_of(int fd, enum color_choice color);
