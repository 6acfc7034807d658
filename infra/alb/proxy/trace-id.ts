// X-Amzn-Trace-Id: made, completed or replaced by AWS's rules.

import { limits } from "../limits.ts";

/** `1-<8 hex of seconds>-<24 hex>`. `randomHex(n)` gives n hexadecimal digits. */
export const newTraceRoot = (nowMs: number, randomHex: (digits: number) => string) =>
  `1-${Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, "0")}-${randomHex(24)}`;

/** The header for the target, given the client's (undefined when there was none). `fresh` is a new root. */
export function traceHeader(received: string | undefined, fresh: string): string {
  if (received === undefined || received.length > limits.maxTraceHeaderBytes) return `Root=${fresh}`;
  const fields = received
    .split(";")
    .map((field) => field.trim())
    .filter((field) => field !== "" && !field.startsWith("Self="));
  if (!fields.some((field) => field.startsWith("Root="))) return [`Root=${fresh}`, ...fields].join(";");
  return [`Self=${fresh}`, ...fields].join(";");
}
