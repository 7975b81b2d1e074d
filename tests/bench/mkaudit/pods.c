// SPDX-License-Identifier: Apache-2.0
#include "mkaudit.h"
#include <string.h>

/* The pod's state, for its body. */
enum state { NEW, BOUND, CREATING, RUNNING, READY, FAILING, LEAVING, ENDED };

static void put_meta(struct mk *mk, const struct pod *p, const struct workload *w, bool asked)
{
	if (asked)
		put(mk, "'metadata':{'generateName':'%s-','creationTimestamp':null", w->owner);
	else
		put(mk,
		    "'metadata':{'name':'%s','generateName':'%s-','namespace':'%s','uid':'%s','"
		    "resourceVersion':'%d',"
		    "'creationTimestamp':'%s'",
		    p->name, w->owner, w->namespace, p->uid, p->version, whole(p->created).text);
	if (!asked && p->deleted)
		put(mk, ",'deletionTimestamp':'%s','deletionGracePeriodSeconds':30",
		    whole(p->deleted + 30 * SECOND).text);
	put(mk,
	    ",'labels':{'app':'%s',%s%s','team':'%s'},'ownerReferences':[{'apiVersion':'%s','kind':"
	    "'%s','name':'%s','uid':'%s',"
	    "'controller':true,'blockOwnerDeletion':true}]",
	    w->name, w->job ? "'job-name':'" : "'pod-template-hash':'",
	    w->job ? w->owner : w->owner + strlen(w->name) + 1, w->namespace,
	    w->job ? "batch/v1" : "apps/v1", w->job ? "Job" : "ReplicaSet", w->owner, w->owner_uid);
}

static void put_managed(struct mk *mk, const struct pod *p, const struct workload *w,
			enum state state)
{
	put(mk,
	    ",'managedFields':[{'manager':'kube-controller-manager','operation':'Update','"
	    "apiVersion':'v1','time':'%s',"
	    "'fieldsType':'FieldsV1','fieldsV1':",
	    whole(p->created).text);
	puts_raw(mk, w->fields);
	put(mk, "}");
	if (state >= CREATING)
		put(mk,
		    ",{'manager':'kubelet','operation':'Update','apiVersion':'v1','time':'%s','"
		    "fieldsType':'FieldsV1','fieldsV1':{"
		    "'f:status':{'f:conditions':{'k:{\\'type\\':\\'ContainersReady\\'}':{'.':{},'f:"
		    "lastProbeTime':{},"
		    "'f:lastTransitionTime':{},'f:status':{},'f:type':{}},'k:{\\'type\\':\\'"
		    "Initialized\\'}':{'.':{},"
		    "'f:lastProbeTime':{},'f:lastTransitionTime':{},'f:status':{},'f:type':{}},'k:{"
		    "\\'type\\':\\'Ready\\'}':{'.':{},"
		    "'f:lastProbeTime':{},'f:lastTransitionTime':{},'f:status':{},'f:type':{}}},'f:"
		    "containerStatuses':{},'f:hostIP':{},"
		    "'f:hostIPs':{},'f:phase':{},'f:podIP':{},'f:podIPs':{},'f:startTime':{}}},'"
		    "subresource':'status'}",
		    whole(p->created).text);
	put(mk, "]}");
}

static void put_condition(struct mk *mk, const char *type, bool is, int64_t since, bool last)
{
	put(mk, "{'type':'%s','status':'%s','lastProbeTime':null,'lastTransitionTime':'%s'%s}%s",
	    type, is ? "True" : "False", whole(since).text,
	    is ? ""
	       : ",'reason':'ContainersNotReady','message':'containers with unready status: [c0]'",
	    last ? "" : ",");
}

static void put_status(struct mk *mk, const struct pod *p, const struct workload *w,
		       enum state state, int64_t now)
{
	static const char *const phases[] = { "Pending", "Pending", "Pending", "Running",
					      "Running", "Pending", "Running", "Succeeded" };
	bool ready = state == READY || (state == LEAVING && p->ready),
	     up = state >= RUNNING && state != FAILING;
	int64_t since = ready ? p->ready - p->ready % SECOND : p->created;
	put(mk, "'status':{'phase':'%s'", phases[state]);
	if (state >= CREATING) {
		put(mk, ",'conditions':[");
		put_condition(mk, "PodReadyToStartContainers", up, p->created, false);
		put_condition(mk, "Initialized", true, p->created, false);
		put_condition(mk, "Ready", ready, since, false);
		put_condition(mk, "ContainersReady", ready, since, false);
		put_condition(mk, "PodScheduled", true, p->created, true);
		put(mk,
		    "],'hostIP':'10.0.1.%d','hostIPs':[{'ip':'10.0.1.%d'}],'startTime':'%s','"
		    "containerStatuses':[",
		    p->node, p->node, whole(p->created).text);
		for (int i = 0; i < w->containers; i++) {
			put(mk, "%s{'name':'c%d','state':{", i ? "," : "", i);
			if (state == ENDED)
				put(mk,
				    "'terminated':{'exitCode':0,'reason':'Completed','startedAt':'%"
				    "s','finishedAt':'%s'}",
				    whole(p->started ? p->started : now).text, whole(now).text);
			else if (up)
				put(mk, "'running':{'startedAt':'%s'}", whole(p->started).text);
			else
				put(mk, "'waiting':{'reason':'%s'}",
				    state == FAILING ? "ImagePullBackOff" : "ContainerCreating");
			put(mk,
			    "},'lastState':{},'ready':%s,'restartCount':0,'image':'%s','imageID':'%"
			    "s','started':%s}",
			    ready ? "true" : "false", w->image,
			    up ? "registry.example/app@sha256:0b3a6df0a2" : "",
			    up ? "true" : "false");
		}
		put(mk, "]");
	}
	put(mk, ",'qosClass':'Burstable'}");
}

static void put_pod(struct mk *mk, const struct pod *p, const struct workload *w, enum state state,
		    int64_t now)
{
	put(mk, "{'kind':'Pod','apiVersion':'v1',");
	put_meta(mk, p, w, false);
	put_managed(mk, p, w, state);
	put(mk, ",'spec':{");
	puts_raw(mk, w->spec);
	if (state >= BOUND)
		put(mk, ",'nodeName':'node-%02d'", p->node);
	put(mk, "},");
	put_status(mk, p, w, state, now);
	put(mk, "}");
}

struct names {
	char uri[200], ref[300];
};

static struct names pod_names(const struct pod *p, const struct workload *w, const char *sub)
{
	struct names n;
	snprintf(n.uri, sizeof(n.uri), "/api/v1/namespaces/%s/pods/%s%s%s", w->namespace, p->name,
		 *sub ? "/" : "", sub);
	snprintf(n.ref, sizeof(n.ref),
		 "'resource':'pods','namespace':'%s','name':'%s','apiVersion':'v1'%s%s%s",
		 w->namespace, p->name, *sub ? ",'subresource':'" : "", sub, *sub ? "'" : "");
	return n;
}

void put_create(struct mk *mk, struct pod *p, const struct workload *w, int64_t now, bool refused)
{
	char uri[80], ref[120];
	snprintf(uri, sizeof(uri), "/api/v1/namespaces/%s/pods", w->namespace);
	snprintf(ref, sizeof(ref), "'resource':'pods','namespace':'%s','apiVersion':'v1'",
		 w->namespace);
	put_head(mk, uri, "create", &replicasets, ref, refused ? 403 : 201);
	if (refused) { /* the response is a Status: its message is in responseStatus as well */
		mk->used -= strlen("'code':403}");
		put(mk,
		    "'status':'Failure','message':'pods \\'%s\\' is forbidden: exceeded quota: "
		    "team, requested: pods=1, used: pods=90, "
		    "limited: "
		    "pods=90','reason':'Forbidden','details':{'name':'%s','kind':'pods'},'code':"
		    "403}",
		    p->name, p->name);
	}
	put(mk, ",'requestObject':{'kind':'Pod','apiVersion':'v1',");
	put_meta(mk, p, w, true);
	put(mk, "},'spec':{");
	puts_raw(mk, w->spec);
	put(mk, "},'status':{}},'responseObject':");
	if (refused)
		put(mk,
		    "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure','message':"
		    "'pods \\'%s\\' is forbidden: "
		    "exceeded quota: team, requested: pods=1, used: pods=90, limited: "
		    "pods=90','reason':'Forbidden','details':{'name':"
		    "'%s','kind':'pods'},'code':403}",
		    p->name, p->name);
	else
		put_pod(mk, p, w, NEW, now);
	p->created_done = now + about(mk, 9 * MSEC);
	put_tail(
	    mk, now, p->created_done,
	    "RBAC: allowed by ClusterRoleBinding \\'system:controller:replicaset-controller\\'");
}

static void put_bind(struct mk *mk, const struct pod *p, const struct workload *w, int64_t now)
{
	struct names n = pod_names(p, w, "binding");
	put_head(mk, n.uri, "create", &scheduler, n.ref, 201);
	put(mk,
	    ",'requestObject':{'kind':'Binding','apiVersion':'v1','metadata':{'name':'%s','"
	    "namespace':'%s','uid':'%s',"
	    "'creationTimestamp':null},'target':{'kind':'Node','name':'node-%02d'}},'"
	    "responseObject':{'kind':'Status','apiVersion':"
	    "'v1','metadata':{},'status':'Success','code':201}",
	    p->name, w->namespace, p->uid, p->node);
	put_tail(mk, now, now + about(mk, 6 * MSEC),
		 "RBAC: allowed by ClusterRoleBinding \\'system:kube-scheduler\\'");
}

static void put_event_body(struct mk *mk, struct pod *p, const struct workload *w,
			   const char *reason, const char *message, int count, bool asked,
			   int64_t now)
{
	char id[40];
	put(mk,
	    "{'kind':'Event','apiVersion':'v1','metadata':{'name':'%s.%" PRIx64
	    "','namespace':'%s',",
	    p->name, (uint64_t)p->event, w->namespace);
	if (asked)
		put(mk, "'creationTimestamp':null}");
	else
		put(mk,
		    "'uid':'%s','resourceVersion':'%d','creationTimestamp':'%s','managedFields':[{'"
		    "manager':'kubelet','operation':"
		    "'Update','apiVersion':'v1','time':'%s','fieldsType':'FieldsV1','fieldsV1':{'f:"
		    "count':{},'f:firstTimestamp':{},"
		    "'f:involvedObject':{},'f:lastTimestamp':{},'f:message':{},'f:reason':{},'f:"
		    "reportingComponent':{},"
		    "'f:reportingInstance':{},'f:source':{'f:component':{},'f:host':{}},'f:type':{}"
		    "}}]}",
		    uuid(mk, id), ++p->version, whole(now).text, whole(now).text);
	put(mk,
	    ",'involvedObject':{'kind':'Pod','namespace':'%s','name':'%s','uid':'%s','apiVersion':'"
	    "v1','resourceVersion':'%d',"
	    "'fieldPath':'spec.containers{c0}'},'reason':'%s','message':'%s','source':{'component':"
	    "'kubelet','host':'node-%02d'},"
	    "'firstTimestamp':'%s','lastTimestamp':'%s','count':%d,'type':'%s','eventTime':null,'"
	    "reportingComponent':'kubelet',"
	    "'reportingInstance':'node-%02d'}",
	    w->namespace, p->name, p->uid, p->version, reason, message, p->node,
	    whole(p->event).text, whole(now).text, count,
	    strcmp(reason, "Failed") == 0 || strcmp(reason, "BackOff") == 0 ||
		    strcmp(reason, "Unhealthy") == 0
		? "Warning"
		: "Normal",
	    p->node);
}

/* A kubelet's Event; with a count over one, the patch of the Event that p->event names. */
static void put_event(struct mk *mk, struct pod *p, const struct workload *w, const char *reason,
		      const char *message, int count, int64_t now)
{
	char user[40], uri[200], ref[240];
	struct caller who = kubelet_of(p->node, user);
	if (count == 1)
		p->event = now - about(mk, 2 * MSEC);
	snprintf(ref, sizeof(ref),
		 "'resource':'events','namespace':'%s','name':'%s.%" PRIx64 "','apiVersion':'v1'",
		 w->namespace, p->name, (uint64_t)p->event);
	snprintf(uri, sizeof(uri),
		 count == 1 ? "/api/v1/namespaces/%s/events"
			    : "/api/v1/namespaces/%s/events/%s.%" PRIx64,
		 w->namespace, p->name, (uint64_t)p->event);
	put_head(mk, uri, count == 1 ? "create" : "patch", &who, ref, count == 1 ? 201 : 200);
	put(mk, ",'requestObject':");
	if (count == 1)
		put_event_body(mk, p, w, reason, message, count, true, now);
	else
		put(mk, "{'count':%d,'lastTimestamp':'%s'}", count, whole(now).text);
	put(mk, ",'responseObject':");
	put_event_body(mk, p, w, reason, message, count, false, now);
	put_tail(mk, now, now + about(mk, 4 * MSEC), "");
}

static void put_read(struct mk *mk, const struct pod *p, const struct workload *w, enum state state,
		     int64_t now)
{
	char user[40];
	struct caller who = kubelet_of(p->node, user);
	struct names n = pod_names(p, w, "");
	put_head(mk, n.uri, "get", &who, n.ref, 200);
	put(mk, ",'responseObject':");
	put_pod(mk, p, w, state, now);
	put_tail(mk, now, now + about(mk, 2 * MSEC), "");
}

static int64_t put_write(struct mk *mk, struct pod *p, const struct workload *w, enum state state,
			 int64_t now)
{
	char user[40];
	struct caller who = kubelet_of(p->node, user);
	struct names n = pod_names(p, w, "status");
	int64_t done = now + about(mk, 8 * MSEC);
	p->version += 3;
	put_head(mk, n.uri, "patch", &who, n.ref, 200);
	put(mk, ",'requestObject':{'metadata':{'uid':'%s'},", p->uid);
	put_status(mk, p, w, state, now);
	put(mk, "},'responseObject':");
	put_pod(mk, p, w, state, now);
	put_tail(mk, now, done, "");
	return done;
}

static void put_delete(struct mk *mk, struct pod *p, const struct workload *w,
		       const struct caller *who, int grace, enum state state, int64_t now)
{
	struct names n = pod_names(p, w, "");
	put_head(mk, n.uri, "delete", who, n.ref, 200);
	put(mk,
	    ",'requestObject':{'kind':'DeleteOptions','apiVersion':'meta.k8s.io/"
	    "__internal','gracePeriodSeconds':%d,"
	    "'preconditions':{'uid':'%s'}},'responseObject':",
	    grace, p->uid);
	put_pod(mk, p, w, state, now);
	put_tail(mk, now, now + about(mk, 10 * MSEC), "");
}

static int64_t step_start(struct mk *mk, struct pod *p, const struct workload *w, int64_t now)
{
	switch (p->step) {
	case CREATE:
		p->created = now;
		put_create(mk, p, w, now, false);
		p->step = BIND;
		return p->created_done + about(mk, 12 * MSEC);
	case BIND:
		put_bind(mk, p, w, now);
		p->step = GET_1;
		return now + about(mk, 150 * MSEC);
	case GET_1:
		put_read(mk, p, w, BOUND, now);
		p->step = STATUS_CREATING;
		return now + about(mk, 8 * MSEC);
	case STATUS_CREATING:
		put_write(mk, p, w, CREATING, now);
		p->step = PULLING;
		return now + about(mk, 900 * MSEC);
	case PULLING:
		put_event(mk, p, w, "Pulling", "Pulling image", 1, now);
		p->step = p->broken ? PULL_FAILED : PULLED;
		return now + about(mk, w->pull);
	case PULLED:
		put_event(mk, p, w, "Pulled",
			  "Successfully pulled image in 6.01s (6.01s including waiting). Image "
			  "size: 41943040 bytes.",
			  1, now);
		p->step = CREATED;
		return now + about(mk, 40 * MSEC);
	case CREATED:
		put_event(mk, p, w, "Created", "Created container: c0", 1, now);
		p->step = STARTED;
		return now + about(mk, 90 * MSEC);
	default:
		put_event(mk, p, w, "Started", "Started container c0", 1, now);
		p->started = now;
		p->step = GET_2;
		return now + about(mk, 700 * MSEC);
	}
}

static int64_t step_middle(struct mk *mk, struct pod *p, const struct workload *w, int64_t now)
{
	switch (p->step) {
	case GET_2:
		put_read(mk, p, w, CREATING, now);
		p->step = STATUS_RUNNING;
		return now + about(mk, 8 * MSEC);
	case STATUS_RUNNING:
		put_write(mk, p, w, RUNNING, now);
		p->step = p->unhealthy ? UNHEALTHY : GET_3;
		return now + about(mk, w->warm_up);
	case UNHEALTHY:
		put_event(mk, p, w, "Unhealthy",
			  "Readiness probe failed: HTTP probe failed with statuscode: 503",
			  ++p->back_offs, now);
		p->step = p->back_offs < 3 ? UNHEALTHY : GET_3;
		return now + about(mk, 2 * SECOND);
	case GET_3:
		put_read(mk, p, w, RUNNING, now);
		p->step = STATUS_READY;
		return now + about(mk, 8 * MSEC);
	case STATUS_READY:
		p->ready = now;
		p->ready_done = put_write(mk, p, w, READY, now);
		p->step = DELETE;
		return now + about(mk, 150 * SECOND);
	case PULL_FAILED:
		put_event(mk, p, w, "Failed",
			  "Failed to pull image: rpc error: code = NotFound: not found", 1, now);
		put_write(mk, p, w, FAILING, now + 20 * MSEC);
		p->step = BACK_OFF;
		return now + about(mk, 12 * SECOND);
	default:
		put_event(mk, p, w, "BackOff", "Back-off pulling image", ++p->back_offs, now);
		p->step = p->back_offs < 30 ? BACK_OFF : DELETE;
		return now + about(mk, 14 * SECOND);
	}
}

static int64_t step_end(struct mk *mk, struct pod *p, const struct workload *w, int64_t now)
{
	char user[40];
	struct caller kubelet = kubelet_of(p->node, user);
	switch (p->step) {
	case DELETE:
		p->deleted = now;
		put_delete(mk, p, w, &replicasets, 30, p->ready ? LEAVING : FAILING, now);
		p->step = KILLING;
		return now + about(mk, 30 * MSEC);
	case KILLING:
		put_event(mk, p, w, "Killing", "Stopping container c0", 1, now);
		p->step = GET_4;
		return now + about(mk, 2 * SECOND);
	case GET_4:
		put_read(mk, p, w, p->ready ? LEAVING : FAILING, now);
		p->step = STATUS_ENDED;
		return now + about(mk, 8 * MSEC);
	case STATUS_ENDED:
		put_write(mk, p, w, ENDED, now);
		p->step = DELETE_LAST;
		return now + about(mk, 30 * MSEC);
	default:
		put_delete(mk, p, w, &kubelet, 0, ENDED, now);
		p->step = GONE;
		return 0;
	}
}

int64_t pod_write(struct mk *mk, struct pod *p, int64_t now)
{
	const struct workload *w = &mk->workloads[p->workload];
	if (p->step <= STARTED)
		return step_start(mk, p, w, now);
	if (p->step <= BACK_OFF)
		return step_middle(mk, p, w, now);
	return step_end(mk, p, w, now);
}
