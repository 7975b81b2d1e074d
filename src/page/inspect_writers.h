/* SPDX-License-Identifier: Apache-2.0 */
/* The writers of the audit log, as a part of what `inspect` prints. */
#ifndef LUNETTES_PAGE_INSPECT_WRITERS_H
#define LUNETTES_PAGE_INSPECT_WRITERS_H

#include "page/inspection.h"

bool inspect_has_writers(const struct inspection *i);
void inspect_writers_text(struct page *p, const struct inspection *i);

/* All of them by cluster and name; to be freed with mem_free. */
const struct log_writer **inspect_writers(const struct context *c, size_t *ret_n);
bool writer_is_absent(const struct log_writer *w);
struct str writer_node(const struct log_writer *w); /* of a kubelet; empty: it is none */
const struct delays *writer_delays(const struct context *c, const struct log_writer *w);

#endif
