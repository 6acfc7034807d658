import { expect, test } from "vitest";
import { AreaEncoder, type AreaProgress } from "../../game/protocol/index.ts";
import { addBoat, botControls, createWorld, step, type View, viewOf } from "../../game/sim/index.ts";
import { KEYFRAME_RETRY_MS, SnapshotBuffer } from "./snapshot-buffer.ts";

const BOATS = 60;
const all = fight(80);

function fight(ticks: number): View[] {
  const world = createWorld(3, "arena");
  for (let seat = 0; seat < BOATS; seat++) addBoat(world, seat, { bot: true });
  return Array.from({ length: ticks }, () => {
    step(
      world,
      world.boats.map((boat, seat) => (boat ? botControls(world, seat) : undefined)),
    );
    return viewOf(world);
  });
}

/** What a gateway tells of the fight to the one in seat 0. */
function gateway(stream: number, epoch = 1): (at: number) => Uint8Array {
  const encoder = new AreaEncoder(stream);
  let progress: AreaProgress | undefined;
  return (at) => {
    encoder.advance({ epoch, rosterVersion: 1, view: all[at]!, events: [], reports: [] });
    const frame = encoder.frameFor(0, progress);
    progress = frame.progress;
    return frame.bytes;
  };
}

test("area frames give views in which what is far is null, and in time sightings of all boats", () => {
  const buffer = new SnapshotBuffer();
  const told = gateway(1);
  for (const at of all.keys()) expect(buffer.take(told(at), 0).kind).toBe("snapshot");
  const { boats } = buffer.newest!;
  expect(boats).toHaveLength(500);
  expect(boats[0]).toEqual(all.at(-1)!.boats[0]);
  const known = boats.filter((boat) => boat !== null).length;
  expect(known).toBeLessThan(BOATS / 2);
  expect(buffer.sightings.map(({ seat }) => seat)).toEqual(Array.from({ length: BOATS }, (_, seat) => seat));
});

test("a frame that is lost asks for a whole one, again only after a while, and goes on with it", () => {
  const buffer = new SnapshotBuffer();
  const told = gateway(1);
  buffer.take(told(0), 0);
  told(1);
  expect(buffer.take(told(2), 0)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(told(3), 33)).toEqual({ kind: "ignored", askKeyframe: false });
  expect(buffer.take(told(4), KEYFRAME_RETRY_MS)).toEqual({ kind: "ignored", askKeyframe: true });
  expect(buffer.take(gateway(1)(5), 600)).toMatchObject({ kind: "snapshot", isKeyframe: true });
});

test("in a move two gateways tell the same, and when one falls silent nothing is missing", () => {
  const buffer = new SnapshotBuffer();
  const [old, young] = [gateway(1), gateway(2)];
  const ticks: number[] = [];
  const hear = (bytes: Uint8Array) => {
    const taken = buffer.take(bytes, 0);
    if (taken.kind === "snapshot") ticks.push(taken.snapshot.view.tick);
    else expect(taken.askKeyframe).toBe(false);
  };
  for (let at = 0; at < 30; at++) {
    // The new one is heard from tick 10 on, now before the old one, now after it; the old one up to tick 20.
    if (at >= 10 && at % 3 === 0) hear(young(at));
    if (at < 20) hear(old(at));
    if (at >= 10 && at % 3 !== 0) hear(young(at));
    expect(buffer.newest!.boats[0]).toEqual(all[at]!.boats[0]);
  }
  expect(ticks).toEqual(all.slice(0, 30).map(({ tick }) => tick));
});

test("a new owner begins with a whole frame, and another seat with nothing", () => {
  const buffer = new SnapshotBuffer();
  const told = gateway(1);
  for (let at = 0; at < 50; at++) buffer.take(told(at), 0);
  expect(buffer.take(gateway(1, 2)(48), 0)).toMatchObject({ kind: "snapshot", isNewEpoch: true });
  expect(buffer.take(told(50), 0)).toEqual({ kind: "ignored", askKeyframe: false });
  buffer.reset();
  expect([buffer.newest, buffer.sightings]).toEqual([undefined, []]);
});

test("a new owner's sightings are believed at once, also from a tick that was heard before", () => {
  const buffer = new SnapshotBuffer();
  const former = gateway(1);
  for (const at of all.keys()) buffer.take(former(at), 0);
  const before = buffer.sightings;
  const owner = gateway(1, 2);
  for (let at = 0; at < 5; at++) buffer.take(owner(at), 0);
  expect(buffer.sightings).not.toEqual(before);
});
