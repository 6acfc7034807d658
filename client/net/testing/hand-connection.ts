// A Connection over wires that a test moves by hand, on virtual time, and a record of what its listener was told.

import { encodeSnapshot, type JoinRequest, type Welcome } from "../../../game/protocol/index.ts";
import { createWorld, viewOf } from "../../../game/sim/index.ts";
import { VirtualTime } from "../../netcode/testing/virtual-time.ts";
import { Connection, type ConnectionListener, type ConnectionOptions } from "../connection.ts";
import { LOOK_INTERVAL_MS } from "../liveness.ts";
import { handDial, welcomeTo } from "./hand-wire.ts";

export function connectByHand(options: Partial<ConnectionOptions> = {}) {
  const time = new VirtualTime();
  const { dial, wires } = handDial();
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(what);
  const listener: ConnectionListener = {
    attempt: (attempt) => void told.push(`attempt ${attempt}`),
    welcome: (welcome) => void told.push(`welcome ${welcome.room}`),
    frame: tell("frame"),
    roster: (roster) => void told.push(`roster ${roster.version}`),
    path: (path) => void told.push(`path ${path.gateway.id}`),
    release: ({ version }) => void told.push(`release ${version}`),
    roundTrip: (rttMs) => void told.push(`round trip ${rttMs}`),
    moved: ({ path, roster }, rttMs) =>
      void told.push(`moved to ${path.gateway.id}, roster ${roster.version}, ${rttMs} ms`),
    lost: tell("lost"),
    stopped: ({ code }) => void told.push(`stopped ${code}`),
  };
  const request: JoinRequest = { name: "Ada" };
  const connection = new Connection(
    { dial, clock: time, random: () => 0.5, request, build: "test", ...options },
    listener,
  );
  /** Accepts the handshake and the join on that wire. */
  const seat = (at: number, change: Partial<Welcome> = {}) => {
    wires[at]!.events.open();
    wires[at]!.answerJoin({ ...welcomeTo("ABCD"), ...change });
  };
  /** Time passes in which the wires that have a seat answer their pings; that is not told. */
  const pass = (durationMs: number) => {
    for (const untilMs = time.now() + durationMs; time.now() < untilMs; ) {
      time.advance(Math.min(LOOK_INTERVAL_MS, untilMs - time.now()));
      const { length } = told;
      for (const { pings, closed } of wires) for (const answer of closed ? [] : pings.splice(0)) answer();
      told.splice(length, told.length, ...told.slice(length).filter((what) => !what.startsWith("round trip")));
    }
  };
  connection.open();
  return { time, wires, told, connection, seat, pass };
}

/** A keyframe of a room without boats. */
export function keyframe(tick: number, epoch = 1): Uint8Array {
  const view = { ...viewOf(createWorld(1)), tick };
  return encodeSnapshot({ epoch, rosterVersion: 1, view, events: [], reports: [] });
}
