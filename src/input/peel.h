/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: removes compressions. Decoders are chosen by content, so a wrong file name, a
 * name without an extension and standard input make no difference.
 */
#pragma once

#include "input/stream.h"

struct peeled {
	struct stream *top; /* of plain bytes; the byte order mark was skipped */
	size_t skipped;	    /* length of the byte order mark */
	bool archive;	    /* top is one, for members_open */
	char form[64];	    /* "plain", "gzip", "gzip+zstd", "xz+tar archive" */
};

/*
 * Owns from afterwards. The decompression ratio is measured against the bytes of base, which is
 * `from` or a stream below it. False with the fault filled when the format is not supported.
 */
bool stream_peel(struct stream *from, const struct stream *base, const struct peel_config *config,
		 struct peeled *ret_peeled, struct stream_fault *fault);
