/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/kinds.h"

#include "kube/ingest.h"

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
static const struct object_row rows[] = {
	{ OBJECT_POD, { "Pod", 3 }, { "pods", 4 }, body_pod, offsetof(struct ingest, objectPods),
	  count_pod_status, .on_node = true, .labelled = true, .probed = true, .counted = true },
	{ OBJECT_CLAIM, { "PersistentVolumeClaim", 21 }, { "persistentvolumeclaims", 22 },
	  body_claim, offsetof(struct ingest, objectClaims), count_claim_status,
	  .own_facts = 1u << FACT_SELECTED | 1u << FACT_DELETING },
};
/* clang-format on */

const struct object_row *object_row_of_kind(struct str kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(rows[i].name, kind))
			return &rows[i];
	return NULL;
}

const struct object_row *object_row_of_resource(struct str resource)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (str_eq(rows[i].resource, resource))
			return &rows[i];
	return NULL;
}

void object_attach(const struct object_row *row, const struct body *b, struct record *r)
{
	r->object = row->kind == OBJECT_POD ? &b->pod : NULL;
	r->claim = row->kind == OBJECT_CLAIM ? &b->claim : NULL;
}
