/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: compressions are taken off. Decoders are chosen by content, so a wrong file
 * name, a name without an ending and standard input are all the same.
 */
#pragma once

#include "input/stream.h"

struct peeled {
	struct stream *top; /* of plain bytes; a byte order mark has been passed over */
	size_t skipped;	    /* bytes of the byte order mark */
	bool archive;	    /* top is one, for members_open */
	char form[64];	    /* "plain", "gzip", "gzip+zstd", "xz+tar archive" */
};

/*
 * Takes from over. The ratio of decompression is measured against the bytes of base, which is from
 * itself or what is below it. False with the fault filled when it is something that is not read.
 */
bool stream_peel(struct stream *from, const struct stream *base, const struct peel_config *config,
		 struct peeled *ret_peeled, struct stream_fault *fault);
