import { expect, test } from "vitest";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { DEAD_LOOKS, GRACE_MAX_MS, GRACE_MIN_MS, Liveness, LOOK_INTERVAL_MS, SILENT_LOOKS } from "./liveness.ts";

/** A wire that is watched; `pings` are the questions, each is answered by calling it. */
function watched(rttMs = 20) {
  const time = new VirtualTime();
  const told: string[] = [];
  const pings: (() => void)[] = [];
  const tell = (what: string) => () => void told.push(what);
  const liveness = new Liveness(
    {
      clock: time,
      ping: (answered) => pings.push(answered),
      roundTrip: (measuredMs) => told.push(`round trip ${measuredMs}`),
      doubted: tell("doubted"),
      trusted: tell("trusted"),
      dead: tell("dead"),
    },
    rttMs,
  );
  time.advance(rttMs);
  pings.splice(0)[0]!();
  told.length = 0;
  /** Snapshots come, and every ping is answered, for so long. */
  const play = (durationMs: number) => {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 25) {
      time.advance(25);
      liveness.heard();
      for (const answer of pings.splice(0)) answer();
    }
    told.length = 0;
  };
  return { time, told, pings, liveness, play };
}

test("a second of silence on a wire that brought thirty messages a second is a reason to doubt", () => {
  const { time, told, play } = watched();
  play(5_000);
  time.advance(SILENT_LOOKS * LOOK_INTERVAL_MS - 50);
  expect(told).toEqual([]);
  time.advance(LOOK_INTERVAL_MS + 50);
  expect(told).toEqual(["doubted"]);
});

test("a room that says nothing is no dead wire, as long as pings are answered", () => {
  const { time, told, pings } = watched();
  for (let passedMs = 0; passedMs < 60_000; passedMs += 50) {
    time.advance(50);
    for (const answer of pings.splice(0)) answer();
  }
  expect(told.every((what) => what.startsWith("round trip"))).toBe(true);
});

test("an answer ends the doubt, and a wire that only stalls is given twice as much time from then on", () => {
  const { time, told, pings, play } = watched();
  const silenceMs = (SILENT_LOOKS + 1) * LOOK_INTERVAL_MS;
  play(1_000);
  time.advance(silenceMs);
  for (const answer of pings.splice(0)) answer();
  expect(told.filter((what) => !what.startsWith("round trip"))).toEqual(["doubted", "trusted"]);
  play(1_000);
  time.advance(silenceMs);
  expect(told).toEqual([]);
  time.advance(silenceMs);
  expect(told).toEqual(["doubted"]);
});

test("on a long way, where an answer takes longer than a second, silence has to be longer as well", () => {
  const { time, told } = watched(900);
  time.advance(7 * LOOK_INTERVAL_MS);
  expect(told).toEqual([]);
  time.advance(2 * LOOK_INTERVAL_MS);
  expect(told).toEqual(["doubted"]);
});

test("after a hint an answer is waited for a moment only, longer on a longer way", () => {
  const near = watched(10);
  near.play(100);
  near.liveness.hint();
  near.time.advance(GRACE_MIN_MS - 1);
  expect(near.told).toEqual([]);
  near.time.advance(1);
  expect(near.told).toEqual(["doubted"]);

  const far = watched(100);
  far.liveness.hint();
  far.time.advance(149);
  expect(far.told).toEqual([]);
  far.time.advance(GRACE_MAX_MS);
  expect(far.told).toEqual(["doubted"]);
});

test("an answer in time, and nothing was; a second hint meanwhile asks no second time", () => {
  const { time, told, pings, liveness, play } = watched();
  play(100);
  liveness.hint();
  liveness.hint();
  expect(pings).toHaveLength(1);
  time.advance(20);
  for (const answer of pings.splice(0)) answer();
  time.advance(GRACE_MAX_MS);
  expect(told).toEqual(["round trip 20"]);
});

test("whatever wakes a page that slept, a message or a timer, it asks at once, and what lay in the socket is no answer", () => {
  const byMessage = watched();
  byMessage.play(1_000);
  byMessage.time.advance(SILENT_LOOKS * LOOK_INTERVAL_MS);
  const before = byMessage.pings.splice(0);
  expect(before).not.toHaveLength(0);
  byMessage.told.length = 0;
  byMessage.time.sleep(90_000);
  for (const answer of before) answer();
  expect(byMessage.pings).toHaveLength(1);
  expect(byMessage.told).toEqual([]);
  byMessage.time.advance(GRACE_MAX_MS);
  expect(byMessage.told.at(-1)).toBe("doubted");

  const byTimer = watched();
  byTimer.play(1_000);
  byTimer.time.sleep(90_000);
  byTimer.time.advance(0);
  expect(byTimer.liveness.isQuestioned).toBe(true);
  byTimer.time.advance(GRACE_MAX_MS);
  expect(byTimer.told).toEqual(["doubted"]);
});

test("a page whose timers come once a minute does not doubt a wire that goes on bringing messages", () => {
  const { time, told, pings, liveness } = watched();
  for (let minute = 0; minute < 5; minute++) {
    for (let passedMs = 0; passedMs < 60_000; passedMs += 1_000) {
      time.sleep(1_000);
      liveness.heard();
    }
    time.advance(0);
    for (const answer of pings.splice(0)) answer();
  }
  expect(told.filter((what) => !what.startsWith("round trip"))).toEqual([]);
});

test("a page that is busy for long is not a wire that is silent", () => {
  const { time, told, pings, liveness, play } = watched();
  play(1_000);
  for (let stall = 0; stall < 10; stall++) {
    // The timer that was due comes first, then all that has come meanwhile.
    time.sleep(2_500);
    time.advance(0);
    liveness.heard();
    for (const answer of pings.splice(0)) answer();
  }
  expect(told).not.toContain("doubted");
});

test("a ping that is never answered is the end, however often it was doubted", () => {
  const { time, told, play } = watched();
  play(1_000);
  time.advance((DEAD_LOOKS + SILENT_LOOKS) * LOOK_INTERVAL_MS);
  expect(told).toEqual(["doubted", "dead"]);
});
