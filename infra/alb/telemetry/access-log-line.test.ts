import { expect, test } from "vitest";
import { groupArn } from "../testing/fixtures.ts";
import { record, startedAtMs } from "../testing/record.ts";
import { accessLogLine } from "./access-log-line.ts";

const line =
  "https 2026-07-02T22:22:48.374000Z app/lb/1 10.0.0.140:40914 10.0.1.192:8010 0.001 0.003 0.006 200 200 218 587 " +
  '"GET https://localhost:8443/play?x=1 HTTP/1.1" "agent/1" TLS_AES_128_GCM_SHA256 TLSv1.3 ' +
  `${groupArn("g")} "Root=1-58337364-23a8c76965a2ef7629b185e3" "localhost" "arn:c" 0 2026-07-02T22:22:48.364000Z ` +
  '"forward" "-" "-" "10.0.1.192:8010" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 127.0.0.1';

test("ALB-80: a line of the access log has AWS's 34 fields", () => {
  expect(accessLogLine(record())).toBe(line);
  expect(line.match(/"[^"]*"|\S+/g)).toHaveLength(34);
});

test("ALB-80: a WebSocket is one line at its close, of type ws or wss, with its handshake's times", () => {
  const text = accessLogLine(record({ elbStatus: 101, targetStatus: 101, endedAtMs: startedAtMs + 3_600_000 }));
  expect(text).toMatch(/^wss 2026-07-02T23:22:48.364000Z .* 0.001 0.003 0.000 101 101 218 587 /);
});

test("ALB-80: what did not happen is a dash or -1", () => {
  const missing = {
    ...{ target: undefined, dispatchedAtMs: undefined, respondedAtMs: undefined, targetStatus: undefined },
    ...{ elbStatus: 503, groupArn: undefined },
  };
  expect(accessLogLine(record(missing))).toMatch(/ - -1 -1 -1 503 - /);
});

test("ALB-80: a client cannot end a field or a line", () => {
  const text = accessLogLine(record({}, 'a" "b\n\\ \xe9'));
  expect(text).toContain('"a\\x22 \\x22b\\x0A\\x5C \\xE9"');
  expect(text.match(/"[^"]*"|\S+/g)).toHaveLength(34);
});
