/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the decoder: one audit event's envelope, and who looks at which resource. */
#ifndef LUNETTES_KUBE_AUDIT_H
#define LUNETTES_KUBE_AUDIT_H

#include "kube/body.h"
#include "kube/decode.h"
#include "wrap/wrap.h"

/* The envelope as it stood; bodies are raw JSON, p == NULL when absent. Lives for the line. */
struct audit {
	struct str kind, api_version, level, audit_id, stage, uri, verb, username, user_uid,
	    user_agent, impersonated;
	struct str resource, subresource, namespace, name, uid, api_group; /* objectRef */
	bool has_ref;
	int32_t code;
	struct str message; /* responseStatus.message */
	struct str cause;   /* the first message of responseStatus.details.causes */
	struct str request, response, items;
	nsec received, completed, timestamp, created; /* the last two: of the oldest versions */
	struct str cluster;			      /* annotations.cluster */
	struct str annotations;			      /* raw */
	bool truncated;
	struct str real_level, openshift; /* of OpenShift's collector, ViaQ: the latter raw */
	/* made from the above */
	enum origin origin;
	struct str node; /* of system:node:NODE */
	bool success, dry_run;
	bool dumped; /* no request at all: an object of a dump (object.c) */
};

struct decoder {
	struct decode_config config;
	struct arena arena; /* line */
	struct ingest ingest;
	struct context context;
	struct survey survey;
	struct position position;
	const char *text;		/* where the text at hand begins: offsets count from here */
	const char *text_end, *counted; /* up to which position.line has been counted */
	struct str cluster;		/* of the source */
	struct wrap wrap;
};

/* One row a resource: who makes facts of its audit events. Returns < 0 only from emit. */
struct audit_handler {
	const char *resource;
	int (*handle)(struct decoder *d, const struct audit *a, struct err *err);
};

/* Sends a record; fills in what every record of this audit event shares. */
int audit_emit(struct decoder *d, const struct audit *a, struct record *r, struct err *err);
/* A raw body as a reader, true when it is an object. */
bool audit_body(struct decoder *d, struct str raw, struct json *ret_reader);

/* A body that was skipped well but cannot be walked: it is not used, and said so. */
void audit_bad_body(struct decoder *d, const struct json *j);

/* An audit event at the reader. False: it is no object. */
bool audit_envelope(struct json *j, struct audit *a);
/* The values of two of its keys. */
void audit_annotations(struct json *j, struct audit *a);
void audit_status(struct json *j, struct audit *a);
/* An envelope that is filled in: derived, counted, and given to who looks at its resource. */
int audit_dispatch(struct decoder *d, struct audit *a, struct err *err);
/* A text that is not ours. what: what it is instead (static), or NULL if that is not known. */
void audit_foreign(struct decoder *d, const char *what);
/* A text that begins like ours and is damaged. */
void audit_malformed(struct decoder *d, const char *what, size_t offset);

/*
 * What is no audit event: > 0 it was known, and has been decoded or counted; 0 it is none of these;
 * < 0 an error of emit. raw is a whole JSON object of which `a` holds the top-level keys.
 *
 * object_value: a Pod, a claim, an Event, a Node or an owner of pods, as dumps hold them
 * (object.c).
 */
int object_value(struct decoder *d, const struct audit *a, struct str raw, struct err *err);

/* What both audit events and dumps hold. An Event about a pod or a claim; what a node says of
 * itself. */
bool audit_event_wanted(const struct kube_event *e);
/* A pod that its kubelet calls Ready before it was created: that node's clock is behind. */
void audit_node_clock(struct decoder *d, const struct record *r);
void audit_node_event(struct decoder *d, const struct audit *a, const struct kube_event *e);
int audit_emit_event(struct decoder *d, const struct audit *a, const struct kube_event *e,
		     struct err *err);
void audit_node_body(struct decoder *d, const struct audit *a, struct str raw);

/* audit_common.c */

/* user.username of a write, or whom it impersonates; p == NULL: a read, or a kubelet's. */
struct str audit_actor(const struct audit *a);
/* Counts it: the window of the log, and who was present. */
void audit_presence(struct decoder *d, const struct audit *a);
/* What the request itself did, at the moment from which it counts. */
struct fact *audit_fact(struct facts *facts, const struct audit *a, enum fact_kind kind);
/* A dry run may be asked for in DeleteOptions (at the reader) instead of in the URI. */
bool audit_options_dry_run(struct json *j);
bool audit_delete_dry_run(struct decoder *d, const struct audit *a);

/* One object of an answer. < 0 only from emit. */
typedef int audit_item(void *ctx, struct str raw, struct err *err);
/* Lists, PartialObjectMetadataList and Table. 0: the answer is none of them; < 0 on an error. */
int audit_list(struct decoder *d, struct str response, audit_item *item, void *ctx,
	       struct err *err);

/* A patch that was granted: FACT_LABEL for each label that it sets or takes off. */
void audit_labels(struct decoder *d, const struct audit *a, struct facts *facts);

int audit_objects(struct decoder *d, const struct audit *a, struct err *err);
int audit_events(struct decoder *d, const struct audit *a, struct err *err);
int audit_nodes(struct decoder *d, const struct audit *a, struct err *err);
int audit_owners(struct decoder *d, const struct audit *a, struct err *err);

#endif
