/* SPDX-License-Identifier: Apache-2.0 */
/* What `lunettes timeline` reports of one pod, as a document of kind PodTimeline. */
#pragma once

#include "page/pod_story.h"

/* One object, without a newline. */
void story_json(struct buf *out, const struct story *s);
