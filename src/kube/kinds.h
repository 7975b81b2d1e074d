/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of objects that have records, and so timelines, of their own: one row a kind says how
 * its bodies are read and which requests about it mean more than for others. Walks over
 * requests (audit_objects.c), dumps (object.c) and Events ask the row.
 */
#pragma once

#include "kube/body.h"
#include "kube/context.h"
#include "kube/ingest.h"

struct object_row {
	struct str name, resource, group;
	body_reader *read;
	size_t in_records, in_dumps; /* their counters in struct ingest */
	/* A write to its status was granted; NULL: that is not counted. */
	void (*count_status)(struct cluster *cluster, bool has_body);
	/*
	 * Facts (1u << enum fact_kind) that a write to the object itself sets. All others are of
	 * its status, which the API server takes only through the subresource.
	 */
	uint32_t own_facts;
	/*
	 * A scheduler places it, and a kubelet runs it: the kubelet knows of it before it can read
	 * it, and has stopped it when it deletes it. Its deletion has a grace period.
	 */
	bool on_node;
	bool labelled; /* what patches do to its labels are facts */
	bool probed;   /* every request that names it shows that it is there */
	bool counted;  /* creates and deletes that do not show its name are counted */
};

const struct object_row *object_row(enum object_kind kind);
const struct object_row *object_row_of_name(struct str name); /* or NULL */
const struct object_row *object_row_of_resource(struct str resource,
						struct str group); /* or NULL */
enum object_kind object_row_kind(const struct object_row *row);

/* The object of that body in a record of that kind; the body must outlive the record. */
void object_attach(struct record *r, const struct body *b);
void object_count(struct ingest *ingest, size_t counter);
