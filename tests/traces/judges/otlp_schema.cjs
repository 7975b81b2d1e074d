// SPDX-License-Identifier: Apache-2.0
// Reads files of OTLP by the schema that OpenTelemetry itself generates for JavaScript, and complains of each
// line that does not come back as it went in: unknown keys, wrong types, numbers that do not fit.
//
//     node otlp_schema.cjs FOLDER-OF-MODULES FILE...
"use strict";
const fs = require("fs");
const path = require("path");

const modules = process.argv[2];
const root = require(path.join(modules, "@opentelemetry/otlp-transformer/build/src/generated/root.js"));
const TracesData = root.opentelemetry.proto.trace.v1.TracesData;
const IDS = new Set(["traceId", "spanId", "parentSpanId"]);

// The one thing that OTLP's JSON does otherwise than protobuf's: ids are hexadecimal.
function withBytes(node) {
  if (Array.isArray(node)) return node.map(withBytes);
  if (node === null || typeof node !== "object") return node;
  const made = {};
  for (const [key, value] of Object.entries(node)) {
    made[key] = IDS.has(key) ? Buffer.from(value, "hex") : withBytes(value);
  }
  return made;
}

function withHex(node) {
  if (Buffer.isBuffer(node) || node instanceof Uint8Array) return Buffer.from(node).toString("hex");
  if (Array.isArray(node)) return node.map(withHex);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withHex(value)]));
}

// Where two trees differ first; null: nowhere.
function difference(at, sent, back) {
  if (sent === null || typeof sent !== "object") {
    return Object.is(sent, back) ? null : `${at}: ${JSON.stringify(sent)} came back as ${JSON.stringify(back)}`;
  }
  if (back === null || typeof back !== "object") return `${at}: came back as ${JSON.stringify(back)}`;
  for (const key of new Set([...Object.keys(sent), ...Object.keys(back)])) {
    if (!(key in back)) return `${at}.${key}: is no field, or holds nothing`;
    if (!(key in sent)) return `${at}.${key}: was made up`;
    const found = difference(`${at}.${key}`, sent[key], back[key]);
    if (found) return found;
  }
  return null;
}

function judge(line) {
  const sent = JSON.parse(line);
  const message = withBytes(sent);
  const wrong = TracesData.verify(message);
  // 64-bit numbers are texts in JSON, which verify() calls wrong; the round trip decides
  if (wrong && !/integer\|Long expected/.test(wrong)) return wrong;
  const wire = TracesData.encode(TracesData.fromObject(message)).finish();
  const back = TracesData.toObject(TracesData.decode(wire), { longs: String, enums: Number, bytes: Buffer, oneofs: false });
  return difference("$", sent, withHex(back));
}

let complaints = 0;
for (const file of process.argv.slice(3)) {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  if (lines.pop() !== "") console.log(`${file}: the last line has no end`, complaints++);
  if (!lines.length) console.log(`${file}: no trace`, complaints++);
  lines.forEach((line, n) => {
    let wrong;
    try {
      wrong = judge(line);
    } catch (error) {
      wrong = error.message;
    }
    if (wrong && ++complaints <= 10) console.log(`${file}:${n + 1}: ${wrong}`);
  });
}
process.exit(complaints ? 1 : 0);
