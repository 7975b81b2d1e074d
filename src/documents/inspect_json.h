/* SPDX-License-Identifier: Apache-2.0 */
/* What `inspect` found, as a document of kind Inspection: lunettes-inspect(1). */
#ifndef LUNETTES_DOCUMENTS_INSPECT_JSON_H
#define LUNETTES_DOCUMENTS_INSPECT_JSON_H

#include "page/inspection.h"

void inspect_json(struct buf *out, const struct inspection *i);

#endif
