/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes a text to records: audit.k8s.io Events (v1, v1beta1, and older ones without
 * apiVersion), single or as an EventList. Top-level keys are read in any order, bodies are
 * skipped quickly, and only bodies about pods, PVCs, Events, nodes or owners are parsed, as
 * objectRef shows.
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
/* A line, or another part of a source. */
struct decode_text {
	struct str cluster; /* of the source; empty: use the annotation of each record */
	struct str text;
	struct position position;
	bool unterminated; /* end of the source without a newline */
};

/* Returns < 0 only if record() does. */
int decoder_text(struct decoder *d, const struct decode_text *t, struct err *err);
struct ingest *decoder_ingest(struct decoder *d);
struct context *decoder_context(struct decoder *d);
struct survey *decoder_survey(struct decoder *d);
const struct wrapper_seen *decoder_wrappers(const struct decoder *d); /* lives as long as the
									 decoder */
void decoder_free(struct decoder *d);
