import { expect, test } from "vitest";
import { VirtualClock } from "../testing/virtual-clock.ts";
import type { Datum } from "./emf.ts";
import { MetricForwarder } from "./metric-forwarder.ts";

const line = (value: number, namespace = "Tidegate") =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: "Players" }] }],
    },
    Players: value,
  });

function setUp() {
  const clock = new VirtualClock();
  const calls: string[] = [];
  const said: string[] = [];
  const trouble: { error: Error | undefined } = { error: undefined };
  const put = async (namespace: string, data: readonly Datum[]) => {
    calls.push(`${clock.nowMs()} ${namespace} ${data.flatMap(({ values }) => values).join(" ")}`);
    if (trouble.error) throw trouble.error;
  };
  const forwarder = new MetricForwarder({ put, clock, say: (text) => said.push(text) });
  return { clock, calls, said, trouble, forwarder };
}

test("what several servers write at the same moment goes out in one call for each namespace", async () => {
  const { clock, calls, forwarder } = setUp();
  forwarder.line(line(1));
  forwarder.line("an ordinary line");
  forwarder.line(line(2));
  forwarder.line(line(9, "Other"));
  await clock.advance(1_000);
  forwarder.line(line(3));
  await clock.advance(1_000);
  expect(calls).toEqual(["500 Tidegate 1 2", "500 Other 9", "1500 Tidegate 3"]);
});

test("metrics that cannot be delivered are dropped, and that is said once until it works again", async () => {
  const { clock, calls, said, trouble, forwarder } = setUp();
  trouble.error = new Error("connect ECONNREFUSED");
  for (const value of [1, 2, 3]) {
    forwarder.line(line(value));
    await clock.advance(1_000);
  }
  expect(said).toEqual(["Metrics are lost: connect ECONNREFUSED."]);
  trouble.error = undefined;
  forwarder.line(line(4));
  await clock.advance(1_000);
  expect(calls.at(-1)).toBe("3500 Tidegate 4");
});

test("a flood is cut down to the newest thousand", async () => {
  const { clock, calls, forwarder } = setUp();
  for (let value = 0; value < 1_500; value += 1) forwarder.line(line(value));
  await clock.advance(1_000);
  expect(calls).toHaveLength(1);
  expect(calls[0]?.split(" ").slice(2)).toHaveLength(1_000);
  expect(calls[0]?.endsWith(" 1499")).toBe(true);
});

test("after its end nothing goes out", async () => {
  const { clock, calls, forwarder } = setUp();
  forwarder.line(line(1));
  forwarder.close();
  forwarder.line(line(2));
  await clock.advance(5_000);
  expect(calls).toEqual([]);
});
