/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of an audit event: everything that is read except its bodies. */
#pragma once

#include "json/reader.h"
#include "kube/record.h"

/* Bodies are raw JSON, p == NULL when absent. Lives as long as the line. */
struct audit {
	struct str kind, api_version, level, audit_id, stage, uri, verb, username, user_uid,
	    user_agent, impersonated;
	struct str resource, subresource, namespace, name, uid, api_group; /* objectRef */
	bool has_ref;
	int32_t code;
	struct str message; /* responseStatus.message */
	struct str cause;   /* the first message of responseStatus.details.causes */
	struct str request, response, items;
	nsec received, completed, timestamp, created; /* the last two are of the oldest versions */
	struct str cluster;			      /* annotations.cluster */
	struct str annotations;			      /* raw */
	bool truncated;
	struct str real_level, openshift; /* of OpenShift's collector, ViaQ; the latter is raw */
	/* derived from the above */
	enum origin origin;
	struct str node; /* of system:node:NODE */
	bool success, dry_run;
	bool dumped; /* no request, but an object of a dump (object.c) */
};

/* Reads an audit event. Returns false if it is no object. */
bool audit_envelope(struct json *j, struct audit *a);
/* Dry runs may be requested in DeleteOptions instead of the URI. */
bool audit_options_dry_run(struct json *j);
bool audit_is_write(const struct audit *a); /* by its verb */
