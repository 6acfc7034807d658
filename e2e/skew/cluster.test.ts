// Servers of version 1 and of today in one cluster: a real version 1, not a model of it. People play through what a deploy and its rollback
// do to their rooms.

import { afterEach, beforeEach, expect, it } from "vitest";
import { TICK_MS } from "../../game/sim/index.ts";
import { inputsOf, Tab, TestCluster, type TestServer, TODAY } from "../../server/cluster/cluster-for-tests.ts";
import { HEARTBEAT_EXPIRY_MS, LEASE_MS, SILENCE_MS } from "../../server/cluster/timing.ts";
import { version1 } from "./version-1.ts";

const BEFORE = { ...version1, version: "v1" };
const NOW = { ...TODAY, version: "v2" };
const PLAYED_TICKS = 90;
/** A takeover, with all that has to run out before it. */
const TAKEOVER_MS = Math.max(LEASE_MS, HEARTBEAT_EXPIRY_MS) + SILENCE_MS + 1000;

let world: TestCluster;
/** A server of version 1, and one of today. */
let before: TestServer;
let today: TestServer;

beforeEach(async () => {
  world = new TestCluster();
  before = await world.start("before", BEFORE);
  today = await world.start("today", NOW);
});
afterEach(() => expect(world.faults).toEqual([]));

/** A room of that server with somebody at each gateway. */
async function playedOn(owner: TestServer, ...gateways: TestServer[]): Promise<Tab[]> {
  const { code } = await world.settle(owner.cluster.quickPlay());
  const tabs: Tab[] = [];
  for (const gateway of gateways) {
    const port = await world.settle(gateway.cluster.find(code));
    const tab = new Tab(gateway, port!, `player-at-${gateway.id}`);
    expect(await world.settle(tab.join())).toMatchObject({ ok: true });
    tabs.push(tab);
  }
  await world.advance(200);
  await play(...tabs);
  return tabs;
}

async function play(...tabs: Tab[]): Promise<void> {
  for (let tick = 0; tick < PLAYED_TICKS; tick++) {
    for (const tab of tabs) tab.steer(tab.newest.tick + 6);
    await world.advance(TICK_MS);
  }
}

/** Every input counts once, wherever the room runs. */
function expectAllApplied(owner: TestServer, tabs: Tab[], rounds: number): void {
  for (const tab of tabs) {
    const { received, applied } = inputsOf(owner, tab.port.code, tab.player);
    expect(received).toBe(rounds * PLAYED_TICKS);
    // The last ones wait for their tick.
    expect(received - applied).toBeLessThanOrEqual(6);
  }
}

function expectTicksForward(tabs: Tab[]): void {
  for (const tab of tabs) {
    const ticks = tab.frames.map((frame) => frame.tick);
    expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
    expect([tab.closed, tab.lost]).toEqual([undefined, []]);
  }
}

it("they know of each other", async () => {
  await world.advance(500);
  for (const server of [before, today]) {
    const versions = (await world.settle(server.cluster.servers())).map(({ version }) => version);
    expect(versions.sort()).toEqual(["v1", "v2"]);
  }
});

it.each([
  ["version 1", () => before],
  ["today", () => today],
])("a room of %s is played from gateways of both", async (_name, owner) => {
  const tabs = await playedOn(owner(), before, today);
  expectAllApplied(owner(), tabs, 1);
  expectTicksForward(tabs);
  expect(new Set(tabs.map((tab) => tab.newest.tick - tabs[0]!.newest.tick))).toEqual(new Set([0]));
});

it.each([
  ["a deploy", () => [before, today] as const],
  ["a rollback", () => [today, before] as const],
])("in %s a room goes from the servers that leave to those that stay", async (_name, direction) => {
  const [leaving, staying] = direction();
  const tabs = await playedOn(leaving, staying);
  const scored = leaving.rooms.get(tabs[0]!.port.code)!.tick;
  leaving.cluster.setState("draining");
  // A server of version 1 knows of no hand-off, and does not answer: it takes the room when its owner gives it up.
  const handOff = await world.settle(
    leaving.cluster.handOff?.(tabs[0]!.port.code, staying.id) ?? Promise.resolve("refused"),
  );
  expect(handOff).toBe("refused");
  await world.settle(leaving.cluster.close());
  await world.advance(TAKEOVER_MS);
  const { code } = tabs[0]!.port;
  expect(staying.rooms.get(code)!.tick).toBeGreaterThan(scored);
  await play(...tabs);
  expectAllApplied(staying, tabs, 2);
  expectTicksForward(tabs);
});

it.each([
  ["version 1, by one of today", () => [before, today] as const],
  ["today, by one of version 1", () => [today, before] as const],
])("after a crash a room is taken over from a server of %s", async (_name, direction) => {
  const [dead, alive] = direction();
  const tabs = await playedOn(dead, alive);
  dead.crash();
  await world.advance(TAKEOVER_MS);
  await play(...tabs);
  expect(alive.rooms.get(tabs[0]!.port.code)).toBeDefined();
  expectAllApplied(alive, tabs, 2);
  expectTicksForward(tabs);
});

it("a gateway of version 1 follows a room that is handed over between two of today", async () => {
  const heir = await world.start("heir", NOW);
  const tabs = await playedOn(today, before, today, heir);
  expect(await world.settle(today.cluster.handOff(tabs[0]!.port.code, heir.id))).toBe("handed-off");
  await play(...tabs);
  expectAllApplied(heir, tabs, 2);
  expectTicksForward(tabs);
  expect(tabs[0]!.paths.at(-1)).toEqual({ owner: "heir", epoch: 2 });
});

it("a player who moves to another gateway by a ticket keeps the seat in a room of version 1", async () => {
  const [old] = await playedOn(before, today);
  const other = await world.start("other", NOW);
  const port = await world.settle(other.cluster.find(old!.port.code));
  const moved = new Tab(other, port!, old!.player, "second-socket", old!.connection);
  expect(await world.settle(moved.join())).toMatchObject({ ok: true, resumed: true, inputsReceived: PLAYED_TICKS });
  old!.away();
  await world.advance(500);
  expect(before.rooms.get(old!.port.code)!.players).toBe(1);
  expect(moved.newest.tick).toBeGreaterThan(old!.newest.tick - 30);
});
