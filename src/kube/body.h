/* SPDX-License-Identifier: Apache-2.0 */
/* Converts request and response bodies to facts. Results live as long as the line and its arena. */
#pragma once

#include "json/reader.h"
#include "kube/record.h"

/* A list of facts, allocated in the line's arena. */
struct facts {
	struct arena *arena;
	struct fact *list;
	size_t n, cap;
};

struct fact *facts_add(struct facts *facts, enum fact_kind kind); /* zeroed; its times are
								     NSEC_NONE */

/* Metadata and kind of any Kubernetes object. */
struct object_meta {
	struct str kind, namespace, name, generate_name, uid, resource_version;
	struct str owner_kind, owner_name; /* of the controlling owner, otherwise of the first
					      one */
	bool has_controller;
	struct str labels;		     /* key\0value\0 ..., sorted by key */
	struct str mirror, service;	     /* annotations of a pod */
	struct str old_class, selected_node; /* annotations of a PVC */
	struct str finalizers;		     /* raw JSON list; p == NULL: not shown */
	nsec created, deletion;
	int64_t grace;	    /* deletionGracePeriodSeconds; -1 not shown */
	bool reads_managed; /* input: also read `managed` */
	nsec managed;	    /* the latest time in managedFields */
};

#define OBJECT_META_NONE                                                                           \
	((struct object_meta){                                                                     \
	    .created = NSEC_NONE, .deletion = NSEC_NONE, .managed = NSEC_NONE, .grace = -1 })

/* Lists that are allocated in the line's arena while a Pod is read. */
struct pod_lists {
	struct container_spec *containers;
	size_t n_containers, containers_cap;
	struct claimed *claimed;
	size_t n_claimed, claimed_cap;
};

/* What one body shows of an object: the whole object, a patch, or PartialObjectMetadata. */
struct body {
	/* input */
	struct facts *facts;
	bool written; /* it is a request body: a merge patch is incomplete, and the client has set
			 its conditions and states just now */
	enum origin origin;
	/* output */
	struct object_meta meta;
	bool has_spec;
	struct pod_object pod;
	struct claim_object claim;
	struct pod_lists lists;
};

/* Reads the object at the reader's position. */
typedef void body_reader(struct json *j, struct body *b);
body_reader body_pod, body_claim;

/* Adds a fact to the current body. */
struct fact *body_fact(struct body *b, enum fact_kind kind);
/* Adds FACT_DELETING if the metadata have a deletionTimestamp. */
void body_deletion(struct body *b);

struct kube_event {
	struct object_meta meta;
	struct str kind, namespace, name, uid; /* of the involved object */
	struct str reason, message, type, field_path;
	struct str component, host;
	nsec first, last, event_time;
	uint32_t count;
	/* of the series and the reporting component; they take precedence in any order of the
	 * keys */
	struct str reporting;
	nsec series_last;
	uint32_t series_count;
};

/* A core/v1 or events.k8s.io/v1 Event. */
void body_event(struct json *j, struct kube_event *ret_event);

/* Event names end in nanoseconds in hex (client-go's recorders). */
bool event_name_time(struct str name, nsec *ret_at, struct str *ret_object);
/* spec.containers{web} returns web; false for other paths. */
bool event_container(struct str field_path, struct str *ret_container);

/* A Binding's target.name and metadata. */
void body_binding(struct json *j, struct object_meta *ret_meta, struct str *ret_node);

/* One item of the status.conditions of a pod or node. Returns false if it is no object. */
struct object_condition {
	struct str type, status, reason, message;
	nsec transition, heartbeat;
};

bool body_condition(struct json *j, struct object_condition *ret_condition);

/* One step of a JSON patch. Returns false if it is no object. */
struct patch_step {
	struct str op, path, value; /* value: raw JSON, may be null */
};

bool body_patch_step(struct json *j, struct patch_step *ret_step);

/* Reads the metadata of any object (used for owners) and skips the rest. */
void body_meta(struct json *j, struct object_meta *ret_meta);

/* Reads the value of the key "metadata". */
void body_metadata(struct json *j, struct object_meta *meta);
