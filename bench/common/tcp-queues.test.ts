import { expect, test } from "vitest";
import { queuedIn } from "./tcp-queues.ts";

const TEXT = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:20FB 00000000:0000 0A 00000000:00000005 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:20FB 0100007F:C000 01 00000100:00000002 01:00000014 00000000     0        0 2 4 0 20 4 30 10 -1
   2: 0100007F:C000 0100007F:20FB 01 00000000:00000010 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:C001 0100007F:0050 01 0000FFFF:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
`;

test("both ends of the connections of a port count, listeners and others do not", () => {
  expect(queuedIn(TEXT, new Set([0x20fb]))).toBe(0x100 + 2 + 0x10);
  expect(queuedIn(TEXT, new Set([80]))).toBe(0xffff);
  expect(queuedIn(TEXT, new Set([81]))).toBe(0);
});
