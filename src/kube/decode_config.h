/* SPDX-License-Identifier: Apache-2.0 */
/* What a decoder makes, and who receives it: records, notes, finished requests. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "kube/record.h"

enum {
	DECODE_MESSAGE_MAX = 1024, /* bytes kept of a message: Kubernetes' own NoteLengthLimit */
};

enum decode_note_kind {
	DECODE_MALFORMED, /* not JSON: what and offset say where */
	DECODE_TORN,	  /* the last line of a source is not whole */
	DECODE_RECOVERED, /* behind a torn record, in the same line, another one begins */
	DECODE_FOREIGN,	  /* no audit event; what: what it is, if that is known */
	DECODE_UNTIMED,	  /* an audit event without any time */
	DECODE_BYTES,	  /* what was taken from a record is not UTF-8 */
	DECODE_JUMP,	  /* the records of a file go far back in time; made from the survey */
	DECODE_MIXED,	  /* records of another cluster between those of one; likewise */
};

struct decode_note {
	enum decode_note_kind kind;
	struct position position;
	const char *what; /* static text, or NULL */
	size_t offset;	  /* in the text, of what is wrong */
};

struct audit;

/*
 * A finished request for an object, with a time, before its records are sent. It lives until the
 * call returns, as does what is in the arena; struct audit is in kube/envelope.h. Each decoder
 * calls with its own ctx.
 */
typedef void decode_event(void *ctx, const struct audit *a, const struct position *position,
			  struct arena *line);

/*
 * Bytes to attach to a record that is about to be sent; they live in the arena. Only their owner
 * knows their format: the codec and the timeline carry them. All decoders call with the same ctx.
 */
typedef struct str decode_attach(const void *ctx, const struct audit *a, const struct record *r,
				 struct arena *line);

struct decode_config {
	/* A record; it lives until the call returns. < 0 ends decoding. */
	int (*record)(void *ctx, const struct record *record, struct err *err);
	void (*note)(void *ctx, const struct decode_note *note);
	void *ctx;
	bool detailed;	       /* of the survey */
	decode_attach *attach; /* or NULL */
	const void *attach_ctx;
	decode_event *event; /* or NULL */
	void *event_ctx;
};
