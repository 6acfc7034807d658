import { expect, test } from "vitest";
import { newTraceRoot, traceHeader } from "./trace-id.ts";

const fresh = "1-65f3add5-000000000000000000000abc";

test("ALB-12: a fresh trace id is a version, seconds in hex and 24 hex digits", () => {
  expect(newTraceRoot(0x65f3add5 * 1000 + 999, (digits) => "abc".padStart(digits, "0"))).toBe(fresh);
});

test.each([
  ["without a header a root is made", undefined, `Root=${fresh}`],
  ["a root is kept behind our self", "Root=1-a-b", `Self=${fresh};Root=1-a-b`],
  ["custom fields are kept", "Root=1-a-b;CalledFrom=app", `Self=${fresh};Root=1-a-b;CalledFrom=app`],
  ["an older self is renewed", "Self=1-x-y;Root=1-a-b", `Self=${fresh};Root=1-a-b`],
  ["fields without a root get one", "CalledFrom=app", `Root=${fresh};CalledFrom=app`],
  ["what is too long is replaced", `Root=${"x".repeat(7 * 1024)}`, `Root=${fresh}`],
])("ALB-12: %s", (_title, received, expected) => {
  expect(traceHeader(received, fresh)).toBe(expected);
});
