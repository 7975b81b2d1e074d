/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: YAML to JSON texts, one value after the other, in bounded memory. Each
 * document is one text. A document that is a sequence, or a mapping with a sequence under the
 * top-level key "items", yields one text for each item instead, and nothing for the rest of it.
 * Nested sequences are flattened there, because a text is never an array. A document with no value,
 * or with null, yields nothing.
 *
 * An item without a kind gets the one that precedes the items of its list: "Pod" of a "PodList". It
 * is the last key of the text.
 *
 * json/plain.h defines the types of plain scalars. A value that JSON cannot express as a number, a
 * quoted scalar, and one with the tag !!str or !!binary are strings; other tags are ignored. An
 * alias becomes null, with a note, because its target could have any size.
 *
 * Damage costs the rest of its document but never the next one, which begins at the next line with
 * "---"; texts that were already returned are kept. Bytes that YAML does not allow become '_'. A
 * value that is incomplete at the end of the stream is returned as unterminated (its last scalar
 * may be truncated). If the stream ended with a fault the value is dropped with a note.
 *
 * Legal order: open, next*, close. The stream is not owned.
 */
#pragma once

#include "input/input.h"
#include "input/stream.h"

enum {
	/*
	 * Nesting limit of a document; the rest of a deeper one is skipped, because libyaml's work
	 * per token grows with the depth. A text deeper than JSON_WRITER_DEPTH is dropped alone.
	 */
	YAML_DEPTH_MAX = 256,
	/* Beyond 2 * record_max plus this a scalar ends its document: libyaml keeps it whole. */
	YAML_READ_AHEAD = 64 * 1024,
};

struct yaml;

/* Kinds INPUT_MALFORMED, INPUT_OVERSIZE; detail is valid during the call. */
typedef void yaml_note(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		       const char *detail);

/* Whether a file that begins like this may contain YAML with Kubernetes objects or records. */
bool yaml_is(struct str head);

struct yaml *yaml_open(struct stream *from, size_t record_max, yaml_note *note, void *ctx);
/*
 * > 0 a text (compact JSON; line and offset of the value in the YAML, in lines and bytes of the
 * stream; valid until the next call), 0 the end, < 0 the end with a fault of the stream.
 */
int yaml_next(struct yaml *y, struct text *ret_text, struct stream_fault *fault);
void yaml_close(struct yaml *y);
