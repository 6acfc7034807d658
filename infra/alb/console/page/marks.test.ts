import { expect, test } from "vitest";
import type { TargetEvent } from "../state.ts";
import { marksOf } from "./marks.ts";

const event = (atMs: number, port: number, to: TargetEvent["to"]): TargetEvent => ({
  ...{ number: port, atMs, group: "g", target: `10.0.0.1:${port}` },
  ...(to && { to }),
});

test("what happened to several targets in one second is one mark", () => {
  const events = [event(5_000, 1, "draining"), event(5_200, 2, "draining"), event(9_000, 1, undefined)];
  expect(marksOf(events)).toEqual([
    { second: 5, text: "2 draining" },
    { second: 9, text: ":1 gone" },
  ]);
});

test("good news is not marked", () => {
  expect(marksOf([event(5_000, 1, "initial"), event(5_000, 1, "healthy"), event(5_000, 1, "unused")])).toEqual([]);
});
