import { expect, test } from "vitest";
import { VirtualClock } from "./clock.ts";
import { emfLine, MetricLines, type ServerLoad } from "./emf.ts";
import { PeriodCounter } from "./period-figures.ts";

const figures = { tickGapMaxMs: 41.6, refused: 1, lost: 3 };
const self = { server: "s1", version: "v1", generation: 1 };

function setUp(startMs: number, periodSeconds = 5) {
  const clock = new VirtualClock(startMs);
  const lines: ({ _aws: { Timestamp: number } } & Record<string, unknown>)[] = [];
  const now: { load: ServerLoad | undefined } = { load: { players: 7, rooms: 2 } };
  const period = new PeriodCounter();
  const write = (line: string) => lines.push(JSON.parse(line));
  const metrics = new MetricLines({
    clock,
    periodSeconds,
    self,
    read: () => ({ ...now, figures: period.take() }),
    write,
  });
  const times = () => lines.map((line) => line._aws.Timestamp);
  return { clock, lines, now, period, metrics, times };
}

test("a line is what CloudWatch's embedded metric format asks for", () => {
  const line = emfLine({ atMs: 1_700_000_000_000, periodSeconds: 60, self, load: { players: 7, rooms: 2 }, figures });
  expect(line.endsWith("}\n")).toBe(true);
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: "Tidegate",
          Dimensions: [["Service"]],
          Metrics: [
            { Name: "PlayersPerServer", Unit: "Count", StorageResolution: 60 },
            { Name: "RoomsPerServer", Unit: "Count", StorageResolution: 60 },
            { Name: "TickGapMaxMs", Unit: "Milliseconds", StorageResolution: 60 },
            { Name: "RefusedConnections", Unit: "Count", StorageResolution: 60 },
            { Name: "LostConnections", Unit: "Count", StorageResolution: 60 },
          ],
        },
      ],
    },
    Service: "tidegate",
    ...self,
    PlayersPerServer: 7,
    RoomsPerServer: 2,
    TickGapMaxMs: 42,
    RefusedConnections: 1,
    LostConnections: 3,
  });
});

test("a period below a minute is kept by the second", () => {
  expect(emfLine({ atMs: 0, periodSeconds: 5, self, load: undefined, figures })).toContain('"StorageResolution":1}');
});

test("every server writes at the same moments, whenever it was started", async () => {
  const one = setUp(1_003_200);
  const other = setUp(1_004_999);
  await one.clock.advance(12_000);
  await other.clock.advance(10_001);
  expect(one.times()).toEqual([1_005_000, 1_010_000, 1_015_000]);
  expect(other.times()).toEqual(one.times());
});

test("a server that takes nobody in tells no load, and does again when it does; what happens to its players it tells all the time", async () => {
  const { clock, lines, now } = setUp(0);
  now.load = undefined;
  await clock.advance(7_000);
  now.load = { players: 1, rooms: 1 };
  await clock.advance(4_000);
  expect(lines).toHaveLength(2);
  expect(lines[0]).not.toHaveProperty("PlayersPerServer");
  expect(JSON.stringify(lines[0]?._aws)).not.toContain("PlayersPerServer");
  expect(lines[1]).toMatchObject({ PlayersPerServer: 1, RoomsPerServer: 1 });
  expect(lines.map((line) => line.LostConnections)).toEqual([0, 0]);
});

test("each line tells of its own period", async () => {
  const { clock, lines, period } = setUp(0);
  for (const gapMs of [33, 260, 34]) period.tickGap(gapMs);
  for (const code of ["server-full", "unavailable", "draining", "bad-frame", "superseded"] as const)
    period.refused(code);
  period.lost();
  await clock.advance(5_000);
  period.tickGap(35);
  await clock.advance(5_000);
  const told = lines.map((line) => [line.TickGapMaxMs, line.RefusedConnections, line.LostConnections]);
  expect(told).toEqual([
    [260, 2, 1],
    [35, 0, 0],
  ]);
});

test("a wall clock that is set back costs no more than a sample", async () => {
  const { clock, times } = setUp(7_200_000);
  await clock.advance(10_000);
  const wallNow = clock.wallNow.bind(clock);
  clock.wallNow = () => wallNow() - 3_600_000;
  await clock.advance(10_000);
  expect(times()).toEqual([7_205_000, 7_210_000, 3_615_000, 3_620_000]);
});

test("its end tells what is left to tell, and after it nothing is written", async () => {
  const { clock, lines, metrics, period, times } = setUp(0);
  await clock.advance(6_000);
  period.lost();
  metrics.close();
  await clock.advance(20_000);
  expect(times()).toEqual([5_000, 6_000]);
  expect(lines[1]).toMatchObject({ LostConnections: 1 });
  expect(lines[1]).not.toHaveProperty("PlayersPerServer");
});
