import { describe, expect, it } from "vitest";
import { refusal } from "../../game/protocol/index.ts";
import { seededRandom, VirtualTime } from "../netcode/testing/virtual-time.ts";
import {
  condition,
  HANDSHAKE_ROUND_TRIPS,
  type NetConditions,
  PERFECT_NETWORK,
  RESEND_MS,
  TAIL_MAX,
  UNDER_WAY_MAX,
} from "./conditioner.ts";
import { handDial, welcomeTo } from "./testing/hand-wire.ts";
import type { WireEvents } from "./wire.ts";

function conditioned(conditions: NetConditions, random: () => number = () => 0) {
  const time = new VirtualTime();
  const { dial, wires } = handDial();
  const conditioner = condition(dial, conditions, time, random);
  const told: string[] = [];
  const events: WireEvents = {
    open: () => told.push("open"),
    frame: (bytes) => told.push(`frame ${bytes[0]}`),
    roster: ({ version }) => told.push(`roster ${version}`),
    rosterChange: ({ version }) => told.push(`roster-change ${version}`),
    path: ({ epoch }) => told.push(`path ${epoch}`),
    move: ({ ticket }) => told.push(`move ${ticket}`),
    release: ({ version }) => told.push(`release ${version}`),
    refused: ({ code }) => told.push(`refused ${code}`),
    closed: (reason) => told.push(`closed ${reason}`),
  };
  const wire = conditioner.dial({ protocol: 2, build: "test" }, events, { bytesDown: 0, bytesUp: 0 });
  return { time, conditioner, told, wire, hand: wires[0]! };
}

/** When each of `count` frames came that were sent every 33 ms, milliseconds after it was sent. */
function delaysOf(conditions: NetConditions, count: number): number[] {
  const time = new VirtualTime();
  const { dial, wires } = handDial();
  const delays: number[] = [];
  const sentAtMs: number[] = [];
  const nothing = () => {};
  const frame = () => delays.push(time.now() - sentAtMs[delays.length]!);
  const events = { open: nothing, frame, roster: nothing, path: nothing, move: nothing } as unknown as WireEvents;
  condition(dial, conditions, time, seededRandom(3)).dial({ protocol: 2, build: "t" }, events, {
    bytesDown: 0,
    bytesUp: 0,
  });
  for (let sent = 0; sent < count; sent++) {
    sentAtMs.push(time.now());
    wires[0]!.events.frame(Uint8Array.of(sent));
    time.advance(33);
  }
  time.advance(5_000);
  return delays;
}

describe("the network conditioner", () => {
  it("goes on with what is behind when who was called failed", () => {
    const { time, hand, told } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    hand.events.release(undefined as never);
    hand.events.frame(Uint8Array.of(2));
    expect(() => time.advance(60)).toThrow(TypeError);
    time.advance(60);
    hand.events.frame(Uint8Array.of(3));
    time.advance(60);
    expect(told).toEqual(["frame 1", "frame 2", "frame 3"]);
  });

  it("passes everything on at once while the network is perfect", () => {
    const { hand, told, wire } = conditioned(PERFECT_NETWORK);
    hand.events.open();
    hand.events.frame(Uint8Array.of(1));
    wire.input(Uint8Array.of(2));
    wire.askKeyframe();
    expect(told).toEqual(["open", "frame 1"]);
    expect([hand.inputs, hand.keyframesAsked]).toEqual([1, 1]);
  });

  it("delays each way by half of the round trip", () => {
    const { hand, told, time, wire } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    wire.input(Uint8Array.of(2));
    time.advance(49);
    expect([told.length, hand.inputs]).toEqual([0, 0]);
    time.advance(1);
    expect([told.length, hand.inputs]).toEqual([1, 1]);
  });

  it("delays answers to a join and to a ping by the whole round trip", () => {
    const { hand, time, wire } = conditioned({ rttMs: 100, jitterMs: 0 });
    const answeredAtMs: number[] = [];
    const startMs = time.now();
    wire.join({ name: "Ada" }, () => answeredAtMs.push(time.now() - startMs));
    wire.ping(() => answeredAtMs.push(time.now() - startMs));
    time.advance(50);
    hand.answerJoin(welcomeTo("ABCD"));
    hand.pings[0]!();
    time.advance(60);
    expect(answeredAtMs).toEqual([100, 100]);
  });

  it("makes a handshake take the round trips of TCP, TLS and the upgrade", () => {
    const { hand, told, time } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.open();
    time.advance(HANDSHAKE_ROUND_TRIPS * 100 - 1);
    expect(told).toEqual([]);
    time.advance(1);
    expect(told).toEqual(["open"]);
  });

  it("keeps the order of everything whatever the jitter", () => {
    const { hand, told, time } = conditioned({ rttMs: 40, jitterMs: 300 }, seededRandom(1));
    for (let at = 0; at < 50; at++) {
      hand.events.frame(Uint8Array.of(at));
      time.advance(10);
    }
    hand.events.move({ ticket: "t", notBeforeMs: 0, deadlineMs: 1 });
    hand.events.refused(refusal("draining"));
    hand.events.closed("transport close");
    time.advance(1_000);
    const frames = Array.from({ length: 50 }, (_, at) => `frame ${at}`);
    expect(told).toEqual([...frames, "move t", "refused draining", "closed transport close"]);
  });

  it("spreads messages evenly over the jitter, and with a heavy tail far beyond it", () => {
    const even = delaysOf({ rttMs: 100, jitterMs: 20 }, 2_000);
    expect(Math.min(...even)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...even)).toBeLessThanOrEqual(70.001);
    expect(even.filter((delayMs) => delayMs < 60).length / even.length).toBeCloseTo(0.5, 1);
    const heavy = delaysOf({ rttMs: 100, jitterMs: 20, heavyTail: true }, 2_000);
    expect(heavy.filter((delayMs) => delayMs > 70).length).toBeGreaterThan(100);
    expect(Math.max(...heavy)).toBeGreaterThan(120);
    expect(Math.max(...heavy)).toBeLessThanOrEqual(50 + 20 * TAIL_MAX + 0.001);
  });

  it("shows a loss as a stall of everything behind it", () => {
    let isLost = true;
    const { hand, told, time } = conditioned({ rttMs: 100, jitterMs: 0, lossShare: 0.5 }, () => (isLost ? 0.1 : 0.9));
    hand.events.frame(Uint8Array.of(1));
    isLost = false;
    hand.events.frame(Uint8Array.of(2));
    time.advance(50 + 100 + RESEND_MS - 1);
    expect(told).toEqual([]);
    time.advance(1);
    expect(told).toEqual(["frame 1", "frame 2"]);
  });

  it("changes while it runs, and never lets a later message overtake", () => {
    const { conditioner, hand, told, time } = conditioned({ rttMs: 400, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    conditioner.setConditions(PERFECT_NETWORK);
    expect(conditioner.conditions).toEqual(PERFECT_NETWORK);
    hand.events.frame(Uint8Array.of(2));
    expect(told).toEqual([]);
    time.advance(200);
    expect(told).toEqual(["frame 1", "frame 2"]);
    hand.events.frame(Uint8Array.of(3));
    expect(told.at(-1)).toBe("frame 3");
  });

  it("lets a goodbye out before it hangs up, and says nothing more itself", () => {
    const { hand, told, time, wire } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    wire.leave();
    wire.close();
    expect([hand.left, hand.closed]).toEqual([false, false]);
    time.advance(50);
    expect([hand.left, hand.closed]).toEqual([true, true]);
    hand.events.closed("late");
    time.advance(1_000);
    expect(told).toEqual([]);
  });

  it("lets messages go on that came due while a page's timers slept", () => {
    const { hand, told, time } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    time.sleep(1_000);
    hand.events.frame(Uint8Array.of(2));
    expect(told).toEqual(["frame 1"]);
  });

  it("kills the wires of a network that is gone without a word, and none of the next one", () => {
    const { conditioner, hand, told, time, wire } = conditioned({ rttMs: 100, jitterMs: 0 });
    hand.events.frame(Uint8Array.of(1));
    conditioner.goSilent();
    hand.events.frame(Uint8Array.of(2));
    wire.input(Uint8Array.of(3));
    time.advance(10_000);
    expect([told, hand.inputs]).toEqual([[], 0]);
    const heard: number[] = [];
    const { dial, wires } = handDial();
    const fresh = condition(dial, PERFECT_NETWORK, time, () => 0);
    fresh.goSilent();
    fresh.dial(
      { protocol: 2, build: "t" },
      { frame: (bytes: Uint8Array) => heard.push(bytes[0]!) } as unknown as WireEvents,
      {
        bytesDown: 0,
        bytesUp: 0,
      },
    );
    wires[0]!.events.frame(Uint8Array.of(4));
    expect(heard).toEqual([4]);
  });

  it("cuts a wire that holds more than could be under way", () => {
    const { hand, told, time } = conditioned({ rttMs: 60_000, jitterMs: 0 });
    for (let at = 0; at <= UNDER_WAY_MAX; at++) hand.events.frame(Uint8Array.of(1));
    time.advance(100_000);
    expect(told).toEqual(["closed too much under way"]);
    expect(hand.closed).toBe(true);
  });
});
