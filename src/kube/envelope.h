/* SPDX-License-Identifier: Apache-2.0 */
/* One audit event's envelope: all that is read of it but its bodies. */
#pragma once

#include "json/reader.h"
#include "kube/record.h"

/* The envelope as it is; bodies are raw JSON, p == NULL when absent. Lives for the line. */
struct audit {
	struct str kind, api_version, level, audit_id, stage, uri, verb, username, user_uid,
	    user_agent, impersonated;
	struct str resource, subresource, namespace, name, uid, api_group; /* objectRef */
	bool has_ref;
	int32_t code;
	struct str message; /* responseStatus.message */
	struct str cause;   /* the first message of responseStatus.details.causes */
	struct str request, response, items;
	nsec received, completed, timestamp, created; /* the last two: of the oldest versions */
	struct str cluster;			      /* annotations.cluster */
	struct str annotations;			      /* raw */
	bool truncated;
	struct str real_level, openshift; /* of OpenShift's collector, ViaQ: the latter raw */
	/* made from the above */
	enum origin origin;
	struct str node; /* of system:node:NODE */
	bool success, dry_run;
	bool dumped; /* no request at all: an object of a dump (object.c) */
};

/* An audit event at the reader. False: it is no object. */
bool audit_envelope(struct json *j, struct audit *a);
/* A dry run may be requested in DeleteOptions, at the reader, instead of in the URI. */
bool audit_options_dry_run(struct json *j);
bool audit_is_write(const struct audit *a); /* by its verb */
