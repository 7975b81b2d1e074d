/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods as they come, to standard output while they come: what the commands that show pods one by
 * one have in common.
 *
 * Legal order: outlet_open, behind pipeline_read; outlet_pods; the last outlet_put; outlet_close.
 */
#ifndef LUNETTES_CLI_OUTLET_H
#define LUNETTES_CLI_OUTLET_H

#include "cli/pipeline.h"
#include "base/sink.h"

struct outlet {
	struct pipeline *pipeline;
	struct sink out;
};

void outlet_open(struct outlet *s, struct pipeline *pipeline);
/*
 * Writes and empties the buffer if it holds at least that much. False: nobody reads it any more, or
 * it cannot be written, and there is no use in going on.
 */
bool outlet_put(struct outlet *s, struct buf *buf, size_t least);
/* Each timeline to observe, until that says false. < 0: the records cannot be read; it is closed.
 */
typedef bool outlet_observer(void *ctx, const struct timeline *t);
int outlet_pods(struct outlet *s, outlet_observer *observe, void *ctx, struct err *err);
int outlet_close(struct outlet *s, struct err *err);

enum { OUTLET_CHUNK = 64 * 1024 }; /* what needs no widths goes out in pieces of about this size */

#endif
