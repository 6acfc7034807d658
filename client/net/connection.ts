// A player's connection to the game: owns the link that speaks, replaces it when it breaks, and knows after which refusals to come back.
// Knows nothing about what the frames say.

import type { JoinRequest, Path, Refusal, RefusalCode, Roster, Welcome } from "../../game/protocol/index.ts";
import { PROTOCOL_VERSION, RETRYABLE } from "../../game/protocol/index.ts";
import { backOffMs, TRY_AGAIN_MAX, TRY_AGAIN_MS } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import { Link } from "./link.ts";
import type { Dial, Traffic } from "./wire.ts";

/** Refusals of a room that is no longer there: quick play may then go on in another one. */
const ROOM_IS_NO_MORE: ReadonlySet<RefusalCode> = new Set(["unknown-room", "room-full", "room-closed"]);

export interface ConnectionListener {
  /** An attempt begins; `attempt` counts from 0 since the last seat or hint. */
  attempt(attempt: number): void;
  welcome(welcome: Welcome): void;
  frame(bytes: Uint8Array): void;
  roster(roster: Roster): void;
  path(path: Path): void;
  roundTrip(rttMs: number): void;
  /** The seat's link broke; attempts to come back follow. */
  lost(): void;
  /** Over for good. */
  stopped(refusal: Refusal): void;
}

export interface ConnectionOptions {
  dial: Dial;
  clock: Clock;
  /** 0 … 1, for the back-off's jitter. */
  random: () => number;
  request: JoinRequest;
  build: string;
  /** From an earlier Welcome. */
  token?: string;
  /** Tells when an attempt is worth making at once (network is back, page is visible again); the answer stops it. */
  onHint?: (tryNow: () => void) => () => void;
}

export class Connection {
  readonly traffic: Traffic = { bytesDown: 0, bytesUp: 0 };
  /** Times that the game was moved to another link on purpose. */
  readonly moves = 0;
  #link: Link | undefined;
  #token: string | undefined;
  #room: string | undefined;
  #attempt = 0;
  /** Times since the last seat that a server answered "try again". */
  #refusals = 0;
  #isClosed = false;
  #cancelRetry: (() => void) | undefined;
  readonly #stopHints: () => void;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#token = options.token;
    this.#stopHints = options.onHint?.(() => this.#tryNow()) ?? (() => {});
  }

  /** Begins the first attempt. */
  open(): void {
    if (this.#link === undefined) this.#dial();
  }

  input(frame: Uint8Array): void {
    this.#link?.input(frame);
  }

  askKeyframe(): void {
    this.#link?.askKeyframe();
  }

  /** Gives the seat up and closes. */
  leave(): void {
    this.#link?.leave();
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry?.();
    this.#stopHints();
    this.#link?.close();
    this.#link = undefined;
  }

  #dial(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = undefined;
    this.#listener.attempt(this.#attempt);
    const { dial, clock, build, request } = this.#options;
    this.#link = new Link({
      dial,
      clock,
      traffic: this.traffic,
      hello: {
        protocol: PROTOCOL_VERSION,
        build,
        ...(this.#token === undefined ? {} : { token: this.#token }),
      },
      // Someone who had a seat wants that one back, not one that fits the first wish.
      request: this.#room === undefined ? request : { name: request.name, room: this.#room },
      listener: {
        welcome: (_link, welcome) => this.#seated(welcome),
        frame: (_link, bytes) => this.#listener.frame(bytes),
        roster: (_link, roster) => this.#listener.roster(roster),
        path: (_link, path) => this.#listener.path(path),
        roundTrip: (rttMs) => this.#listener.roundTrip(rttMs),
        closed: (_link, ending) => this.#ended(ending.wasSeated, ending.refusal),
      },
    });
  }

  #seated(welcome: Welcome): void {
    this.#attempt = 0;
    this.#refusals = 0;
    this.#token = welcome.token;
    this.#room = welcome.room;
    this.#listener.welcome(welcome);
  }

  #ended(wasSeated: boolean, refusal: Refusal | undefined): void {
    this.#link = undefined;
    if (wasSeated) this.#listener.lost();
    if (refusal !== undefined && !this.#mayComeBack(refusal.code)) {
      this.close();
      this.#listener.stopped(refusal);
      return;
    }
    this.#cancelRetry = this.#options.clock.after(this.#waitMs(refusal), () => this.#dial());
    this.#attempt += 1;
  }

  /** A server that answers is alive, and what it waits for (a takeover, a free place) takes a moment only. */
  #waitMs(refusal: Refusal | undefined): number {
    const { random } = this.#options;
    if (refusal === undefined || this.#refusals >= TRY_AGAIN_MAX) return backOffMs(this.#attempt, random);
    this.#refusals += 1;
    return random() * TRY_AGAIN_MS;
  }

  /** Decides whether the refusal leaves another way, and takes it into account. */
  #mayComeBack(code: RefusalCode): boolean {
    if (code === "bad-token" && this.#token !== undefined) {
      // Signed by a stack that is gone: go on as a new player.
      this.#token = undefined;
      this.#room = undefined;
      return true;
    }
    if (ROOM_IS_NO_MORE.has(code) && this.#room !== undefined && this.#options.request.room === undefined) {
      this.#room = undefined;
      return true;
    }
    return RETRYABLE.has(code);
  }

  #tryNow(): void {
    if (this.#cancelRetry === undefined) return;
    this.#cancelRetry();
    this.#attempt = 0;
    this.#dial();
  }
}
