import { expect, test } from "vitest";
import { PROTOCOL_OLDEST, PROTOCOL_VERSION, refusal } from "../../game/protocol/index.ts";
import { BACK_OFF_BASE_MS, BACK_OFF_CAP_MS, MOVE_AGAIN_MS, TRY_AGAIN_MS } from "./back-off.ts";
import { SEAT_TIMEOUT_MS } from "./link.ts";
import { DEAD_LOOKS, LOOK_INTERVAL_MS } from "./liveness.ts";
import { LINGER_MS } from "./mover.ts";
import { connectByHand, keyframe } from "./testing/hand-connection.ts";

const label = (id: string) => ({ id, version: "v1" });
const onServer = (id: string) => ({ resumed: true, path: { gateway: label(id), owner: label("s9"), epoch: 1 } });
const offer = (ticket: string, notBeforeMs = 0, deadlineMs = 30_000) => ({ ticket, notBeforeMs, deadlineMs });

/** A seat on s1 with frames up to tick 100, and an offer to move. */
function offered(move = offer("T1")) {
  const game = connectByHand();
  const { wires, seat, told } = game;
  seat(0, onServer("s1"));
  wires[0]!.events.frame(keyframe(100));
  told.length = 0;
  wires[0]!.events.move(move);
  return game;
}

/** The same, the second link seated on s2. */
function overlapping(move = offer("T1")) {
  const game = offered(move);
  game.wires[0]!.events.frame(keyframe(101));
  game.seat(1, onServer("s2"));
  game.told.length = 0;
  return game;
}

/** The same, switched to s2. */
function switched(move = offer("T1")) {
  const game = overlapping(move);
  game.wires[1]!.pings[0]!();
  game.wires[1]!.events.frame(keyframe(102));
  return game;
}

const input = new Uint8Array(1);

test("an offer dials at once without a timer, with the token, the room and the ticket", () => {
  const { wires } = offered();
  expect(wires).toHaveLength(2);
  expect(wires[1]!.token).toBe("token-1");
  wires[1]!.events.open();
  expect(wires[1]!.joins).toEqual([{ name: "Ada", room: "ABCD", ticket: "T1" }]);
});

test("an offer for later waits for its time, which a frame tells as well as a timer", () => {
  const byTimer = offered(offer("T1", 400));
  byTimer.time.advance(399);
  expect(byTimer.wires).toHaveLength(1);
  byTimer.time.advance(1);
  expect(byTimer.wires).toHaveLength(2);

  const byFrame = offered(offer("T1", 400));
  byFrame.time.sleep(400);
  expect(byFrame.wires).toHaveLength(1);
  byFrame.wires[0]!.events.frame(keyframe(101));
  expect(byFrame.wires).toHaveLength(2);
  byFrame.time.advance(0);
  expect(byFrame.wires).toHaveLength(2);
});

test("the new link speaks once it has brought a frame that is new enough and has answered a ping", () => {
  const { time, wires, connection, told } = overlapping();
  connection.input(input);
  expect([wires[0]!.inputs, wires[1]!.inputs]).toEqual([1, 0]);
  time.advance(20);
  wires[1]!.pings[0]!();
  wires[1]!.events.frame(keyframe(100));
  expect(connection.moves).toBe(0);
  wires[1]!.events.frame(keyframe(101));
  expect(connection.moves).toBe(1);
  expect(told).toEqual(["frame", "frame", "moved to s2, roster 1, 20 ms"]);
  connection.askKeyframe();
  connection.input(input);
  expect([wires[0]!.keyframesAsked, wires[1]!.keyframesAsked]).toEqual([0, 1]);
  expect(wires[1]!.inputs).toBe(1);
});

test("a frame alone or an answer alone does not move the voice", () => {
  const unanswered = overlapping();
  unanswered.wires[1]!.events.frame(keyframe(105));
  expect(unanswered.connection.moves).toBe(0);
  const unheard = overlapping();
  unheard.wires[1]!.pings[0]!();
  expect(unheard.connection.moves).toBe(0);
});

test("frames of a former epoch are not new enough, those of the next one are", () => {
  const { wires, connection, seat } = offered();
  wires[0]!.events.frame(keyframe(101, 2));
  seat(1, onServer("s2"));
  wires[1]!.pings[0]!();
  wires[1]!.events.frame(keyframe(103, 1));
  expect(connection.moves).toBe(0);
  wires[1]!.events.frame(keyframe(99, 3));
  expect(connection.moves).toBe(1);
});

test("the old link lingers for a moment, hears and speaks, then closes without a word", () => {
  const { time, wires, connection, told, pass } = switched();
  connection.input(input);
  expect([wires[0]!.inputs, wires[1]!.inputs]).toEqual([1, 1]);
  told.length = 0;
  wires[0]!.events.frame(keyframe(103));
  time.advance(LINGER_MS - 1);
  expect(wires[0]!.closed).toBe(false);
  time.advance(1);
  expect(wires[0]!.closed).toBe(true);
  connection.input(input);
  expect([wires[0]!.inputs, wires[1]!.inputs]).toEqual([1, 2]);
  expect(told).toEqual(["frame"]);
  pass(3_000);
  expect(wires).toHaveLength(2);
});

test("the old link closes with a frame when its timer is throttled", () => {
  const { time, wires } = switched();
  time.sleep(LINGER_MS);
  wires[1]!.events.frame(keyframe(112));
  expect(wires[0]!.closed).toBe(true);
});

test("what the new link is told before it speaks is known when it does", () => {
  const { wires, told } = overlapping();
  wires[1]!.events.roster({ version: 7, seats: [] });
  wires[1]!.events.path({ gateway: label("s2"), owner: label("s3"), epoch: 2 });
  wires[0]!.events.roster({ version: 6, seats: [] });
  expect(told).toEqual(["roster 6"]);
  wires[1]!.pings[0]!();
  wires[1]!.events.frame(keyframe(102));
  expect(told.at(-1)).toBe("moved to s2, roster 7, 0 ms");
  wires[0]!.events.roster({ version: 5, seats: [] });
  wires[1]!.events.roster({ version: 8, seats: [] });
  expect(told.slice(3)).toEqual(["roster 8"]);
});

test("a refusal to try again, and a dial that fails, are followed by another dial soon", () => {
  const { time, wires, told } = offered();
  wires[1]!.events.refused(refusal("draining"));
  time.advance(MOVE_AGAIN_MS / 2);
  expect(wires).toHaveLength(3);
  wires[2]!.events.closed("transport error");
  time.advance(MOVE_AGAIN_MS);
  expect(wires).toHaveLength(4);
  wires[3]!.events.open();
  wires[3]!.answerJoin({ ok: false, ...refusal("unavailable") });
  time.advance(TRY_AGAIN_MS);
  expect(wires).toHaveLength(5);
  wires[4]!.events.open();
  expect(wires[4]!.joins[0]!.ticket).toBe("T1");
  expect(told).toEqual([]);
});

test("a dial that leads to no seat in time is given up for another one", () => {
  const { time, wires, pass } = offered();
  wires[1]!.events.open();
  pass(SEAT_TIMEOUT_MS);
  expect(wires[1]!.closed).toBe(true);
  time.advance(MOVE_AGAIN_MS);
  expect(wires).toHaveLength(3);
  expect(wires[0]!.closed).toBe(false);
});

test("a bad ticket is given up, and the next offer begins anew", () => {
  const { wires, told, pass } = offered();
  wires[1]!.events.open();
  wires[1]!.answerJoin({ ok: false, ...refusal("bad-ticket") });
  pass(3_000);
  expect(wires).toHaveLength(2);
  wires[0]!.events.move(offer("T2"));
  wires[2]!.events.open();
  expect(wires[2]!.joins[0]!.ticket).toBe("T2");
  expect(told).toEqual([]);
});

test("after the deadline nothing is dialled any more: the server ends the old link, and the player comes back", () => {
  const { time, wires, told, pass } = offered(offer("T1", 0, 100));
  for (let second = 0; second < 2; second++) {
    wires.at(-1)!.events.refused(refusal("draining"));
    pass(TRY_AGAIN_MS);
  }
  const { length } = wires;
  pass(2_000);
  expect(wires).toHaveLength(length);
  wires[0]!.events.refused(refusal("draining"));
  time.advance(TRY_AGAIN_MS);
  expect(told).toEqual(["lost", "attempt 1"]);
  expect(wires).toHaveLength(length + 1);
});

test("a later offer replaces the one that is waited for", () => {
  const { time, wires, pass } = offered(offer("T1", 400));
  wires[0]!.events.move(offer("T2", 900));
  time.advance(899);
  expect(wires).toHaveLength(1);
  time.advance(1);
  wires[1]!.events.open();
  expect(wires[1]!.joins[0]!.ticket).toBe("T2");
  pass(1_000);
  expect(wires).toHaveLength(2);
});

test("an offer during the dial is for the next attempt", () => {
  const { time, wires } = offered();
  wires[0]!.events.move(offer("T2"));
  expect(wires).toHaveLength(2);
  wires[1]!.events.refused(refusal("draining"));
  time.advance(MOVE_AGAIN_MS);
  wires[2]!.events.open();
  expect(wires[2]!.joins[0]!.ticket).toBe("T2");
});

test("an offer to the new link while the old one lingers moves it on, and the old one closes", () => {
  const { wires, seat, connection } = switched();
  wires[1]!.events.move(offer("T2"));
  expect(wires[0]!.closed).toBe(true);
  seat(2, onServer("s3"));
  wires[2]!.pings[0]!();
  wires[2]!.events.frame(keyframe(110));
  expect(connection.moves).toBe(2);
  expect(wires[1]!.closed).toBe(false);
});

test("an offer to the old link after the switch is ignored", () => {
  const { wires, pass } = switched();
  wires[0]!.events.move(offer("T2"));
  pass(1_000);
  expect(wires).toHaveLength(2);
});

test.each(["closed", "draining", "superseded"] as const)(
  "an old link that ends (%s) while the new one is dialled leaves the dial as the way back, and no second one",
  (how) => {
    const { wires, told, seat, connection, pass } = offered();
    if (how === "closed") wires[0]!.events.closed("transport close");
    else wires[0]!.events.refused(refusal(how));
    pass(1_000);
    expect(wires).toHaveLength(2);
    seat(1, onServer("s2"));
    expect(told).toEqual(["lost", "welcome ABCD", "round trip 0"]);
    connection.input(input);
    expect(wires[1]!.inputs).toBe(1);
    expect(connection.moves).toBe(0);
  },
);

test("a dial that became the way back and fails is followed by ones without the ticket", () => {
  const { time, wires, told } = offered();
  wires[0]!.events.closed("transport close");
  wires[1]!.events.open();
  wires[1]!.answerJoin({ ok: false, ...refusal("bad-ticket") });
  time.advance(BACK_OFF_CAP_MS);
  wires[2]!.events.open();
  expect(wires[2]!.joins).toEqual([{ name: "Ada", room: "ABCD" }]);
  expect(told).toEqual(["lost", "attempt 1"]);
});

test("a tab that was superseded during the dial stops when the dial does not bring the seat back", () => {
  const { time, wires, told } = offered();
  wires[0]!.events.refused(refusal("superseded"));
  wires[1]!.events.open();
  wires[1]!.answerJoin({ ok: false, ...refusal("bad-ticket") });
  time.advance(60_000);
  expect(told.at(-1)).toBe("stopped superseded");
  expect(wires).toHaveLength(2);
});

test("an old link that ends while an offer is waited for is a loss like any other", () => {
  const { time, wires, told, pass } = offered(offer("T1", 1_000));
  wires[0]!.events.closed("transport close");
  time.advance(BACK_OFF_BASE_MS);
  expect(told).toEqual(["lost", "attempt 1"]);
  wires[1]!.events.open();
  expect(wires[1]!.joins).toEqual([{ name: "Ada", room: "ABCD" }]);
  pass(1_000);
  expect(wires).toHaveLength(2);
});

test.each(["closed", "draining", "superseded"] as const)(
  "an old link that ends (%s) in the overlap makes the new one speak at once",
  (how) => {
    const { wires, told, connection, pass } = overlapping();
    if (how === "closed") wires[0]!.events.closed("transport close");
    else wires[0]!.events.refused(refusal(how));
    expect(told).toEqual(["moved to s2, roster 1, undefined ms"]);
    connection.input(input);
    expect(wires[1]!.inputs).toBe(1);
    pass(5_000);
    expect(wires).toHaveLength(2);
  },
);

test.each(["closed", "draining", "superseded"] as const)(
  "an old link that ends (%s) after the switch is no news",
  (how) => {
    const { wires, told, pass } = switched();
    told.length = 0;
    if (how === "closed") wires[0]!.events.closed("transport close");
    else wires[0]!.events.refused(refusal(how));
    pass(5_000);
    expect(told).toEqual([]);
    expect(wires).toHaveLength(2);
  },
);

test("a new link that ends before the switch is dialled again while the old one goes on", () => {
  const { time, wires, told, connection } = overlapping();
  wires[1]!.events.closed("transport close");
  connection.input(input);
  expect(wires[0]!.inputs).toBe(1);
  time.advance(MOVE_AGAIN_MS);
  expect(wires).toHaveLength(3);
  expect(told).toEqual([]);
});

test("a new link that ends right after the switch gives the word back to the old one, which moves again", () => {
  const { time, wires, told, connection } = switched();
  told.length = 0;
  wires[1]!.events.closed("transport close");
  connection.input(input);
  expect(wires[0]!.inputs).toBe(1);
  time.advance(MOVE_AGAIN_MS);
  expect(wires).toHaveLength(3);
  time.advance(LINGER_MS);
  expect(wires[0]!.closed).toBe(false);
  expect(told).toEqual([]);
});

test("a new link that ends when the old one is gone is a loss like any other", () => {
  const { time, wires, told } = switched();
  time.advance(LINGER_MS);
  wires[1]!.events.closed("transport close");
  time.advance(BACK_OFF_CAP_MS);
  expect(told.slice(-2)).toEqual(["lost", "attempt 1"]);
  expect(wires).toHaveLength(3);
});

test("a new link that goes silent in the overlap is given up by its pings", () => {
  const { time, wires, connection } = overlapping();
  for (let look = 0; look < DEAD_LOOKS + 8; look++) {
    for (const pong of wires[0]!.pings.splice(0)) pong();
    time.advance(LOOK_INTERVAL_MS);
  }
  expect(wires[1]!.closed).toBe(true);
  expect(wires[0]!.closed).toBe(false);
  expect(wires).toHaveLength(3);
  expect(connection.moves).toBe(0);
});

test.each([
  ["its seat was lost", { ...onServer("s2"), resumed: false }],
  ["it has another seat", { ...onServer("s2"), seat: 4 }],
  ["it is in another room", { ...onServer("s2"), room: "WXYZ" }],
])("a new link that is told that %s is a new beginning, and the old one is closed", (_what, change) => {
  const { wires, told, seat, connection, pass } = offered();
  seat(1, change);
  expect(told).toEqual(["lost", `welcome ${"room" in change ? change.room : "ABCD"}`, "round trip 0"]);
  expect(wires[0]!.closed).toBe(true);
  connection.input(input);
  expect(wires[1]!.inputs).toBe(1);
  pass(5_000);
  expect(wires).toHaveLength(2);
  expect(connection.moves).toBe(0);
});

test("a server of the version before is dialled again in its own, and its cutting off the old link is no end", () => {
  const { time, wires, told, seat } = offered();
  wires[1]!.events.refused(refusal("protocol-version"));
  time.advance(MOVE_AGAIN_MS);
  expect(wires.map((wire) => wire.protocol)).toEqual([PROTOCOL_VERSION, PROTOCOL_VERSION, PROTOCOL_OLDEST]);
  wires[0]!.events.refused(refusal("superseded"));
  seat(2, onServer("s2"));
  expect(told).toEqual(["lost", "welcome ABCD", "round trip 0"]);
});

test.each([
  ["an offer is waited for", () => offered(offer("T1", 500))],
  ["the new link is dialled", () => offered()],
  ["both links are seated", () => overlapping()],
  ["the old link lingers", () => switched()],
])("leaving while %s gives the seat up once and ends everything", (_when, prepare) => {
  const { time, wires, told, connection } = prepare();
  told.length = 0;
  connection.leave();
  expect(wires.filter((wire) => wire.left)).toHaveLength(1);
  expect(wires.every((wire) => wire.closed)).toBe(true);
  const { length } = wires;
  time.advance(60_000);
  expect(wires).toHaveLength(length);
  expect(told).toEqual([]);
});

test("closing in the midst of a move ends both links without giving the seat up", () => {
  const { time, wires, connection } = overlapping();
  connection.close();
  expect(wires.every((wire) => wire.closed && !wire.left)).toBe(true);
  time.advance(60_000);
  expect(wires).toHaveLength(2);
});
