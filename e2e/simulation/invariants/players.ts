// Players: what they hear, that they notice no departure, and that everybody plays in the end.

import { OVERLAP_MAX_MS } from "../../../server/gateway/seat-taking.ts";
import type { Session as ServerSession } from "../../../server/gateway/session.ts";
import type { Heard, Player } from "../player.ts";
import { AFTERMATH_MS, REDIS_TROUBLES } from "../weather.ts";
import { type Invariant, LOOK_MS } from "./invariant.ts";

/** Longest time between two snapshots in a planned departure. */
const GAP_MAX_MS = 250;
/** Longest time until somebody plays again whose server died: the load balancer has to notice, the room has to be taken over. */
const CRASH_GAP_MAX_MS = 8_000;
/** A crash costs at most this much of what was seen, ticks. */
const BACK_MAX_TICKS = 60;
/** Somebody who plays has heard a snapshot within this time. */
const PLAYING_MS = 500;
/** A client holds two connections at most: the one it plays on, and the next. */
const CONNECTIONS_MAX = 2;

/**
 * They rise, also over a crash; only who comes back over another connection may hear again what was heard before, a little of it. The fork
 * of a server that was cut off ends where the others are.
 */
export const ticksNeverGoBack: Invariant = ({ simulation, weather, broken }) => {
  simulation.observer.onSession((player, session) => {
    let room: string | undefined;
    session.subscribe({
      snapshot: (tick) => {
        const before = player.heard;
        const isSameRoom = room === session.welcome?.room;
        room = session.welcome?.room;
        if (!before || !isSameRoom) return;
        const isBack = tick <= before.tick;
        const isReturn = player.seatedAtMs > before.atMs;
        // To a server that is cut off alone and plays on in its fork.
        const isIntoFork = isReturn && !weather.hadNo("partition");
        const isFork = !weather.hadNo(...REDIS_TROUBLES);
        const isAnother = player.epoch > before.epoch && (isFork || isReturn);
        const mayGoBack = (isAnother || isIntoFork) && !weather.isCalmSince(before.atMs);
        const isFar = !isFork && tick < before.tick - BACK_MAX_TICKS;
        const isLower = player.epoch < before.epoch && !weather.hasForgotten && !isIntoFork;
        if (!isLower && !(isBack && (isFar || !mayGoBack))) return;
        broken(`${player.name} heard ${tick} of epoch ${player.epoch} after ${before.tick} of epoch ${before.epoch}`);
      },
    });
  });
  return {};
};

export const nobodySeesAGap: Invariant = ({ simulation, weather, broken }) => {
  const gapMaxMs = (player: Player, before: Heard) => {
    const { clock, operator } = simulation;
    const sinceMs = before.atMs;
    if (weather.excusedUntilMs(player) >= sinceMs) return Number.POSITIVE_INFINITY;
    if (weather.isCalmSince(sinceMs)) return GAP_MAX_MS;
    // Where a room and its players' sockets are together, Redis is not on the path.
    const { path } = player.session;
    const isTogether = path?.gateway.id === path?.owner.id && player.epoch === before.epoch;
    const isNew = clock.now() - player.seatedAtMs < GAP_MAX_MS;
    if (isTogether && !isNew && operator.isIdle && weather.hadNo("kill")) return GAP_MAX_MS;
    return weather.hadNo(...REDIS_TROUBLES) ? CRASH_GAP_MAX_MS : Number.POSITIVE_INFINITY;
  };
  simulation.observer.onSession((player, session) => {
    session.subscribe({
      snapshot: () => {
        const before = player.heard;
        if (!before) return;
        const gapMs = simulation.clock.now() - before.atMs;
        if (gapMs > gapMaxMs(player, before)) broken(`${player.name} heard nothing for ${Math.round(gapMs)} ms`);
      },
    });
  });
  return {};
};

/** Departures are not noticed, and while nobody departs, neither is an outage of Redis. */
export const nobodySeesADisconnect: Invariant = ({ simulation, weather, broken }) => {
  let departedAtMs = Number.NEGATIVE_INFINITY;
  simulation.observer.onSession((player, session) => {
    let wasPlaying = false;
    session.subscribe({
      state: ({ name }) => {
        const nowMs = simulation.clock.now();
        const isLost = wasPlaying && name === "reconnecting";
        wasPlaying = name === "playing";
        const isOutage = weather.hadNo("kill", "partition") && nowMs - departedAtMs > AFTERMATH_MS;
        if (!isLost || weather.excusedUntilMs(player) >= nowMs || !(weather.isCalmSince(nowMs) || isOutage)) return;
        broken(`${player.name} lost its connection`);
      },
    });
  });
  return {
    look() {
      if (!simulation.operator.isIdle) departedAtMs = simulation.clock.now();
    },
  };
};

/** Two connections of one player hold its seat for the moment of a move only. */
export const aSeatHasOneVoice: Invariant = ({ simulation, weather, broken }) => {
  const sinceMs = new Map<Player, number>();
  return {
    look() {
      const nowMs = simulation.clock.now();
      for (const player of simulation.players) {
        const sessions = seatedSessions(player);
        if (sessions.length < 2) sinceMs.delete(player);
        else if (!sinceMs.has(player)) sinceMs.set(player, nowMs);
        const isCalm = weather.isCalmSince(nowMs) && weather.excusedUntilMs(player) < nowMs;
        if (!isCalm) sinceMs.delete(player);
        const limit =
          isCalm && nowMs - (sinceMs.get(player) ?? nowMs) > OVERLAP_MAX_MS + 2 * LOOK_MS ? 1 : CONNECTIONS_MAX;
        if (isCalm && sessions.length > limit) broken(`${player.name} has ${sessions.length} connections with a seat`);
      }
    },
    atEnd() {
      for (const player of simulation.players) {
        if (!player.isHere) continue;
        const sessions = seatedSessions(player);
        // Servers even out whenever they see fit: the end may fall into the overlap of a move.
        const isMoving = simulation.clock.now() - (sinceMs.get(player) ?? Number.NEGATIVE_INFINITY) <= OVERLAP_MAX_MS;
        if (sessions.length !== 1 && !(isMoving && sessions.length === CONNECTIONS_MAX)) {
          broken(`${player.name} has ${sessions.length} connections with a seat`);
        }
        const voice = voiceOf(player);
        const connections = sessions.map(({ connection }) => connection);
        if (voice === undefined || !connections.includes(voice)) {
          broken(`${player.name} sits on ${connections.join(" and ")}, and its seat's voice is ${voice}`);
        }
      }
    },
  };

  function seatedSessions(player: Player): ServerSession[] {
    const id = player.session.welcome?.player;
    return simulation.living.flatMap(({ players }) =>
      players.sessions().filter((session) => session.player === id && session.seatedIn),
    );
  }

  function voiceOf(player: Player): string | undefined {
    const { welcome } = player.session;
    const rooms = simulation.living.map((server) => server.rooms.get(welcome?.room as never));
    const state = rooms.find(Boolean)?.state.seats[welcome!.seat]?.state;
    return state?.kind === "seated" || state?.kind === "connecting" ? state.connection : undefined;
  }
};

export const nobodyMovesTwiceInARollout: Invariant = ({ simulation, weather, broken }) => {
  simulation.operator.onRollout(() => {
    const fromMs = simulation.clock.now();
    const before = new Map(simulation.players.map((player) => [player.session, player.session.stats().moves]));
    return () => {
      if (!weather.isCalmSince(fromMs)) return;
      for (const player of simulation.players) {
        const { name, session } = player;
        const moves = session.stats().moves - (before.get(session) ?? 0);
        // Who slept through a rollout makes up for its move during the next one.
        if (moves > 1 && weather.excusedUntilMs(player) < fromMs)
          broken(`${name} was moved ${moves} times in one rollout`);
      }
    };
  });
  return {};
};

/** A departure that went well leaves nothing for the load balancer to cut. */
export const nobodyIsCutOff: Invariant = ({ simulation, weather, broken }) => {
  simulation.balancer.onCut((address, lines) => {
    const nowMs = simulation.clock.now();
    if (!weather.isCalmSince(nowMs - simulation.settings.deregistrationDelayMs)) return;
    // A page behind a closed lid cannot be moved.
    const left = lines.filter((line) => {
      const owner = simulation.players.find(({ session }) => session.welcome?.player === line.player);
      return !owner || weather.excusedUntilMs(owner) < nowMs;
    });
    if (left.length > 0) broken(`the load balancer cut ${left.length} connections of ${address}`);
  });
  return {};
};

export const everybodyPlaysInTheEnd: Invariant = ({ simulation, broken }) => ({
  atEnd() {
    const nowMs = simulation.clock.now();
    for (const player of simulation.players) {
      if (!player.isHere) continue;
      if (!player.isPlaying) broken(`${player.name} is ${player.session.state.name} in the end`);
      else if (!player.heard || nowMs - player.heard.atMs > PLAYING_MS)
        broken(`${player.name} hears nothing in the end`);
    }
  },
});
