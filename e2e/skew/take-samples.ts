// What a version says, as it says it: one sample of every message on the wire, between servers, and of what it stores. Runs the frozen
// code; the inputs are the same for every version.

import type { RelayMessage } from "../../server/cluster/envelope.ts";
import type { PlayerId, RoomCode, SeatRequest, ServerId } from "../../server/room/room-port.ts";
import type { FrozenCode } from "./frozen-code.ts";

export const SAMPLE_SECRET = "the secret of the samples, 32 and more";
export const SAMPLE_PLAYER = "AbCdEfGhIjKlMnOpQrStUv" as PlayerId;
const CODE = "KQXR" as RoomCode;
const FIGHT_TICKS = 1051;
const PEOPLE = 5;

/** Packets as text, bytes in hexadecimal digits, JSON as JSON. */
export interface Samples {
  protocolVersion: number;
  codecVersion: number;
  packets: Record<string, string>;
  input: { hex: string; decoded: unknown };
  keyframe: string;
  /** A difference to `keyframe`. */
  delta: string;
  relay: { hex: string; message: unknown }[];
  /** A room in the middle of a fight, with inputs that wait, a seat that is away, bots, and balls in flight. */
  checkpoint: unknown;
  /** A server in the registry. */
  beat: unknown;
  playerToken: string;
}

export async function takeSamples(code: FrozenCode): Promise<Samples> {
  const { protocol } = code;
  const { room, frames } = fight(code);
  return {
    protocolVersion: protocol.PROTOCOL_VERSION,
    codecVersion: protocol.CODEC_VERSION,
    packets: packets(code),
    input: { hex: hex(protocol.encodeInput(INPUT)), decoded: INPUT },
    keyframe: hex(frames.keyframe),
    delta: hex(frames.delta),
    relay: relayMessages().map((message) => ({
      hex: hex(code.encodeRelay(message)),
      message: readable(message),
    })),
    checkpoint: JSON.parse(new TextDecoder().decode(room.checkpoint())),
    beat: await beatOf(code),
    playerToken: await new code.PlayerTokens(SAMPLE_SECRET).sign(SAMPLE_PLAYER),
  };
}

const INPUT = {
  number: 300,
  tick: 70_000,
  controls: { throttle: 7, rudder: -3, aim: 200, fire: true, lagTicks: 4 },
};
const LABEL = { id: "s1", version: "v1" };
const ROSTER = {
  version: 3,
  seats: [
    { seat: 0, name: "Zoë", bot: false, away: false },
    { seat: 1, name: "Whelk", bot: true, away: false },
  ],
};
const REQUEST: SeatRequest = {
  player: SAMPLE_PLAYER,
  name: "Zoë",
  gateway: "s1" as ServerId,
  connection: "socket-1",
};

function packets({ protocol }: FrozenCode): Record<string, string> {
  const { CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR } = protocol.PACKET_TYPES;
  const hello = { protocol: protocol.PROTOCOL_VERSION, build: "v1", token: "header.payload.signature" };
  const path = { gateway: LABEL, owner: { id: "s2", version: "v1" }, epoch: 4, traceId: "Root=1-67891233-abcdef" };
  const welcome = {
    ...{ ok: true, room: CODE, seat: 0, player: SAMPLE_PLAYER, token: hello.token, tickRate: 30 },
    ...{ resumed: true, inputsReceived: 299, roster: ROSTER, path },
  };
  const said: Record<string, { type: number; data?: unknown; id?: number }> = {
    connect: { type: CONNECT, data: hello },
    connected: { type: CONNECT, data: { sid: "sid-1" } },
    refused: { type: CONNECT_ERROR, data: { message: "full", data: protocol.refusal("server-full") } },
    join: { type: EVENT, id: 0, data: ["join", { name: "Zoë", room: CODE }] },
    joinRemote: { type: EVENT, id: 0, data: ["join", { name: "Zoë", prefer: "remote" }] },
    welcome: { type: ACK, id: 0, data: [welcome] },
    notWelcome: { type: ACK, id: 0, data: [{ ok: false, ...protocol.refusal("room-full") }] },
    ping: { type: EVENT, id: 1, data: ["ping", 7] },
    pong: { type: ACK, id: 1, data: [7] },
    keyframe: { type: EVENT, data: ["keyframe"] },
    leave: { type: EVENT, data: ["leave"] },
    roster: { type: EVENT, data: ["roster", ROSTER] },
    path: { type: EVENT, data: ["path", path] },
    closing: { type: EVENT, data: ["closing", protocol.refusal("draining")] },
    disconnect: { type: DISCONNECT },
  };
  const texts = Object.entries(said).map(([name, packet]) => [name, protocol.encodePacket({ nsp: "/", ...packet })]);
  return Object.fromEntries(texts) as Record<string, string>;
}

function relayMessages(): RelayMessage[] {
  const player = SAMPLE_PLAYER;
  const gateway = REQUEST.gateway;
  const bytes = Uint8Array.of(0x11, 0, 255);
  return [
    { kind: "join", epoch: 1, requestId: 4_000_000_000, request: REQUEST },
    { kind: "input", epoch: 4_294_967_295, player, frame: bytes },
    { kind: "away", epoch: 2, player, connection: "socket-1" },
    { kind: "leave", epoch: 2, player },
    { kind: "keyframe", epoch: 2 },
    { kind: "presence", epoch: 2, presence: { gateway, seats: [REQUEST] } },
    {
      ...{ kind: "answer", epoch: 2, gateway, requestId: 7 },
      answer: { ok: true, seat: 5, resumed: true, inputsReceived: 12, roster: ROSTER },
    },
    { kind: "answer", epoch: 2, gateway, requestId: 7, answer: { ok: false, code: "room-full" } },
    { kind: "frame", epoch: 2, tick: 100, previousTick: 99, delta: bytes },
    { kind: "frame", epoch: 2, tick: 100, previousTick: 99, delta: bytes, keyframe: Uint8Array.of(1, 2, 3, 4) },
    { kind: "path", epoch: 3, owner: LABEL },
    { kind: "closed", epoch: 3, code: "room-closed" },
    { kind: "seat-lost", epoch: 3, gateway, player, code: "unavailable" },
  ];
}

/** People who sail in circles and fire as fast as they can, among bots, until there is a bit of everything. */
function fight(code: FrozenCode) {
  const clock = new StepClock();
  const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error: rethrow };
  const loop = new code.RoomLoop({ clock, owner: LABEL, randomSeed: () => 7, observe: quiet });
  const room = loop.create(CODE, 1);
  const frames: { keyframe: Uint8Array; delta: Uint8Array } = { keyframe: new Uint8Array(), delta: new Uint8Array() };
  room.listen({
    frame: (frame) => {
      if (!frame.delta) frames.keyframe = frame.keyframe!();
      else if (frame.tick % code.protocol.KEYFRAME_INTERVAL_TICKS === 1) frames.delta = frame.delta;
    },
    path() {},
    closed() {},
  });
  for (let seat = 0; seat < PEOPLE; seat++) void room.join({ ...REQUEST, ...person(seat) });
  for (let tick = 1; tick <= FIGHT_TICKS; tick++) {
    for (let seat = 0; seat < PEOPLE; seat++) {
      const controls = {
        throttle: 7,
        rudder: ((seat * 3 + tick) % 15) - 7,
        aim: (tick * 3) % 256,
        fire: true,
        lagTicks: 0,
      };
      // The last one's inputs come late and with one missing, so that its queue has something to tell.
      const number = seat === PEOPLE - 1 && tick > 200 ? tick + 1 : tick;
      room.input(person(seat).player, code.protocol.encodeInput({ number, tick: tick + 4, controls }));
    }
    clock.advance(code.sim.TICK_MS);
    if (tick === FIGHT_TICKS - 20) room.away(person(0).player, person(0).connection);
  }
  return { room, frames };
}

function person(seat: number): Pick<SeatRequest, "player" | "name" | "connection"> {
  return { player: `player-number-${seat}-xxxx` as PlayerId, name: `Sailor ${seat}`, connection: `socket-${seat}` };
}

/** What a ready server with one room says of itself. */
async function beatOf(code: FrozenCode): Promise<unknown> {
  const clock = new StepClock();
  const quiet = { tick() {}, droppedSteps() {}, arrival() {}, error: rethrow };
  const host = new code.RoomLoop({ clock, owner: LABEL, randomSeed: () => 7, observe: quiet });
  let beat: unknown;
  const store = {
    beat: async (said: unknown) => {
      beat = JSON.parse(JSON.stringify(said));
      return [];
    },
    hall: async () => [],
  };
  const bus = { connected: true, publish() {}, subscribe: async () => () => {}, onReturn: () => () => {} };
  const log = { info() {}, warn() {}, error() {} };
  const metrics = { beat() {}, ownership() {}, relayed() {}, checkpoint() {} };
  const self = { id: "s1" as ServerId, version: "v1" };
  const deps = { clock, store, bus, host, self, generation: 1, random: () => 0.5, log, metrics };
  // Only what a beat needs: the rest of the cluster is never asked.
  const cluster = new code.ClusterService(deps as unknown as ConstructorParameters<FrozenCode["ClusterService"]>[0]);
  cluster.setState("ready");
  void host.create(CODE, 1).join(REQUEST);
  await (cluster as unknown as { start(): Promise<void> }).start();
  return beat;
}

/** A clock by hand, as simple as it can be: the frozen code must not depend on helpers that go on changing. */
class StepClock {
  #nowMs = 0;
  #timers: { atMs: number; action: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return 1_800_000_000_000 + this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action();
    }
    this.#nowMs = untilMs;
  }
}

/** Bytes as hexadecimal digits wherever they are. */
export function readable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, inner) => (inner instanceof Uint8Array ? { hex: hex(inner) } : inner)),
  );
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function rethrow(error: unknown): never {
  throw error;
}
