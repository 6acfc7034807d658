// One person of a simulation: the production code of the client behind a page's clock, steering at random, and what the person goes
// through: a hidden tab, a laptop's lid, a lost network, a reload.

import { Session } from "../../client/netcode/session.ts";
import type { Decode } from "../../client/netcode/snapshot-buffer.ts";
import { decodeArea } from "../../game/protocol/index.ts";
import type { Clock } from "../../server/clock.ts";
import { PageClock } from "./clocks.ts";
import { Line, type NetworkPath } from "./line.ts";
import type { Random } from "./random.ts";
import type { Trace } from "./trace.ts";

/** A hand on keys changes what it holds about this often, milliseconds; one on a mouse with every tick. */
const STEER_MAX_MS = 400;
const MOUSE_MS = 30;
const MOUSE_SHARE = 0.4;

export interface PlayerOptions {
  name: string;
  clock: Clock;
  random: Random;
  trace: Trace;
  path: NetworkPath;
  decode: Decode;
  /** What the player asks quick play for; else a basin. */
  waters?: "arena" | undefined;
  /** The upgrade request of a new connection is at the load balancer. */
  connect: (line: Line, hello: unknown) => void;
  onLineEnded: (line: Line) => void;
  /** A new session begins: the first one, or another after a reload. */
  onSession: (player: Player, session: Session) => void;
}

/** The newest snapshot that was taken in. */
export interface Heard {
  epoch: number;
  tick: number;
  atMs: number;
}

export class Player {
  readonly name: string;
  readonly page: PageClock;
  session: Session;
  heard: Heard | undefined;
  /** When the present seat was given. */
  seatedAtMs = Number.POSITIVE_INFINITY;
  /** Plays, or means to. */
  isHere = false;
  readonly #options: PlayerOptions;
  readonly #lines = new Set<Line>();
  readonly #hasMouse: boolean;
  #dialed = 0;
  #epoch = 0;
  #tryNow: () => void = () => {};

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.name = options.name;
    this.#hasMouse = options.random.chance(MOUSE_SHARE);
    this.page = new PageClock(options.clock);
    this.session = this.#newSession();
  }

  get isPlaying(): boolean {
    return this.session.state.name === "playing";
  }

  /** Connections that the client has not let go. */
  get openLines(): number {
    let open = 0;
    for (const line of this.#lines) if (!line.isOverForClient) open++;
    return open;
  }

  open(): void {
    this.isHere = true;
    this.session.open();
    this.#steerLater();
  }

  leave(): void {
    this.isHere = false;
    this.session.leave();
  }

  /** The page is loaded again; it remembers who the player is. */
  reload(): void {
    const token = this.session.welcome?.token;
    this.session.close();
    this.session = this.#newSession(token);
    this.session.open();
  }

  hide(): void {
    this.page.mode = "hidden";
  }

  /** Nothing runs and nothing is heard. */
  sleep(): void {
    this.page.mode = "asleep";
    for (const line of this.#lines) line.stalled = true;
  }

  /** Visible and awake again. */
  show(): void {
    for (const line of this.#lines) line.stalled = false;
    this.page.mode = "visible";
    this.#tryNow();
  }

  /** Another network: what was open stays silent for ever. */
  loseNetwork(): void {
    for (const line of this.#lines) line.stalled = true;
    this.#lines.clear();
  }

  #newSession(token?: string): Session {
    const { name, random, decode, waters } = this.#options;
    const session = new Session({
      ...{ clock: this.page, random: random.unit, request: { name, ...(waters && { waters }) }, build: "simulation" },
      dial: (hello, events) => {
        const line = this.#newLine(events);
        line.dial(() => this.#options.connect(line, hello));
        return line.wire;
      },
      decode: (bytes, base) => {
        const snapshot = decode(bytes, base);
        this.#epoch = snapshot.epoch;
        return snapshot;
      },
      decodeArea: (bytes, base) => {
        const area = decodeArea(bytes, base);
        this.#epoch = area.snapshot.epoch;
        return area;
      },
      onHint: (tryNow) => {
        this.#tryNow = tryNow;
        return () => {};
      },
      ...(token !== undefined && { token }),
    });
    this.heard = undefined;
    // Before anybody else, so that whoever hears of a snapshot sees the one before in `heard` and the new one in the call.
    this.#options.onSession(this, session);
    session.subscribe({
      welcome: () => {
        this.seatedAtMs = this.#options.clock.now();
      },
      snapshot: (tick) => {
        this.heard = { epoch: this.#epoch, tick, atMs: this.#options.clock.now() };
      },
      state: (state) => this.#options.trace.say(name, state.name, state.name === "closed" ? state : {}),
      path: ({ gateway, owner, epoch }) =>
        this.#options.trace.say(name, "path", { gateway: gateway.id, owner: owner.id, epoch }),
    });
    return session;
  }

  /** The epoch of the snapshot that is being told. */
  get epoch(): number {
    return this.#epoch;
  }

  #newLine(events: ConstructorParameters<typeof Line>[0]["events"]): Line {
    const { name, clock, random, path } = this.#options;
    const line: Line = new Line({
      ...{ id: `${name}-${++this.#dialed}`, clock, random, path, events },
      onEnded: () => this.#options.onLineEnded(line),
    });
    // One that has ended at the server only still has to tell the page.
    for (const old of this.#lines) if (old.isOverForServer && old.isOverForClient) this.#lines.delete(old);
    this.#lines.add(line);
    return line;
  }

  #steerLater(): void {
    const { clock, random } = this.#options;
    clock.after(this.#hasMouse ? MOUSE_MS : random.between(MOUSE_MS, STEER_MAX_MS), () => {
      if (!this.isHere) return;
      if (this.page.mode === "visible") this.#steer(random);
      this.#steerLater();
    });
  }

  #steer(random: Random): void {
    this.session.setControls({
      throttle: random.pick([-1, 0, 0.5, 1, 1]),
      rudder: random.pick([-1, 0, 0, 1]),
      aim: random.between(-3, 3),
      fire: random.chance(0.2),
    });
  }
}
