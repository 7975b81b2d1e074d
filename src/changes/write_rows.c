/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The resources whose writes are reported, and the relevant parts of their bodies. To add one: a
 * row here, and its name in the key `changed` of the rules whose causes it explains
 * (diagnose/rules).
 */
#include "changes/writes.h"

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define APPS "apps", "extensions"
#define CORE "", NULL
#define ADMISSION "admissionregistration.k8s.io", NULL
#define RBAC "rbac.authorization.k8s.io", NULL

const struct write_row write_rows[] = {
	{ "deployments", APPS, "Deployment", false, PATHS("spec"), .workload = true },
	{ "statefulsets", "apps", NULL, "StatefulSet", false, PATHS("spec"), .workload = true },
	{ "daemonsets", APPS, "DaemonSet", false, PATHS("spec"), .workload = true },
	{ "replicasets", APPS, "ReplicaSet", false, PATHS("spec"), .workload = true },
	{ "jobs", "batch", NULL, "Job", false, PATHS("spec"), .workload = true },
	{ "cronjobs", "batch", NULL, "CronJob", false, PATHS("spec"), .workload = true },
	{ "nodes", CORE, "Node", false,
	  PATHS("spec.unschedulable", "spec.taints", "metadata.labels") },
	{ "namespaces", CORE, "Namespace", false, PATHS("metadata.labels") },
	{ "resourcequotas", CORE, "ResourceQuota", false, PATHS("spec") },
	{ "limitranges", CORE, "LimitRange", false, PATHS("spec") },
	{ "validatingwebhookconfigurations", ADMISSION, "ValidatingWebhookConfiguration", false,
	  PATHS("webhooks") },
	{ "mutatingwebhookconfigurations", ADMISSION, "MutatingWebhookConfiguration", false,
	  PATHS("webhooks") },
	{ "validatingadmissionpolicies", ADMISSION, "ValidatingAdmissionPolicy", false,
	  PATHS("spec") },
	{ "validatingadmissionpolicybindings", ADMISSION, "ValidatingAdmissionPolicyBinding", false,
	  PATHS("spec") },
	{ "configmaps", CORE, "ConfigMap", true, PATHS("data", "binaryData") },
	{ "secrets", CORE, "Secret", true, PATHS("data", "stringData") },
	{ "serviceaccounts", CORE, "ServiceAccount", false,
	  PATHS("imagePullSecrets", "automountServiceAccountToken") },
	{ "persistentvolumeclaims", CORE, "PersistentVolumeClaim", false, PATHS("spec") },
	{ "persistentvolumes", CORE, "PersistentVolume", false,
	  PATHS("spec.capacity", "spec.claimRef.name", "spec.nodeAffinity",
		"spec.persistentVolumeReclaimPolicy", "spec.storageClassName") },
	{ "storageclasses", "storage.k8s.io", NULL, "StorageClass", false,
	  PATHS("provisioner", "parameters", "volumeBindingMode", "allowedTopologies") },
	{ "networkpolicies", "networking.k8s.io", "extensions", "NetworkPolicy", false,
	  PATHS("spec") },
	{ "priorityclasses", "scheduling.k8s.io", NULL, "PriorityClass", false,
	  PATHS("value", "globalDefault", "preemptionPolicy") },
	{ "runtimeclasses", "node.k8s.io", NULL, "RuntimeClass", false,
	  PATHS("handler", "overhead", "scheduling") },
	{ "poddisruptionbudgets", "policy", NULL, "PodDisruptionBudget", false, PATHS("spec") },
	{ "horizontalpodautoscalers", "autoscaling", NULL, "HorizontalPodAutoscaler", false,
	  PATHS("spec") },
	{ "roles", RBAC, "Role", false, PATHS("rules") },
	{ "clusterroles", RBAC, "ClusterRole", false, PATHS("rules") },
	{ "rolebindings", RBAC, "RoleBinding", false, PATHS("subjects", "roleRef") },
	{ "clusterrolebindings", RBAC, "ClusterRoleBinding", false, PATHS("subjects", "roleRef") },
	{ "customresourcedefinitions", "apiextensions.k8s.io", NULL, "CustomResourceDefinition",
	  false, PATHS("spec.group", "spec.scope") },
};
const size_t n_write_rows = ARRAY_SIZE(write_rows);

const struct write_row *write_row_of(struct str resource, struct str group)
{
	for (size_t i = 0; i < n_write_rows; i++) {
		const struct write_row *row = &write_rows[i];

		if (str_eq(resource, str_from(row->resource)))
			return str_eq(group, str_from(row->group)) ||
				       (row->old_group && str_eq(group, str_from(row->old_group)))
				   ? row
				   : NULL;
	}
	return NULL;
}

const struct write_row *write_row_of_kind(struct str kind)
{
	for (size_t i = 0; i < n_write_rows; i++)
		if (str_eq(kind, str_from(write_rows[i].kind)))
			return &write_rows[i];
	return NULL;
}
