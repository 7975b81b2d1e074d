/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the machine behind texts_next, in four files of one direction: texts (lines)
 * on items (values of several lines, arrays) on window (bytes of a file) on files (of a source).
 */
#pragma once

#include "input/peel.h"

/* For tests: any stream (taken over), any block size. config's and peel's zeros are the defaults.
 */
struct texts *texts_of_stream(struct stream *base, const struct source *source,
			      const struct input_config *config, const struct peel_config *peel,
			      size_t block_size);
