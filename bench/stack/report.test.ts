import { expect, test } from "vitest";
import type { HeatOutcome, Usage } from "./measure.ts";
import { WAYS, type Way, type WayLatencies } from "./players-protocol.ts";
import { costsOf, describe } from "./report.ts";
import type { ReaderOutcome } from "./slow-reader.ts";
import { slowTable, slowTargets } from "./slow-reader-report.ts";

const idle: Usage = { alb: 10, owner: 20, gateway: 20, redis: 4, players: 0 };

const heat = (way: Way, round: number, usage: Usage): HeatOutcome => ({
  ...{ way, round, players: 10, usage: { ...idle, ...usage }, inputsPerSecond: 30, snapshotsPerSecond: 30 },
  ...{ bytesDownPerSecond: 4_000, idleShare: 0.5 },
});

const latencies = Object.fromEntries(
  WAYS.map((way, hop) => {
    const latency = (p50Us: number) => ({ samples: 9, p50Us, p99Us: 2 * p50Us });
    return [way, { snapshot: latency(100 * hop), input: latency(17_000 + 500 * hop), ping: latency(400 + 10 * hop) }];
  }),
) as Record<Way, WayLatencies>;

test("a player's cost is what a process uses beyond what it uses for nobody, the median of the rounds", () => {
  const outcomes = [70, 30, 40].map((owner, round) => heat("direct", round, { owner, alb: 9 }));
  const [cost] = costsOf(idle, outcomes);
  expect(cost).toMatchObject({ way: "direct", us: { alb: 0, owner: 2_000, redis: 0 }, sumUs: 2_000 });
});

test("a hop costs what its way costs beyond the way before", () => {
  const costs = costsOf(idle, [heat("direct", 1, { owner: 30 }), heat("plain", 1, { owner: 30, alb: 22 })]);
  const lines = describe(costs, latencies).split("\n");
  expect(lines.find((line) => line.startsWith("+ the load balancer"))?.split(/ {2,}/)).toEqual([
    ...["+ the load balancer", "1200", "20.0", "0.10", "0.50", "0.01"],
  ]);
});

const reader: ReaderOutcome = {
  ...{ reader: "tls", lostAfterSeconds: undefined, bytesPerSecond: 1_900, snapshotsPerSecond: 10 },
  ...{ ageP50Ms: 500, ageP99Ms: 1_600, queuedMaxBytes: 8_192, serverGrowthMiB: 1, albGrowthMiB: -2, othersP99Ms: 2 },
};

test("a slow reader is held against its connection, its queue, the age of what it gets, and the others", () => {
  expect(slowTargets([reader]).map(({ met }) => met)).toEqual([true, true, false, true]);
  expect(slowTargets([{ ...reader, lostAfterSeconds: 12 }])[0]).toMatchObject({
    measured: "lost after 12 s",
    met: false,
  });
  expect(slowTargets([{ ...reader, reader: "unconfirmed" }])).toEqual([]);
  expect(slowTable([reader]).split("\n")[1]).toContain("8.0        +1.0        −2.0");
});
