/* SPDX-License-Identifier: Apache-2.0 */
#include "wrap/wrapper.h"

static int cluster_order(const struct wrapper_cluster *c, size_t row, struct str name)
{
	if (c->row != row)
		return c->row < row ? -1 : 1;
	return str_cmp((struct str){ c->name, c->n }, name);
}

void wrapper_seen_cluster(struct wrapper_seen *seen, size_t row, struct str name)
{
	struct wrapper_cluster *list = seen->clusters;
	size_t at;
	int c = 1;

	name.n = MIN(name.n, (size_t)WRAPPER_CLUSTER_NAME_MAX);
	if (!name.n)
		return;
	for (at = 0; at < seen->n_clusters; at++)
		if ((c = cluster_order(&list[at], row, name)) >= 0)
			break;
	if (at == WRAPPER_CLUSTERS_MAX || (at < seen->n_clusters && c == 0))
		return;
	seen->n_clusters = MIN(seen->n_clusters + 1, (size_t)WRAPPER_CLUSTERS_MAX);
	memmove(&list[at + 1], &list[at], (seen->n_clusters - at - 1) * sizeof(*list));
	list[at].row = (uint32_t)row;
	list[at].n = (uint32_t)name.n;
	memcpy(list[at].name, name.p, name.n);
}

void wrapper_seen_merge(struct wrapper_seen *sum, const struct wrapper_seen *more)
{
	for (size_t i = 0; i < WRAPPER_ROWS_MAX; i++)
		sum->records[i] += more->records[i];
	for (size_t i = 0; i < more->n_clusters; i++)
		wrapper_seen_cluster(sum, more->clusters[i].row,
				     (struct str){ more->clusters[i].name, more->clusters[i].n });
}
