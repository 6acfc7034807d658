import { expect, test } from "vitest";
import type { ExchangeRecord } from "../proxy/record.ts";
import { groupArn } from "../testing/fixtures.ts";
import { record, startedAtMs } from "../testing/record.ts";
import { accessLogLine, refusedLogLine } from "./access-log-line.ts";

const line =
  "https 2026-07-02T22:22:48.374000Z app/lb/1 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.006 200 200 218 587 " +
  '"GET https://localhost:8443/play?x=1 HTTP/1.1" "agent/1" TLS_AES_128_GCM_SHA256 TLSv1.3 ' +
  `${groupArn("g")} "Root=1-58337364-23a8c76965a2ef7629b185e3" "localhost" "arn:c" 0 2026-07-02T22:22:48.364000Z ` +
  '"forward" "-" "-" "10.0.1.192:8010" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 127.0.0.1';

/** As AWS counts them, from 1. */
const fieldsOf = (text: string) => ["", ...(text.match(/"[^"]*"|\S+/g) ?? [])];

test("ALB-80: a line of the access log has AWS's 34 fields", () => {
  expect(accessLogLine(record())).toBe(line);
  expect(fieldsOf(line)).toHaveLength(35);
});

const { client, exchange } = record();
const of = (more: object) => ({ client: { ...client, ...more } }) as Partial<ExchangeRecord>;
const asking = (more: object) =>
  ({ exchange: { ...exchange, head: { ...exchange.head, ...more } } }) as Partial<ExchangeRecord>;
const noTarget = { target: undefined, targetStatus: undefined, dispatchedAtMs: undefined, respondedAtMs: undefined };

test.each<[what: string, more: Partial<ExchangeRecord>, fields: Record<number, string>]>([
  ["HTTP without TLS", of({ tls: undefined }), { 1: "http", 15: "-", 16: "-", 19: '"-"', 20: '"-"' }],
  ["HTTP/2", asking({ httpVersion: "2.0" }), { 1: "h2", 13: '"GET https://localhost:8443/play?x=1 HTTP/2.0"' }],
  ["a WebSocket", { ...of({ tls: undefined }), elbStatus: 101, targetStatus: 101 }, { 1: "ws", 9: "101", 10: "101" }],
  ["a WebSocket's request", { elbStatus: 101 }, { 1: "wss", 13: '"GET https://localhost:8443/play?x=1 HTTP/1.1"' }],
  ["IPv6", of({ peerAddress: "::1", peerPort: 5, localAddress: "::1" }), { 4: "[::1]:5", 34: "::1" }],
  ["no Host", asking({ authority: "" }), { 13: '"GET https://lb.test:8443/play?x=1 HTTP/1.1"' }],
  ["no User-Agent", asking({ rawHeaders: [] }), { 14: '"-"' }],
  ["a client without SNI", of({ tls: { ...client.tls, serverName: undefined } }), { 19: '"-"' }],
  ["a resumed session", of({ tls: { ...client.tls, certificateArn: "session-reused" } }), { 20: '"session-reused"' }],
  ["no answer of the target", { respondedAtMs: undefined, elbStatus: 504 }, { 6: "0.001", 7: "-1", 8: "-1", 9: "504" }],
  ["no target", { ...noTarget, elbStatus: 503 }, { 5: "-", 6: "-1", 7: "-1", 8: "-1", 10: "-", 26: '"-"', 27: '"-"' }],
  ["no rule", { ...noTarget, priority: undefined, groupArn: undefined }, { 17: "-", 21: "-" }],
  ["a rule", { priority: 7 }, { 21: "7" }],
  [
    "a redirect",
    { ...noTarget, action: "redirect", redirectUrl: "https://x/" },
    { 23: '"redirect"', 24: '"https://x/"' },
  ],
  ["a fixed response", { ...noTarget, action: "fixed-response" }, { 23: '"fixed-response"' }],
  ["no action", { ...noTarget, action: undefined }, { 23: '"-"' }],
  ["an error reason", { errorReason: "AWSALBTGCookieInvalid" }, { 25: '"AWSALBTGCookieInvalid"' }],
  [
    "a classification",
    { classification: "Ambiguous", classificationReason: "BadContentLength" },
    { 28: '"Ambiguous"', 29: '"BadContentLength"' },
  ],
  [
    "a transform",
    { transformedHost: "h", transformedUri: "/u?q", transformStatus: "TransformSuccess" },
    { 23: '"rewrite,forward"', 31: '"h"', 32: '"/u?q"', 33: '"TransformSuccess"' },
  ],
  [
    "a failed transform",
    { transformStatus: "TransformReplaceError" },
    { 23: '"rewrite,forward"', 33: '"TransformReplaceError"' },
  ],
])("ALB-80: %s is told in its fields", (_what, more, fields) => {
  const found = fieldsOf(accessLogLine(record(more)));
  expect(found).toHaveLength(35);
  expect(found).toMatchObject(fields);
});

test("ALB-80: a WebSocket is one line at its close, of type ws or wss, with its handshake's times", () => {
  const text = accessLogLine(record({ elbStatus: 101, targetStatus: 101, endedAtMs: startedAtMs + 3_600_000 }));
  expect(text).toMatch(/^wss 2026-07-02T23:22:48.364000Z .* 0.001 0.003 0.000 101 101 218 587 /);
});

test("ALB-80: what was no request has a line as well, without method, path and bytes", () => {
  const refused = { client, status: 400, startedAtMs, endedAtMs: startedAtMs + 2, sentBytes: 272 };
  expect(refusedLogLine(refused)).toBe(
    "https 2026-07-02T22:22:48.366000Z app/lb/1 10.0.0.140:40914 - -1 -1 -1 400 - 0 272 " +
      '"- https://lb.test:8443- -" "-" TLS_AES_128_GCM_SHA256 TLSv1.3 - "-" "localhost" "arn:c" - ' +
      '2026-07-02T22:22:48.364000Z "-" "-" "-" "-" "-" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 127.0.0.1',
  );
});

test("ALB-80: a client cannot end a field or a line", () => {
  const text = accessLogLine(record({}, 'a" "b\n\\ \xe9'));
  expect(text).toContain('"a\\x22 \\x22b\\x0A\\x5C \\xE9"');
  expect(fieldsOf(text)).toHaveLength(35);
});
