/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which wrappers there are: one row each. A wrapper is recognised by its content alone: by its
 * top-level keys or, if it is a line, by the words before the JSON. What is inside may be wrapped
 * again. tests/unit/wrap/test_wrapper.c fails where a row has no case, and says how to add one.
 */
#include "wrap/wrapping.h"

/*
 * The first row whose keys are there is taken; of WRAP_MAYBE the first one with something of ours
 * inside. So what is special comes before what is general. Rows of one name are next to each other:
 * they are counted as one.
 */
const struct wrapper_row wrapper_rows[] = {
	/* CloudWatch subscription filters, also by Firehose; CONTROL_MESSAGE has a plain text
	   inside */
	{ "eks-cloudwatch", WRAP_SURE, "messageType logEvents", .inside = { "logEvents[].message" },
	  .cluster = { "logGroup" }, .cluster_behind = "/aws/eks/" },
	/* aws logs filter-log-events, get-log-events */
	{ "aws-logs-events", WRAP_MAYBE, "events", .inside = { "events[].message" } },
	/* aws logs get-query-results */
	{ "eks-insights", WRAP_MAYBE, "results", .inside = { "results[][field=@message].value" },
	  .cluster = { "results[][field=@log].value" }, .cluster_behind = "/aws/eks/" },
	{ "eks-insights", WRAP_MAYBE, "@message", .inside = { "@message" }, .cluster = { "@log" },
	  .cluster_behind = "/aws/eks/" },
	/* diagnostic settings: kube-audit and kube-audit-admin, and klog of other categories */
	{ "aks", WRAP_SURE, "category properties", .inside = { "properties.log" },
	  .cluster = { "resourceId" }, .cluster_behind = "/managedclusters/" },
	{ "azure-event-hub", WRAP_MAYBE, "records", .inside = { "records[]" } },
	/* Log Analytics: AzureDiagnostics, ContainerLog, ContainerLogV2 */
	{ "azure-log-analytics", WRAP_MAYBE, "log_s", .inside = { "log_s" },
	  .cluster = { "_ResourceId", "ResourceId" }, .cluster_behind = "/managedclusters/" },
	{ "azure-log-analytics", WRAP_MAYBE, "LogEntry", .inside = { "LogEntry" },
	  .cluster = { "_ResourceId", "ResourceId" }, .cluster_behind = "/managedclusters/" },
	{ "azure-log-analytics", WRAP_MAYBE, "LogMessage", .inside = { "LogMessage" },
	  .cluster = { "_ResourceId", "ResourceId" }, .cluster_behind = "/managedclusters/" },
	{ "azure-log-analytics", WRAP_MAYBE, "Log", .inside = { "Log" },
	  .cluster = { "_ResourceId", "ResourceId" }, .cluster_behind = "/managedclusters/" },
	/* Log Analytics' tables AKSAudit, AKSAuditAdmin, ArcK8sAudit */
	{ "azure-aks-audit", WRAP_CONVERT, "AuditId Stage Verb", .cluster = { "_ResourceId" },
	  .cluster_behind = "/managedclusters/", .convert = convert_columns },
	/* google.logging.v2.LogEntry */
	{ "gke", WRAP_CONVERT, "protoPayload", .convert = convert_gke },
	{ "google-cloud-logging", WRAP_MAYBE, "textPayload", .inside = { "textPayload" },
	  .cluster = { "resource.labels.cluster_name" } },
	{ "google-cloud-logging", WRAP_MAYBE, "jsonPayload", .inside = { "jsonPayload" },
	  .cluster = { "resource.labels.cluster_name" } },
	/* opentelemetry.proto.logs.v1.LogsData; the second before version 0.15 of the protocol */
	{ "otlp", WRAP_SURE, "resourceLogs",
	  .inside = { "resourceLogs[].scopeLogs[].logRecords[].body",
		      "resourceLogs[].instrumentationLibraryLogs[].logRecords[].body" },
	  .cluster = { "resourceLogs[].resource.attributes[key=k8s.cluster.name].value.stringValue",
		       "resourceLogs[].resource.attributes[key=openshift.cluster.uid].value."
		       "stringValue" },
	  .any_value = true },
	/* Loki: query_range, push */
	{ "loki", WRAP_MAYBE, "data", .inside = { "data.result[].values[][1]" } },
	{ "loki", WRAP_MAYBE, "streams", .inside = { "streams[].values[][1]" } },
	{ "elasticsearch", WRAP_MAYBE, "hits", .inside = { "hits.hits[]" } },
	{ "elasticsearch", WRAP_MAYBE, "_source", .inside = { "_source" } },
	/* Elastic's integration for Kubernetes; exporters of others */
	{ "elastic-kubernetes-audit", WRAP_MAYBE, "kubernetes", .inside = { "kubernetes.audit" } },
	{ "audit", WRAP_MAYBE, "audit", .inside = { "audit" } },
	{ "splunk", WRAP_MAYBE, "result", .inside = { "result" } },
	{ "splunk", WRAP_MAYBE, "_raw", .inside = { "_raw" } },
	/* heptiolabs/eventrouter; typed objects of Go, so they have no kind */
	{ "eventrouter", WRAP_MAYBE, "verb=ADDED|UPDATED event", .inside = { "event", "old_event" },
	  .item = "Event" },
	{ "event", WRAP_MAYBE, "event", .inside = { "event" } },
	/* kubectl get --watch --output-watch-events, and the API's own watch */
	{ "watch", WRAP_SURE, "type=ADDED|MODIFIED|DELETED object", .inside = { "object" } },
	{ "watch", WRAP_EMPTY, "type=BOOKMARK|ERROR object" },
	/* Docker's json-file, Fluent Bit's tail of it */
	{ "docker", WRAP_MAYBE, "log stream time", .inside = { "log" } },
	{ "journald", WRAP_MAYBE, "MESSAGE", .inside = { "MESSAGE" } },
	{ "logcli-jsonl", WRAP_MAYBE, "line", .inside = { "line" } },
	/* Fluentd, Fluent Bit, Vector, Filebeat, Logstash, OpenShift's collector */
	{ "message", WRAP_MAYBE, "message", .inside = { "message" } },
	{ "log", WRAP_MAYBE, "log", .inside = { "log" } },
	{ "msg", WRAP_MAYBE, "msg", .inside = { "msg" } },
	{ "structured", WRAP_MAYBE, "structured", .inside = { "structured" } },
	{ "original", WRAP_MAYBE, "original",
	  .inside = { "original" } }, /* Elastic's event.original */
	{ "value", WRAP_MAYBE, "value", .inside = { "value" } },

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
	/* CloudWatch's export to S3, kubectl logs --timestamps: they look the same */
	{ "timestamps", WRAP_LINE, "%T" },
	{ "fluentd", WRAP_LINE, "%T %w" },
	/* oc adm node-logs --role */
	{ "oc-node-logs", WRAP_LINE, "%w" },
	{ "stern", WRAP_LINE, "%w %w" },
	/* exports of Logs Insights, Log Analytics, Splunk */
	{ "csv", WRAP_FIELD, "" },
	/* jq without -r */
	{ "json-string", WRAP_STRING, "" },
	/* the last one: anything that is not too long */
	{ "prefix", WRAP_LINE, "%*" },
};

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
