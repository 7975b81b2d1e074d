/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What records keep of the objects that they are about: the essentials of Pods and of
 * PersistentVolumeClaims. Slices as in kube/record.h.
 */
#pragma once

#include "base/clock.h"

enum container_kind { CONTAINER_APP, CONTAINER_INIT, CONTAINER_SIDECAR, CONTAINER_EPHEMERAL };

struct container_spec {
	enum container_kind kind; /* a sidecar is an init container that restarts always */
	bool post_start, readiness_probe;
	struct str name, image;
	bool pre_stop, liveness_probe, startup_probe;
	uint64_t probed_by; /* seconds behind its start by which its startup and readiness probes
			       have succeeded, or failed; 0: it has none */
	int64_t cpu_milli, memory; /* its requests; memory in bytes */
};

/* The essentials of a Pod object's metadata and spec. */
struct pod_object {
	struct str uid, generate_name;
	nsec created; /* metadata.creationTimestamp: whole seconds; NSEC_NONE unknown */
	struct str owner_kind, owner_name; /* of the controlling ownerReference; empty: none */
	struct str labels;		   /* key\0value\0 ..., in order of the keys */
	/*
	 * Of a mirror pod (annotation kubernetes.io/config.mirror): the static pod's UID, by which
	 * the kubelet's Events name it. p == NULL: not a mirror pod.
	 */
	struct str mirror;
	struct str service; /* annotation resource.opentelemetry.io/service.name; p == NULL: none */
	bool has_spec; /* false for metadata alone; the rest is then unknown */
	bool job;      /* restartPolicy is not Always */
	bool stateful; /* a volume that is not secret, configMap, downwardAPI, emptyDir or projected
			*/
	bool gpu;      /* an app container asks for nvidia.com/gpu */
	bool host_network;
	uint32_t n_volumes, n_readiness_gates, n_scheduling_gates;
	int64_t cpu_milli, memory; /* sum of the app containers' requests; memory in bytes */
	int64_t grace;		   /* terminationGracePeriodSeconds; -1 not shown */
	struct str scheduler;	   /* schedulerName; p == NULL not shown */
	struct str claims;	   /* names of its persistentVolumeClaims, each with a NUL behind */
	struct str node;	   /* spec.nodeName; empty: not bound */
	const struct container_spec *containers; /* in the order in which they start: init first */
	size_t n_containers;
};

/* The essentials of a PersistentVolumeClaim. */
struct claim_object {
	struct str uid;
	nsec created;		  /* whole seconds; NSEC_NONE unknown */
	struct str storage_class; /* p == NULL: not shown; empty: none */
	struct str volume;	  /* spec.volumeName; empty: not bound */
	int64_t bytes;		  /* asked for; 0 unknown */
};
