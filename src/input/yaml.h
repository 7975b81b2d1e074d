/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: YAML to JSON texts, one value after the other, in bounded memory. Each
 * document gives one text; a document that is a mapping with a sequence under the top-level key
 * "items", or is itself a sequence, gives one text an item as it comes, and nothing for the rest of
 * it. Sequences in such a sequence are flattened: a text is never an array there. A document with
 * no value, or with null, gives nothing.
 *
 * An item without a kind gets, at its end, the one that its list had before its items: "Pod" of a
 * "PodList".
 *
 * What plain scalars are, see json/plain.h. What JSON has no number for, and everything that is
 * quoted or has the tag !!str or !!binary, is a string; other tags mean nothing. An alias becomes
 * null, and a note says so: its target could be of any size.
 *
 * Damage costs the rest of its document, never the next one, which begins at the next line with
 * "---"; what was given before stays given. Bytes that YAML does not allow become '_'. A value that
 * the stream ends in is given as unterminated (its last scalar may be cut); if the stream
 * ended with a fault it is dropped, and a note says so.
 *
 * Legal order: open, next*, close. The stream is not taken over.
 */
#pragma once

#include "input/input.h"
#include "input/stream.h"

enum {
	/*
	 * Levels of a document, beyond which the rest of it is given up: libyaml's work for a token
	 * grows with the levels. A text may have JSON_WRITER_DEPTH, else it alone is dropped.
	 */
	YAML_DEPTH_MAX = 256,
	/*
	 * A scalar or a comment of more than 2 * record_max bytes and what libyaml reads ahead
	 * ends its document: libyaml would hold all of it.
	 */
	YAML_READ_AHEAD = 64 * 1024,
};

struct yaml;

/* What happens: kinds INPUT_MALFORMED, INPUT_OVERSIZE; detail lives until it returns. */
typedef void yaml_note(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		       const char *detail);

/* Does a file that begins like this hold YAML with objects of Kubernetes or records? */
bool yaml_is(struct str head);

struct yaml *yaml_open(struct stream *from, size_t record_max, yaml_note *note, void *ctx);
/*
 * > 0 a text (compact JSON; line and offset are where the value begins in the YAML, the line and
 * the byte of the stream; lives until the next call), 0 the end, < 0 the end with a fault of the
 * stream.
 */
int yaml_next(struct yaml *y, struct text *ret_text, struct stream_fault *fault);
void yaml_close(struct yaml *y);
