/* SPDX-License-Identifier: Apache-2.0 */
/* The writers of the audit log, as a part of what `inspect` prints. */
#ifndef LUNETTES_OUTPUT_INSPECT_WRITERS_H
#define LUNETTES_OUTPUT_INSPECT_WRITERS_H

#include "output/inspection.h"

bool inspect_has_writers(const struct inspection *i);
void inspect_writers_text(struct buf *out, const struct inspection *i, struct table_style style);
void inspect_writers_json(struct json_writer *w, const struct inspection *i); /* key writers */

#endif
