/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the decoder, and who looks at which resource. */
#pragma once

#include "kube/body.h"
#include "kube/context.h"
#include "kube/decode_config.h"
#include "kube/envelope.h"
#include "kube/ingest.h"
#include "kube/survey.h"
#include "wrap/wrap.h"

struct object_row;

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

void audit_note(struct decoder *d, enum decode_note_kind kind, const char *what, size_t offset);
/* A body that was skipped well but cannot be walked: it is not used, which a note says. */
void audit_bad_body(struct decoder *d, const struct json *j);

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

/* audit_options_dry_run, or the same in the URI. */
bool audit_delete_dry_run(struct decoder *d, const struct audit *a);

/* A patch that was granted: FACT_LABEL for each label that it sets or removes. */
void audit_labels(struct decoder *d, const struct audit *a, struct facts *facts);

int audit_objects(struct decoder *d, const struct audit *a, const struct object_row *row,
		  struct err *err);
int audit_bindings(struct decoder *d, const struct audit *a, struct err *err);
int audit_events(struct decoder *d, const struct audit *a, struct err *err);
int audit_nodes(struct decoder *d, const struct audit *a, struct err *err);
int audit_owners(struct decoder *d, const struct audit *a, struct err *err);
