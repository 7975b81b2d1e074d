/* SPDX-License-Identifier: Apache-2.0 */
/* Private to documents/: parts that several documents share. */
#pragma once

#include "diagnose/fleet.h"
#include "page/basis.h"
#include "trace/trace.h"
#include "base/quantile.h"
#include "documents/put.h"

/* null, or a duration that may be a lower bound. */
void put_value(struct json_writer *w, const char *key, bool known, struct quantile_value v);
/* The keys p50, p90, p99 and max. */
void put_percentiles(struct json_writer *w, struct quantile *q);
/* The keys file, line and auditID: the record of a fact. */
void put_record(struct json_writer *w, const struct basis *basis, struct position position,
		struct str audit_id);

/* A list, a number, a duration in seconds ... */
void put_attribute_value(struct json_writer *w, const struct attribute *a);
/* A period without records, which may have no start or no end. */
void put_gap(struct json_writer *w, struct gap gap);

/* The key "basis". */
void basis_json(struct json_writer *w, const struct basis *b);
/* The key "unread" alone, for documents without the basis. */
void basis_unread_json(struct json_writer *w, const struct basis *b);
/* The key "onset"; NULL: null. */
void onset_json(struct json_writer *w, const struct onset *onset, const struct basis *basis);
/* The keys totals of DiagnosisReport. */
void fleet_put_totals(struct json_writer *w, const struct fleet *f);
