/* SPDX-License-Identifier: Apache-2.0 */
/* Internals of the decoder, and the handlers of each resource. */
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
	struct arena arena; /* lives for one line */
	struct ingest ingest;
	struct context context;
	struct survey survey;
	struct position position;
	const char *text;		/* start of the current text: offsets are relative to it */
	const char *text_end, *counted; /* up to which position.line has been counted */
	struct str cluster;		/* of the source */
	struct wrap wrap;
};

/* Which function decodes the audit events of a resource. It returns < 0 only on errors of emit. */
struct audit_handler {
	const char *resource;
	int (*handle)(struct decoder *d, const struct audit *a, struct err *err);
};

/* Sends a record, after filling in the fields that all records of an audit event share. */
int audit_emit(struct decoder *d, const struct audit *a, struct record *r, struct err *err);
/* Opens a reader on a raw body. Returns true if it is an object. */
bool audit_body(struct decoder *d, struct str raw, struct json *ret_reader);

void audit_note(struct decoder *d, enum decode_note_kind kind, const char *what, size_t offset);
/* Notes a body that could be skipped but not parsed; it is not used. */
void audit_bad_body(struct decoder *d, const struct json *j);

/* Takes a filled-in envelope: derives fields, counts the event, calls the handler of its
 * resource. */
int audit_dispatch(struct decoder *d, struct audit *a, struct err *err);
/* A text that is neither an audit event nor an object. what (static) is its format, NULL if
 * unknown. */
void audit_foreign(struct decoder *d, const char *what);
/* A text that begins like an audit event and is damaged. */
void audit_malformed(struct decoder *d, const char *what, size_t offset);

/*
 * Decodes a JSON object that is not an audit event: a Pod, PVC, Event, Node or owner of pods as
 * dumps contain them (object.c). raw is the whole object; `a` has its top-level keys. Returns > 0
 * if it was decoded or counted, 0 if it is none of these, < 0 on an error of emit.
 */
int object_value(struct decoder *d, const struct audit *a, struct str raw, struct err *err);

/* Shared by audit events and dumps. True for an Event about a pod or PVC. */
bool audit_event_wanted(const struct kube_event *e);
/* Records that a node's clock is slow: its kubelet reported a pod Ready before its creation. */
void audit_node_clock(struct decoder *d, const struct record *r);
void audit_node_event(struct decoder *d, const struct audit *a, const struct kube_event *e);
int audit_emit_event(struct decoder *d, const struct audit *a, const struct kube_event *e,
		     struct err *err);
void audit_node_body(struct decoder *d, const struct audit *a, struct str raw);

/* audit_options_dry_run, or the same in the URI. */
bool audit_delete_dry_run(struct decoder *d, const struct audit *a);

/* Adds a FACT_LABEL for each label that a successful patch sets or removes. */
void audit_labels(struct decoder *d, const struct audit *a, struct facts *facts);

int audit_objects(struct decoder *d, const struct audit *a, const struct object_row *row,
		  struct err *err);
int audit_bindings(struct decoder *d, const struct audit *a, struct err *err);
int audit_events(struct decoder *d, const struct audit *a, struct err *err);
int audit_nodes(struct decoder *d, const struct audit *a, struct err *err);
int audit_owners(struct decoder *d, const struct audit *a, struct err *err);
