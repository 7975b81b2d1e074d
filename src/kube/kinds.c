/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/kinds.h"

/* clang-format off */
static const struct object_row rows[OBJECT_KINDS] = {
	[OBJECT_POD] = {
		{ "Pod", 3 }, { "pods", 4 }, { "", 0 },
		{ "pod", "pods", "POD", { "pod/", "pods/", "po/" }, "delivered", "Diagnosis" },
		body_pod, offsetof(struct ingest, podRecords), offsetof(struct ingest, objectPods),
		offsetof(struct cluster, status_writes), offsetof(struct cluster, status_bodies),
		.on_node = true, .labelled = true, .probed = true, .counted = true },
	[OBJECT_CLAIM] = {
		{ "PersistentVolumeClaim", 21 }, { "persistentvolumeclaims", 22 }, { "", 0 },
		{ "claim", "claims", "CLAIM",
		  { "pvc/", "pvcs/", "persistentvolumeclaim/", "persistentvolumeclaims/" },
		  "bound", "ClaimDiagnosis" },
		body_claim,
		offsetof(struct ingest, claimRecords), offsetof(struct ingest, objectClaims),
		offsetof(struct cluster, claim_writes),
		.own_facts = 1u << FACT_SELECTED | 1u << FACT_DELETING,
		.controller = { "persistent-volume-binder", 24 } },
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

const struct object_words *object_words(enum object_kind kind)
{
	return &rows[kind].words;
}

void object_attach(struct record *r, const struct body *b)
{
	r->object = r->kind == OBJECT_POD ? &b->pod : NULL;
	r->claim = r->kind == OBJECT_CLAIM ? &b->claim : NULL;
}

void object_count_status(const struct object_row *row, struct cluster *cluster, bool has_body)
{
	if (row->status_writes)
		++*(uint64_t *)(void *)((char *)cluster + row->status_writes);
	if (row->status_bodies && has_body)
		++*(uint64_t *)(void *)((char *)cluster + row->status_bodies);
}

uint64_t object_status_writes(const struct cluster *cluster, enum object_kind kind)
{
	size_t at = rows[kind].status_writes;

	return at ? *(const uint64_t *)(const void *)((const char *)cluster + at) : 0;
}

void object_count(struct ingest *ingest, size_t counter)
{
	++*(uint64_t *)(void *)((char *)ingest + counter);
}
