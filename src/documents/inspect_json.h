/* SPDX-License-Identifier: Apache-2.0 */
/* The findings of `inspect` as a document of kind Inspection: lunettes-inspect(1). */
#pragma once

#include "page/inspection.h"

void inspect_json(struct buf *out, const struct inspection *i, struct table_style style);
