/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wrappers: a record in one gives what it gives without. To be readable the texts here have ' for
 * "; in templates %r is the record, %s the same inside of a string, %S inside of a string inside of
 * a string, %c with doubled quotes.
 */
#include "suites.h"

#include "wrap/look.h"
#include "wrap/wrap.h"

/* testdata/audit */
static const char record[] =
    "{'kind':'Event','apiVersion':'audit.k8s.io/v1','level':'RequestResponse','audi"
    "tID':'d36f3814-5539-4b04-844d-8c4d7eb3c946','stage':'ResponseComplete','reques"
    "tURI':'/api/v1/namespaces/prio/pods/urgent/binding','verb':'create','user':{'u"
    "sername':'system:kube-scheduler','groups':['system:authenticated'],'extra':{'a"
    "uthentication.kubernetes.io/credential-id':['X509SHA256=21c46d2e199fff0869fd80"
    "c9d1b1f355164b6e600bfc1b9165be9c8d395df1ef']}},'sourceIPs':['127.0.0.1'],'user"
    "Agent':'kube-scheduler/v1.32.13 (linux/amd64) kubernetes/d4b43f3/scheduler','o"
    "bjectRef':{'resource':'pods','namespace':'prio','name':'urgent','uid':'05781fa"
    "4-6184-4ca2-b2d8-bd5c3ff20dcc','apiVersion':'v1','subresource':'binding'},'res"
    "ponseStatus':{'metadata':{},'status':'Success','code':201},'requestObject':{'k"
    "ind':'Binding','apiVersion':'v1','metadata':{'name':'urgent','namespace':'prio"
    "','uid':'05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc','creationTimestamp':null},'targ"
    "et':{'kind':'Node','name':'worker-1'}},'responseObject':{'kind':'Status','apiV"
    "ersion':'v1','metadata':{},'status':'Success','code':201},'requestReceivedTime"
    "stamp':'2026-11-22T10:14:06.402242Z','stageTimestamp':'2026-11-22T10:14:06.461"
    "865Z','annotations':{'authorization.k8s.io/decision':'allow','authorization.k8"
    "s.io/reason':'RBAC: allowed by ClusterRoleBinding \\'system:kube-scheduler\\' "
    "of ClusterRole \\'system:kube-scheduler\\' to User \\'system:kube-scheduler\\'"
    "'}}";

static struct decoded all, plain;
static struct buf quoted, text;

static void setup(void)
{
	for (const char *p = record; *p; p++)
		buf_add_char(&quoted, *p == '\'' ? '"' : *p);
	decoded_text(&plain, NULL, buf_str(&quoted), false);
	ck_assert_str(buf_str(&plain.records),
		      STR("prio/urgent uid:05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc 201 | bind "
			  "subject:worker-1 code:201 at:846.402242/e by scheduler"));
}

static void teardown(void)
{
	decoded_free(&all);
	decoded_free(&plain);
	buf_free(&quoted);
	buf_free(&text);
}

/* Inside of so many strings of JSON. */
static void put_escaped(struct str s, int depth, struct buf *out)
{
	struct buf once = { 0 };

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(&once, '\\');
		buf_add_char(&once, s.p[i]);
	}
	if (depth > 1)
		put_escaped(buf_str(&once), depth - 1, out);
	else
		buf_add_str(out, buf_str(&once));
	buf_free(&once);
}

static void put_doubled(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, s.p[i]);
	}
}

static struct str filled(const char *template)
{
	buf_reset(&text);
	for (const char *p = template; *p; p++) {
		if (*p != '%') {
			buf_add_char(&text, *p == '\'' ? '"' : *p);
			continue;
		}
		switch (*++p) {
		case 'r':
			buf_add_str(&text, buf_str(&quoted));
			break;
		case 's':
		case 'S':
			put_escaped(buf_str(&quoted), *p == 's' ? 1 : 2, &text);
			break;
		case 'c':
			put_doubled(buf_str(&quoted), &text);
			break;
		default:
			ck_abort_msg("%%%c", *p);
		}
	}
	return buf_str(&text);
}

static const struct row {
	const char *name, *template, *cluster, *counters;
	size_t copies; /* 0: one */
} rows[] = {
	{ "eks-cloudwatch",
	  "{'messageType':'DATA_MESSAGE','owner':'1','logGroup':'/aws/eks/prod-1/cluster',"
	  "'logStream':'kube-apiserver-audit-0f','logEvents':[{'id':'1','timestamp':1,'message':"
	  "'%s'},{'id':'2','timestamp':1,'message':'%s'}]}",
	  "prod-1", "", 2 },
	/* one group holds the logs of all components */
	{ "eks-cloudwatch",
	  "{'messageType':'DATA_MESSAGE','logGroup':'/aws/eks/prod-1/cluster','logEvents':["
	  "{'message':'I0109 21:24:54.475483 1 x.go:1] at \\'a\\':1'},{'message':'%s'}]}",
	  "prod-1", "otherLines 1" },
	{ "aws-logs-events",
	  "{'events':[{'logStreamName':'kube-apiserver-audit-1','timestamp':1,'message':'%s',"
	  "'ingestionTime':2,'eventId':'3'}],'searchedLogStreams':[]}" },
	{ "eks-insights",
	  "{'status':'Complete','results':[[{'field':'@timestamp','value':'2026-11-22 10:14:06'},"
	  "{'field':'@message','value':'%s'},{'field':'@log','value':'1:/aws/eks/prod-1/"
	  "cluster'}]]}",
	  "prod-1" },
	{ "eks-insights", "{'@timestamp':'2026-11-22','@message':'%s'}" },
	{ "eks-insights", "{'@timestamp':'2026-11-22','@message':%r}" },
	{ "aks",
	  "{ 'category': 'kube-audit', 'resourceId': '/SUBSCRIPTIONS/1/RESOURCEGROUPS/G/PROVIDERS/"
	  "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD-2', 'properties': {'log':' %s\\n'}}",
	  "PROD-2" },
	{ "aks", "{'category':'kube-audit-admin','properties':{'log':%r}}" },
	{ "aks", "{'category':'kube-audit','properties':'{\\'log\\':\\'%S\\'}'}" },
	{ "azure-event-hub",
	  "{'records':[{'category':'kube-audit','properties':{'log':'%s'}},{'category':'guard',"
	  "'properties':{'log':'I0109 21:24:54.475483 started'}}]}",
	  NULL, "otherLines 1" },
	{ "azure-log-analytics", "{'TimeGenerated':'2026','Category':'kube-audit','log_s':'%s'}" },
	{ "azure-log-analytics", "{'LogEntrySource':'stdout','LogEntry':'%s'}" },
	{ "azure-log-analytics", "{'LogSource':'stdout','LogMessage':%r}" },
	{ "azure-aks-audit",
	  "{'AuditId':'d36f3814-5539-4b04-844d-8c4d7eb3c946','Level':'RequestResponse','Stage':"
	  "'ResponseComplete','RequestUri':'/api/v1/namespaces/prio/pods/urgent/binding','Verb':"
	  "'create','User':{'username':'system:kube-scheduler'},'ObjectRef':'{\\'resource\\':"
	  "\\'pods\\',\\'namespace\\':\\'prio\\',\\'name\\':\\'urgent\\',\\'uid\\':"
	  "\\'05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc\\',\\'subresource\\':\\'binding\\'}',"
	  "'ResponseStatus':{'code':201},'RequestObject':{'target':{'kind':'Node','name':"
	  "'worker-1'}},'ResponseObject':'skipped-too-big-size-object','RequestReceivedTime':"
	  "'2026-11-22T10:14:06.402242Z','StageReceivedTime':'2026-11-22T10:14:06.461865Z',"
	  "'_ResourceId':'/subscriptions/1/providers/microsoft.containerservice/managedclusters/"
	  "c6'}",
	  "c6" },
	{ "google-cloud-logging",
	  "{'insertId':'1','resource':{'labels':{'cluster_name':'c3'}},'textPayload':'%s'}", "c3" },
	{ "google-cloud-logging", "{'insertId':'1','jsonPayload':%r}" },
	{ "google-cloud-logging", "{'insertId':'1','jsonPayload':{'message':'%s'}}" },
	{ "otlp",
	  "{'resourceLogs':[{'resource':{'attributes':[{'key':'a','value':{'stringValue':'b'}},"
	  "{'key':'k8s.cluster.name','value':{'stringValue':'c4'}}]},'scopeLogs':[{'scope':{},"
	  "'logRecords':[{'body':{'stringValue':'%s'}},{'body':{'stringValue':'%s'}}]}]}]}",
	  "c4", "", 2 },
	{ "otlp",
	  "{'resourceLogs':[{'instrumentationLibraryLogs':[{'logRecords':[{'body':{'stringValue':"
	  "'%s'}}]}]}]}" },
	{ "otlp",
	  "{'resourceLogs':[{'scopeLogs':[{'logRecords':[{'body':{'kvlistValue':{'values':[{'key':"
	  "'message','value':{'stringValue':'%s'}},{'key':'n','value':{'intValue':'7'}},{'key':'x',"
	  "'value':{'arrayValue':{'values':[{'boolValue':true},{}]}}}]}}}]}]}]}" },
	{ "loki",
	  "{'status':'success','data':{'resultType':'streams','result':[{'stream':{'app':'x'},"
	  "'values':[['1','%s'],['2','started']]}]}}",
	  NULL, "otherLines 1" },
	{ "loki", "{'streams':[{'stream':{},'values':[['1','%s']]}]}" },
	{ "logcli-jsonl", "{'labels':{'app':'x'},'line':'%s','timestamp':'2026-11-22T10:14:06Z'}" },
	{ "elasticsearch", "{'_index':'i','_id':'1','_source':%r}" },
	{ "elasticsearch", "{'_index':'i','_source':{'kubernetes':{'audit':%r}}}" },
	{ "elasticsearch", "{'_source':{'message':'%s','log':{'offset':1},'orchestrator':{'cluster'"
			   ":{'name':'c5'}}}}" },
	{ "elasticsearch", "{'took':1,'hits':{'total':1,'hits':[{'_source':{'log':%r}}]}}" },
	{ "elastic-kubernetes-audit", "{'@timestamp':'2026','kubernetes':{'audit':%r}}" },
	{ "audit", "{'audit':%r}" },
	{ "splunk", "{'preview':false,'result':{'_raw':'%s','host':'h'}}" },
	{ "splunk", "{'_raw':'%s'}" },
	{ "event", "{'time':1,'host':'h','event':%r}" },
	{ "event", "{'time':1,'event':'%s'}" },
	{ "event", "{'event':{'original':'%s'}}" },
	{ "watch", "{'type':'ADDED','object':%r}" },
	{ "docker", "{'log':'%s\\n','stream':'stdout','time':'2026-11-22T10:14:06.5Z'}" },
	{ "journald", "{'__CURSOR':'s','MESSAGE':'%s','_PID':'1'}" },
	{ "message",
	  "{'message':'%s','@timestamp':'2026','orchestrator':{'cluster':{'name':'c5'}}}", "c5" },
	{ "message", "{'message':%r,'openshift':{'cluster_id':'7-d'}}", "7-d" },
	{ "log", "{'date':1.5,'log':'%s','kubernetes':{'pod_name':'p'}}" },
	/* Fluent Bit's tail of a container's file, without its parser */
	{ "log", "{'date':1.5,'log':'2026-11-22T10:14:06.5+00:00 stdout F %s'}" },
	{ "cri", "{'date':1.5,'log':'2026-11-22T10:14:06.5+00:00 stdout F %s'}" },
	{ "log", "{'log':'{\\'message\\':\\'%S\\'}'}" },
	{ "msg", "{'level':'info','msg':'%s'}" },
	{ "structured", "{'structured':%r,'message':''}" },
	{ "original", "{'original':'%s'}" },
	{ "value", "{'topic':'t','partition':0,'value':%r}" },
	{ "value", "{'key':null,'value':'%s'}" },
	{ "value", "{'value':'[%s,%s]'}", NULL, "", 2 },
	{ "viaq",
	  "{'@timestamp':'2026','level':'default','k8s_audit_level':'RequestResponse','openshift':"
	  "{'cluster_id':'7-d'},'auditID':'d36f3814-5539-4b04-844d-8c4d7eb3c946','stage':"
	  "'ResponseComplete','verb':'create','user':{'username':'system:kube-scheduler'},'"
	  "objectRef':"
	  "{'resource':'pods','namespace':'prio','name':'urgent','uid':"
	  "'05781fa4-6184-4ca2-b2d8-bd5c3ff20dcc','subresource':'binding'},'responseStatus':{'code'"
	  ":"
	  "201},'requestObject':{'target':{'kind':'Node','name':'worker-1'}},"
	  "'requestReceivedTimestamp':'2026-11-22T10:14:06.402242Z','stageTimestamp':"
	  "'2026-11-22T10:14:06.461865Z'}",
	  "7-d" },
	/* lines */
	{ "cri", "2026-11-22T10:14:06.461865123Z stdout F %r" },
	{ "cri", "2026-11-22T10:14:06.461865123+02:00 stderr F %r" },
	{ "aws-logs-tail", "2026-11-22T10:14:06.461000+00:00 kube-apiserver-audit-90a1 %r" },
	{ "syslog-5424",
	  "<134>1 2026-11-22T10:14:06.461Z cp-1 kube-apiserver 12 audit [a@1 b='c d'] %r" },
	{ "syslog-5424", "1 2026-11-22T10:14:06Z cp-1 kube-apiserver - - - \xef\xbb\xbf%r" },
	{ "logcli", "2026-11-22T10:14:06Z {app='kube-apiserver', host='cp 1'} %r" },
	{ "syslog", "Nov 22 10:14:06 cp-1 kube-apiserver[12]: %r" },
	{ "syslog", "<134>Nov  2 10:14:06 cp-1 kube-apiserver: %r" },
	{ "syslog", "<134>Nov 22 10:14:06 kube-apiserver: %r" },
	{ "syslog", "2026-11-22T10:14:06+0000 cp-1 kube-apiserver[12]: %r" },
	{ "syslog", "2026-11-22T10:14:06.461+00:00 cp-1 kube-apiserver[12]: %r" },
	{ "kubectl-prefix", "[pod/kube-apiserver-cp-1/kube-apiserver] %r" },
	{ "kubectl-prefix", "[pod/kube-apiserver-cp-1/kube-apiserver] 2026-11-22T10:14:06.5Z %r" },
	{ "timestamps", "2026-11-22T10:14:06.000Z %r" },
	{ "fluentd", "2026-11-22T10:14:06+00:00\tkube.audit\t%r" },
	{ "oc-node-logs", "ip-10-0-1-2.ec2.internal %r" },
	{ "stern", "kube-apiserver-cp-1 kube-apiserver %r" },
	{ "csv", "kube-apiserver-audit-1,2026-11-22 10:14:06.461,'%c'" },
	{ "csv", "'2026-11-22 10:14:06.461','%c','1:/aws/eks/prod-1/cluster'" },
	{ "csv", "'%c'" },
	{ "json-string", "'%s'" },
	{ "prefix", "anything at all: it may be (long) {and odd} %r" },
	{ "timestamps", "\xef\xbb\xbf 2026-11-22T10:14:06.000Z %r" },
};

/* How many records came out of the rows of that name. */
static uint64_t seen(const char *name)
{
	const struct wrapper_seen *wrappers = decoder_wrappers(all.decoder);
	uint64_t n = 0;

	for (size_t i = 0; wrapper_name(i); i++)
		if (strcmp(wrapper_name(i), name) == 0)
			n += wrappers->records[i];
	return n;
}

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	struct buf expected = { 0 };
	size_t copies = row->copies ? row->copies : 1;
	const struct wrapper_seen *wrappers;

	decoded_text(&all, NULL, filled(row->template), false);
	for (size_t i = 0; i < copies; i++)
		buf_printf(&expected, "%s" STR_FMT, i ? "\n" : "",
			   STR_ARG(buf_str(&plain.records)));
	ck_assert_str(buf_str(&all.records), buf_str(&expected));
	ck_assert_str(buf_str(&all.notes), STR(""));
	ck_assert_str(buf_str(&all.counters), str_from(row->counters));
	ck_assert_uint_eq(decoded_counter(&all, "levelRequestResponse"), copies);
	ck_assert_uint_eq(seen(row->name), copies);
	ck_assert(str_eq(all.last.audit_id, plain.last.audit_id) &&
		  all.last.uri_hash ==
		      (strcmp(row->name, "viaq") == 0 ? all.last.uri_hash : plain.last.uri_hash));
	wrappers = decoder_wrappers(all.decoder);
	ck_assert_uint_ge(wrappers->n_clusters, row->cluster != NULL);
	if (row->cluster)
		ck_assert_str(((struct str){ wrappers->clusters[0].name, wrappers->clusters[0].n }),
			      str_from(row->cluster));
	buf_free(&expected);
}
END_TEST

/*
 * Each row of the table has its case: here or below, gke in test_gke.c.
 */
START_TEST(test_all_named)
{
	for (size_t i = 0; wrapper_name(i); i++) {
		bool found = strcmp(wrapper_name(i), "gke") == 0 ||
			     strcmp(wrapper_name(i), "eventrouter") == 0;

		for (size_t k = 0; k < ARRAY_SIZE(rows); k++)
			found = found || strcmp(wrapper_name(i), rows[k].name) == 0;
		ck_assert_msg(
		    found,
		    "the wrapper %s of src/wrap/rows.c has no case: add a row of that name to "
		    "`rows` in tests/unit/wrap/test_wrapper.c, with the record wrapped in it",
		    wrapper_name(i));
	}
}
END_TEST

/* Typed objects of Go, without a kind. */
START_TEST(test_eventrouter)
{
	decoded_text(&all, NULL,
		     filled("{'verb':'ADDED','event':{'metadata':{'name':'urgent.1'},"
			    "'involvedObject':{'kind':'Pod','namespace':'prio','name':'urgent',"
			    "'uid':'u1'},'reason':'Pulled','firstTimestamp':"
			    "'2026-11-22T10:00:02Z'}}"),
		     false);
	ck_assert_str(buf_str(&all.records),
		      STR("prio/urgent uid:u1 0 | event! reason:Pulled count:1 at:2/s begin:2"));
	ck_assert_uint_eq(seen("eventrouter"), 1);
}
END_TEST

#define AUDITD "type=SYSCALL msg=audit(1719849199.623:5654): arch=c000003e"
#define LEGACY "2017-03-21T03:57:09.106841886-04:00 AUDIT: id='c939' ip='127.0.0.1' method='GET'"

/* What looks similar: no record comes out. */
static const struct {
	const char *template, *counters, *notes;
} misses[] = {
	/* text of other programs, however much it speaks of audits */
	{ "{'level':'info','ts':1.5,'msg':'auditID d36f is unknown'}", "otherLines 1", "" },
	{ "{'level':'error','msg':'Get \\'https://x/y\\': dial tcp'}", "otherLines 1", "" },
	{ "{'log':'I0109 21:24:54.475483 1 a.go:1] \\'x\\' "
	  "auditID=\\'d36f\\'\\n','stream':'stdout',"
	  "'time':'t'}",
	  "otherLines 1", "" },
	{ "{'message':'{not JSON}'}", "otherLines 1", "" },
	{ "{'message':'{\\'level\\':\\'info\\',\\'msg\\':\\'x\\'}'}", "otherLines 1", "" },
	{ "I0109 21:24:54.475483       1 trace.go:219] Trace[7816759]: 'Get' url:/a {'b':1}",
	  "otherLines 1", "" },
	{ "Trace[7816759]: ---'Objects listed' error:<nil> 612ms (21:24:54.475)", "otherLines 1",
	  "" },
	{ "E0109 21:24:54.475483 1 x.go:1] failed: {'kind':'Status'", "otherLines 1", "" },
	{ "2026-11-22T10:00:00Z INFO started {'pod':'web'}", "otherLines 1", "" },
	{ "2026-11-22T10:00:00Z error: Get 'https://x': dial tcp 10.0.0.1:443", "otherLines 1",
	  "" },
	{ "@logStream,@timestamp,@message", "otherLines 1", "" },
	{ "{'type':'BOOKMARK','object':{'kind':'Pod','apiVersion':'v1','metadata':{}}}", "", "" },
	{ "{'type':'ERROR','object':{'kind':'Status','apiVersion':'v1','code':410}}", "", "" },
	/* objects of Kubernetes are no wrappers, whatever their keys */
	{ "{'kind':'Secret','apiVersion':'v1','data':{'x':'y'},'message':'%s'}", "foreign 1",
	  "foreign@1000+0" },
	{ "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'annotations':{'log':'%s'}}}",
	  "objectOthers 1", "" },
	{ "{'metadata':{'annotations':{'log':'%s'}}}", "foreign 1", "foreign@1000+0" },
	{ "{'value':{'a':1},'log':7,'message':null}", "foreign 1", "foreign@1000+0" },
	{ "{'resourceLogs':[]}", "foreign 1", "foreign@1000+0" },
	{ "{'messageType':1,'logEvents':'x'}", "foreign 1", "foreign@1000+0" },
	/* known not to be ours */
	{ AUDITD, "foreign 1", "foreign@1000+0" },
	{ "{'message':'" AUDITD "'}", "foreign 1", "foreign@1000+0" },
	{ "{'resourceLogs':[{'scopeLogs':[{'logRecords':[{'body':{'stringValue':'" AUDITD
	  "'}}]}]}]}",
	  "foreign 1", "foreign@1000+0" },
	{ LEGACY, "foreign 1", "foreign@1000+0" },
	{ "{'kind':'AdmissionReview','apiVersion':'admission.k8s.io/v1','request':{'object':%r}}",
	  "foreign 1", "foreign@1000+0" },
	{ "{'log':'{\\'kind\\':\\'AdmissionReview\\'}'}", "foreign 1", "foreign@1000+0" },
	/* damaged: shippers cut what is too long for them */
	{ "{'message':'{\\'kind\\':\\'Event\\',\\'apiVersion\\':\\'audit.k8s'}", "malformed 1",
	  "malformed@1000+39" },
	{ "2026-11-22T10:14:06Z stdout P {'kind':'Event','apiVersion':'audit", "malformed 1",
	  "malformed@1000+0" },
	{ "2026-11-22T10:14:06Z stdout F .k8s.io','level':'Metadata'}", "malformed 1",
	  "malformed@1000+0" },
	{ "{'log':'st\\',\\'verb\\':\\'get\\'}'}", "malformed 1", "malformed@1000+0" },
	{ "x,'{''kind'':''Event'',''a", "malformed 1", "malformed@1000+0" },
	{ "{'kind':'Event','items':[],'apiVersion':'v1'}", "", "" },
};

START_TEST(test_miss)
{
	decoded_text(&all, NULL, filled(misses[_i].template), false);
	ck_assert_str(buf_str(&all.counters), str_from(misses[_i].counters));
	ck_assert_str(buf_str(&all.notes), str_from(misses[_i].notes));
	ck_assert_uint_eq(all.n, 0);
	ck_assert_uint_eq(decoded_counter(&all, "records"), 0);
}
END_TEST

static const struct {
	const char *line, *what;
} looks[] = {
	{ AUDITD, "a record of Linux auditd, not of Kubernetes" },
	{ "node=cp-1 type=BPF msg=audit(1:2): prog-id=1",
	  "a record of Linux auditd, not of Kubernetes" },
	{ "[ 12.3] audit: type=1400 audit(1.5:2): apparmor='DENIED'",
	  "a record of Linux auditd, not of Kubernetes" },
	{ LEGACY, "the legacy text format of Kubernetes before 1.8; set --audit-log-format=json" },
	{ "{ 'kind' : 'AdmissionReview', 'x': 1 }",
	  "an AdmissionReview, what a webhook is asked; not an audit event" },
	{ "{'kind':'Event','apiVersion':'audit.k8s.io/v1'}", NULL },
	{ "{'kind'", NULL },
	{ "", NULL },
	{ "type=", NULL },
};

START_TEST(test_look)
{
	const char *what = foreign_line(filled(looks[_i].line));

	ck_assert_str(str_from(what), str_from(looks[_i].what));
	ck_assert_uint_eq(!what, !looks[_i].what);
}
END_TEST

/* Wrappers in wrappers end somewhere, and what is deeper is not lost without a word. */
START_TEST(test_deep)
{
	for (int depth = 1; depth <= WRAP_DEPTH + 2; depth++) {
		struct buf deep = { 0 };

		decoded_free(&all);
		for (int i = 0; i < depth; i++)
			buf_printf(&deep, "{'log':");
		buf_printf(&deep, "%%r");
		for (int i = 0; i < depth; i++)
			buf_add_char(&deep, '}');
		buf_add_char(&deep, 0);
		decoded_text(&all, NULL, filled(deep.p), false);
		ck_assert_uint_eq(all.n, depth <= WRAP_DEPTH);
		ck_assert_uint_eq(decoded_counter(&all, "foreign"), depth > WRAP_DEPTH);
		buf_free(&deep);
	}
}
END_TEST

static void repeat(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_add(out, s, strlen(s));
}

/* Many beginnings of what is nothing: each must be cheap. */
static const struct {
	const char *begin, *middle, *end;
	size_t n;
} floods[] = {
	{ "x ", "{", "", 2000000 },
	{ "x ", "{\"", "", 1000000 },
	{ "x ", "{\"a\":", "1", 100000 },
	{ "", "{\"log\":{\"message\":", "1", 100000 },
	{ "{\"log\":\"", "\\u0000{\\\"", "\"}", 300000 },
	{ "x,\"{\"\"", "\"\"", "", 1000000 },
	{ "", "\":", "", 1000000 },
	{ "{\"records\":[", "{},", "{}]}", 300000 },
	{ "", "{}", "", 300000 },
	{ "{\"results\":[", "[[],{\"field\":\"@message\"}],", "[]]}", 200000 },
	{ "", "[", "", 1000000 },
	{ "{", "\"k\":1,", "\"k\":1}", 500000 },
};

START_TEST(test_flood)
{
	decoded_free(&all);
	buf_reset(&text);
	buf_printf(&text, "%s", floods[_i].begin);
	repeat(&text, floods[_i].middle, floods[_i].n);
	buf_printf(&text, "%s", floods[_i].end);
	decoded_text(&all, NULL, buf_str(&text), false);
	ck_assert_uint_eq(all.n, 0);
}
END_TEST

/* Every cut of every wrapped record is safe. */
START_TEST(test_cut)
{
	struct str whole = filled(rows[_i].template);

	for (size_t n = 1; n < whole.n; n += 1 + n % 7) {
		buf_reset(&all.notes);
		decoded_text(&all, NULL, (struct str){ whole.p, n }, n % 2);
	}
}
END_TEST

static void name(struct wrapper_seen *seen_of, size_t row, int number)
{
	char word[32];
	int n = snprintf(word, sizeof(word), "cluster-%03d", number);

	wrapper_seen_cluster(seen_of, row, (struct str){ word, (size_t)n });
}

/* In whatever order the threads end the same names are kept. */
START_TEST(test_clusters)
{
	static struct wrapper_seen up, down, one, two;

	up = down = one = two = (struct wrapper_seen){ 0 };
	for (int i = 0; i < 200; i++) {
		name(&up, (size_t)i % 3, i);
		name(&down, (size_t)(199 - i) % 3, 199 - i);
		name(i % 2 ? &one : &two, (size_t)i % 3, i);
		up.records[i % 3]++;
		one.records[i % 3]++;
	}
	wrapper_seen_merge(&two, &one);
	wrapper_seen_merge(&two, &one); /* names are not counted twice */
	ck_assert_uint_eq(two.records[0], 2 * up.records[0]);
	ck_assert_uint_eq(up.n_clusters, WRAPPER_CLUSTERS_MAX);
	ck_assert_uint_eq(two.n_clusters, WRAPPER_CLUSTERS_MAX);
	for (size_t i = 0; i < up.n_clusters; i++) {
		const struct wrapper_cluster *c = &up.clusters[i];

		ck_assert_uint_eq(c->row, 0); /* 67 names of the first row fill it */
		ck_assert_mem_eq(c->name, down.clusters[i].name, c->n);
		ck_assert_mem_eq(c->name, two.clusters[i].name, c->n);
	}
}
END_TEST

TCase *wrapper_tests(void)
{
	TCase *t = tcase_create("wrapper");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_row, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_all_named);
	tcase_add_test(t, test_eventrouter);
	tcase_add_loop_test(t, test_miss, 0, ARRAY_SIZE(misses));
	tcase_add_loop_test(t, test_look, 0, ARRAY_SIZE(looks));
	tcase_add_test(t, test_deep);
	tcase_add_loop_test(t, test_flood, 0, ARRAY_SIZE(floods));
	tcase_add_loop_test(t, test_cut, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, test_clusters);
	return t;
}
