/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of requests and responses to facts: the inside of kube/decode.c. Everything that comes
 * back lives as long as the line and its arena.
 */
#ifndef LUNETTES_KUBE_BODY_H
#define LUNETTES_KUBE_BODY_H

#include "json/reader.h"
#include "kube/record.h"

/* A list of facts that grows in the line's arena. */
struct facts {
	struct arena *arena;
	struct fact *list;
	size_t n, cap;
};

struct fact *facts_add(struct facts *facts, enum fact_kind kind); /* zeroed, times NSEC_NONE */

/* What any Kubernetes object says of itself. */
struct object_meta {
	struct str kind, namespace, name, uid, owner_kind, owner_name;
	struct str resource_version;
	bool dumped;		    /* to be set: also look for `managed` */
	bool patch;		    /* to be set: what is missing may be there all the same */
	nsec managed;		    /* the latest time in managedFields */
	nsec created;		    /* of what is neither a Pod nor a claim; 0 not shown */
	bool deleting;		    /* has a deletionTimestamp */
	int64_t grace;		    /* deletionGracePeriodSeconds; -1 not shown */
	struct claim_object *claim; /* to be set: also look for these */
	struct str old_class, selected_node; /* annotations of a claim */
	struct str finalizers; /* what holds it while it is deleted, joined by ','; p == NULL: not
				  shown */
};

/*
 * One Pod, whole or a patch of one (a merge or strategic merge patch: what is missing is unknown),
 * or PartialObjectMetadata, at the reader. written: it stands in a request body, so its conditions
 * and container states are written facts; origin is the writer.
 */
void body_pod(struct json *j, struct facts *facts, bool written, enum origin origin,
	      struct object_meta *ret_meta, struct pod_object *ret_object);

/* A key of a container that ends with "Probe", and its value at the reader. */
void body_probe(struct json *j, struct str key, struct container_spec *c);

/* One PersistentVolumeClaim, in the same way. */
void body_claim(struct json *j, struct facts *facts, bool written, enum origin origin,
		struct object_meta *ret_meta, struct claim_object *ret_claim);

struct kube_event {
	struct str name, own_uid, resource_version; /* of its metadata */
	struct str kind, namespace, pod, uid;	    /* of the involved object */
	struct str reason, message, type, field_path;
	struct str component, host;
	nsec first, last, event_time;
	uint32_t count;
	/* what a series and the reporting component say; they win, wherever they stand */
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

/* metadata of any object (owners): the rest is skipped. */
void body_meta(struct json *j, struct object_meta *ret_meta);

/* One metadata object at the reader, into both; either may be NULL. Facts get FACT_DELETING. */
void body_metadata(struct json *j, struct facts *facts, struct object_meta *meta,
		   struct pod_object *object);

#endif
