/* SPDX-License-Identifier: Apache-2.0 */
#include <archive.h> /* first: it brings <time.h>, some of which the prelude forbids */

#include "input/members.h"

#include "base/mem.h"

struct members {
	struct stream *from;
};

struct members *members_open(struct stream *from, const struct peel_config *config)
{
	struct members *m = mem_zalloc(sizeof(*m));

	m->from = from;
	return m;
}

int members_next(struct members *m, struct str *ret_name, struct stream_fault *fault)
{
	return 0;
}

struct stream *members_stream(struct members *m)
{
	return m->from;
}

uint64_t members_given(const struct members *m)
{
	return 0;
}

void members_close(struct members *m)
{
	if (!m)
		return;
	stream_close(m->from);
	mem_free(m);
}
