/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes whose clocks are slow, which is proven by pods that they saw before their creation. */
#include "base/mem.h"
#include "page/basis.h"
#include "page/phrase.h"

enum { NODES_SHOWN = 3 };

struct behind {
	struct str cluster, node;
	nsec behind;
};

/* The largest error comes first. */
static int by_behind(const void *a, const void *b)
{
	const struct behind *x = a, *y = b;
	int c = (x->behind < y->behind) - (x->behind > y->behind);

	c = c ? c : str_cmp(x->cluster, y->cluster);
	return c ? c : str_cmp(x->node, y->node);
}

void basis_clocks(struct buf *out, const struct context *c, const char *before)
{
	struct behind *list = mem_alloc((c->node_names.n + 1) * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < c->node_names.n; i++) {
		struct behind *b = &list[n];

		b->behind = context_clock_behind(&c->nodes[i]);
		str_cut(c->node_names.keys[i], 0, &b->cluster, &b->node);
		b->node.n -= b->node.n > 0; /* ends with NUL */
		n += b->behind > 0;
	}
	if (n)
		qsort(list, n, sizeof(*list), by_behind);
	for (size_t i = 0; i < MIN(n, (size_t)NODES_SHOWN); i++) {
		buf_printf(out, "%sthe clock of node " STR_FMT " is at least ", before,
			   STR_ARG(list[i].node));
		phrase_add_duration(out, list[i].behind, false);
		buf_printf(out, " behind: when its pods became ready is unknown\n");
	}
	if (n > NODES_SHOWN)
		buf_printf(out, "%sthe clocks of %zu more nodes are behind as well\n", before,
			   n - NODES_SHOWN);
	mem_free(list);
}
