import { expect, test } from "vitest";
import { classify, judge } from "./desync.ts";
import type { RequestHead } from "./exchange.ts";

const head = (
  method: string,
  rawHeaders: string[] = [],
  httpVersion: RequestHead["httpVersion"] = "1.1",
): RequestHead => ({
  ...{ method, httpVersion, target: "/", authority: "x" },
  rawHeaders: ["Host", "x", ...rawHeaders],
});

test.each([
  [head("GET"), undefined],
  [head("POST", ["Content-Length", "3"]), undefined],
  [head("POST", ["Transfer-Encoding", "chunked"]), undefined],
  [head("GET", ["X-Content-Length", "3", "Content-Language", "en", "X", "a\tb"]), undefined],
  [head("GET", ["Content-Length", "0"]), "Acceptable GetHeadZeroContentLength"],
  [head("GET", ["X", "caf\xe9"]), "Acceptable NonCompliantHeader"],
  [head("GET", [], "0.9"), "Acceptable NonCompliantVersion"],
  [head("HEAD", ["Content-Length", "3"]), "Ambiguous UndefinedContentLengthSemantics"],
  [head("GET", ["Transfer-Encoding", "chunked"]), "Ambiguous UndefinedTransferEncodingSemantics"],
  [head("POST", ["Transfer-Encoding", "chunked"], "1.0"), "Ambiguous UndefinedTransferEncodingSemantics"],
  [head("POST", ["Transfer_Encoding", "chunked"]), "Ambiguous SuspiciousHeader"],
  [head("POST", ["Content.Length", "3"]), "Ambiguous SuspiciousHeader"],
  [head("GET", ["content-length", "3"], "2.0"), undefined],
])("ALB-22: %j is classified as %s", (request, expected) => {
  const found = classify(request);
  expect(found && `${found.class} ${found.reason}`).toBe(expected);
});

test.each([
  ["monitor", { blocked: false, closes: false }, { blocked: false, closes: false }],
  ["defensive", { blocked: false, closes: false }, { blocked: false, closes: true }],
  ["strictest", { blocked: true, closes: false }, { blocked: true, closes: false }],
] as const)("ALB-22: mode %s treats acceptable and ambiguous requests as AWS does", (mode, acceptable, ambiguous) => {
  expect(judge(head("GET", ["Content-Length", "0"]), mode)).toMatchObject(acceptable);
  expect(judge(head("GET", ["Content-Length", "3"]), mode)).toMatchObject(ambiguous);
  expect(judge(head("GET"), mode)).toMatchObject({ blocked: false, closes: false });
});
