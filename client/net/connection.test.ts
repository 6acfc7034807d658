import { expect, test } from "vitest";
import { PROTOCOL_OLDEST, PROTOCOL_VERSION, RETRYABLE, type RefusalCode, refusal } from "../../game/protocol/index.ts";
import type { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { BACK_OFF_CAP_MS, TRY_AGAIN_MAX, TRY_AGAIN_MS } from "./back-off.ts";
import { SEAT_TIMEOUT_MS } from "./link.ts";
import { DEAD_LOOKS, LOOK_INTERVAL_MS } from "./liveness.ts";
import { connectByHand } from "./testing/hand-connection.ts";
import type { HandWire } from "./testing/hand-wire.ts";

test("a seat that is lost is asked for again, with its token and its room", () => {
  const { time, wires, told, seat } = connectByHand();
  seat(0);
  wires[0]!.events.closed("transport close");
  time.advance(BACK_OFF_CAP_MS);
  wires[1]!.events.open();
  expect(wires[1]!.token).toBe("token-1");
  expect(wires[1]!.joins).toEqual([{ name: "Ada", room: "ABCD" }]);
  expect(told).toEqual(["attempt 0", "welcome ABCD", "round trip 0", "lost", "attempt 1"]);
});

test("a seat from before a reload is asked for first; if its room is gone, quick play goes on in another one", () => {
  const { time, wires, told, seat } = connectByHand({ token: "token-0", room: "GONE" });
  wires[0]!.events.open();
  expect(wires[0]!.token).toBe("token-0");
  expect(wires[0]!.joins).toEqual([{ name: "Ada", room: "GONE" }]);
  wires[0]!.answerJoin({ ok: false, ...refusal("unknown-room") });
  time.advance(BACK_OFF_CAP_MS);
  seat(1);
  expect(wires[1]!.joins).toEqual([{ name: "Ada" }]);
  expect(told).toContain("welcome ABCD");
});

test("someone who asked for a room by its code is told that it is gone, after a reload as well", () => {
  const { wires, told } = connectByHand({ room: "GONE", request: { name: "Ada", room: "GONE" } });
  wires[0]!.events.open();
  wires[0]!.answerJoin({ ok: false, ...refusal("unknown-room") });
  expect(told.at(-1)).toBe("stopped unknown-room");
});

test("a release is passed on", () => {
  const { wires, told, seat } = connectByHand();
  seat(0);
  wires[0]!.events.release({ version: "v2", protocol: 2 });
  expect(told.at(-1)).toBe("release v2");
});

test.each([...RETRYABLE])("%s: comes back", (code) => {
  const { time, wires, seat } = connectByHand();
  seat(0);
  wires[0]!.events.refused(refusal(code));
  expect(wires[0]!.closed).toBe(true);
  time.advance(BACK_OFF_CAP_MS);
  expect(wires).toHaveLength(2);
});

test.each<RefusalCode>(["superseded", "bad-frame", "too-many-messages", "bad-origin"])("%s: stops for good", (code) => {
  const { time, wires, told, seat } = connectByHand();
  seat(0);
  wires[0]!.events.refused(refusal(code));
  wires[0]!.events.closed("server");
  time.advance(60_000);
  expect(wires).toHaveLength(1);
  expect(told.at(-1)).toBe(`stopped ${code}`);
});

test("servers that are older are spoken to in their version, and only one that is older than any is a reason to stop", () => {
  const { time, wires, told } = connectByHand();
  for (let protocol = PROTOCOL_VERSION; protocol >= PROTOCOL_OLDEST; protocol--) {
    expect(wires.at(-1)!.protocol).toBe(protocol);
    wires.at(-1)!.events.refused(refusal("protocol-version"));
    time.advance(BACK_OFF_CAP_MS);
  }
  expect(told.at(-1)).toBe("stopped protocol-version");
  expect(wires).toHaveLength(1 + PROTOCOL_VERSION - PROTOCOL_OLDEST);

  const mixed = connectByHand();
  mixed.wires[0]!.events.refused(refusal("protocol-version"));
  mixed.time.advance(BACK_OFF_CAP_MS);
  mixed.seat(1);
  mixed.wires[1]!.events.closed("transport close");
  mixed.time.advance(BACK_OFF_CAP_MS);
  expect(mixed.wires[2]!.protocol).toBe(PROTOCOL_VERSION);
});

test("a refusal that this page does not know is an end like any other", () => {
  const { time, wires, told } = connectByHand();
  wires[0]!.events.open();
  wires[0]!.answerJoin({ ok: false, code: "of a later version" as RefusalCode, message: "?" });
  expect(wires[0]!.closed).toBe(true);
  time.advance(BACK_OFF_CAP_MS);
  expect(wires).toHaveLength(2);
  expect(told).toEqual(["attempt 0", "attempt 1"]);
});

test("quick play goes on in another room when its room is no more, a room asked for by its code does not", () => {
  const quick = connectByHand();
  quick.seat(0);
  quick.wires[0]!.events.refused(refusal("room-closed"));
  quick.time.advance(BACK_OFF_CAP_MS);
  quick.wires[1]!.events.open();
  expect(quick.wires[1]!.joins).toEqual([{ name: "Ada" }]);

  const coded = connectByHand({ request: { name: "Ada", room: "WXYZ" } });
  coded.wires[0]!.events.open();
  coded.wires[0]!.answerJoin({ ok: false, ...refusal("unknown-room") });
  coded.time.advance(60_000);
  expect(coded.told.at(-1)).toBe("stopped unknown-room");
});

test("whoever comes back to a room that has filled up meanwhile is given another one at once", () => {
  const { time, wires } = connectByHand({ token: "token-0", room: "FULL" });
  wires[0]!.events.open();
  wires[0]!.answerJoin({ ok: false, ...refusal("room-full") });
  time.advance(0);
  wires[1]!.events.open();
  expect(wires[1]!.joins).toEqual([{ name: "Ada" }]);
});

test("a token that the servers do not know is forgotten once, and the player is new", () => {
  const { time, wires, told } = connectByHand({ token: "of another stack" });
  wires[0]!.events.refused(refusal("bad-token"));
  time.advance(BACK_OFF_CAP_MS);
  expect(wires.map((wire) => wire.token)).toEqual(["of another stack", undefined]);
  wires[1]!.events.refused(refusal("bad-token"));
  expect(told.at(-1)).toBe("stopped bad-token");
});

test("attempts are spaced wider and wider up to the cap", () => {
  const { time, wires } = connectByHand();
  const waitsMs = Array.from({ length: 7 }, () => {
    wires.at(-1)!.events.closed("refused");
    return untilNextDial(time, wires);
  });
  expect(waitsMs).toEqual([125, 250, 500, 1_000, 2_000, 2_000, 2_000]);
});

test("a server that answers `try again` is asked again soon, but not for ever", () => {
  const { time, wires } = connectByHand();
  const waitsMs = Array.from({ length: TRY_AGAIN_MAX + 2 }, () => {
    wires.at(-1)!.events.open();
    wires.at(-1)!.answerJoin({ ok: false, ...refusal("unavailable") });
    return untilNextDial(time, wires);
  });
  expect(waitsMs.slice(0, TRY_AGAIN_MAX).every((waitMs) => waitMs === TRY_AGAIN_MS / 2)).toBe(true);
  expect(waitsMs.slice(TRY_AGAIN_MAX)).toEqual([BACK_OFF_CAP_MS / 2, BACK_OFF_CAP_MS / 2]);
});

function untilNextDial(time: VirtualTime, wires: HandWire[]): number {
  const dials = wires.length;
  const startMs = time.now();
  while (wires.length === dials) time.advance(5);
  return time.now() - startMs;
}

test("a hint that the network is back makes the next attempt at once, and only while one is waited for", () => {
  let hint = () => {};
  const { time, wires, seat } = connectByHand({
    onHint: (tryNow) => {
      hint = tryNow;
      return () => {};
    },
  });
  hint();
  expect(wires).toHaveLength(1);
  seat(0);
  wires[0]!.events.closed("transport close");
  hint();
  expect(wires).toHaveLength(2);
  time.advance(BACK_OFF_CAP_MS);
  expect(wires).toHaveLength(2);
});

test("a handshake that leads to no seat in time is given up and repeated", () => {
  const { time, wires, told } = connectByHand();
  wires[0]!.events.open();
  time.advance(SEAT_TIMEOUT_MS + BACK_OFF_CAP_MS);
  expect(wires[0]!.closed).toBe(true);
  expect(wires).toHaveLength(2);
  expect(told).not.toContain("lost");
});

test("pings measure the round trip, and a wire that does not answer them is dead, even where no other one can be had", () => {
  const { time, wires, told, seat } = connectByHand();
  seat(0);
  time.advance(30);
  wires[0]!.pings[0]!();
  expect(told.at(-1)).toBe("round trip 30");
  time.advance((DEAD_LOOKS - 1) * LOOK_INTERVAL_MS);
  expect(told).not.toContain("lost");
  time.advance(8 * LOOK_INTERVAL_MS);
  expect(told).toContain("lost");
  expect(wires[0]!.closed).toBe(true);
});

test("a hint begins a dial anew that has been under way for long: it most likely began without a network", () => {
  let hint = () => {};
  const onHint = (tryNow: () => void) => {
    hint = tryNow;
    return () => {};
  };
  const { time, wires } = connectByHand({ onHint });
  time.advance(500);
  hint();
  expect(wires).toHaveLength(1);
  time.advance(1_000);
  hint();
  expect(wires).toHaveLength(2);
  expect(wires[0]!.closed).toBe(true);
});

test("an input goes out only on a seated link", () => {
  const { wires, connection, seat } = connectByHand();
  connection.input(new Uint8Array(1));
  expect(wires[0]!.inputs).toBe(0);
  seat(0);
  connection.input(new Uint8Array(1));
  expect(wires[0]!.inputs).toBe(1);
});

test("leaving gives the seat up and ends everything", () => {
  const { time, wires, connection, told, seat } = connectByHand();
  seat(0);
  connection.leave();
  expect(wires[0]!).toMatchObject({ left: true, closed: true });
  wires[0]!.events.closed("client");
  time.advance(60_000);
  expect(wires).toHaveLength(1);
  expect(told).not.toContain("lost");
});
