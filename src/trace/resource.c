/* SPDX-License-Identifier: Apache-2.0 */
/* One resource for each component, by OpenTelemetry's semantic conventions. */
#include "trace/draft.h"

#include "slo/dimension.h"

static const struct component_row {
	const char *service;
	bool on_node; /* one on each node */
} components[COMPONENT_COUNT] = {
	[COMPONENT_APISERVER] = { "kube-apiserver", false },
	[COMPONENT_SCHEDULER] = { "kube-scheduler", false },
	[COMPONENT_KUBELET] = { "kubelet", true },
	[COMPONENT_RUNTIME] = { "container-runtime", true },
	[COMPONENT_REGISTRY] = { "image-registry", false },
	[COMPONENT_CONTROLLER] = { "kube-controller-manager", false },
	[COMPONENT_FINALIZER] = { "kube-controller-manager", false },
	[COMPONENT_PROVISIONER] = { "volume-provisioner", false },
	[COMPONENT_WORKLOAD] = { NULL, true },
};

/*
 * Kinds that can own a pod, with their attributes, in the order of precedence for the name of the
 * service (semantic conventions, "Service attributes" of Kubernetes).
 */
static const struct {
	const char *kind, *key;
	bool names_service;
} kinds[] = {
	{ "Deployment", "k8s.deployment.name", true },
	{ "ReplicaSet", "k8s.replicaset.name", true },
	{ "StatefulSet", "k8s.statefulset.name", true },
	{ "DaemonSet", "k8s.daemonset.name", true },
	{ "CronJob", "k8s.cronjob.name", true },
	{ "Job", "k8s.job.name", true },
	{ "ReplicationController", "k8s.replicationcontroller.name", false },
};

/* The owner of that kind; empty: none is shown. */
static struct str above(const struct timeline *t, const char *kind)
{
	if (t->workload_kind.n && str_eq(t->workload_kind, str_from(kind)))
		return t->workload_name;
	if (t->object && t->object->owner_kind.n && str_eq(t->object->owner_kind, str_from(kind)))
		return t->object->owner_name;
	return STR("");
}

static struct str label(const struct timeline *t, const char *key)
{
	struct str rest = t->object ? t->object->labels : STR(""), name, value;

	while (rest.n && str_cut(rest, 0, &name, &rest) && str_cut(rest, 0, &value, &rest))
		if (str_eq(name, str_from(key)))
			return value;
	return STR("");
}

/* A rejected pod without a name is named by its generateName: web- gives web. */
static struct str name_of(const struct timeline *t)
{
	struct str name = t->name.n ? t->name : t->generate_name;

	while (name.n && name.p[name.n - 1] == '-' && !t->name.n)
		name.n--;
	return name.n ? name : STR("unknown_service");
}

/* In the order of the semantic conventions, without the container: a pod has several. */
static struct str service_of(const struct timeline *t)
{
	struct str name = t->object ? t->object->service : STR("");

	if (!name.n)
		name = label(t, "app.kubernetes.io/instance");
	if (!name.n)
		name = label(t, "app.kubernetes.io/name");
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !name.n; i++)
		if (kinds[i].names_service)
			name = above(t, kinds[i].kind);
	return name.n ? name : name_of(t);
}

static void workload(struct draft *d, struct resource *r, struct attribute_list *l)
{
	const struct timeline *t = d->t;
	bool known = !t->workload_kind.n;

	r->service = service_of(t);
	attribute_text(l, "service.namespace", t->namespace);
	attribute_text(l, "k8s.namespace.name", t->namespace);
	attribute_text(l, "k8s.pod.name", t->name);
	attribute_text(l, "k8s.pod.uid", t->uid);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		attribute_text(l, kinds[i].key, above(t, kinds[i].kind));
		known = known || str_eq(t->workload_kind, str_from(kinds[i].kind));
	}
	if (known)
		return;
	attribute_text(l, "lunettes.workload_kind", t->workload_kind);
	attribute_text(l, "lunettes.workload_name", t->workload_name);
}

/* The owner of the first finalizer: its domain; Kubernetes if it has none, or is its own. */
static struct str holder_of(struct str finalizers)
{
	struct str first = finalizers, domain, rest;

	str_cut(finalizers, ',', &first, &rest);
	if (!str_cut(first, '/', &domain, &rest) || !domain.n ||
	    str_ends(domain, STR("kubernetes.io")))
		return str_from(components[COMPONENT_FINALIZER].service);
	return domain;
}

static void platform(struct draft *d, struct resource *r, struct attribute_list *l,
		     enum component component, struct str about)
{
	struct str scheduler = d->t->object ? d->t->object->scheduler : STR("");

	r->service = str_from(components[component].service);
	attribute_text(l, "service.namespace", d->t->cluster.n ? d->t->cluster : STR("kubernetes"));
	if (component == COMPONENT_SCHEDULER && scheduler.n &&
	    !str_eq(scheduler, STR("default-scheduler")))
		r->service = scheduler;
	if (component == COMPONENT_FINALIZER)
		r->service = holder_of(about);
	if (component == COMPONENT_REGISTRY)
		attribute_text(l, "server.address", image_registry(about));
}

static bool same(const struct resource *a, const struct resource *b)
{
	if (!str_eq(a->service, b->service) || a->attributes.n != b->attributes.n)
		return false;
	for (size_t i = 0; i < a->attributes.n; i++)
		if (!str_eq(a->attributes.list[i].key, b->attributes.list[i].key) ||
		    !str_eq(a->attributes.list[i].text, b->attributes.list[i].text))
			return false;
	return true;
}

uint32_t draft_resource(struct draft *d, enum component component, struct str about)
{
	struct attribute_list l = { .arena = d->arena };
	struct resource r = { 0 };

	if (component == COMPONENT_WORKLOAD && d->t->kind != OBJECT_POD)
		component = COMPONENT_CONTROLLER;
	if (component == COMPONENT_WORKLOAD)
		workload(d, &r, &l);
	else
		platform(d, &r, &l, component, about);
	attribute_text(&l, "k8s.cluster.name", d->t->cluster);
	if (components[component].on_node)
		attribute_text(&l, "k8s.node.name", d->t->node);
	r.attributes = (struct attributes){ l.list, l.n };
	for (size_t i = 0; i < d->n_resources; i++)
		if (same(&d->resources[i], &r))
			return (uint32_t)i;
	arena_reserve(d->arena, d->resources, d->n_resources, d->resources_cap);
	d->resources[d->n_resources] = r;
	return (uint32_t)d->n_resources++;
}
