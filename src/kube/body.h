/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of requests and responses to facts: the inside of kube/decode.c. Everything that comes
 * back lives as long as the line and its arena.
 */
#pragma once

#include "json/reader.h"
#include "kube/record.h"

/* A list of facts that grows in the line's arena. */
struct facts {
	struct arena *arena;
	struct fact *list;
	size_t n, cap;
};

struct fact *facts_add(struct facts *facts, enum fact_kind kind); /* zeroed, times NSEC_NONE */

/* The metadata of any Kubernetes object, and its kind. */
struct object_meta {
	struct str kind, namespace, name, generate_name, uid, resource_version;
	struct str owner_kind, owner_name; /* of the controlling owner, else of the first one */
	bool has_controller;
	struct str labels;		     /* key\0value\0 ..., in order of the keys */
	struct str mirror, service;	     /* annotations of a pod */
	struct str old_class, selected_node; /* and of a claim */
	struct str finalizers;		     /* a list as it is written; p == NULL: not shown */
	nsec created, deletion;
	int64_t grace;	    /* deletionGracePeriodSeconds; -1 not shown */
	bool reads_managed; /* to be set: also look for `managed` */
	nsec managed;	    /* the latest time in managedFields */
};

#define OBJECT_META_NONE                                                                           \
	((struct object_meta){                                                                     \
	    .created = NSEC_NONE, .deletion = NSEC_NONE, .managed = NSEC_NONE, .grace = -1 })

/* Lists that grow in the line's arena while a Pod is read. */
struct pod_lists {
	struct container_spec *containers;
	size_t n_containers, containers_cap;
	struct claimed *claimed;
	size_t n_claimed, claimed_cap;
};

/* What one body shows of an object: whole, a patch of one, or PartialObjectMetadata. */
struct body {
	/* to be set */
	struct facts *facts;
	bool written; /* it is of a request: a merge patch does not show all, and who sent it wrote
			 its conditions and states now */
	enum origin origin;
	/* read */
	struct object_meta meta;
	bool has_spec;
	struct pod_object pod;
	struct claim_object claim;
	struct pod_lists lists;
};

/* The object at the reader. */
typedef void body_reader(struct json *j, struct body *b);
body_reader body_pod, body_claim;

/* A fact of the body at hand. */
struct fact *body_fact(struct body *b, enum fact_kind kind);
/* FACT_DELETING, where the metadata show that the object is being deleted. */
void body_deletion(struct body *b);

struct kube_event {
	struct object_meta meta;
	struct str kind, namespace, name, uid; /* of the involved object */
	struct str reason, message, type, field_path;
	struct str component, host;
	nsec first, last, event_time;
	uint32_t count;
	/* of the series and the reporting component; they win, whatever the order of the keys */
	struct str reporting;
	nsec series_last;
	uint32_t series_count;
};

/* A core/v1 or events.k8s.io/v1 Event. */
void body_event(struct json *j, struct kube_event *ret_event);

/* The nanoseconds that client-go's recorders put behind the last dot of an Event's name, in hex. */
bool event_name_time(struct str name, nsec *ret_at, struct str *ret_object);
/* spec.containers{web} gives web; false for anything else. */
bool event_container(struct str field_path, struct str *ret_container);

/* A Binding's target.name and metadata. */
void body_binding(struct json *j, struct object_meta *ret_meta, struct str *ret_node);

/* One item of a status's conditions, of a pod or a node. False: it is no object. */
struct object_condition {
	struct str type, status, reason, message;
	nsec transition, heartbeat;
};

bool body_condition(struct json *j, struct object_condition *ret_condition);

/* One step of a JSON patch. False: it is no object. */
struct patch_step {
	struct str op, path, value; /* value: as it is written, also null */
};

bool body_patch_step(struct json *j, struct patch_step *ret_step);

/* metadata of any object (owners): the rest is skipped. */
void body_meta(struct json *j, struct object_meta *ret_meta);

/* The value of the key "metadata". */
void body_metadata(struct json *j, struct object_meta *meta);
