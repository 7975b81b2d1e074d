/* SPDX-License-Identifier: Apache-2.0 */
/* The result of `lunettes timeline` about one pod, as a document of kind PodTimeline. */
#pragma once

#include "page/pod_story.h"

/* One line. */
void story_json(struct buf *out, const struct story *s, struct table_style style);
