/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outlet.h"

#include <unistd.h>

void outlet_open(struct outlet *s, struct pipeline *pipeline)
{
	s->pipeline = pipeline;
	sink_open(&s->out, STDOUT_FILENO, "standard output");
}

bool outlet_put(struct outlet *s, struct buf *buf, size_t least)
{
	if (buf->n < least)
		return true;
	if (isatty(STDOUT_FILENO))
		pipeline_end_progress(s->pipeline);
	sink_write(&s->out, buf_str(buf));
	buf_reset(buf);
	return s->out.state == SINK_OPEN;
}

int outlet_pods(struct outlet *s, outlet_observer *observe, void *ctx, struct err *err)
{
	const struct timeline *t;
	struct err ignored;
	int r;

	while ((r = pipeline_next(s->pipeline, &t, err)) > 0)
		if (!observe(ctx, t))
			return 0;
	if (r < 0)
		sink_close(&s->out, &ignored);
	return r;
}

int outlet_close(struct outlet *s, struct err *err)
{
	return sink_close(&s->out, err);
}
