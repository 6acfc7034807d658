import { expect, test } from "vitest";
import { refusal } from "../../game/protocol/index.ts";
import { BACK_OFF_CAP_MS } from "./back-off.ts";
import { GRACE_MAX_MS, LOOK_INTERVAL_MS, SILENT_LOOKS } from "./liveness.ts";
import { REDIAL_MS } from "./spare.ts";
import { connectByHand, keyframe } from "./testing/hand-connection.ts";

const SILENCE_MS = (SILENT_LOOKS + 1) * LOOK_INTERVAL_MS;

/** A seat, and a way to hint that the network may be another one. */
function seated() {
  let hint = () => {};
  const onHint = (tryNow: () => void) => {
    hint = tryNow;
    return () => {};
  };
  const game = connectByHand({ onHint });
  game.seat(0);
  for (const answer of game.wires[0]!.pings.splice(0)) answer();
  game.told.length = 0;
  return { ...game, hint: () => hint() };
}

/** The same, and in doubt: the spare wire is being dialed. */
function doubted() {
  const game = seated();
  game.hint();
  game.time.advance(GRACE_MAX_MS);
  return game;
}

test("a hint that the old wire answers costs no second one", () => {
  const { time, wires, hint } = seated();
  hint();
  for (const answer of wires[0]!.pings.splice(0)) answer();
  time.advance(GRACE_MAX_MS);
  expect(wires).toHaveLength(1);
});

test("in doubt a second wire is dialed beside the first, and asks for no seat before it is open", () => {
  const { wires, told } = doubted();
  expect(wires).toHaveLength(2);
  expect(wires[1]!.token).toBe("token-1");
  expect(wires[0]!.closed).toBe(false);
  expect(told).toEqual([]);
});

test("a spare wire that opens before the old one has answered takes the seat at once", () => {
  const { wires, told, seat, connection } = doubted();
  wires[1]!.events.open();
  expect(wires[0]!.closed).toBe(true);
  expect(wires[1]!.joins).toEqual([{ name: "Ada", room: "ABCD" }]);
  seat(1, { resumed: true });
  expect(told).toEqual(["lost", "welcome ABCD", "round trip 0"]);
  connection.input(new Uint8Array(1));
  expect([wires[0]!.inputs, wires[1]!.inputs]).toEqual([0, 1]);
});

test("an old wire that answers before the spare one is open goes on, and nothing has happened", () => {
  const { time, wires, told } = doubted();
  for (const answer of wires[0]!.pings.splice(0)) answer();
  expect(wires[1]!.closed).toBe(true);
  wires[1]!.events.open();
  time.advance(LOOK_INTERVAL_MS);
  expect(wires[1]!.joins).toEqual([]);
  expect(wires).toHaveLength(2);
  expect(told).toEqual([`round trip ${GRACE_MAX_MS}`]);
});

test("an old wire that ends while the spare one is on its way is followed by that one, without a wait", () => {
  const { wires, told, seat } = doubted();
  wires[0]!.events.closed("transport close");
  expect(told).toEqual(["lost"]);
  seat(1);
  expect(told).toEqual(["lost", "welcome ABCD", "round trip 0"]);
  expect(wires).toHaveLength(2);
});

test("a seat that another tab has taken meanwhile is not taken back by the spare wire", () => {
  const { time, wires, told } = doubted();
  wires[0]!.events.refused(refusal("superseded"));
  expect(told).toEqual(["lost", "stopped superseded"]);
  expect(wires[1]!.closed).toBe(true);
  time.advance(60_000);
  expect(wires).toHaveLength(2);
});

test("silence is noticed without a hint", () => {
  const { time, wires, seat, told } = seated();
  time.advance(SILENCE_MS);
  expect(wires).toHaveLength(2);
  seat(1);
  expect(told).toEqual(["lost", "welcome ABCD", "round trip 0"]);
});

test("frames that come, and no answer, are no silence", () => {
  const { time, wires } = seated();
  for (let passedMs = 0; passedMs < 2 * SILENCE_MS; passedMs += 50) {
    time.advance(50);
    wires[0]!.events.frame(keyframe(100 + passedMs));
  }
  expect(wires).toHaveLength(1);
});

test("a spare wire that is not answered is dialed anew, at once if there is another hint", () => {
  const { time, wires, hint } = doubted();
  time.advance(REDIAL_MS);
  expect(wires).toHaveLength(3);
  expect(wires[1]!.closed).toBe(true);
  time.advance(REDIAL_MS / 2);
  hint();
  expect(wires).toHaveLength(4);
  hint();
  expect(wires).toHaveLength(4);
  expect(wires[0]!.closed).toBe(false);
});

test("a spare wire that fails is followed by another one, as long as there is doubt", () => {
  const { time, wires, told } = doubted();
  wires[1]!.events.closed("refused");
  time.advance(BACK_OFF_CAP_MS);
  expect(wires.length).toBeGreaterThan(2);
  expect(wires[0]!.closed).toBe(false);
  for (const answer of wires[0]!.pings.splice(0)) answer();
  expect(wires.slice(1).every((wire) => wire.closed)).toBe(true);
  const { length } = wires;
  for (let look = 0; look < 60; look++) {
    time.advance(LOOK_INTERVAL_MS);
    for (const answer of wires[0]!.pings.splice(0)) answer();
  }
  expect(wires).toHaveLength(length);
  expect(told).not.toContain("lost");
});

test("a page that slept and finds its wire ended comes back without a wait", () => {
  const { time, wires } = seated();
  time.sleep(90_000);
  wires[0]!.events.closed("transport close");
  time.advance(0);
  expect(wires).toHaveLength(2);
  wires[1]!.events.open();
  expect(wires[1]!.joins).toEqual([{ name: "Ada", room: "ABCD" }]);
});

test("a move that has the seat already is the way out of the doubt", () => {
  const { wires, told, seat, connection } = doubted();
  wires[0]!.events.move({ ticket: "T1", notBeforeMs: 0, deadlineMs: 30_000 });
  seat(2, { resumed: true });
  wires[0]!.events.frame(keyframe(100));
  wires[2]!.pings[0]!();
  wires[2]!.events.frame(keyframe(101));
  expect(connection.moves).toBe(1);
  expect(wires[1]!.closed).toBe(true);
  expect(told).not.toContain("lost");
});

test("leaving in doubt ends the spare wire as well", () => {
  const { time, wires, connection } = doubted();
  connection.leave();
  expect(wires.map(({ closed }) => closed)).toEqual([true, true]);
  time.advance(60_000);
  expect(wires).toHaveLength(2);
});
