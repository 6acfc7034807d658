// A server of version 1 in a cluster that has an arena: it does not know what that is, and is never given one.

import { afterEach, beforeEach, expect, it } from "vitest";
import { Tab, TestCluster, type TestServer, TODAY } from "../../server/cluster/cluster-for-tests.ts";
import { enter } from "../../server/cluster/shared-room-for-tests.ts";
import { CHECKPOINT_INTERVAL_MS, HEARTBEAT_EXPIRY_MS, LEASE_MS, SILENCE_MS } from "../../server/cluster/timing.ts";
import { canInherit } from "../../server/drain/heirs.ts";
import { version1 } from "./version-1.ts";

const TAKEOVER_MS = Math.max(LEASE_MS, HEARTBEAT_EXPIRY_MS) + SILENCE_MS + 1000;

let world: TestCluster;
let before: TestServer;
let today: TestServer;
/** At the server of today, in an arena that runs there. */
let ann: Tab;

beforeEach(async () => {
  world = new TestCluster();
  before = await world.start("before", { ...version1, version: "v1", areas: false });
  today = await world.start("today", { ...TODAY, version: "v2" });
  await world.advance(2000);
  ann = await enter(world, today, await world.settle(today.cluster.quickPlay("arena")), "ann");
  await world.advance(500);
});
afterEach(() => expect(world.faults).toEqual([]));

it("the registry tells who can inherit an arena", async () => {
  const servers = await world.settle(today.cluster.servers());
  const arena = { code: ann.port.code, waters: "arena" as const, players: 1 };
  expect(servers.filter((server) => canInherit(server, arena)).map(({ id }) => id)).toEqual(["today"]);
  expect(await world.settle(today.cluster.handOff(ann.port.code, before.id))).toBe("refused");
  expect(today.rooms.get(ann.port.code)).toBeDefined();
});

it("quick play of version 1 sends nobody there", async () => {
  expect(await world.settle(before.cluster.quickPlayRemote())).toBeUndefined();
  const { code } = await world.settle(before.cluster.quickPlay());
  expect(code).not.toBe(ann.port.code);
});

it("its players are told that there is no such room", async () => {
  const port = await world.settle(before.cluster.find(ann.port.code));
  const old = new Tab(before, port!, "old");
  expect(await world.settle(old.join())).toEqual({ ok: false, code: "unknown-room" });
});

it("after a crash it leaves the arena alone, whoever asks for it there, and one of today goes on with it", async () => {
  const bob = await enter(world, today, ann.port, "bob");
  await world.advance(CHECKPOINT_INTERVAL_MS + 100);
  today.crash();
  await world.advance(TAKEOVER_MS);
  // A player whose page came back over another server asks for the room by its code.
  const port = await world.settle(before.cluster.find(bob.port.code));
  expect(await world.settle(new Tab(before, port!, "bob", "bob-socket-2").join())).toMatchObject({
    ok: false,
    code: "unavailable",
  });
  expect(before.rooms.get(ann.port.code)).toBeUndefined();
  const heir = await world.start("heir", { ...TODAY, version: "v2" });
  await world.advance(2000);
  expect(await world.settle(heir.cluster.find(ann.port.code))).toMatchObject({ waters: "arena", epoch: 2 });
  expect(heir.rooms.get(ann.port.code)?.players).toBe(2);
});
