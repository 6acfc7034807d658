// A server for tests of the netcode: the real rules and the real codec behind a network of virtual time that delays, jitters and stalls
// but keeps the order, as TCP does. One room; what a seat is and how inputs queue follows game/protocol, without the real server's care.

import {
  decodeInput,
  encodeSnapshot,
  type InputFrame,
  type JoinAnswer,
  KEYFRAME_INTERVAL_TICKS,
  REPORT_INTERVAL_TICKS,
  type RefusalCode,
  type Roster,
  refusal,
  type SeatReport,
} from "../../../game/protocol/index.ts";
import {
  addBoat,
  botControls,
  type Controls,
  createWorld,
  step,
  TICK_MS,
  TICK_RATE,
  type View,
  viewOf,
  type World,
} from "../../../game/sim/index.ts";
import type { Dial, Wire, WireEvents } from "../../net/wire.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface NetworkOptions {
  /** There and back, without jitter. */
  rttMs: number;
  /** Added to each way, 0 … jitterMs. */
  jitterMs?: number;
  random?: () => number;
}

export interface Seat {
  queue: InputFrame[];
  received: number;
  taken: number;
  marginTicks: number;
  isFresh: boolean;
  /** All inputs in the order in which they came. */
  log: InputFrame[];
}

interface Peer {
  events: WireEvents;
  network: NetworkOptions;
  token: string | undefined;
  seat: number | undefined;
  needsKeyframe: boolean;
  isOpen: boolean;
  downAtMs: number;
  upAtMs: number;
}

export class SimulatedServer {
  readonly world: World;
  readonly seats: Seat[] = [];
  readonly keyframesAsked: number[] = [];
  dials = 0;
  epoch = 1;
  /** What it says it is. */
  version = "test";
  gateway = "s1";
  /** Where the room of whoever joins runs, if it is not on the gateway. */
  owner: string | undefined;
  /** While set, new handshakes are refused with it. */
  refuseWith: RefusalCode | undefined;
  /** Drops snapshots on their way while true: a gap that TCP would not make, but a skipping gateway does. */
  dropsFrames = false;
  /** While true, the room stands still, as between two owners. */
  isPaused = false;
  #view: View;
  #peers: Peer[] = [];
  #stalledUntilMs = 0;
  readonly #time: VirtualTime;
  #network: NetworkOptions;
  readonly #stopTicking: () => void;

  constructor(time: VirtualTime, network: NetworkOptions, options: { seed?: number; bots?: number } = {}) {
    this.#time = time;
    this.#network = network;
    this.world = createWorld(options.seed ?? 7);
    for (let bot = 0; bot < (options.bots ?? 0); bot++) addBoat(this.world, 31 - bot, { bot: true });
    this.#view = viewOf(this.world);
    this.#stopTicking = time.every(TICK_MS, () => this.#tick());
  }

  /** Nothing goes down before that time: a stall, after which everything comes at once. */
  stall(durationMs: number): void {
    this.#stalledUntilMs = this.#time.now() + durationMs;
  }

  /** Another owner goes on with the room: with a keyframe, in the next epoch; from a checkpoint if the former one crashed. */
  takeOver(checkpoint?: World): void {
    if (checkpoint) Object.assign(this.world, structuredClone(checkpoint));
    this.epoch += 1;
    this.isPaused = false;
    for (const peer of this.#peers) peer.needsKeyframe = true;
  }

  /** Offers everybody another connection: the next ones are to that gateway, over that network. */
  move(gateway: string, network: NetworkOptions, notBeforeMs = 0): void {
    this.gateway = gateway;
    this.#network = network;
    const offer = { ticket: `to ${gateway}`, notBeforeMs, deadlineMs: 10_000 };
    for (const peer of this.#peers) this.#down(peer, () => peer.events.move(offer));
  }

  /** Wires that are open now. */
  get wires(): number {
    return this.#peers.length;
  }

  /** Cuts every wire. */
  cut(): void {
    for (const peer of this.#peers) this.#down(peer, () => this.#drop(peer, "transport close"));
  }

  /** Cuts the oldest wire, at once and with all that is on the way in it. */
  cutFirst(): void {
    const [oldest] = this.#peers;
    if (oldest) this.#drop(oldest, "transport close");
  }

  /** Says why, and cuts every wire. */
  closeAll(code: RefusalCode): void {
    for (const peer of this.#peers) this.#down(peer, () => peer.events.refused(refusal(code)));
    this.cut();
  }

  close(): void {
    this.#stopTicking();
  }

  readonly dial: Dial = (hello, events) => {
    this.dials += 1;
    const peer: Peer = {
      events,
      network: this.#network,
      token: hello.token,
      seat: undefined,
      needsKeyframe: false,
      isOpen: true,
      downAtMs: 0,
      upAtMs: 0,
    };
    this.#peers.push(peer);
    const code = this.refuseWith;
    this.#up(peer, () =>
      this.#down(peer, () => {
        if (code) events.refused(refusal(code));
        else events.open();
      }),
    );
    return this.#wire(peer);
  };

  #wire(peer: Peer): Wire {
    return {
      join: (_request, answered) =>
        this.#up(peer, () => {
          const answer = this.#seat(peer);
          this.#down(peer, () => answered(answer));
        }),
      input: (frame) => this.#up(peer, () => this.#input(peer, frame)),
      askKeyframe: () =>
        this.#up(peer, () => {
          this.keyframesAsked.push(this.world.tick);
          peer.needsKeyframe = true;
        }),
      ping: (answered) => this.#up(peer, () => this.#down(peer, answered)),
      leave: () => {},
      close: () => {
        peer.isOpen = false;
        this.#peers = this.#peers.filter((other) => other !== peer);
      },
    };
  }

  #seat(peer: Peer): JoinAnswer {
    const known = peer.token === undefined ? -1 : Number(peer.token);
    const resumed = this.seats[known] !== undefined;
    const seat = resumed ? known : this.seats.length;
    if (!resumed) {
      addBoat(this.world, seat, { bot: false });
      this.seats.push({ queue: [], received: 0, taken: 0, marginTicks: 0, isFresh: false, log: [] });
    }
    peer.seat = seat;
    peer.needsKeyframe = true;
    const label = { id: this.gateway, version: this.version };
    return {
      ok: true,
      room: "TEST",
      seat,
      player: `player ${seat}`,
      token: String(seat),
      tickRate: TICK_RATE,
      resumed,
      inputsReceived: this.seats[seat]!.received,
      roster: this.#roster(),
      path: { gateway: label, owner: { ...label, id: this.owner ?? label.id }, epoch: this.epoch },
    };
  }

  #roster(): Roster {
    const seats = this.world.boats.flatMap((boat, seat) =>
      boat ? [{ seat, name: `Boat ${seat}`, bot: boat.bot, away: false }] : [],
    );
    return { version: 1, seats };
  }

  #input(peer: Peer, bytes: Uint8Array): void {
    const seat = peer.seat === undefined ? undefined : this.seats[peer.seat];
    const frame = decodeInput(bytes);
    if (!seat || !frame || frame.number <= seat.received) return;
    const marginTicks = frame.tick - (this.world.tick + 1);
    seat.marginTicks = seat.isFresh ? Math.min(seat.marginTicks, marginTicks) : marginTicks;
    seat.isFresh = true;
    seat.received = frame.number;
    seat.queue.push(frame);
    seat.log.push(frame);
  }

  #tick(): void {
    if (this.isPaused) return;
    const inputs: (Controls | undefined)[] = [];
    for (const [index, boat] of this.world.boats.entries())
      if (boat?.bot) inputs[index] = botControls(this.world, index);
    for (const [index, seat] of this.seats.entries()) {
      if ((seat.queue[0]?.tick ?? Number.POSITIVE_INFINITY) > this.world.tick + 1) continue;
      const frame = seat.queue.shift()!;
      seat.taken = frame.number;
      inputs[index] = frame.controls;
    }
    const events = step(this.world, inputs);
    const base = this.#view;
    this.#view = viewOf(this.world);
    const message = { epoch: this.epoch, rosterVersion: 1, view: this.#view, events, reports: this.#reports() };
    const isKeyframe = this.world.tick % KEYFRAME_INTERVAL_TICKS === 0;
    for (const peer of this.#peers) {
      if (peer.seat === undefined || this.dropsFrames) continue;
      const bytes = encodeSnapshot(isKeyframe || peer.needsKeyframe ? message : { ...message, base });
      peer.needsKeyframe = false;
      this.#down(peer, () => peer.events.frame(bytes));
    }
  }

  #reports(): SeatReport[] {
    if (this.world.tick % REPORT_INTERVAL_TICKS !== 0) return [];
    return this.seats.map((seat, index) => {
      const { taken, marginTicks } = seat;
      seat.isFresh = false;
      return { seat: index, number: taken, applied: this.world.boats[index]?.inputsApplied ?? 0, marginTicks };
    });
  }

  #drop(peer: Peer, reason: string): void {
    this.#peers = this.#peers.filter((other) => other !== peer);
    if (peer.isOpen) peer.events.closed(reason);
    peer.isOpen = false;
  }

  #up(peer: Peer, action: () => void): void {
    peer.upAtMs = Math.max(peer.upAtMs, this.#time.now() + delayMs(peer.network));
    this.#time.after(peer.upAtMs - this.#time.now(), () => peer.isOpen && action());
  }

  #down(peer: Peer, action: () => void): void {
    peer.downAtMs = Math.max(peer.downAtMs, this.#stalledUntilMs, this.#time.now() + delayMs(peer.network));
    this.#time.after(peer.downAtMs - this.#time.now(), () => peer.isOpen && action());
  }
}

function delayMs({ rttMs, jitterMs = 0, random = () => 0 }: NetworkOptions): number {
  return rttMs / 2 + random() * jitterMs;
}
