// What tests of rooms share: a room without a host, a host on a virtual clock, inputs as frames, a listener that keeps what it hears.

import {
  decodeSnapshot,
  encodeInput,
  type RefusalCode,
  type SeatReport,
  type ServerLabel,
  type View,
} from "../../game/protocol/index.ts";
import { type Controls, createWorld, type GameEvent, neutralControls, TICK_MS } from "../../game/sim/index.ts";
import { VirtualClock } from "../clock.ts";
import type { Arrival } from "./input-queue.ts";
import { Room } from "./room.ts";
import { RoomLoop } from "./room-host.ts";
import type { PlayerId, RoomCode, RoomFrame, RoomListener, SeatGrant, SeatRequest, ServerId } from "./room-port.ts";
import { createRoomState, type RoomState } from "./room-state.ts";
import type { RosterNews } from "./roster-news.ts";

export const CODE = "ABCD" as RoomCode;
export const OWNER: ServerLabel = { id: "server-1", version: "v1" };

export function player(name: string): PlayerId {
  return `player-${name}` as PlayerId;
}

export function request(name: string, connection = `${name}-1`): SeatRequest {
  return { player: player(name), name, gateway: "server-1" as ServerId, connection, areas: true };
}

export function inputFrame(number: number, tick: number, controls: Partial<Controls> = {}): Uint8Array {
  return encodeInput({ number, tick, controls: { ...neutralControls, ...controls } });
}

export interface RoomUnderTest {
  room: Room;
  scores: { player: PlayerId; name: string; score: number; round: number }[];
  rosters: number;
  news: RosterNews[];
  arrivals: Arrival[];
  faults: unknown[];
}

export function makeRoom(
  state: RoomState = createRoomState(createWorld(7)),
  epoch = 1,
  botsFillTo?: number,
): RoomUnderTest {
  const test = { scores: [], rosters: 0, news: [], arrivals: [], faults: [] } as unknown as RoomUnderTest;
  test.room = new Room({
    code: CODE,
    owner: OWNER,
    epoch,
    state,
    botsFillTo,
    hooks: {
      roster: (_room, news) => {
        test.rosters += 1;
        test.news.push(news);
      },
      score: (_room, score) => test.scores.push(score),
      arrival: (arrival) => test.arrivals.push(arrival),
      fault: (_room, error) => test.faults.push(error),
    },
  });
  return test;
}

export async function seated(room: Room, name: string, connection?: string): Promise<SeatGrant> {
  const answer = await room.join(request(name, connection));
  if (!answer.ok) throw new Error(`no seat: ${answer.code}`);
  return answer;
}

export function steps(room: Room, count: number): void {
  for (let i = 0; i < count; i++) room.step(rethrow);
}

export function rethrow(error: unknown): never {
  throw error;
}

/** Hears a room as a client would: decodes every frame against the one before. */
export class Ear implements RoomListener {
  readonly frames: RoomFrame[] = [];
  readonly events: GameEvent[] = [];
  readonly reports: SeatReport[] = [];
  view: View | undefined;
  closedWith: RefusalCode | undefined;

  frame(frame: RoomFrame): void {
    this.frames.push(frame);
    const bytes = frame.delta ?? frame.keyframe!();
    const snapshot = decodeSnapshot(bytes, frame.delta ? this.view : undefined);
    this.view = snapshot.view;
    this.events.push(...snapshot.events);
    this.reports.push(...snapshot.reports);
  }

  path(): void {}

  closed(code: RefusalCode): void {
    this.closedWith = code;
  }
}

export interface HostUnderTest {
  clock: VirtualClock;
  host: RoomLoop;
  errors: unknown[];
  dropped: number;
  /** What each step was said to be apart from the one before. */
  gapsMs: number[];
  ticks(count: number): Promise<void>;
}

export function makeHost(): HostUnderTest {
  const clock = new VirtualClock();
  const test = { clock, errors: [], dropped: 0, gapsMs: [] } as unknown as HostUnderTest;
  test.host = new RoomLoop({
    clock,
    owner: OWNER,
    randomSeed: () => 7,
    observe: {
      tick: (_durationMs, gapMs) => void test.gapsMs.push(gapMs),
      droppedSteps: (count) => {
        test.dropped += count;
      },
      arrival: () => {},
      error: (error) => test.errors.push(error),
    },
  });
  test.ticks = (count) => clock.advance(count * TICK_MS);
  return test;
}
