/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scene: audit events, and the traces that a configuration makes of them. Times are seconds after
 * midnight.
 */
#pragma once

#include "suites.h"

#include "kube/codec.h"
#include "kube/decode.h"
#include "timeline/builder.h"
#include "spans/spans.h"

enum { RECORDS_MAX = 64 };

extern struct scene {
	struct span_configuration *config;
	struct decoder *decoder;
	struct buf keys[RECORDS_MAX], values[RECORDS_MAX];
	size_t n, at;
	struct timelines *timelines;
	const struct timeline *timeline;
	const struct span_run *runs;
	size_t n_runs;
	struct arena arena;
	int last;
} scene;

#define PODS "\"resource\":\"pods\",\"name\":\"p\""
#define POD(meta)                                                                                  \
	"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":"      \
	"\"ns\","                                                                                  \
	"\"uid\":\"u1\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"" meta                       \
	"},\"spec\":{\"schedulerName\":\"default-scheduler\",\"containers\":[{\"name\":\"web\","   \
	"\"image\":\"i\"},{\"name\":\"log\",\"image\":\"i\"}]}}"
#define OP(name) "{\"Type\":\"operation\",\"Operation\":\"" name "\"}"
#define EV(reason, rest) "{\"Type\":\"event\",\"Reason\":\"" reason "\"" rest "}"
#define ACTION(name, start, finish, spans, rest)                                                   \
	"{\"ObjectRef\":{\"Resource\":\"pods\",\"APIVersion\":\"v1\"},\"ActionType\":\"" name      \
	"\",\"LifeFlag\":{\"StartEvent\":[" start "],\"FinishEvent\":[" finish                     \
	"]},\"Spans\":[" spans "]" rest "}"
#define FROM_TO(name, start, end, rest)                                                            \
	"{\"Name\":\"" name "\",\"Type\":\"t-" name                                                \
	"\",\"Mode\":\"start-finish\",\"StartEvent\":[" start "],\"EndEvent\":[" end "]" rest "}"
#define CREATE(spans, rest)                                                                        \
	ACTION("C", OP("pod:create:success"), OP("condition:Ready:true"), spans, rest)
#define READY FROM_TO("ready", OP("pod:create:success"), OP("condition:Ready:true"), "")

void configure(const char *text);
void teardown(void);
void put(int at, const char *verb, const char *ref, int code, const char *request,
	 const char *response);
void created(int at);
void patched(int at, const char *status);
void condition(int at, const char *type);
void told(int at, const char *reason, const char *message);
void deleted(int at, int grace);
nsec second(int at);
nsec log_end(void);
void run(void);
const struct trace *trace_of(size_t i);
const struct span *span(const struct trace *t, const char *name, int start, int end);
