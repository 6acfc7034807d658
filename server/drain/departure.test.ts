import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../clock.ts";
import type { HandOff, ServerRecord } from "../cluster/cluster.ts";
import type { MoveOffer } from "../gateway/move-ticket.ts";
import type { RoomCode, ServerId } from "../room/room-port.ts";
import { AFTER_ROOMS_MS, NO_HEIR_CONFIRM_MS, planDeparture, REOFFER_MS, SETTLE_MS } from "./deadlines.ts";
import { Departure } from "./departure.ts";
import { Farewell, type Leaver } from "./farewell.ts";
import type { RoomToMove } from "./heirs.ts";
import { Heritage } from "./heritage.ts";
import { room, server } from "./records-for-tests.ts";

const WINDOW_MS = 12_000;
/** A page that is offered a move is gone after this. */
const MOVE_MS = 150;

class TestPlayer implements Leaver {
  place: Leaver["place"] = "seated";
  isMovable = true;
  readonly offers: number[] = [];
  readonly generations: (number | undefined)[] = [];
  refused: string | undefined;
  onOffer: (player: TestPlayer) => void = () => {};

  async offerMove({ generation }: MoveOffer): Promise<void> {
    this.offers.push(clock.now());
    this.generations.push(generation);
    this.onOffer(this);
  }
  refuse(code: string): void {
    this.refused = code;
    this.place = "closed";
  }
}

let clock: VirtualClock;
let servers: ServerRecord[] | "unreachable";
let rooms: RoomToMove[];
let players: TestPlayer[];
let said: string[];
let handOffs: [RoomCode, ServerId, number][];
let handOff: (code: RoomCode, heir: ServerId) => HandOff;
let draining: Set<string>;
let departure: Departure;
let unfinished: string[] | undefined;

beforeEach(() => {
  clock = new VirtualClock();
  servers = [server("me"), server("a"), server("b")];
  rooms = [room("AAAA", 2), room("BBBB", 9)];
  players = [1, 2, 3].map(() => goesWhenAsked(new TestPlayer()));
  [said, handOffs, unfinished] = [[], [], undefined];
  draining = new Set();
  handOff = () => "handed-off";
  const cluster = {
    async servers() {
      if (servers === "unreachable") throw new Error("Redis");
      return servers;
    },
    async handOff(code: RoomCode, heir: ServerId) {
      const outcome = handOff(code, heir);
      handOffs.push([code, heir, clock.now()]);
      if (outcome === "handed-off") rooms = rooms.filter((one) => one.code !== code);
      return outcome;
    },
  };
  const self = "me" as ServerId;
  const present = () => players.filter(({ place }) => place !== "closed");
  departure = new Departure({
    clock,
    log: { info: (fields) => void said.push((fields as { event: string }).event) },
    heritage: new Heritage({ clock, self, cluster, rooms: () => rooms, draining: () => draining }),
    farewell: new Farewell(clock, present),
    rooms: () => rooms,
    players: () => present().filter(({ place }) => place === "seated").length,
    stepBack: () => {
      said.push("step back");
      if (servers !== "unreachable")
        servers = servers.map((one) => (one.id === self ? { ...one, state: "draining" } : one));
    },
    refreshTargets: async () => {},
    ending: {
      sendPlayersAway: () => {
        const left = present();
        for (const player of left) player.refuse("draining");
        return left.length > 0;
      },
      closeCluster: async () => void said.push("cluster closed"),
      closeRooms: () => void said.push("rooms closed"),
      closeGateway: async () => void said.push("gateway closed"),
    },
  });
});

function goesWhenAsked(player: TestPlayer): TestPlayer {
  player.onOffer = () => {
    clock.after(MOVE_MS, () => {
      player.place = "closed";
    });
  };
  return player;
}

function leave(windowMs = WINDOW_MS): void {
  void departure.leave("test", { windowMs, settleMs: SETTLE_MS, lingerMs: 0 }).then((left) => {
    unfinished = left;
  });
}

const ENDED = ["cluster closed", "rooms closed", "gateway closed", "left"];

describe("a departure", () => {
  it("steps back, hands the rooms over, moves the players, and ends as soon as it is empty", async () => {
    leave();
    expect(said).toEqual(["step back", "stepping-back"]);
    await clock.advance(SETTLE_MS - 1);
    expect([handOffs.length, departure.phase]).toEqual([0, "stepping-back"]);
    await clock.advance(2500);
    expect(handOffs.map(([code, heir]) => `${code} ${heir}`)).toEqual(["BBBB a", "AAAA b"]);
    expect(players.map(({ offers, refused }) => [offers.length, refused])).toEqual([
      [1, undefined],
      [1, undefined],
      [1, undefined],
    ]);
    expect(said.slice(2)).toEqual(["rooms-moved", "players-moved", ...ENDED]);
    expect([unfinished, departure.phase]).toEqual([[], "gone"]);
  });

  it("moves no player before its rooms have gone, nor in the same moment", async () => {
    leave();
    await clock.advance(WINDOW_MS);
    const lastRoomAtMs = Math.max(...handOffs.map(([, , atMs]) => atMs));
    expect(Math.min(...players.flatMap(({ offers }) => offers))).toBeGreaterThanOrEqual(lastRoomAtMs + AFTER_ROOMS_MS);
  });

  it("gives nothing to those who leave at the same time, by their own word or by the load balancer's", async () => {
    leave();
    servers = [server("me", { state: "draining" }), server("a", { state: "draining" }), server("b"), server("c")];
    draining = new Set(["b:1"]);
    await clock.advance(WINDOW_MS);
    expect(handOffs.map(([, heir]) => heir)).toEqual(["c", "c"]);
  });

  it("sends players to the generation of the heirs only", async () => {
    leave();
    servers = [server("me"), server("a"), server("b", { generation: 2 }), server("c", { generation: 2 })];
    await clock.advance(WINDOW_MS);
    expect(players.map(({ generations }) => generations)).toEqual([[2], [2], [2]]);
  });

  it("spreads many players over the time that it has", async () => {
    players = Array.from({ length: 400 }, () => goesWhenAsked(new TestPlayer()));
    leave();
    await clock.advance(WINDOW_MS);
    const times = players.map(({ offers }) => offers[0]!);
    expect(players.every(({ refused }) => refused === undefined)).toBe(true);
    const { offersUntilMs } = planDeparture(WINDOW_MS, SETTLE_MS);
    expect(Math.max(...times)).toBeLessThanOrEqual(offersUntilMs + 50);
    expect(Math.max(...times)).toBeGreaterThan(offersUntilMs - 500);
    const secondOf = (atMs: number) => Math.floor(atMs / 1000);
    const busiest = Math.max(...times.map((one) => times.filter((other) => secondOf(other) === secondOf(one)).length));
    expect(busiest).toBeLessThan(100);
  });

  it("offers a move again to who is still there, and at the end tells them to come back", async () => {
    const [slow, deaf] = [players[0]!, players[1]!];
    slow.onOffer = (player) => player.offers.length > 1 && goesWhenAsked(player).onOffer(player);
    deaf.onOffer = () => {};
    leave();
    await clock.advance(WINDOW_MS);
    expect([slow.offers.length, slow.refused]).toEqual([2, undefined]);
    expect(slow.offers[1]! - slow.offers[0]!).toBeGreaterThanOrEqual(REOFFER_MS);
    expect(deaf.offers.length).toBeGreaterThan(1);
    expect(deaf.refused).toBe("draining");
    // Perhaps nobody can reach the servers that stay longest: in the end any will do.
    expect(deaf.generations).toEqual([1, 1, undefined]);
    expect(unfinished).toEqual([]);
  });

  it("tells pages that know no moves to come back, one after the other like everybody", async () => {
    for (const player of players) player.isMovable = false;
    leave();
    await clock.advance(SETTLE_MS + AFTER_ROOMS_MS + 50);
    expect(players.map(({ refused }) => refused)).toEqual(["draining", undefined, undefined]);
    await clock.advance(2000);
    expect(players.map(({ refused }) => refused)).toEqual(["draining", "draining", "draining"]);
  });

  it("sends those without a seat away at once, those who come later too, and waits for who is about to get one", async () => {
    const [lobby, joining] = [players[0]!, players[1]!];
    lobby.place = "lobby";
    joining.place = "joining";
    leave();
    expect([lobby.refused, joining.refused]).toEqual(["draining", undefined]);
    await clock.advance(4000);
    expect(departure.phase).toBe("players");
    joining.place = "lobby";
    await clock.advance(1000);
    expect([joining.refused, departure.phase]).toEqual(["draining", "gone"]);
  });

  it("asks the next heir when one refuses a room, and moves players while a room is left that nobody takes", async () => {
    handOff = (code, heir) => (heir === "a" || code === "AAAA" ? "refused" : "handed-off");
    leave();
    await clock.advance(WINDOW_MS / 2);
    expect(players.every(({ offers }) => offers.length === 1)).toBe(true);
    expect(rooms.map(({ code }) => code)).toEqual(["AAAA"]);
    handOff = () => "handed-off";
    await clock.advance(1000);
    expect([rooms, departure.phase]).toEqual([[], "gone"]);
  });

  it("ends at its deadline with a room that nobody takes", async () => {
    handOff = () => "failed";
    leave();
    await clock.advance(WINDOW_MS);
    expect(departure.phase).toBe("gone");
    expect(departure.status()).toMatchObject({ roomsLeft: 2, playersLeft: 0, handedOff: 0 });
  });

  it("hurries when it is told again with less time, and does not slow down when there is more", async () => {
    for (const player of players) player.onOffer = () => {};
    leave();
    await clock.advance(3000);
    leave(60_000);
    leave(3000);
    await clock.advance(3000);
    expect(departure.phase).toBe("gone");
    expect(players.every(({ refused }) => refused === "draining")).toBe(true);
  });

  it("stays, empty, while the load balancer may still send somebody, and no longer once it hears SIGTERM", async () => {
    void departure.leave("target draining", { windowMs: WINDOW_MS, settleMs: SETTLE_MS, lingerMs: 8000 });
    await clock.advance(7000);
    expect([departure.phase, departure.status().playersLeft]).toEqual(["players", 0]);
    const late = new TestPlayer();
    late.place = "lobby";
    players.push(late);
    await clock.advance(500);
    expect(late.refused).toBe("draining");
    void departure.leave("SIGTERM", { windowMs: 4000, settleMs: SETTLE_MS, lingerMs: 0 });
    await clock.advance(100);
    expect(departure.phase).toBe("gone");
  });

  it("says for whoever watches how far it is", async () => {
    expect(departure.status()).toEqual({ phase: "serving" });
    leave();
    await clock.advance(1500);
    expect(departure.status()).toMatchObject({
      ...{ phase: "players", forMs: 1500, leftMs: WINDOW_MS - 1500, playersLeft: 2, roomsLeft: 0, handedOff: 2 },
      handOffs: [
        { room: "BBBB", heir: "a", outcome: "handed-off" },
        { room: "AAAA", heir: "b", outcome: "handed-off" },
      ],
    });
  });
});

describe("a departure without heirs", () => {
  it("says goodbye as soon as that is certain", async () => {
    servers = [server("me")];
    leave();
    await clock.advance(SETTLE_MS + 2 * NO_HEIR_CONFIRM_MS + 250);
    expect(departure.phase).toBe("gone");
    expect(players.map(({ refused, offers }) => [refused, offers.length])).toEqual([
      ["draining", 0],
      ["draining", 0],
      ["draining", 0],
    ]);
    expect(handOffs).toEqual([]);
  });

  it("ends early when those who stayed leave as well", async () => {
    for (const player of players) player.onOffer = () => {};
    leave();
    await clock.advance(3000);
    expect(departure.phase).toBe("players");
    servers = [server("me", { state: "draining" }), server("a", { state: "draining" })];
    await clock.advance(1500);
    expect(departure.phase).toBe("gone");
  });

  it("is not taken for one when the registry has just been emptied", async () => {
    const before = servers;
    servers = [];
    leave();
    await clock.advance(SETTLE_MS + NO_HEIR_CONFIRM_MS);
    servers = [server("me", { state: "draining" })];
    await clock.advance(300);
    servers = before;
    await clock.advance(WINDOW_MS);
    expect(players.every(({ refused }) => refused === undefined)).toBe(true);
    expect(rooms).toEqual([]);
  });

  it("waits while nobody can say who is there, and goes on when somebody can", async () => {
    const before = servers;
    servers = "unreachable";
    leave();
    await clock.advance(5000);
    expect([departure.phase, players[0]!.offers]).toEqual(["stepping-back", []]);
    servers = before;
    await clock.advance(3000);
    expect([departure.phase, rooms]).toEqual(["gone", []]);
    expect(players.every(({ refused }) => refused === undefined)).toBe(true);
  });

  it("does not wait when it has nothing to leave", async () => {
    servers = "unreachable";
    [players, rooms] = [[], []];
    leave();
    await clock.advance(SETTLE_MS);
    // No time, but some more promises.
    for (let round = 0; round < 5; round++) await clock.advance(0);
    expect(departure.phase).toBe("gone");
  });

  it("waits no longer than it may", async () => {
    servers = "unreachable";
    leave();
    await clock.advance(WINDOW_MS);
    expect(departure.phase).toBe("gone");
    expect(players.every(({ refused }) => refused === "draining")).toBe(true);
  });

  it("takes no time when the server is told to go at once", async () => {
    void departure.leaveAtOnce("test");
    await clock.advance(250);
    expect([departure.phase, handOffs]).toEqual(["gone", []]);
    expect(players.every(({ refused }) => refused === "draining")).toBe(true);
  });
});
