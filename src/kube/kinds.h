/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of objects that have records and timelines. Each row defines how to read bodies of a
 * kind and which requests about it are significant. The code for requests (audit_objects.c), dumps
 * (object.c) and Events consults the row instead of the kind.
 */
#pragma once

#include "kube/body.h"
#include "kube/context.h"
#include "kube/ingest.h"

struct object_row {
	struct str name, resource, group;
	struct object_words words;
	body_reader *read;
	size_t in_records, in_dumps; /* their counters in struct ingest */
	size_t status_writes; /* their counter in struct cluster; 0: not counted */
	size_t status_bodies; /* the same of those with a body */
	/* Facts (1u << enum fact_kind) that come from writes to the object itself. All others
	 * belong to its status, which can only be written through the subresource. */
	uint32_t own_facts;
	/* A scheduler places it and a kubelet runs it. The kubelet knows it before it reads it, and
	 * has stopped it when it deletes it. Deletions have a grace period. */
	bool on_node;
	bool labelled; /* patches of its labels become facts */
	bool probed;   /* any request with its name proves that it exists */
	struct str controller; /* that binds and releases it; empty: scheduler and kubelet */
	bool counted;  /* creates and deletes without its name are counted */
};

const struct object_row *object_row(enum object_kind kind);
const struct object_row *object_row_of_name(struct str name); /* or NULL */
const struct object_row *object_row_of_resource(struct str resource,
						struct str group); /* or NULL */
enum object_kind object_row_kind(const struct object_row *row);

/* Attaches the object of a body to a record; the body must outlive the record. */
void object_attach(struct record *r, const struct body *b);
/* One more granted write to the status of an object. */
void object_count_status(const struct object_row *row, struct cluster *cluster, bool has_body);
uint64_t object_status_writes(const struct cluster *cluster, enum object_kind kind);
void object_count(struct ingest *ingest, size_t counter);
