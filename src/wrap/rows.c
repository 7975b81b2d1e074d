/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The supported wrappers: one row each. A wrapper is recognized only by its content: by its
 * top-level keys, or for lines by the words before the JSON. Its content may be wrapped again.
 * tests/unit/wrap/test_wrapper.c fails if a row has no test, and explains how to add one.
 */
#include "wrap/wrapping.h"

/*
 * The first row whose keys exist is used; of WRAP_MAYBE the first that contains a Kubernetes
 * record. So specific rows come before general ones. Rows with the same name are adjacent and
 * counted together.
 */
/* clang-format off */
#define IN(...) .inside = { __VA_ARGS__ }
/* a row for a wrapper with the record in a single key */
#define KEY(name, key) { name, WRAP_MAYBE, key, IN(key) }
#define EKS(...) .cluster = { __VA_ARGS__ }, .cluster_behind = "/aws/eks/"
#define AKS(...) .cluster = { __VA_ARGS__ }, .cluster_behind = "/managedclusters/"
#define AZURE(key) \
	{ "azure-log-analytics", WRAP_MAYBE, key, IN(key), AKS("_ResourceId", "ResourceId") }
#define GOOGLE_CLUSTER "resource.labels.cluster_name"
#define GOOGLE(key) \
	{ "google-cloud-logging", WRAP_MAYBE, key, IN(key), .cluster = { GOOGLE_CLUSTER } }
const struct wrapper_row wrapper_rows[] = {
	/* CloudWatch subscription filters, also by Firehose; a CONTROL_MESSAGE contains a string */
	{ "eks-cloudwatch", WRAP_SURE, "messageType logEvents", IN("logEvents[].message"),
	  EKS("logGroup") },
	/* aws logs filter-log-events, get-log-events */
	{ "aws-logs-events", WRAP_MAYBE, "events", IN("events[].message") },
	/* aws logs get-query-results */
	{ "eks-insights", WRAP_MAYBE, "results", IN("results[][field=@message].value"),
	  EKS("results[][field=@log].value") },
	{ "eks-insights", WRAP_MAYBE, "@message", IN("@message"), EKS("@log") },
	/* diagnostic settings: kube-audit and kube-audit-admin, and klog in other categories */
	{ "aks", WRAP_SURE, "category properties", IN("properties.log"), AKS("resourceId") },
	{ "azure-event-hub", WRAP_MAYBE, "records", IN("records[]") },
	/* Log Analytics: AzureDiagnostics, ContainerLog, ContainerLogV2 */
	AZURE("log_s"), AZURE("LogEntry"), AZURE("LogMessage"), AZURE("Log"),
	/* Log Analytics tables AKSAudit, AKSAuditAdmin, ArcK8sAudit */
	{ "azure-aks-audit", WRAP_CONVERT, "AuditId Stage Verb", AKS("_ResourceId"),
	  .convert = convert_columns },
	/* google.logging.v2.LogEntry */
	{ "gke", WRAP_CONVERT, "protoPayload", .convert = convert_gke },
	GOOGLE("textPayload"), GOOGLE("jsonPayload"),
	/* opentelemetry.proto.logs.v1.LogsData; the second before version 0.15 of the protocol */
	{ "otlp", WRAP_SURE, "resourceLogs",
	  IN("resourceLogs[].scopeLogs[].logRecords[].body",
	     "resourceLogs[].instrumentationLibraryLogs[].logRecords[].body"),
	  .cluster = { "resourceLogs[].resource.attributes[key=k8s.cluster.name].value.stringValue",
		       "resourceLogs[].resource.attributes[key=openshift.cluster.uid].value."
		       "stringValue" },
	  .any_value = true },
	/* Loki: query_range, push */
	{ "loki", WRAP_MAYBE, "data", IN("data.result[].values[][1]") },
	{ "loki", WRAP_MAYBE, "streams", IN("streams[].values[][1]") },
	{ "elasticsearch", WRAP_MAYBE, "hits", IN("hits.hits[]") },
	KEY("elasticsearch", "_source"),
	/* Elastic's integration for Kubernetes; exporters of others */
	{ "elastic-kubernetes-audit", WRAP_MAYBE, "kubernetes", IN("kubernetes.audit") },
	KEY("audit", "audit"),
	KEY("splunk", "result"),
	KEY("splunk", "_raw"),
	/* heptiolabs/eventrouter; typed Go objects, so they have no kind */
	{ "eventrouter", WRAP_MAYBE, "verb=ADDED|UPDATED event", IN("event", "old_event"),
	  .item = "Event" },
	KEY("event", "event"),
	/* kubectl get --watch --output-watch-events, and the API's own watch */
	{ "watch", WRAP_SURE, "type=ADDED|MODIFIED|DELETED object", IN("object") },
	{ "watch", WRAP_EMPTY, "type=BOOKMARK|ERROR object" },
	/* Docker's json-file, Fluent Bit's tail of it */
	{ "docker", WRAP_MAYBE, "log stream time", IN("log") },
	KEY("journald", "MESSAGE"),
	KEY("logcli-jsonl", "line"),
	/* Fluentd, Fluent Bit, Vector, Filebeat, Logstash, OpenShift's collector */
	KEY("message", "message"),
	KEY("log", "log"),
	KEY("msg", "msg"),
	KEY("structured", "structured"),
	KEY("original", "original"), /* Elastic's event.original */
	KEY("value", "value"),

	/* cluster-logging-operator, hack/logsamples/viaq_audit_kubernetes.json */
	{ "viaq", WRAP_VIAQ, "" },

	/* container runtimes */
	{ "cri", WRAP_LINE, "%T stdout|stderr F|P" },
	{ "aws-logs-tail", WRAP_LINE, "%T kube-apiserver-audit*" },
	{ "syslog-5424", WRAP_LINE, "<*>1 %T %w %w %w %*" },
	{ "syslog-5424", WRAP_LINE, "1 %T %w %w %w %*" },
	{ "logcli", WRAP_LINE, "%T {*}" },
	/* journalctl -o short-iso, rsyslog's default file format */
	{ "syslog", WRAP_LINE, "%T %w *:" },
	{ "syslog", WRAP_LINE, "<*>%T %w *:" },
	/* RFC 3164, /var/log/syslog, journalctl -o short */
	{ "syslog", WRAP_LINE, "%M %w *:*:* %w *:" },
	{ "syslog", WRAP_LINE, "<*>%M %w *:*:* %w *:" },
	{ "syslog", WRAP_LINE, "<*>%M %w *:*:* *:" },
	{ "kubectl-prefix", WRAP_LINE, "[pod/*]" },
	{ "kubectl-prefix", WRAP_LINE, "[pod/*] %T" },
	/* CloudWatch exports to S3 and kubectl logs --timestamps look the same */
	{ "timestamps", WRAP_LINE, "%T" },
	{ "fluentd", WRAP_LINE, "%T %w" },
	/* oc adm node-logs --role */
	{ "oc-node-logs", WRAP_LINE, "%w" },
	{ "stern", WRAP_LINE, "%w %w" },
	/* exports of Logs Insights, Log Analytics, Splunk */
	{ "csv", WRAP_FIELD, "" },
	/* jq without -r */
	{ "json-string", WRAP_STRING, "" },
	/* the last one: any short prefix */
	{ "prefix", WRAP_LINE, "%*" },
};
/* clang-format on */

static_assert(ARRAY_SIZE(wrapper_rows) <= WRAPPER_ROWS_MAX, "too many wrappers");

const char *wrapper_name(size_t row)
{
	return row < ARRAY_SIZE(wrapper_rows) ? wrapper_rows[row].name : NULL;
}

const struct wrapper_row *wrapper_of_kind(enum wrapper_kind kind)
{
	const struct wrapper_row *row = wrapper_rows;

	while (row->kind != kind)
		row++;
	return row;
}
