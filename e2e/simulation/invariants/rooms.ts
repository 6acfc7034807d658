// Rooms: who owns them, that they go on, and what they must not lose.

import { INPUT_QUEUE_MAX } from "../../../game/protocol/index.ts";
import { LOST_ROOM_MS, SEALED_MAX_MS } from "../../../server/cluster/timing.ts";
import { MISSING_NUMBERS_MAX } from "../../../server/room/input-queue.ts";
import type { Room } from "../../../server/room/room.ts";
import { REDIS_TROUBLES } from "../weather.ts";
import type { Invariant, Watch } from "./invariant.ts";

/** The fork of a server that was cut off alone ends within this time of its return. */
const FORK_MAX_MS = 2_000;
/** Nobody waits longer for the next tick while nothing is wrong … */
const CALM_OWNERLESS_MAX_MS = 250;
/** … after a server died (lease, heartbeat, the next look) … */
const KILL_OWNERLESS_MAX_MS = 2_000;
/** … after Redis, or the way to it, is back: before a claim others get the time to return … */
const REDIS_OWNERLESS_MAX_MS = 5_000;
/** … and for a room that was lost with its owner and an emptied Redis, until it is given up. */
const LOST_OWNERLESS_MAX_MS = LOST_ROOM_MS + 3_000;
/** A crash may cost what a checkpoint lacks: this much of a game, ticks. */
const LOST_MAX_TICKS = 30;

/** An owner that has ticked an epoch has it for itself, for ever. */
export const noEpochHasTwoOwners: Invariant = ({ simulation, broken }) => {
  const owners = new Map<string, string>();
  simulation.observer.onTick(({ server, room }) => {
    const key = `${room.code} in epoch ${room.epoch}`;
    const owner = owners.get(key) ?? server;
    owners.set(key, owner);
    if (owner !== server) broken(`${key} is ticked by ${server} and was ticked by ${owner}`);
  });
  return {};
};

export const forksEnd: Invariant = ({ simulation, weather, broken }) => ({
  look() {
    const owners = new Map<string, string[]>();
    for (const { id, rooms } of simulation.living) {
      for (const { code } of rooms.list()) owners.set(code, [...(owners.get(code) ?? []), id]);
    }
    for (const [code, ids] of owners) {
      if (ids.length > 1 && weather.quietMs(...REDIS_TROUBLES) > FORK_MAX_MS)
        broken(`${code} runs on ${ids.join(", ")}`);
    }
  },
});

/** A room is taken over from a server that died, was cut off alone, or left: never because Redis was away for all, or slow. */
export const anOutageMovesNoRoom: Invariant = ({ simulation, weather, broken }) => {
  let hasRolledOut = false;
  simulation.operator.onRollout(() => {
    hasRolledOut = true;
    return () => {};
  });
  simulation.observer.onTakeover((server) => {
    if (!hasRolledOut && weather.hadNo("kill", "partition"))
      broken(`${server} took a room over from a server that lives`);
  });
  return {};
};

/** Whatever becomes of Redis, a room goes on where it runs: it stops for a hand-over only, and for an answer about one at most. */
export const noOwnerWaitsForRedis: Invariant = ({ simulation, broken }) => {
  const tickedAtMs = new WeakMap<object, number>();
  simulation.observer.onTick(({ room }) => tickedAtMs.set(room, simulation.clock.now()));
  return {
    look() {
      const nowMs = simulation.clock.now();
      const maxMs = CALM_OWNERLESS_MAX_MS + (simulation.operator.isIdle ? 0 : SEALED_MAX_MS);
      for (const { id, rooms } of simulation.living) {
        for (const room of rooms.list()) {
          const sinceMs = tickedAtMs.get(room);
          if (sinceMs === undefined) tickedAtMs.set(room, nowMs);
          else if (nowMs - sinceMs > maxMs)
            broken(`${room.code} stands still on ${id} for ${Math.round(nowMs - sinceMs)} ms`);
        }
      }
    },
  };
};

export const noRoomStandsStill: Invariant = ({ simulation, weather, broken }) => {
  const tickedAtMs = new Map<string, number>();
  /** Since when a living server has had players in the room without a break. */
  const wantedSinceMs = new Map<string, number>();
  simulation.observer.onTick(({ room }) => tickedAtMs.set(room.code, simulation.clock.now()));
  return {
    look() {
      const nowMs = simulation.clock.now();
      const codes = simulation.living.flatMap(({ players }) => players.rooms().map(({ code }) => code as string));
      for (const code of wantedSinceMs.keys()) if (!codes.includes(code)) wantedSinceMs.delete(code);
      for (const code of codes) {
        const wantedMs = wantedSinceMs.get(code) ?? nowMs;
        wantedSinceMs.set(code, wantedMs);
        // Who was about to take it over may have died as well.
        const killedMs = nowMs - weather.quietMs("kill");
        const sinceMs = Math.max(wantedMs, killedMs, tickedAtMs.get(code) ?? 0);
        if (nowMs - sinceMs <= ownerlessMaxMs(weather, sinceMs)) continue;
        broken(`${code} has had no tick for ${Math.round(nowMs - sinceMs)} ms`);
      }
    },
  };
};

function ownerlessMaxMs(weather: Watch["weather"], sinceMs: number): number {
  if (weather.isCalmSince(sinceMs)) return CALM_OWNERLESS_MAX_MS;
  if (weather.quietMs(...REDIS_TROUBLES) < REDIS_OWNERLESS_MAX_MS) return Number.POSITIVE_INFINITY;
  return weather.hasForgotten ? LOST_OWNERLESS_MAX_MS : KILL_OWNERLESS_MAX_MS;
}

interface Standing {
  tick: number;
  round: number;
  players: Map<string, { score: number; sinkings: number; losses: number }>;
}

/** A new owner goes on with the very next tick, or after a crash with what was a second ago; points that were counted stay counted. */
export const roomsKeepWhatTheyAre: Invariant = ({ simulation, weather, broken }) => {
  const rooms = new Map<string, { epoch: number; atMs: number; past: Standing[] }>();
  const isHere = (id: string) =>
    simulation.players.some((player) => player.isHere && player.session.welcome?.player === id);
  simulation.observer.onTick(({ room, server }) => {
    const nowMs = simulation.clock.now();
    const known = rooms.get(room.code);
    if (known && room.epoch < known.epoch) return;
    const past = known?.past ?? [];
    const last = past.at(-1);
    const standing = standingOf(room);
    if (known && last && room.epoch > known.epoch) {
      const isCalm = weather.isCalmSince(known.atMs);
      if (isCalm && standing.tick !== last.tick + 1) {
        broken(`${room.code} went on at ${server} with tick ${standing.tick} after ${last.tick}`);
      }
      const before = isCalm ? last : past[0]!;
      const hasMemory = weather.quietMs(...REDIS_TROUBLES) > nowMs - known.atMs + LOST_MAX_TICKS * 100;
      if (isCalm || hasMemory) compare({ room, before, after: standing, isCalm, isHere, broken });
    }
    if (known && room.epoch > known.epoch) past.length = 0;
    past.push(standing);
    if (past.length > LOST_MAX_TICKS) past.shift();
    rooms.set(room.code, { epoch: room.epoch, atMs: nowMs, past });
  });
  return {};
};

interface Comparison {
  room: Room;
  before: Standing;
  after: Standing;
  isCalm: boolean;
  /** The player has not left. */
  isHere: (player: string) => boolean;
  broken: (what: string) => void;
}

function compare({ room, before, after, isCalm, isHere, broken }: Comparison): void {
  if (after.round !== before.round) return;
  for (const [player, was] of before.players) {
    const is = after.players.get(player);
    const whose = `${player} in ${room.code}`;
    if (!is) {
      if (isCalm && isHere(player)) broken(`${whose} lost the seat when the room moved`);
      continue;
    }
    const hasLess = is.losses === was.losses && is.score < was.score;
    if (hasLess || is.sinkings < was.sinkings || is.losses < was.losses) {
      broken(`${whose} had ${JSON.stringify(was)} and has ${JSON.stringify(is)}`);
    }
  }
}

function standingOf({ state, tick }: Room): Standing {
  const players = new Map<string, { score: number; sinkings: number; losses: number }>();
  for (const [index, seat] of state.seats.entries()) {
    const boat = state.world.boats[index];
    if (seat && boat) players.set(seat.player, { score: boat.score, sinkings: boat.sinkings, losses: boat.losses });
  }
  return { tick, round: state.world.round, players };
}

/** Rooms go to servers that stay: none is handed on twice in one rollout. */
export const noRoomMovesTwiceInARollout: Invariant = ({ simulation, weather, broken }) => {
  const owners = new Map<string, { server: string; changes: number }>();
  simulation.observer.onTick(({ room, server }) => {
    const known = owners.get(room.code);
    if (!known) owners.set(room.code, { server, changes: 0 });
    else if (known.server !== server) owners.set(room.code, { server, changes: known.changes + 1 });
  });
  simulation.operator.onRollout(() => {
    const fromMs = simulation.clock.now();
    let before = new Map<string, { changes: number }>();
    // A room that was handed over in the last moment of the rollout before has not ticked yet.
    simulation.clock.after(CALM_OWNERLESS_MAX_MS, () => {
      before = new Map(owners);
    });
    return () => {
      if (!weather.isCalmSince(fromMs)) return;
      for (const [code, { changes }] of owners) {
        const moves = changes - (before.get(code)?.changes ?? changes);
        if (moves > 1) broken(`${code} was handed on ${moves} times in one rollout`);
      }
    };
  });
  return {};
};

export const queuesStayWithinLimits: Invariant = ({ simulation, broken }) => {
  simulation.observer.onTick(({ room }) => {
    for (const seat of room.state.seats) {
      if (!seat) continue;
      const { waiting, missing } = seat.inputs;
      if (waiting.length > INPUT_QUEUE_MAX) broken(`${waiting.length} inputs of ${seat.player} wait`);
      if (missing.length > MISSING_NUMBERS_MAX) broken(`${missing.length} inputs of ${seat.player} are missing`);
    }
  });
  return {};
};

/** Rooms that close themselves by a fault, handlers that throw, promises that nobody waited for. */
export const nothingThrows: Invariant = ({ simulation, broken }) => {
  simulation.observer.onFault(broken);
  return {};
};
