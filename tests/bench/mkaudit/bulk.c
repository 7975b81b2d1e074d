// SPDX-License-Identifier: Apache-2.0
#include "mkaudit.h"
#include <string.h>

static void put_object(struct mk *mk, const char *api, const char *kind, const char *namespace,
		       const char *name, int size)
{
	char id[40];
	put(mk,
	    "{'kind':'%s','apiVersion':'%s','metadata':{'name':'%s','namespace':'%s','uid':'%s','"
	    "resourceVersion':'%d',"
	    "'creationTimestamp':'2026-11-02T08:00:00Z','managedFields':[{'manager':'manager','"
	    "operation':'Update','apiVersion':'%s',"
	    "'time':'%s','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'.':{},'f:status':{'f:"
	    "conditions':{'k:{\\'type\\':\\'Ready\\'}':"
	    "{'.':{},'f:lastTransitionTime':{},'f:status':{}}}}}}}]},'data':{",
	    kind, api, name, namespace, uuid(mk, id), 1000 + below(mk, 1 << 28), api,
	    whole(mk->now).text);
	for (int i = 0; size > 0; i++, size -= 120)
		put(mk,
		    "%s'key-%03d.yaml':'type: Ready\\nstatus: \\'True\\'\\nvalue: %016" PRIx64
		    "-%d\\npath: /var/lib/app/{data}/%d\\n'",
		    i ? "," : "", i, rnd(mk), i, below(mk, 100000));
	put(mk, "}}");
}

struct bulk {
	int weight; /* of 1000 */
	const char *resource, *group, *api, *kind, *verb, *sub;
	int size; /* mean of a body's data, bytes */
	bool asked, answered;
	int items; /* of a list */
};

static const struct bulk bulks[] = {
	{ 330, "leases", "coordination.k8s.io", "coordination.k8s.io/v1", "Lease", "update", "",
	  180, true, true, 0 },
	{ 40, "nodes", "", "v1", "Node", "patch", "status", 7800, false, true, 0 },
	{ 20, "nodes", "", "v1", "Node", "get", "", 7000, false, true, 0 },
	{ 70, "configmaps", "", "v1", "ConfigMap", "update", "", 500, true, true, 0 },
	{ 150, "configmaps", "", "v1", "ConfigMap", "get", "", 900, false, true, 0 },
	{ 60, "endpointslices", "discovery.k8s.io", "discovery.k8s.io/v1", "EndpointSlice",
	  "update", "", 1500, true, true, 0 },
	{ 40, "replicasets", "apps", "apps/v1", "ReplicaSet", "update", "status", 1600, true, true,
	  0 },
	{ 80, "subjectaccessreviews", "authorization.k8s.io", "authorization.k8s.io/v1",
	  "SubjectAccessReview", "create", "", 120, true, true, 0 },
	{ 119, "secrets", "", "v1", "Secret", "watch", "", 0, false, false, 0 },
	{ 90, "services", "", "v1", "Service", "get", "", 300, false, true, 0 },
	{ 1, "configmaps", "", "v1", "ConfigMap", "list", "", 900, false, true, 150 },
};

static const struct bulk *choose_bulk(struct mk *mk)
{
	int at = below(mk, 1000);
	const struct bulk *b = bulks;
	while (at >= b->weight)
		at -= b++->weight;
	return b;
}

void put_bulk(struct mk *mk)
{
	const struct bulk *b = choose_bulk(mk);
	char user[40], uri[200], ref[300], name[32], namespace[24] = "kube-system";
	int id = below(mk, NODES);
	struct caller kubelet = kubelet_of(id, user);
	bool node = strcmp(b->resource, "nodes") == 0 || strcmp(b->resource, "leases") == 0;
	snprintf(name, sizeof(name), node ? "node-%02d" : "thing-%02d", id);
	snprintf(namespace, sizeof(namespace), "team-%02d", id % NAMESPACES);
	snprintf(uri, sizeof(uri), "/%s%s/namespaces/%s/%s/%s?timeout=10s\\u0026pretty=false",
		 *b->group ? "apis/" : "api/", b->api, namespace, b->resource, name);
	snprintf(ref, sizeof(ref),
		 "'resource':'%s','namespace':'%s','name':'%s',%s%s%s'apiVersion':'v1'%s%s%s",
		 b->resource, namespace, name, *b->group ? "'apiGroup':'" : "", b->group,
		 *b->group ? "'," : "", *b->sub ? ",'subresource':'" : "", b->sub,
		 *b->sub ? "'" : "");
	put_head(mk, uri, b->verb, node ? &kubelet : &controllers, ref,
		 strcmp(b->verb, "create") == 0 ? 201 : 200);
	if (b->asked) {
		put(mk, ",'requestObject':");
		put_object(mk, b->api, b->kind, namespace, name, (int)about(mk, b->size));
	}
	if (b->items) {
		put(mk,
		    ",'responseObject':{'kind':'%sList','apiVersion':'%s','metadata':{'"
		    "resourceVersion':'1'},'items':[",
		    b->kind, b->api);
		for (int i = 0; i < b->items; i++) {
			put(mk, i ? "," : "");
			put_object(mk, b->api, b->kind, namespace, name, (int)about(mk, b->size));
		}
		put(mk, "]}");
	} else if (b->answered) {
		put(mk, ",'responseObject':");
		put_object(mk, b->api, b->kind, namespace, name, (int)about(mk, b->size));
	}
	put_tail(mk, mk->now, mk->now + about(mk, 3 * MSEC), "");
}
