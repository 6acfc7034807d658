import { expect, test } from "vitest";
import { VirtualClock } from "./clock.ts";
import { emfLine, MetricLines, type ServerLoad } from "./emf.ts";

const self = { server: "s1", version: "v1", generation: 1 };

function setUp(startMs: number, periodSeconds = 5) {
  const clock = new VirtualClock(startMs);
  const lines: { _aws: { Timestamp: number }; PlayersPerServer: number }[] = [];
  const now: { load: ServerLoad | undefined } = { load: { players: 7, rooms: 2 } };
  const write = (line: string) => lines.push(JSON.parse(line));
  const metrics = new MetricLines({ clock, periodSeconds, self, read: () => now.load, write });
  const times = () => lines.map((line) => line._aws.Timestamp);
  return { clock, lines, now, metrics, times };
}

test("a line is what CloudWatch's embedded metric format asks for", () => {
  const line = emfLine({ atMs: 1_700_000_000_000, periodSeconds: 60, self, load: { players: 7, rooms: 2 } });
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
          ],
        },
      ],
    },
    Service: "tidegate",
    ...self,
    PlayersPerServer: 7,
    RoomsPerServer: 2,
  });
});

test("a period below a minute is kept by the second", () => {
  expect(emfLine({ atMs: 0, periodSeconds: 5, self, load: { players: 0, rooms: 0 } })).toContain(
    '"StorageResolution":1}',
  );
});

test("every server writes at the same moments, whenever it was started", async () => {
  const one = setUp(1_003_200);
  const other = setUp(1_004_999);
  await one.clock.advance(12_000);
  await other.clock.advance(10_001);
  expect(one.times()).toEqual([1_005_000, 1_010_000, 1_015_000]);
  expect(other.times()).toEqual(one.times());
});

test("a server that takes nobody in writes nothing, and goes on when it does again", async () => {
  const { clock, now, times } = setUp(0);
  now.load = undefined;
  await clock.advance(7_000);
  now.load = { players: 1, rooms: 1 };
  await clock.advance(4_000);
  expect(times()).toEqual([10_000]);
});

test("a wall clock that is set back costs no more than a sample", async () => {
  const { clock, times } = setUp(7_200_000);
  await clock.advance(10_000);
  const wallNow = clock.wallNow.bind(clock);
  clock.wallNow = () => wallNow() - 3_600_000;
  await clock.advance(10_000);
  expect(times()).toEqual([7_205_000, 7_210_000, 3_615_000, 3_620_000]);
});

test("after its end nothing is written", async () => {
  const { clock, metrics, times } = setUp(0);
  await clock.advance(5_000);
  metrics.close();
  await clock.advance(20_000);
  expect(times()).toEqual([5_000]);
});
