import { expect, test } from "vitest";
import { memoryTable } from "./alb-memory.ts";

test("the table gives kilobytes for each WebSocket and megabytes for the process", () => {
  const figures = { residentBytes: 57_528, heapBytes: 27_045, externalBytes: 154, totalResidentBytes: 251_088_896 };
  expect(memoryTable([{ transport: "wss", count: 2_000, ...figures }]).split("\n")).toEqual([
    "transport  WebSockets  resident each  heap each  buffers each  process",
    "TLS        2000        57.5 KB        27.0 KB    0.2 KB        251 MB",
  ]);
});
