/* SPDX-License-Identifier: Apache-2.0 */
/* Options of a decoder, and the functions that receive its records, notes and audit events. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "kube/record.h"

enum {
	DECODE_MESSAGE_MAX = 1024, /* bytes kept of a message: Kubernetes' own NoteLengthLimit */
};

enum decode_note_kind {
	DECODE_MALFORMED, /* not JSON; what and offset give the details */
	DECODE_TORN,	  /* the last line of a source is incomplete */
	DECODE_RECOVERED, /* another record begins after a truncated one in the same line */
	DECODE_FOREIGN,	  /* not an audit event; what is its format, if known */
	DECODE_UNTIMED,	  /* an audit event without a timestamp */
	DECODE_BYTES,	  /* a text in a record is not UTF-8 */
	DECODE_JUMP,	  /* timestamps in a file jump back; made from the survey */
	DECODE_MIXED,	  /* records of two clusters are mixed; made from the survey */
};

struct decode_note {
	enum decode_note_kind kind;
	struct position position;
	const char *what; /* static text, or NULL */
	size_t offset;	  /* where in the text */
};

struct audit;

/* A finished request for an object, with a timestamp, before its records are sent. Everything lives
 * until the call returns. struct audit is in kube/envelope.h. Each decoder has its own ctx. */
typedef void decode_event(void *ctx, const struct audit *a, const struct position *position,
			  struct arena *line);

/* Bytes, in the arena, to attach to a record that is about to be sent. The codec and the timeline
 * carry them without knowing their format. All decoders share the ctx. */
typedef struct str decode_attach(const void *ctx, const struct audit *a, const struct record *r,
				 struct arena *line);

struct decode_config {
	/* Receives a record, which lives until the call returns. < 0 stops decoding. */
	int (*record)(void *ctx, const struct record *record, struct err *err);
	void (*note)(void *ctx, const struct decode_note *note);
	void *ctx;
	bool detailed;	       /* of the survey */
	decode_attach *attach; /* or NULL */
	const void *attach_ctx;
	decode_event *event; /* or NULL */
	void *event_ctx;
};
