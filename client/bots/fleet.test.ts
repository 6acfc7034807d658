// The fleet against the simulated server, in virtual time.

import { expect, test } from "vitest";
import type { Clock } from "../net/clock.ts";
import { SimulatedServer } from "../netcode/testing/simulated-server.ts";
import { seededRandom, VirtualTime } from "../netcode/testing/virtual-time.ts";
import { DIALS_MAX, type FleetOptions, runFleet, SPREAD_DIALS_MAX } from "./fleet.ts";
import { type BotsReport, couldPlay, reportOf } from "./report.ts";

async function run(
  change: Partial<FleetOptions> = {},
  prepare: (server: SimulatedServer, time: VirtualTime) => void = () => {},
) {
  const time = new VirtualTime();
  const server = new SimulatedServer(time, { rttMs: 20, jitterMs: 4, random: seededRandom(3) });
  const progress: string[] = [];
  prepare(server, time);
  const running = runFleet({
    count: 8,
    seconds: 10,
    spread: false,
    dial: server.dial,
    clock: time satisfies Clock,
    random: seededRandom(6),
    progress: (line) => progress.push(line),
    signal: new AbortController().signal,
    ...change,
  });
  let isDone = false;
  void running.finally(() => {
    isDone = true;
  });
  for (let step = 0; step < 2_000 && !isDone; step++) {
    time.advance(25);
    await new Promise(setImmediate);
  }
  return { outcomes: await running, progress, server };
}

test("eight players play ten seconds, hear every snapshot, and every input is accounted for", async () => {
  const { outcomes, progress } = await run();
  const report = reportOf(outcomes);
  expect(outcomes.every(couldPlay)).toBe(true);
  expect(report).toMatchObject({ players: 8, disconnects: 0, moves: 0, servers: { s1: 8 }, remote: 0 });
  expect(report.snapshotsPerSecond).toBeCloseTo(30, 0);
  expect(report.gapMs.max).toBeLessThan(50);
  expect(report.inputs.sent).toBeGreaterThan(8 * 10 * 5);
  expect(report.inputs).toMatchObject({ acked: report.inputs.sent, lost: 0, doubled: 0 });
  expect(progress.join("\n")).toContain("8 of 8 players are seated");
});

test("they fight: pearls are taken and shots are fired", async () => {
  const { server } = await run({ seconds: 20 });
  expect(server.world.nextBallId).toBeGreaterThan(5);
  expect(server.world.boats.some((boat) => (boat?.score ?? 0) > 0)).toBe(true);
});

test("a cut in the middle is counted as one disconnect of each, and they play on", async () => {
  const { outcomes } = await run({ seconds: 12 }, (server, time) => time.after(6_000, () => server.cut()));
  const report = reportOf(outcomes);
  expect(report.disconnects).toBe(8);
  expect(report.players).toBe(8);
  expect(report.inputs.acked + report.inputs.lost).toBe(report.inputs.sent);
  expect(report.gapMs.max).toBeGreaterThan(50);
  expect(report.recoveryMs.count).toBe(8);
  expect(report.recoveryMs.max).toBe(report.gapMs.max);
});

test("a move in the middle is felt by nobody, and counted as one of each", async () => {
  const { outcomes } = await run({ seconds: 12 }, (server, time) =>
    time.after(6_000, () => server.move("s2", { rttMs: 40 })),
  );
  const report = reportOf(outcomes);
  expect(report).toMatchObject({ moves: 8, movesPerPlayerMax: 1, moved: 8, movedMoreThanOnce: 0, disconnects: 0 });
  expect(report).toMatchObject({ players: 8, servers: { s2: 8 }, recoveryMs: { count: 0 } });
  expect(report.inputs).toMatchObject({ acked: report.inputs.sent, lost: 0, doubled: 0 });
  expect(report.gapMs.max).toBeLessThan(60);
});

test("an outage that lasts to the end is told", async () => {
  const { outcomes } = await run({ seconds: 8 }, (server, time) =>
    time.after(6_000, () => {
      server.isPaused = true;
    }),
  );
  const report = reportOf(outcomes);
  expect(report.recoveryMs.count).toBe(8);
  expect(report.gapMs.max).toBeGreaterThan(1_000);
});

test("an outage at the end is told, even if the snapshots come back while the last inputs are waited for", async () => {
  const { outcomes } = await run({ seconds: 8 }, (server, time) => {
    time.after(6_000, () => {
      server.isPaused = true;
    });
    time.after(9_500, () => {
      server.isPaused = false;
    });
  });
  const report = reportOf(outcomes);
  expect(report.recoveryMs.count).toBe(8);
  expect(report.gapMs.max).toBeGreaterThan(1_000);
});

test("players who are refused could not play, and say why", async () => {
  const { outcomes } = await run({ count: 2, seconds: 1 }, (server) => {
    server.refuseWith = "protocol-version";
  });
  expect(outcomes.some(couldPlay)).toBe(false);
  expect(outcomes[0]!.refusal).toContain("another version");
});

test("who wants a version dials until it sits on a server of it", async () => {
  let balancer: SimulatedServer | undefined;
  const { outcomes, server } = await run(
    {
      ...{ count: 4, seconds: 5, version: "v2" },
      dial: (hello, events, traffic) => {
        balancer!.version = balancer!.dials % 3 === 2 ? "v2" : "v1";
        return balancer!.dial(hello, events, traffic);
      },
    },
    (simulated) => {
      balancer = simulated;
    },
  );
  expect(outcomes.every(couldPlay)).toBe(true);
  expect(outcomes.map(({ disconnects }) => disconnects)).toEqual([0, 0, 0, 0]);
  expect(server.dials).toBeGreaterThan(4);
});

test("who finds no server of that version could not play, and gives up after a while", async () => {
  const { outcomes, server } = await run({ count: 2, seconds: 1, version: "v2" });
  expect(outcomes.some(couldPlay)).toBe(false);
  expect(server.dials).toBe(2 * DIALS_MAX);
});

test("of those who are spread the second half dials until its rooms are on other servers, which hear of each other a little later", async () => {
  const { outcomes } = await run({ count: 6, seconds: 2, spread: true }, (simulated, time) =>
    time.after(700, () => {
      simulated.owner = "s2";
    }),
  );
  expect(outcomes.every(couldPlay)).toBe(true);
  expect(outcomes.map(({ gateway, owner }) => gateway !== owner)).toEqual([false, false, false, true, true, true]);
});

test("where no room is on another server, everybody plays all the same", async () => {
  const { outcomes, server } = await run({ count: 2, seconds: 1, spread: true });
  expect(outcomes.every(couldPlay)).toBe(true);
  expect(server.dials).toBe(1 + SPREAD_DIALS_MAX);
});

test("those who ask for reports get one each second, of all that was felt so far", async () => {
  const reports: BotsReport[] = [];
  await run({ seconds: 5, reportEvery: 1, report: (outcomes) => reports.push(reportOf(outcomes)) });
  expect(reports.map(({ seconds }) => Math.round(seconds))).toEqual([1, 2, 3, 4]);
  expect(reports.map(({ players }) => players)).toEqual([8, 8, 8, 8]);
  const acked = reports.map(({ inputs }) => inputs.acked);
  expect(acked).toEqual([...acked].sort((a, b) => a - b));
});

test("being interrupted ends it early with a report in which every input is accounted for", async () => {
  const controller = new AbortController();
  const { outcomes } = await run({ seconds: 1_000, signal: controller.signal }, (_server, time) =>
    time.after(5_000, () => controller.abort()),
  );
  expect(outcomes).toHaveLength(8);
  expect(outcomes[0]!.seconds).toBeLessThan(6);
  for (const { inputs } of outcomes) expect(inputs.acked + inputs.lost).toBe(inputs.sent);
});
