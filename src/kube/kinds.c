/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/kinds.h"

static void count_pod_status(struct cluster *cluster, bool has_body)
{
	cluster->status_writes++;
	cluster->status_bodies += has_body;
}

static void count_claim_status(struct cluster *cluster, bool has_body)
{
	cluster->claim_writes++;
}

/* clang-format off */
static const struct object_row rows[OBJECT_KINDS] = {
	[OBJECT_POD] = {
		{ "Pod", 3 }, { "pods", 4 }, { "", 0 }, body_pod,
		offsetof(struct ingest, podRecords), offsetof(struct ingest, objectPods),
		count_pod_status, .on_node = true, .labelled = true, .probed = true,
		.counted = true },
	[OBJECT_CLAIM] = {
		{ "PersistentVolumeClaim", 21 }, { "persistentvolumeclaims", 22 }, { "", 0 },
		body_claim,
		offsetof(struct ingest, claimRecords), offsetof(struct ingest, objectClaims),
		count_claim_status, .own_facts = 1u << FACT_SELECTED | 1u << FACT_DELETING },
};
/* clang-format on */

const struct object_row *object_row(enum object_kind kind)
{
	return &rows[kind];
}

enum object_kind object_row_kind(const struct object_row *row)
{
	return (enum object_kind)(row - rows);
}

const struct object_row *object_row_of_name(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(rows[i].name, name))
			return &rows[i];
	return NULL;
}

/* metrics.k8s.io also has a resource named pods. */
const struct object_row *object_row_of_resource(struct str resource, struct str group)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(rows[i].resource, resource) && str_eq(rows[i].group, group))
			return &rows[i];
	return NULL;
}

void object_attach(struct record *r, const struct body *b)
{
	r->object = r->kind == OBJECT_POD ? &b->pod : NULL;
	r->claim = r->kind == OBJECT_CLAIM ? &b->claim : NULL;
}

void object_count(struct ingest *ingest, size_t counter)
{
	++*(uint64_t *)(void *)((char *)ingest + counter);
}
