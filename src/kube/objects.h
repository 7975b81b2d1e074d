/* SPDX-License-Identifier: Apache-2.0 */
/* What records keep of Pods and PersistentVolumeClaims. Slices as in kube/record.h. */
#pragma once

#include "base/clock.h"

enum container_kind { CONTAINER_APP, CONTAINER_INIT, CONTAINER_SIDECAR, CONTAINER_EPHEMERAL };

struct container_spec {
	enum container_kind kind; /* a sidecar is an init container with restartPolicy Always */
	bool post_start, readiness_probe;
	struct str name, image;
	bool pre_stop, liveness_probe, startup_probe;
	uint64_t probed_by; /* seconds from the container's start until its startup and readiness
			       probes have succeeded or failed; 0: no probes */
	int64_t cpu_milli, memory; /* requests; memory in bytes */
};

/* The fields of a Pod's metadata and spec that are used. */
struct pod_object {
	struct str uid, generate_name;
	nsec created; /* metadata.creationTimestamp, 1 s resolution; NSEC_NONE: unknown */
	struct str owner_kind, owner_name; /* of the controlling ownerReference; empty: none */
	struct str labels;		   /* key\0value\0 ..., sorted by key */
	/* For mirror pods the static pod's UID (annotation kubernetes.io/config.mirror), which the
	 * kubelet's Events use. p == NULL: not a mirror pod. */
	struct str mirror;
	struct str service; /* annotation resource.opentelemetry.io/service.name; p == NULL: none */
	bool has_spec; /* false: only metadata, the rest is unknown */
	bool job;      /* restartPolicy is not Always */
	bool stateful; /* a volume that is not secret, configMap, downwardAPI, emptyDir or projected
			*/
	bool gpu;      /* an app container requests nvidia.com/gpu */
	bool host_network;
	uint32_t n_volumes, n_readiness_gates, n_scheduling_gates;
	int64_t cpu_milli, memory; /* sum of the app containers' requests; memory in bytes */
	int64_t grace;		   /* terminationGracePeriodSeconds; -1 not shown */
	struct str scheduler;	   /* schedulerName; p == NULL not shown */
	struct str claims;	   /* names of its PersistentVolumeClaims, each followed by a NUL */
	struct str node;	   /* spec.nodeName; empty: not bound */
	const struct container_spec *containers; /* in start order: init containers first */
	size_t n_containers;
};

/* The fields of a PersistentVolumeClaim that are used. */
struct claim_object {
	struct str uid;
	nsec created;		  /* 1 s resolution; NSEC_NONE: unknown */
	struct str storage_class; /* p == NULL: not shown; empty: none */
	struct str volume;	  /* spec.volumeName; empty: not bound */
	int64_t bytes;		  /* requested; 0: unknown */
};
