/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of this program, and how they speak of audit events: a struct event becomes the JSON
 * that an API server would write, what the decoder makes of it becomes a line of text.
 * <check.h> comes first: prelude.h poisons what it declares.
 */
#pragma once

#include <check.h>

#include "base/buf.h"
#include "kube/codec.h"
#include "kube/decode.h"

TCase *body_tests(void);
TCase *changes_tests(void);
TCase *claims_tests(void);
TCase *codec_tests(void);
TCase *context_tests(void);
TCase *delay_tests(void);
TCase *envelope_tests(void);
TCase *events_tests(void);
TCase *ingest_tests(void);
TCase *order_tests(void);
TCase *others_tests(void);
TCase *pods_tests(void);
TCase *presence_tests(void);
TCase *quantity_tests(void);
TCase *refusal_tests(void);
TCase *lives_tests(void);
TCase *object_tests(void);
TCase *survey_tests(void);
TCase *writes_tests(void);

/* 2026-11-22T10:00:00Z; in the texts below times are seconds after it. */
#define T0 ((nsec)1795341600 * SECOND)

/*
 * What is NULL is left out, but for the defaults: a finished request (stage ResponseComplete, level
 * RequestResponse) of alice in namespace shop, received at 5.25 and answered at 5.3. "-" leaves a
 * default out. Bodies and `more` (",\"key\":value") are raw JSON.
 */
struct event {
	const char *verb, *resource, *subresource, *namespace, *name, *uid, *group;
	int code;
	const char *message, *user, *agent, *uri;
	const char *request, *response, *level, *stage, *more;
};

void event_json(const struct event *e, struct buf *out);

/*
 * The decoder's output. records has one line per record:
 *
 *	NAMESPACE/NAME [uid:U] [node:N] [cluster:C] STATUS [object] [claim] [maybe] | FACT | FACT...
 *
 * claim: about a claim; maybe: not known to be about a pod. Each FACT is
 *
 *	KIND[!][+] [subject:S] [reason:R] [message:M] [code:C] [count:N] [at:T/P] [begin:T] [by O]
 *
 * !: written, +: true; P is e, s or i for exact, second, inferred; O is the origin. counters has
 * those of the ingest that are about lost records, notes the messages about them.
 */
struct decoded {
	struct decoder *decoder;
	struct buf records, counters, notes, bytes;
	size_t n;
	struct record last; /* of bytes */
	struct arena arena;
};

void decoded_text(struct decoded *all, const char *cluster, struct str text, bool unterminated);
void decoded_event(struct decoded *all, const struct event *e);
void decoded_free(struct decoded *all);
uint64_t decoded_counter(const struct decoded *all, const char *key);

/* One event through a fresh decoder: it must give these records and these counters. */
void check_event(const struct event *e, const char *records, const char *counters);

uint64_t test_random(uint64_t *state); /* splitmix64 */
char *exact_copy(struct str s);

#define ck_assert_str(a, b)                                                                        \
	do {                                                                                       \
		struct str x_ = (a), y_ = (b);                                                     \
		ck_assert_msg(str_eq(x_, y_), "\n  " STR_FMT "\nis not\n  " STR_FMT, STR_ARG(x_),  \
			      STR_ARG(y_));                                                        \
	} while (0)
