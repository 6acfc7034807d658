// A player's way from one connection to another, by a ticket.

import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JoinAnswer, Welcome } from "../../game/protocol/index.ts";
import type { PlayerId, RoomCode } from "../room/room-port.ts";
import { TICKET_LIFE_MS } from "./move-ticket.ts";
import { PlayerTokens } from "./player-token.ts";
import { makePlayers, type PlayersUnderTest, type TestSocket } from "./players-for-tests.ts";
import { OVERLAP_MAX_MS } from "./seat-taking.ts";
import { SECRET } from "./server-for-tests.ts";

let test: PlayersUnderTest;

beforeEach(() => {
  test = makePlayers();
});

afterEach(() => test.close());

interface Seated extends Welcome {
  socket: TestSocket;
}

async function seated(token?: string, protocol?: number): Promise<Seated> {
  const socket = await test.connect(token, protocol);
  return { socket, ...welcome(await socket.join()) };
}

function welcome(answer: JoinAnswer): Welcome {
  if (!answer.ok) throw new Error(`refused: ${answer.code}`);
  return answer;
}

/** A second connection of the same player, with the ticket of an offer to the first. */
async function offered(ann: Seated): Promise<{ ticket: string; newer: TestSocket }> {
  await ann.socket.session!.offerMove({ deadlineMs: 1000, generation: undefined });
  return { ticket: ann.socket.tickets.at(-1)!, newer: await test.connect(ann.token) };
}

const refused = (code: string) => expect.objectContaining({ ok: false, code });
const frames = async (socket: TestSocket) => {
  const before = socket.frames;
  await test.advance(200);
  return socket.frames - before;
};

describe("a move", () => {
  it("gives the seat to the new connection, and lets both hear the room until the old one closes", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    expect(await newer.join({ ticket })).toMatchObject({ ok: true, seat: ann.seat, room: ann.room, resumed: true });
    expect(Math.min(await frames(ann.socket), await frames(newer))).toBeGreaterThan(3);
    ann.socket.end();
    expect(ann.socket.closing).toEqual([]);
    await test.advance(2 * OVERLAP_MAX_MS);
    expect(newer.isOpen).toBe(true);
    expect(test.cluster.rooms.list()[0]!.state.seats[ann.seat]!.state).toMatchObject({
      kind: "seated",
      connection: newer.id,
    });
    expect(test.metrics.moves).toEqual({ offered: 1, out: 1, in: 1 });
    expect(newer.session!.movedAgoMs).toBeLessThan(3 * OVERLAP_MAX_MS);
    expect(ann.socket.session!.movedAgoMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("closes an old connection that its page leaves open, after a while", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    await newer.join({ ticket });
    await test.advance(OVERLAP_MAX_MS - 1);
    expect(ann.socket.isOpen).toBe(true);
    await test.advance(1);
    expect(ann.socket.closing).toEqual(["superseded"]);
    expect([ann.socket.isOpen, newer.isOpen]).toEqual([false, true]);
  });

  it("keeps the old connection if the new one breaks", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    await newer.join({ ticket });
    newer.end();
    await test.advance(2 * OVERLAP_MAX_MS);
    expect(ann.socket.isOpen).toBe(true);
  });

  it("leaves the seat to the old connection when the new one broke and no other came", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    await newer.join({ ticket });
    newer.end();
    const seat = () => test.cluster.rooms.list()[0]!.state.seats[ann.seat]?.state;
    expect(seat()).toMatchObject({ kind: "away" });
    await test.advance(1000 + OVERLAP_MAX_MS);
    expect(seat()).toMatchObject({ kind: "seated", connection: ann.socket.id });
    expect(test.metrics.moves).toEqual({ offered: 1, out: 0, in: 1 });
  });

  it("ends both connections when another tab takes the seat meanwhile", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    await newer.join({ ticket });
    const tab = await test.connect(ann.token);
    expect(await tab.join()).toMatchObject({ ok: true, resumed: true });
    expect([ann.socket.closing, newer.closing, tab.closing]).toEqual([["superseded"], ["superseded"], []]);
  });

  it("is offered again with a new ticket as often as one likes, and counted once", async () => {
    const ann = await seated();
    await offered(ann);
    const { ticket, newer } = await offered(ann);
    expect(await newer.join({ ticket })).toMatchObject({ ok: true });
    expect(test.metrics.moves).toMatchObject({ offered: 1, in: 1 });
  });

  it("is not offered to a page that knows nothing of it, nor to one without a seat", async () => {
    const old = await seated(undefined, 1);
    expect(old.socket.session!.isMovable).toBe(false);
    await old.socket.session!.offerMove({ deadlineMs: 1000, generation: undefined });
    const lobby = await test.connect();
    await lobby.session!.offerMove({ deadlineMs: 1000, generation: undefined });
    expect([old.socket.tickets, lobby.tickets]).toEqual([[], []]);
  });

  it("is refused by a server of another generation than the one that stays: it may be next to go", async () => {
    const ann = await seated();
    const newer = await test.connect(ann.token);
    for (const generation of [6, 8]) {
      await ann.socket.session!.offerMove({ deadlineMs: 1000, generation });
      expect(await newer.join({ ticket: ann.socket.tickets.at(-1)! })).toEqual(refused("draining"));
    }
    await ann.socket.session!.offerMove({ deadlineMs: 1000, generation: 7 });
    expect(await newer.join({ ticket: ann.socket.tickets.at(-1)! })).toMatchObject({ ok: true, resumed: true });
  });

  it("to a server that is leaving itself is refused, and may be tried elsewhere with the same ticket", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    const late = await test.connect(ann.token);
    test.draining = true;
    expect(await newer.join({ ticket })).toEqual(refused("draining"));
    test.draining = false;
    expect(await late.join({ ticket })).toMatchObject({ ok: true });
  });
});

describe("a ticket", () => {
  it("is good again while the connection that it was sent to is open: what it led to may have died at once", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    await newer.join({ ticket });
    const third = await test.connect(ann.token);
    expect(await third.join({ ticket })).toMatchObject({ ok: true, resumed: true });
    expect([third.isOpen, newer.isOpen]).toEqual([true, false]);
  });

  it("is void once the seat has gone on from where it led to", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    const welcome = await newer.join({ ticket });
    const next = await offered({ ...ann, socket: newer, ...(welcome as object) });
    expect(await next.newer.join({ ticket: next.ticket })).toMatchObject({ ok: true });
    const third = await test.connect(ann.token);
    expect(await third.join({ ticket })).toEqual(refused("bad-ticket"));
  });

  it("of an older offer is refused once another connection has the seat", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    const tab = await test.connect(ann.token);
    await tab.join();
    expect(await newer.join({ ticket })).toEqual(refused("bad-ticket"));
    expect(tab.isOpen).toBe(true);
  });

  it("is refused from another player, and for another room", async () => {
    const ann = await seated();
    test.cluster.rooms.create("ZZZZ" as RoomCode, 1);
    const { ticket, newer } = await offered(ann);
    const ben = await test.connect();
    expect(await ben.join({ ticket })).toEqual(refused("bad-ticket"));
    expect(await newer.join({ ticket, room: "ZZZZ" })).toEqual(refused("bad-ticket"));
    expect(await newer.join({ ticket, room: ann.room })).toMatchObject({ ok: true });
  });

  it("is refused when its room is gone, and when its time is over", async () => {
    const ann = await seated();
    const { ticket, newer } = await offered(ann);
    const gone = await test.tickets.sign({
      player: ann.player as PlayerId,
      room: "QQQQ" as RoomCode,
      connection: ann.socket.id,
    });
    expect(await newer.join({ ticket: gone })).toEqual(refused("bad-ticket"));
    await test.advance(2 * TICKET_LIFE_MS);
    expect(await newer.join({ ticket })).toEqual(refused("bad-ticket"));
  });

  it("is refused when somebody else signed it, or something else was signed", async () => {
    const ann = await seated();
    const { newer, ticket } = await offered(ann);
    const key = new TextEncoder().encode(SECRET.replace("a", "b"));
    const claims = { room: ann.room, connection: ann.socket.id };
    const signed = new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setSubject(ann.player);
    const forged = await signed.setIssuer("tidegate").setAudience("move").setExpirationTime("1y").sign(key);
    const tokens = new PlayerTokens(SECRET);
    const token = await tokens.sign("AAAAAAAAAAAAAAAAAAAAAA" as PlayerId);
    for (const wrong of [forged, token, "x", ticket.slice(0, -4)]) {
      expect(await newer.join({ ticket: wrong })).toEqual(refused("bad-ticket"));
    }
  });

  it("does not say who somebody is", async () => {
    const tokens = new PlayerTokens(SECRET);
    const player = "AAAAAAAAAAAAAAAAAAAAAA" as PlayerId;
    const ticket = await test.tickets.sign({ player, room: "AAAA" as RoomCode, connection: "c" });
    expect(await tokens.verify(ticket)).toBeUndefined();
    expect(await tokens.verify(await tokens.sign(player))).toBe(player);
  });
});

describe("two tabs of one player", () => {
  it("that join at the same instant: one of them stays", async () => {
    const ann = await seated();
    ann.socket.end();
    const [one, two] = [await test.connect(ann.token), await test.connect(ann.token)];
    await Promise.all([one.join(), two.join()]);
    expect([one.isOpen, two.isOpen].filter(Boolean)).toHaveLength(1);
  });

  it("in different rooms: the newer one stays", async () => {
    const ann = await seated();
    test.cluster.rooms.create("ZZZZ" as RoomCode, 1);
    const tab = await test.connect(ann.token);
    await tab.join({ room: "ZZZZ" });
    expect([ann.socket.closing, tab.closing]).toEqual([["superseded"], []]);
  });

  it("whose room has an owner of an older version: the newer one stays", async () => {
    const ann = await seated();
    const room = test.cluster.rooms.list()[0]!;
    const { join } = room;
    room.join = async (request) => {
      const answer = await join.call(room, request);
      if (answer.ok) delete answer.replaced;
      return answer;
    };
    const tab = await test.connect(ann.token);
    await tab.join();
    expect([ann.socket.closing, tab.closing]).toEqual([["superseded"], []]);
  });
});
