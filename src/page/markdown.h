/* SPDX-License-Identifier: Apache-2.0 */
/* Tables and sentences as GitHub's Markdown, with nothing in them that Markdown reads as its own.
 */
#ifndef LUNETTES_PAGE_MARKDOWN_H
#define LUNETTES_PAGE_MARKDOWN_H

#include "page/table.h"

/* Safe text (page/text.h) with its special characters escaped. */
void markdown_add_text(struct buf *out, struct str safe);
void markdown_add_title(struct buf *out, struct str title);
void markdown_add_paragraph(struct buf *out, struct str text);
/* A title line, then lines: their list. */
void markdown_add_list(struct buf *out, struct str lines);
/* All columns but those that are wide_only, which need style.wide. */
void markdown_add_table(struct buf *out, const struct table *t, struct table_style style);

#endif
