/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One text to records: audit.k8s.io Events (v1, v1beta1 and older without apiVersion), one by one
 * or as an EventList. The top-level keys are walked in any order, bodies are skipped at memory
 * speed, and only what objectRef says is about pods, Events, nodes or owners is looked into.
 *
 * Legal order: new, decode*, then the counters; free. One thread per decoder.
 */
#pragma once

#include "kube/context.h"
#include "kube/decode_config.h"
#include "kube/ingest.h"
#include "kube/survey.h"
#include "wrap/wrapper.h"

struct decoder;

struct decoder *decoder_new(const struct decode_config *config);
/* A line, or another text of a source. */
struct decode_text {
	struct str cluster; /* of the source; empty: that of the annotation of each record */
	struct str text;
	struct position position;
	bool unterminated; /* it is the end of the source, without a newline */
};

/* < 0 only from record(). */
int decoder_text(struct decoder *d, const struct decode_text *t, struct err *err);
struct ingest *decoder_ingest(struct decoder *d);
struct context *decoder_context(struct decoder *d);
struct survey *decoder_survey(struct decoder *d);
const struct wrapper_seen *decoder_wrappers(const struct decoder *d); /* as long as the decoder */
void decoder_free(struct decoder *d);
