// A player's connection to the game: owns the link that speaks, replaces it when it breaks, when it may have died (spare.ts) or when the server
// asks for it (mover.ts), and knows after which refusals to come back. Knows nothing about what the frames say.

import type {
  Hello,
  JoinRequest,
  Path,
  Refusal,
  RefusalCode,
  Release,
  Roster,
  Welcome,
} from "../../game/protocol/index.ts";
import { PROTOCOL_OLDEST, PROTOCOL_VERSION, RETRYABLE } from "../../game/protocol/index.ts";
import { backOffMs, TRY_AGAIN_MAX, TRY_AGAIN_MS } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import { Link, type LinkListener } from "./link.ts";
import { Mover } from "./mover.ts";
import { DIAL_STALE_MS, Spare } from "./spare.ts";
import type { Dial, Traffic } from "./wire.ts";

/** For this long after a hint the first attempt to come back waits for nothing. */
const HINT_FRESH_MS = 2_000;

/** Refusals of a room that is no longer there: quick play may then go on in another one. */
const ROOM_IS_NO_MORE: ReadonlySet<RefusalCode> = new Set(["unknown-room", "room-full", "room-closed"]);

export interface ConnectionListener {
  /** An attempt begins; `attempt` counts from 0 since the last seat or hint. */
  attempt(attempt: number): void;
  welcome(welcome: Welcome): void;
  frame(bytes: Uint8Array): void;
  roster(roster: Roster): void;
  path(path: Path): void;
  release(release: Release): void;
  roundTrip(rttMs: number): void;
  /** The game goes on over another link in the same seat; `rttMs` is the new way's, if it could be measured. */
  moved(welcome: Welcome, rttMs: number | undefined): void;
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
  /** The room of that Welcome: it is asked for first, whatever `request` says. */
  room?: string;
  /** Tells when an attempt is worth making, and an open wire worth doubting (another network, page visible again); the answer stops it. */
  onHint?: (tryNow: () => void) => () => void;
}

export class Connection {
  readonly traffic: Traffic = { bytesDown: 0, bytesUp: 0 };
  /** Times that the game was moved to another link on purpose. */
  moves = 0;
  /** The link that speaks, or is to: dialing, joining or seated. */
  #link: Link | undefined;
  #welcome: Welcome | undefined;
  #token: string | undefined;
  #room: string | undefined;
  /** What the servers were found to speak: a page that is newer than they are says the older number. */
  #protocol = PROTOCOL_VERSION;
  #attempt = 0;
  /** Times since the last seat that a server answered "try again". */
  #refusals = 0;
  /** Why to stop if the dial that is under way does not bring the seat back. */
  #lastWord: Refusal | undefined;
  #isClosed = false;
  #hintedAtMs = Number.NEGATIVE_INFINITY;
  #cancelRetry: (() => void) | undefined;
  readonly #mover: Mover;
  readonly #spare: Spare;
  readonly #stopHints: () => void;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#token = options.token;
    this.#room = options.room;
    const { clock, random } = options;
    this.#mover = new Mover({
      clock,
      random,
      dial: (ticket) => this.#newLink({ ...this.#request(), ticket }),
      mayTryAgain: ({ code }) => RETRYABLE.has(code) || this.#bends(code),
      switched: (link, welcome, rttMs) => this.#switched(link, welcome, rttMs),
      reseated: (link, welcome, tookMs) => {
        this.#link?.close();
        this.#spare.close();
        this.#link = link;
        this.#listener.lost();
        this.#seated(welcome, tookMs);
      },
    });
    this.#spare = new Spare({ clock, random, dial: () => this.#newLink(this.#request(), true) });
    this.#stopHints = options.onHint?.(() => this.#tryNow()) ?? (() => {});
  }

  /** Begins the first attempt. */
  open(): void {
    if (this.#link === undefined) this.#dial();
  }

  input(frame: Uint8Array): void {
    this.#link?.input(frame);
    this.#mover.lingering?.input(frame);
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
    this.#mover.close();
    this.#spare.close();
    this.#link?.close();
    this.#link = undefined;
  }

  #dial(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = undefined;
    this.#listener.attempt(this.#attempt);
    this.#link = this.#newLink(this.#request());
  }

  /** Someone who had a seat wants that one back, not one that fits the first wish. */
  #request(): JoinRequest {
    const { request } = this.#options;
    return this.#room === undefined ? request : { name: request.name, room: this.#room };
  }

  #newLink(request: JoinRequest, waits = false): Link {
    const { dial, clock, build } = this.#options;
    const token = this.#token === undefined ? {} : { token: this.#token };
    const hello: Hello = { protocol: this.#protocol, build, areas: true, ...token };
    return new Link({ dial, clock, traffic: this.traffic, hello, request, waits, listener: this.#linkListener });
  }

  readonly #linkListener: LinkListener = {
    // A whole handshake took less time than the answer of the link that speaks: that one is dead, or as good as dead.
    opened: (link) => {
      if (!this.#spare.is(link)) return;
      this.#link?.close();
      this.#ended(true, undefined);
    },
    welcome: (link, welcome, tookMs) => {
      if (link === this.#link) this.#seated(welcome, tookMs);
      else this.#mover.welcome(link, welcome, this.#welcome, tookMs);
    },
    frame: (link, bytes) => {
      this.#listener.frame(bytes);
      this.#mover.frame(link, bytes);
    },
    roster: (link, roster) => {
      if (link === this.#link) this.#listener.roster(roster);
      else this.#mover.told(link, { roster });
    },
    path: (link, path) => {
      if (link === this.#link) this.#listener.path(path);
      else this.#mover.told(link, { path });
    },
    move: (link, move) => {
      if (link === this.#link) this.#mover.offer(move);
    },
    // All servers say the same, whichever link it comes by.
    release: (release) => this.#listener.release(release),
    roundTrip: (link, rttMs) => {
      if (link === this.#link) this.#listener.roundTrip(rttMs);
      else this.#mover.roundTrip(link, rttMs);
    },
    doubted: (link) => {
      if (link === this.#link) this.#spare.begin();
    },
    trusted: (link) => {
      if (link === this.#link) this.#spare.close();
    },
    closed: (link, { wasSeated, wasQuestioned, refusal }) => {
      if (wasQuestioned) this.#hintedAtMs = this.#options.clock.now();
      if (link === this.#link) this.#ended(wasSeated, refusal);
      else if (this.#spare.is(link)) this.#spare.ended();
      else this.#mover.ended(link, refusal);
    },
  };

  #seated(welcome: Welcome, tookMs: number): void {
    this.#attempt = 0;
    this.#refusals = 0;
    this.#lastWord = undefined;
    this.#remember(welcome);
    this.#listener.welcome(welcome);
    // A first guess that is there before the first snapshot; the server's work is in it.
    this.#listener.roundTrip(tookMs);
  }

  #switched(link: Link, welcome: Welcome, rttMs: number | undefined): Link | undefined {
    const old = this.#link;
    this.#spare.close();
    this.#link = link;
    this.moves += 1;
    this.#remember(welcome);
    this.#listener.moved(welcome, rttMs);
    return old;
  }

  #remember(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#token = welcome.token;
    this.#room = welcome.room;
  }

  #ended(wasSeated: boolean, refusal: Refusal | undefined): void {
    const moved = this.#mover.voiceEnded();
    const spare = this.#spare.take();
    this.#link = moved;
    if (moved?.isSeated) {
      spare?.close();
      return;
    }
    if (wasSeated) {
      this.#protocol = PROTOCOL_VERSION;
      this.#listener.lost();
    }
    const isOver = refusal !== undefined && !this.#mayComeBack(refusal.code);
    const heir = isOver ? moved : (spare ?? moved);
    for (const other of [moved, spare]) if (other !== heir) other?.close();
    this.#link = heir;
    if (heir !== undefined) {
      // The server may have ended this link because of the very dial that is under way: what comes of that decides.
      if (isOver) this.#lastWord = refusal;
      heir.claim();
      return;
    }
    const lastWord = this.#lastWord ?? (isOver ? refusal : undefined);
    if (lastWord !== undefined) {
      this.close();
      this.#listener.stopped(lastWord);
      return;
    }
    this.#cancelRetry = this.#options.clock.after(this.#waitMs(wasSeated, refusal), () => this.#dial());
    this.#attempt += 1;
  }

  /** A server that answers is alive, and what it waits for (a takeover, a free place) takes a moment only. */
  #waitMs(wasSeated: boolean, refusal: Refusal | undefined): number {
    const { clock, random } = this.#options;
    const isHinted = clock.now() - this.#hintedAtMs <= HINT_FRESH_MS;
    if (refusal === undefined && isHinted && this.#attempt === 0) return 0;
    // The next request asks for another room: there is nothing to wait for, and whoever slept long has waited enough.
    if (refusal !== undefined && !wasSeated && ROOM_IS_NO_MORE.has(refusal.code)) return 0;
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
    // A dial with a ticket became the way back: without one, the same may go.
    if (code === "bad-ticket") return true;
    return RETRYABLE.has(code) || this.#bends(code);
  }

  /** Servers of the previous version are spoken to in theirs from now on. */
  #bends(code: RefusalCode): boolean {
    if (code !== "protocol-version" || this.#protocol === PROTOCOL_OLDEST) return false;
    this.#protocol -= 1;
    return true;
  }

  /** The network may be another one, or back: what waits is done at once, what is open has to prove that it lives. */
  #tryNow(): void {
    const nowMs = this.#options.clock.now();
    this.#hintedAtMs = nowMs;
    const link = this.#link;
    this.#attempt = 0;
    if (link?.isSeated) {
      link.hint();
      this.#spare.hurry();
      return;
    }
    const isStale = link !== undefined && nowMs - link.openedAtMs >= DIAL_STALE_MS;
    if (this.#cancelRetry === undefined && !isStale) return;
    this.#cancelRetry?.();
    link?.close();
    this.#dial();
  }
}
