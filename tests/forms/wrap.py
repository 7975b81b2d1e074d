# SPDX-License-Identifier: Apache-2.0
"""Audit logs in the forms in which users have them: lines of an API server's log, wrapped.

    wrap(form, lines) -> bytes      the same records in that form; lines are bytes without newlines
    plain_for(form, lines)          the plain lines that it is to be compared with: the same ones, but for
                                    forms that lose something
    FORMS                           form -> (what it is, where the shape comes from)

    wrap.py FORM < LOG              for people
"""
import json
import sys

PIECE = 16 * 1024       # container runtimes cut lines there
BATCH = 256 * 1024      # about so many bytes go into one envelope
BOM = b"\xef\xbb\xbf"
KLOG = [
    b'I0109 21:24:54.475483       1 controller.go:615] quota admission added evaluator for: pods',
    b'Trace[7816759]: ---"Objects listed" error:<nil> 612ms (21:24:54.475)',
    b'E0109 21:24:55.001122       1 writers.go:122] apiserver was unable to write: Get "https://10.0.0.1": EOF',
    b'',
]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogateescape")


def text(line):
    return line.decode("utf-8", "surrogateescape")


def each(make):
    """A form in which each record is separate; make(line) -> bytes."""
    return lambda lines: b"".join(make(line) + b"\n" for line in lines)


def batched(make):
    """A form in which several records share an envelope; make(lines) -> a value."""
    def form(lines):
        out, batch, size = [], [], 0
        for line in lines:
            batch.append(line)
            size += len(line)
            if size > BATCH:
                out.append(compact(make(batch)))
                batch, size = [], 0
        if batch:
            out.append(compact(make(batch)))
        return b"".join(o + b"\n" for o in out)
    return form


def time_of(line):
    event = json.loads(line)
    return event.get("stageTimestamp") or event.get("requestReceivedTimestamp") or "2026-11-22T10:00:00.000000Z"


def prefixed(make):
    return each(lambda line: make(time_of(line)).encode() + line)


def message(key, **more):
    return each(lambda line: compact({**more, key: text(line)}))


# ------------------------------------------------------------------------------------------------ Amazon

def eks_cloudwatch(lines):
    return {"messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "/aws/eks/prod-1/cluster",
            "logStream": "kube-apiserver-audit-0f1e", "subscriptionFilters": ["all"],
            "logEvents": [{"id": str(i), "timestamp": 1795341600000, "message": text(line)}
                          for i, line in enumerate(lines)]}


def aws_logs_events(lines):
    return {"events": [{"logStreamName": "kube-apiserver-audit-0f1e", "timestamp": 1795341600000,
                        "message": text(line), "ingestionTime": 1795341600001, "eventId": str(i)}
                       for i, line in enumerate(lines)], "searchedLogStreams": []}


def eks_insights(lines):
    return {"status": "Complete", "statistics": {"recordsMatched": len(lines)},
            "results": [[{"field": "@timestamp", "value": "2026-11-22 10:00:00.000"},
                         {"field": "@message", "value": text(line)},
                         {"field": "@log", "value": "123456789012:/aws/eks/prod-1/cluster"}] for line in lines]}


def eks_insights_csv(lines):
    rows = [b'kube-apiserver-audit-0f1e,2026-11-22 10:00:00.000,"' + line.replace(b'"', b'""') + b'"'
            for line in lines]
    return b"".join(row + b"\n" for row in [b"@logStream,@timestamp,@message"] + rows)


# ------------------------------------------------------------------------------------------------ Azure

AKS = {"operationName": "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
       "category": "kube-audit", "ccpNamespace": "65a1",
       "resourceId": "/SUBSCRIPTIONS/1/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD-2"}


def aks_string(line):
    """As in Azure's streams: \\/ for /, a blank before and a newline after the record."""
    log = compact(" " + text(line) + "\n").replace(b"/", b"\\/")
    return b'{ "properties": {"log":' + log + b',"stream":"stdout","pod":"kube-apiserver-0"},' + compact(AKS)[1:]


def aks_object(line):
    return compact(AKS)[:-1] + b',"properties":{"log":' + line + b',"stream":"stdout"}}'


def event_hub(lines):
    return {"records": [{**AKS, "properties": {"log": text(line) + "\n", "stream": "stdout"}} for line in lines]}


COLUMNS = {"AuditId": "auditID", "Level": "level", "Stage": "stage", "RequestUri": "requestURI", "Verb": "verb",
           "User": "user", "UserAgent": "userAgent", "ObjectRef": "objectRef", "ResponseStatus": "responseStatus",
           "RequestObject": "requestObject", "ResponseObject": "responseObject", "Annotations": "annotations",
           "RequestReceivedTime": "requestReceivedTimestamp", "StageReceivedTime": "stageTimestamp"}


def aks_audit(line):
    """A row of the table AKSAudit, as `az monitor log-analytics query` prints it: objects are texts."""
    event = json.loads(line)
    row = {"TenantId": "t", "Type": "AKSAudit", "_ResourceId": AKS["resourceId"].lower()}
    for column, key in COLUMNS.items():
        value = event.get(key)
        row[column] = text(compact(value)) if isinstance(value, (dict, list)) else value
    return compact(row)


# ------------------------------------------------------------------------------------------------ Google

RPC = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 422: 3, 429: 8, 499: 1, 500: 13, 501: 12, 503: 14, 504: 4}


def kept_by_gke(event):
    """Requests for resources, when they have ended. A dry run is not recognisable, because it is only in the URI."""
    ref = event.get("objectRef") or {}
    return (event.get("stage") == "ResponseComplete" and ref.get("resource") and event.get("requestReceivedTimestamp")
            and "dryRun" not in event.get("requestURI", ""))


def name_of(event):
    """GKE names what generateName has made."""
    ref, made = event["objectRef"], event.get("responseObject")
    if "name" not in ref and event.get("verb") == "create" and isinstance(made, dict) and made.get("kind") != "Status":
        return made.get("metadata", {}).get("name")
    return ref.get("name")


def resource_name(event):
    ref = event["objectRef"]
    parts = [ref.get("apiGroup") or "core", ref.get("apiVersion") or "v1"]
    if ref.get("namespace") and ref["resource"] != "namespaces":
        parts += ["namespaces", ref["namespace"]]
    return "/".join(parts + [p for p in (ref["resource"], name_of(event), ref.get("subresource")) if p])


def method_name(event):
    ref = event["objectRef"]
    group = ".".join(reversed((ref.get("apiGroup") or "core").removesuffix(".k8s.io").split(".")))
    parts = ["io.k8s", group, ref.get("apiVersion") or "v1", ref["resource"], ref.get("subresource"), event["verb"]]
    return ".".join(p for p in parts if p)


def type_of(body):
    return ("core.k8s.io/" + str(body.get("apiVersion", "v1")).split("/")[-1] + "." + body["kind"]
            if body.get("kind") else "k8s.io/Patch")


def bodies_of(event):
    request, response = event.get("requestObject"), event.get("responseObject")
    if not isinstance(request, dict):
        request = None
    if not isinstance(response, dict) or response.get("kind") == "Status":
        response = None
    return request, response


def gke_entry(line):
    event = json.loads(line)
    if not kept_by_gke(event):
        return None
    status = event.get("responseStatus") or {}
    code = status.get("code", 200)
    request, response = bodies_of(event)
    rpc = {} if code < 400 else {"code": RPC.get(code, 2), "message": status.get("message", "")}
    payload = {"@type": "type.googleapis.com/google.cloud.audit.AuditLog",
               "authenticationInfo": {"principalEmail": event.get("user", {}).get("username", "")},
               "authorizationInfo": [{"granted": True, "resource": resource_name(event)}],
               "methodName": method_name(event), "resourceName": resource_name(event), "serviceName": "k8s.io",
               "requestMetadata": {"callerIp": "10.0.0.1", "callerSuppliedUserAgent": event.get("userAgent", "")},
               "status": rpc}
    if request is not None:
        payload["request"] = {"@type": type_of(request), **request}
    if code >= 400:
        payload["response"] = {"@type": "core.k8s.io/v1.Status", "kind": "Status", **status}
    elif response is not None:
        payload["response"] = {"@type": type_of(response), **response}
    return {"insertId": event["auditID"] + "-i", "labels": event.get("annotations") or {},
            "logName": "projects/p1/logs/cloudaudit.googleapis.com%2Factivity",
            "operation": {"first": True, "id": event["auditID"], "last": True, "producer": "k8s.io"},
            "protoPayload": payload, "receiveTimestamp": event["requestReceivedTimestamp"],
            "resource": {"labels": {"cluster_name": "c1", "location": "us-central1-a", "project_id": "p1"},
                         "type": "k8s_cluster"},
            "timestamp": event["requestReceivedTimestamp"]}


def gke(lines):
    entries = [gke_entry(line) for line in lines]
    return b"".join(compact(e) + b"\n" for e in entries if e)


def plain_gke(line):
    """The event with what an entry does not keep left out: one time, no URI, 200 or 201 for any success."""
    event = json.loads(line)
    if not kept_by_gke(event):
        return None
    status = dict(event.get("responseStatus") or {})
    code = status.get("code", 200)
    if code < 400:
        status = {"code": 201 if event["verb"] == "create" else 200}
    request, response = bodies_of(event)
    if code >= 400:
        response = None
    plain = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": event["auditID"], "stage": "ResponseComplete",
             "level": ("RequestResponse" if response is not None else "Request" if request is not None else "Metadata"),
             "verb": event["verb"], "user": event.get("user", {}), "userAgent": event.get("userAgent", ""),
             "objectRef": {k: v for k, v in event["objectRef"].items() if k not in ("uid", "resourceVersion")},
             "responseStatus": status, "requestReceivedTimestamp": event["requestReceivedTimestamp"],
             "stageTimestamp": event["requestReceivedTimestamp"], "annotations": event.get("annotations") or {}}
    if name_of(event):
        plain["objectRef"]["name"] = name_of(event)
    if request is not None:
        plain["requestObject"] = request
    if response is not None:
        plain["responseObject"] = response
    return compact(plain)


# ------------------------------------------------------------------------------------------------ OpenShift, OTLP

def viaq(line):
    """Read and written again by Vector: keys sorted, & as it is, `level` replaced."""
    event = json.loads(line)
    event["k8s_audit_level"] = event.get("level")
    event.update({"@timestamp": time_of(line), "timestamp": time_of(line), "hostname": "cp-1", "level": "default",
                  "log_type": "audit", "log_source": "kubeAPI", "openshift": {"cluster_id": "d24a392b", "sequence": 1},
                  "source_type": "file", "tag": ".k8s-audit.log"})
    return compact(dict(sorted(event.items())))


def otlp(lines):
    return {"resourceLogs": [{
        "resource": {"attributes": [{"key": "k8s.cluster.name", "value": {"stringValue": "c4"}}]},
        "scopeLogs": [{"scope": {}, "logRecords": [
            {"timeUnixNano": "1795341600000000000", "body": {"stringValue": text(line)}, "traceId": ""}
            for line in lines]}]}]}


def any_value(value):
    if isinstance(value, dict):
        return {"kvlistValue": {"values": [{"key": k, "value": any_value(v)} for k, v in value.items()]}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [any_value(v) for v in value]}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {} if value is None else {"stringValue": value}


def otlp_map(lines):
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": any_value(json.loads(line))}
                                                           for line in lines]}]}]}


# ------------------------------------------------------------------------------------------------ pieces

def pieces(line):
    """Cut by bytes, as runtimes do, but not within a character: what follows would not be JSON."""
    while line:
        n = min(PIECE, len(line))
        while n < len(line) and line[n] & 0xc0 == 0x80:
            n -= 1
        yield line[:n], n == len(line)
        line = line[n:]


def docker_16k(line):
    return b"\n".join(compact({"log": text(piece) + ("\n" if last else ""), "stream": "stdout", "time": time_of(line)})
                      for piece, last in pieces(line))


def cri_16k(line):
    return b"\n".join(time_of(line).encode() + b" stdout " + (b"F " if last else b"P ") + piece
                      for piece, last in pieces(line))


def fluentbit_16k(line):
    return b"\n".join(compact({"date": 1795341600.5, "time": time_of(line), "stream": "stdout",
                               "logtag": "F" if last else "P", "log": text(piece)})
                      for piece, last in pieces(line))


# ------------------------------------------------------------------------------------------------ others

def klog_mixed(lines):
    return b"".join(KLOG[i % len(KLOG)] + b"\n" + line + b"\n" for i, line in enumerate(lines))


def concatenated(lines):
    """Some records a line, as Firehose and `jq -j` give them: one line for all would be too long a text."""
    out, size = [], 0
    for line in lines:
        out.append(line)
        size += len(line)
        if size > BATCH:
            out.append(b"\n")
            size = 0
    return b"".join(out) + b"\n"


def pretty(lines):
    return b"".join(json.dumps(json.loads(line), ensure_ascii=False, indent=2).encode() + b"\n" for line in lines)


def in_array(lines, begin=b"[", end=b"]"):
    return begin + b"\n" + b",\n".join(lines) + b"\n" + end + b"\n"


def event_list(lines):
    return (b'{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[' +
            b",".join(lines) + b"]}")


def event_lists(lines):
    """What a webhook is sent: batches of 400 (--audit-webhook-batch-max-size)."""
    return b"".join(event_list(lines[i:i + 400]) + b"\n" for i in range(0, len(lines), 400))


DOCS = "the vendor's documents"
CLO = "openshift/cluster-logging-operator, hack/logsamples"

_FORMS = {
    "eks-cloudwatch": (batched(eks_cloudwatch), "CloudWatch subscription filter", DOCS),
    "aws-logs-events": (batched(aws_logs_events), "aws logs filter-log-events", DOCS),
    "eks-insights": (batched(eks_insights), "aws logs get-query-results", DOCS),
    "eks-insights-csv": (eks_insights_csv, "Logs Insights, exported as CSV", "samples on GitHub"),
    "aws-logs-tail": (prefixed(lambda t: t[:-1] + "+00:00 kube-apiserver-audit-9001 "), "aws logs tail",
                      "testdata of public repositories"),
    "s3-export": (prefixed(lambda t: t[:23] + "Z "), "CloudWatch's export to S3", "reports of users"),
    "aks-string": (each(aks_string), "AKS diagnostics, log a string", "elastic/integrations"),
    "aks-object": (each(aks_object), "AKS diagnostics, log an object", "elastic/integrations"),
    "event-hub": (batched(event_hub), "AKS by Event Hub", DOCS),
    "aks-audit": (each(aks_audit), "Log Analytics, table AKSAudit", DOCS),
    "gke": (gke, "GKE's LogEntry; loses the second time, the URI, the exact 2xx", "GoogleCloudPlatform/khi, test/logs"),
    "viaq": (each(viaq), "OpenShift's collector, ViaQ", CLO + "/viaq_audit_kubernetes.json"),
    "oc-node-logs": (prefixed(lambda t: "ip-10-0-1-2.ec2.internal "), "oc adm node-logs --role", DOCS),
    "otlp": (batched(otlp), "OTLP logs, body a string", CLO + "/otlp_audit_kube.json"),
    "otlp-map": (batched(otlp_map), "OTLP logs, body a map", "opentelemetry/proto/common/v1"),
    "fluentd-log": (message("log", stream="stdout", docker={"container_id": "c"}), "Fluentd", DOCS),
    "fluentd-file": (prefixed(lambda t: t[:19] + "+00:00\tkube.audit\t"), "Fluentd's file output", DOCS),
    "fluentbit-message": (message("message", date=1795341600.5), "Fluent Bit", DOCS),
    "vector": (message("message", source_type="file", host="h", file="/var/log/audit.log"), "Vector's file source",
               DOCS),
    "filebeat": (message("message", **{"@timestamp": "2026-11-22T10:00:00.000Z", "log": {"offset": 7, "file": {}},
                                       "input": {"type": "log"}}), "Filebeat", DOCS),
    "es-source": (each(lambda line: b'{"_index":"i","_id":"1","_source":{"kubernetes":{"audit":' + line + b'}}}'),
                  "Elasticsearch's documents", "elastic/integrations, kubernetes.audit_logs"),
    "es-hits": (batched(lambda lines: {"took": 1, "hits": {"total": {"value": len(lines)}, "hits": [
        {"_index": "i", "_source": {"message": text(line)}} for line in lines]}}), "Elasticsearch's answer", DOCS),
    "docker": (each(lambda line: compact({"log": text(line) + "\n", "stream": "stdout", "time": time_of(line)})),
               "Docker's json-file", DOCS),
    "docker-16k": (each(docker_16k), "Docker's json-file, long lines in pieces", DOCS),
    "cri": (prefixed(lambda t: t[:-1] + "123Z stdout F "), "CRI", DOCS),
    "cri-16k": (each(cri_16k), "CRI, long lines in pieces", DOCS),
    "fluentbit-16k": (each(fluentbit_16k), "Fluent Bit's cri parser, long lines in pieces", DOCS),
    "fluentbit-cri": (each(lambda line: compact({"log": time_of(line) + " stdout F " + text(line)})),
                      "Fluent Bit without a parser", DOCS),
    "syslog-3164": (prefixed(lambda t: "<134>Nov 22 10:00:00 cp-1 kube-apiserver[12]: "), "syslog", "RFC 3164"),
    "syslog-5424": (prefixed(lambda t: "<134>1 " + t + " cp-1 kube-apiserver 12 audit [a@1 b=\"c d\"] "), "syslog",
                    "RFC 5424"),
    "logcli": (prefixed(lambda t: t + ' {app="kube-apiserver", host="cp 1"} '), "Loki's logcli", DOCS),
    "logcli-jsonl": (message("line", labels={"app": "x"}), "Loki's logcli -o jsonl", DOCS),
    "loki": (batched(lambda lines: {"status": "success", "data": {"resultType": "streams", "result": [
        {"stream": {"app": "x"}, "values": [["1795341600000000000", text(line)] for line in lines]}]}}),
        "Loki's API", DOCS),
    "kubectl-prefix": (prefixed(lambda t: "[pod/kube-apiserver-cp-1/kube-apiserver] "), "kubectl logs --prefix", DOCS),
    "splunk": (each(lambda line: compact({"preview": False, "offset": 0, "result": {"_raw": text(line)}})),
               "Splunk's export", DOCS),
    "splunk-hec": (each(lambda line: b'{"time":1795341600.5,"host":"h","event":' + line + b'}'), "Splunk's HEC", DOCS),
    "journald": (message("MESSAGE", _PID="12", SYSLOG_IDENTIFIER="kube-apiserver"), "journalctl -o json", DOCS),
    "klog-mixed": (klog_mixed, "with klog's lines between", "falcosecurity/plugins, k8saudit-aks"),
    "bom": (each(lambda line: BOM + line), "a byte order mark before each line", "falcosecurity/plugins, k8saudit-aks"),
    "json-string": (each(lambda line: compact(text(line))), "jq without -r", "jq(1)"),
    "pretty": (pretty, "jq .", "jq(1)"),
    "array": (in_array, "jq -s -c", "jq(1)"),
    "eventlist": (event_lists, "the audit webhook's batches", "k8s.io/apiserver, pkg/apis/audit/v1"),
    "concatenated": (concatenated, "one behind the other, without newlines", "Amazon Data Firehose"),
}

FORMS = {name: (what, origin) for name, (_, what, origin) in _FORMS.items()}


def wrap(form, lines):
    return _FORMS[form][0](list(lines))


def plain_for(form, lines):
    if form != "gke":
        return list(lines)
    return [p for p in map(plain_gke, lines) if p]


if __name__ == "__main__":
    sys.stdout.buffer.write(wrap(sys.argv[1], [line for line in sys.stdin.buffer.read().splitlines() if line]))
