/* SPDX-License-Identifier: Apache-2.0 */
/* Who is missing from the log of a cluster, as a part of what the numbers are based on. */
#ifndef LUNETTES_PAGE_BASIS_WRITERS_H
#define LUNETTES_PAGE_BASIS_WRITERS_H

#include "page/basis.h"

/* A writer for people: without the parts that all names have; may live in text. */
struct str writer_words(const struct log_writer *w, struct buf *text);
/* Items of RESTS ON; none if no writer is missing. */
void basis_writers_text(struct page *p, const struct presence *presence, struct str cluster);
/* Those that are absent from a cluster's log; to be freed with mem_free. */
const struct log_writer **basis_absent_writers(const struct presence *p, struct str cluster,
					       size_t *ret_n);

#endif
