import { describe, expect, test } from "vitest";
import { settle, VirtualClock } from "../testing/virtual-clock.ts";
import { DelayLine, UNDER_WAY_MAX_BYTES } from "./delay-line.ts";

function longWay(options: { delayMs: number; opensAtMs?: number }) {
  const clock = new VirtualClock();
  const line = new DelayLine({ clock, ...options });
  const heard: [number, string][] = [];
  const hear = () =>
    line
      .on("data", (chunk: Buffer) => heard.push([clock.nowMs(), chunk.toString()]))
      .on("end", () => {
        heard.push([clock.nowMs(), "(end)"]);
      });
  return { clock, line, heard, hear };
}

describe("a long way", () => {
  test("brings bytes later, in order, and their end as late", async () => {
    const { clock, line, heard, hear } = longWay({ delayMs: 45 });
    hear();
    line.write("one");
    await clock.advance(10);
    line.write("two");
    line.end();
    await clock.advance(34);
    expect(heard).toEqual([]);
    await clock.advance(100);
    expect(heard).toEqual([
      [45, "one"],
      [55, "two"],
      [55, "(end)"],
    ]);
  });

  test("sends nothing before the connection is known at its end", async () => {
    const { clock, line, heard, hear } = longWay({ delayMs: 45, opensAtMs: 90 });
    hear();
    line.write("hello");
    await clock.advance(100);
    line.write("again");
    await clock.advance(100);
    expect(heard).toEqual([
      [135, "hello"],
      [145, "again"],
    ]);
  });

  test("holds a writer up that has sent more than it may have under way, until something has arrived", async () => {
    const { clock, line, heard, hear } = longWay({ delayMs: 45 });
    hear();
    const taken: number[] = [];
    const quarter = Buffer.alloc(UNDER_WAY_MAX_BYTES / 4);
    for (let count = 1; count <= 8; count += 1) line.write(quarter, () => taken.push(clock.nowMs()));
    await clock.advance(44);
    expect(taken).toEqual([0, 0, 0]);
    await clock.advance(1);
    expect(heard).toHaveLength(4);
    await clock.advance(45);
    expect(heard).toHaveLength(8);
    expect(taken).toEqual([0, 0, 0, 45, 45, 45, 45, 90].slice(0, taken.length));
    expect(taken).toHaveLength(8);
  });

  test("keeps what nobody reads, no more than its limit, and brings it when somebody does", async () => {
    const { clock, line, heard, hear } = longWay({ delayMs: 45 });
    let taken = 0;
    const took = () => {
      taken += 1;
    };
    for (let count = 1; count <= 64; count += 1) line.write(Buffer.alloc(UNDER_WAY_MAX_BYTES / 16), took);
    await clock.advance(1_000);
    expect(taken).toBeLessThan(20);
    hear();
    for (let round = 0; round < 8; round += 1) await clock.advance(45);
    expect(heard.map(([, text]) => text.length).reduce((sum, length) => sum + length, 0)).toBe(4 * UNDER_WAY_MAX_BYTES);
  });

  test("brings nothing any more once it is cut", async () => {
    const { clock, line, heard, hear } = longWay({ delayMs: 45 });
    hear();
    line.write("lost");
    line.destroy();
    await clock.advance(100);
    await settle();
    expect(heard).toEqual([]);
  });
});
