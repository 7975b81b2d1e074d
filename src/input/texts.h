/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: the implementation of texts_next, in four layers: texts (lines), items
 * (multi-line values, arrays), window (bytes of a file), files (of a source).
 */
#pragma once

#include "input/peel.h"

/* For tests: any stream (owned afterwards), any block size. Zeros in config are the defaults. */
struct texts *texts_of_stream(struct stream *base, const struct source *source,
			      const struct input_config *config, const struct peel_config *peel,
			      size_t block_size);
