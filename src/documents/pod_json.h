/* SPDX-License-Identifier: Apache-2.0 */
/* Private to documents/: keys that all documents about pods share. */
#pragma once

#include "documents/put.h"
#include "slo/delivery.h"

/* cluster, namespace, name, generateName, uid, node, workload. */
void pod_json_identity(struct json_writer *w, const struct timeline *t);
/* Of any object: cluster, namespace, name, uid. */
void object_json_identity(struct json_writer *w, const struct timeline *t);
/* Of a claim: cluster, namespace, name, uid, storageClass, volume, requestedBytes. */
void claim_json_identity(struct json_writer *w, const struct timeline *t);
/* Only storageClass, volume, requestedBytes; c: NULL is fine. */
void claim_json_volume(struct json_writer *w, const struct claim_object *c);
/* verdict, reason, code. */
void pod_json_verdict(struct json_writer *w, const struct timeline *t, const struct delivery *d);
/* seconds: total, delivery, user. */
void pod_json_seconds(struct json_writer *w, const struct delivery *d);
/* stage, subject, owner, start, end, seconds, precision, source; a pull has two more. */
void pod_json_stage(struct json_writer *w, const struct stage *s);
/* how, by, graceSeconds, overrunSeconds, finalizers. */
void pod_json_deletion(struct json_writer *w, const struct deletion *d);
/* how, by, containers, before, after. */
void pod_json_upgrade(struct json_writer *w, const struct upgrade *u);
