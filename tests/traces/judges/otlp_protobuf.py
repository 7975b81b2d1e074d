# SPDX-License-Identifier: Apache-2.0
"""Reads files of OTLP by protobuf's own JSON reader and the messages that OpenTelemetry ships for Python: keys that are
in no message, values of a wrong type, and what does not come back as it went in, are complained of.

    otlp_protobuf.py FILE...
"""
import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

IDS = ("traceId", "spanId", "parentSpanId")


def recode(node, recode_id):
    """The one thing that OTLP's JSON does otherwise than protobuf's: ids are hexadecimal, not base64."""
    if isinstance(node, list):
        return [recode(item, recode_id) for item in node]
    if isinstance(node, dict):
        return {k: recode_id(v) if k in IDS else recode(v, recode_id) for k, v in node.items()}
    return node


def to_base64(text):
    return base64.b64encode(bytes.fromhex(text)).decode()


def to_hex(text):
    return base64.b64decode(text).hex()


def judge(line):
    sent = json.loads(line)
    message = json_format.ParseDict(recode(sent, to_base64), TracesData())
    again = TracesData.FromString(message.SerializeToString())
    back = recode(json_format.MessageToDict(again, use_integers_for_enums=True), to_hex)
    if back != sent:
        raise ValueError("came back otherwise")
    for group in again.resource_spans:
        for scoped in group.scope_spans:
            for span in scoped.spans:
                if len(span.trace_id) != 16 or len(span.span_id) != 8 or len(span.parent_span_id) not in (0, 8):
                    raise ValueError("an id of a wrong length")


def main():
    complaints = 0
    for path in sys.argv[1:]:
        lines = open(path, encoding="utf-8").read().split("\n")[:-1]
        if not lines:
            complaints += 1
            print("%s: no trace" % path)
        for number, line in enumerate(lines, 1):
            try:
                judge(line)
            except (ValueError, json_format.Error) as error:
                complaints += 1
                if complaints <= 10:
                    print("%s:%d: %s" % (path, number, error))
    sys.exit(1 if complaints else 0)


main()
