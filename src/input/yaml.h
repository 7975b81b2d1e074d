/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to input/: YAML to JSON texts, one value after the other, in bounded memory. Each
 * document gives one text; a document that is a mapping with a sequence under the top-level key
 * "items", or is itself a sequence, gives one text an item as it comes, and nothing for the rest of
 * it.
 *
 * Legal order: open, next*, close. The stream is not taken over.
 */
#ifndef LUNETTES_INPUT_YAML_H
#define LUNETTES_INPUT_YAML_H

#include "input/input.h"
#include "input/stream.h"

struct yaml;

/* What happens: kinds INPUT_MALFORMED, INPUT_OVERSIZE; detail lives until it returns. */
typedef void yaml_note(void *ctx, enum input_note_kind kind, uint64_t line, uint64_t offset,
		       const char *detail);

/* Does a file that begins like this hold YAML with objects of Kubernetes or records? */
bool yaml_is(struct str head);

struct yaml *yaml_open(struct stream *from, size_t record_max, yaml_note *note, void *ctx);
/*
 * > 0 a text (compact JSON; line and offset are where the value begins in the YAML; lives until the
 * next call), 0 the end, < 0 the end with a fault of the stream.
 */
int yaml_next(struct yaml *y, struct text *ret_text, struct stream_fault *fault);
void yaml_close(struct yaml *y);

#endif
