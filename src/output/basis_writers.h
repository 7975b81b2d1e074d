/* SPDX-License-Identifier: Apache-2.0 */
/* Who is missing from the log of a cluster, as a part of what the numbers are based on. */
#ifndef LUNETTES_OUTPUT_BASIS_WRITERS_H
#define LUNETTES_OUTPUT_BASIS_WRITERS_H

#include "output/basis.h"

/* A writer for people: without the parts that all names have; may live in text. */
struct str writer_words(const struct log_writer *w, struct buf *text);
/* Lines of RESTS ON, none where nobody is missing. */
void basis_writers_text(struct buf *out, const struct presence *p, struct str cluster,
			struct table_style style);
/* The items of a list: the names of those that are absent. */
void basis_writers_json(struct json_writer *w, const struct presence *p, struct str cluster);

#endif
