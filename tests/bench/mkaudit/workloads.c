// SPDX-License-Identifier: Apache-2.0
#include "mkaudit.h"
#include <stdlib.h>
#include <string.h>

static char *render(struct mk *mk, size_t from)
{
	size_t n = mk->used - from;
	char *text = malloc(n + 1);
	if (!text)
		abort();
	memcpy(text, mk->text + from, n);
	text[n] = '\0';
	mk->used = from;
	return text;
}

static void put_container(struct mk *mk, const struct workload *w, int i)
{
	put(mk,
	    "%s{'name':'c%d','image':'%s','command':['/app/server','--listen=:8080','--config=/etc/"
	    "app/config.yaml'],"
	    "'ports':[{'name':'http','containerPort':8080,'protocol':'TCP'}],'env':[",
	    i ? "," : "", i, w->image);
	int env = 4 + (int)(w->pull / MSEC % 9);
	for (int e = 0; e < env; e++)
		put(mk, "%s{'name':'SETTING_%02d','value':'value-%d-of-%s'}", e ? "," : "", e, e,
		    w->name);
	put(mk,
	    "],'resources':{'limits':{'cpu':'2','memory':'1Gi'},'requests':{'cpu':'250m','memory':'"
	    "256Mi'}},'volumeMounts':["
	    "{'name':'config','readOnly':true,'mountPath':'/etc/"
	    "app'},{'name':'kube-api-access','readOnly':true,'mountPath':"
	    "'/var/run/secrets/kubernetes.io/"
	    "serviceaccount'}],'readinessProbe':{'httpGet':{'path':'/healthz','port':8080,"
	    "'scheme':'HTTP'},'timeoutSeconds':1,'periodSeconds':2,'successThreshold':1,'"
	    "failureThreshold':3},"
	    "'terminationMessagePath':'/dev/"
	    "termination-log','terminationMessagePolicy':'File','imagePullPolicy':'IfNotPresent'}");
}

static void render_workload(struct mk *mk, struct workload *w)
{
	size_t from = mk->used;
	put(mk,
	    "'volumes':[{'name':'config','configMap':{'name':'%s-config','defaultMode':420}},{'"
	    "name':'kube-api-access',"
	    "'projected':{'sources':[{'serviceAccountToken':{'expirationSeconds':3607,'path':'"
	    "token'}},{'configMap':{'name':"
	    "'kube-root-ca.crt','items':[{'key':'ca.crt','path':'ca.crt'}]}},{'downwardAPI':{'"
	    "items':[{'path':'namespace',"
	    "'fieldRef':{'apiVersion':'v1','fieldPath':'metadata.namespace'}}]}}],'defaultMode':"
	    "420}}],'containers':[",
	    w->name);
	for (int i = 0; i < w->containers; i++)
		put_container(mk, w, i);
	put(mk,
	    "],'restartPolicy':'%s','terminationGracePeriodSeconds':30,'dnsPolicy':'ClusterFirst','"
	    "serviceAccountName':'%s',"
	    "'serviceAccount':'%s','securityContext':{},'schedulerName':'default-scheduler','"
	    "tolerations':[{'key':"
	    "'node.kubernetes.io/"
	    "not-ready','operator':'Exists','effect':'NoExecute','tolerationSeconds':300},{'key':"
	    "'node.kubernetes.io/"
	    "unreachable','operator':'Exists','effect':'NoExecute','tolerationSeconds':300}],'"
	    "priority':0,"
	    "'enableServiceLinks':true,'preemptionPolicy':'PreemptLowerPriority'",
	    w->job ? "Never" : "Always", w->name, w->name);
	w->spec = render(mk, from);
	put(mk,
	    "{'f:metadata':{'f:generateName':{},'f:labels':{'.':{},'f:app':{},'f:pod-template-hash'"
	    ":{},'f:team':{}},"
	    "'f:ownerReferences':{'.':{},'k:{\\'uid\\':\\'%s\\'}':{}}},'f:spec':{'f:containers':{",
	    w->owner_uid);
	for (int i = 0; i < w->containers; i++)
		put(mk,
		    "%s'k:{\\'name\\':\\'c%d\\'}':{'.':{},'f:command':{},'f:env':{'.':{},'k:{\\'"
		    "name\\':\\'SETTING_00\\'}':{"
		    "'.':{},'f:name':{},'f:value':{}}},'f:image':{},'f:imagePullPolicy':{},'f:name'"
		    ":{},'f:ports':{'.':{},"
		    "'k:{\\'containerPort\\':8080,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:"
		    "containerPort':{},'f:protocol':{}}},"
		    "'f:readinessProbe':{'.':{},'f:failureThreshold':{},'f:httpGet':{'.':{},'f:"
		    "path':{},'f:port':{},'f:scheme':{}},"
		    "'f:periodSeconds':{},'f:successThreshold':{},'f:timeoutSeconds':{}},'f:"
		    "resources':{'.':{},'f:limits':{'.':{},"
		    "'f:cpu':{},'f:memory':{}},'f:requests':{'.':{},'f:cpu':{},'f:memory':{}}},'f:"
		    "terminationMessagePath':{},"
		    "'f:terminationMessagePolicy':{},'f:volumeMounts':{'.':{},'k:{\\'mountPath\\':"
		    "\\'/etc/app\\'}':{'.':{},"
		    "'f:mountPath':{},'f:name':{},'f:readOnly':{}}}}",
		    i ? "," : "", i);
	put(mk, "},'f:dnsPolicy':{},'f:enableServiceLinks':{},'f:restartPolicy':{},'f:"
		"schedulerName':{},'f:securityContext':{},"
		"'f:terminationGracePeriodSeconds':{}}}");
	w->fields = render(mk, from);
}

void make_workloads(struct mk *mk)
{
	static const char *const words[] = { "web",  "api",   "cart",  "search", "ledger", "mail",
					     "feed", "model", "index", "auth",	 "rates" };
	for (int i = 0; i < WORKLOADS; i++) {
		struct workload *w = &mk->workloads[i];
		char hash[12];
		tail_of_name(mk, hash, 9);
		w->job = i % 10 == 9;
		w->containers = 1 + (i % 7 == 0) + (i % 13 == 0);
		w->pull = about(mk, 6 * SECOND);
		w->warm_up = about(mk, 14 * SECOND);
		snprintf(w->namespace, sizeof(w->namespace), "team-%02d", i % NAMESPACES);
		snprintf(w->name, sizeof(w->name), "%s-%d", words[i % 11], i);
		snprintf(w->owner, sizeof(w->owner), w->job ? "%s" : "%s-%s", w->name, hash);
		snprintf(w->image, sizeof(w->image), "registry.example/%s:1.%d", w->name, i % 30);
		uuid(mk, w->owner_uid);
		render_workload(mk, w);
	}
}
