// Moves a seat to another link, make before break: dials a second one with the server's ticket while the first goes on, lets it take over
// once its snapshots and its answers come, and lets the first one linger for what is still on its way. Which link speaks, the Connection keeps.
//
//   idle --offer--> waiting --due--> dialing --welcome--> overlapping --frame and pong--> lingering --LINGER_MS--> idle
//                      ^                |                      |                              |
//                      +----- again ----+------ new link ended, the old one goes on ----------+
//
// Nothing waits for a timer alone: a hidden tab's timers are throttled, its frames are not, so every frame looks whether something is due.

import type { Move, Path, Refusal, Roster, Welcome } from "../../game/protocol/index.ts";
import { readSnapshotHeader } from "../../game/protocol/index.ts";
import { moveAgainMs } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import type { Link } from "./link.ts";

/** How long the old link is kept after the switch: its last frames and the last inputs that went over it arrive meanwhile. */
export const LINGER_MS = 300;

/** What the Connection does for the mover. */
export interface MoverHost {
  clock: Clock;
  random: () => number;
  /** Opens a link that asks for the seat with the ticket; what it says is handed to the mover. */
  dial(ticket: string): Link;
  /** True if another attempt may succeed after this refusal. */
  mayTryAgain(refusal: Refusal): boolean;
  /** From now on this link speaks: it has the very seat. `rttMs` is known unless the old link ended first. Answers the old link if it lives. */
  switched(link: Link, welcome: Welcome, rttMs: number | undefined): Link | undefined;
  /** The link was given another seat: the old one is gone, this is a new beginning. */
  reseated(link: Link, welcome: Welcome, tookMs: number): void;
}

interface Offer {
  ticket: string;
  deadlineAtMs: number;
  attempts: number;
}

/** A place in the room's time: what has been heard up to there. */
interface Mark {
  epoch: number;
  tick: number;
}

/** Both links hold the seat; the old one still speaks. */
interface Overlapping {
  name: "overlapping";
  offer: Offer;
  link: Link;
  welcome: Welcome;
  /** The newest frame that was known when the link was seated: it has to come as far. */
  from: Mark | undefined;
  isHeard: boolean;
  rttMs: number | undefined;
}

type Phase =
  | { name: "idle" }
  /** The offer's time has not come, or an attempt failed and the next one is put off a little. */
  | { name: "waiting"; offer: Offer; dueAtMs: number }
  | { name: "dialing"; offer: Offer; link: Link }
  | Overlapping
  /** The new link speaks; `link` is the old one. */
  | { name: "lingering"; offer: Offer; link: Link; dueAtMs: number };

export class Mover {
  #phase: Phase = { name: "idle" };
  #newest: Mark | undefined;
  #cancelTimer: (() => void) | undefined;
  readonly #host: MoverHost;

  constructor(host: MoverHost) {
    this.#host = host;
  }

  /** The old link after the switch: inputs go over it as well until it is closed, so that none is late because the new way is longer. */
  get lingering(): Link | undefined {
    return this.#phase.name === "lingering" ? this.#phase.link : undefined;
  }

  /** The speaking link was sent a Move; the newest one counts. */
  offer(move: Move): void {
    const nowMs = this.#host.clock.now();
    const offer: Offer = { ticket: move.ticket, deadlineAtMs: nowMs + move.deadlineMs, attempts: 0 };
    const phase = this.#phase;
    if (phase.name === "dialing" || phase.name === "overlapping") {
      // The ticket that is under way is as good; this one is for the next attempt, if one is needed.
      phase.offer = offer;
      return;
    }
    this.close();
    this.#wait(offer, nowMs + move.notBeforeMs);
  }

  /** The second link was given a seat; `seatedAs` is what the first one was told. */
  welcome(link: Link, welcome: Welcome, seatedAs: Welcome | undefined, tookMs: number): void {
    const phase = this.#phase;
    if (phase.name !== "dialing" || phase.link !== link) return;
    if (welcome.resumed && welcome.room === seatedAs?.room && welcome.seat === seatedAs.seat) {
      const from = this.#newest;
      this.#phase = { ...phase, name: "overlapping", welcome, from, isHeard: false, rttMs: undefined };
    } else {
      this.#rest();
      this.#host.reseated(link, welcome, tookMs);
    }
  }

  /** Any of the links brought a frame, and the room has taken it in. */
  frame(link: Link, bytes: Uint8Array): void {
    if (this.#phase.name === "idle") return;
    if ("dueAtMs" in this.#phase && this.#host.clock.now() >= this.#phase.dueAtMs) this.#act();
    const header = readSnapshotHeader(bytes);
    if (header === undefined) return;
    if (this.#newest === undefined || isBefore(this.#newest, header)) this.#newest = header;
    const phase = this.#phase;
    if (phase.name !== "overlapping" || phase.link !== link) return;
    if (phase.from === undefined || !isBefore(header, phase.from)) phase.isHeard = true;
    this.#switchIfReady(phase);
  }

  roundTrip(link: Link, rttMs: number): void {
    const phase = this.#phase;
    if (phase.name !== "overlapping" || phase.link !== link) return;
    phase.rttMs = rttMs;
    this.#switchIfReady(phase);
  }

  /** What the second link is told before it speaks is kept for that moment. */
  told(link: Link, news: { roster: Roster } | { path: Path }): void {
    const phase = this.#phase;
    if (phase.name !== "overlapping" || phase.link !== link) return;
    phase.welcome = { ...phase.welcome, ...news };
  }

  /** A link that does not speak has ended: the one that does goes on. */
  ended(link: Link, refusal: Refusal | undefined): void {
    const phase = this.#phase;
    if (!("link" in phase) || phase.link !== link) return;
    if (phase.name === "lingering") this.#rest();
    else this.#again(phase.offer, refusal);
  }

  /** The speaking link has ended: the link that takes its place, seated or still dialing, if there is one. */
  voiceEnded(): Link | undefined {
    const phase = this.#phase;
    if (phase.name === "overlapping") this.#switch(phase);
    else if (phase.name === "lingering") this.#again(phase.offer, undefined);
    else this.#rest();
    return "link" in phase ? phase.link : undefined;
  }

  /** Gives up what is under way and closes its links. */
  close(): void {
    if ("link" in this.#phase) this.#phase.link.close();
    this.#rest();
  }

  #rest(): void {
    this.#cancelTimer?.();
    this.#phase = { name: "idle" };
    this.#newest = undefined;
  }

  #wait(offer: Offer, dueAtMs: number): void {
    this.#phase = { name: "waiting", offer, dueAtMs };
    this.#arm(dueAtMs);
  }

  /** Without a delay nothing waits for a timer. */
  #arm(dueAtMs: number): void {
    const { clock } = this.#host;
    this.#cancelTimer?.();
    const delayMs = dueAtMs - clock.now();
    if (delayMs > 0) this.#cancelTimer = clock.after(delayMs, () => this.#act());
    else this.#act();
  }

  /** What was waited for is due. */
  #act(): void {
    const phase = this.#phase;
    this.#cancelTimer?.();
    if (phase.name === "lingering") this.close();
    if (phase.name !== "waiting") return;
    const { offer } = phase;
    this.#phase = { name: "dialing", offer, link: this.#host.dial(offer.ticket) };
  }

  #again(offer: Offer, refusal: Refusal | undefined): void {
    const { clock, random } = this.#host;
    const dueAtMs = clock.now() + moveAgainMs(offer.attempts, random);
    const isHopeless = refusal !== undefined && !this.#host.mayTryAgain(refusal);
    // Past the deadline the server ends the old link; the way back is a reconnection then.
    if (isHopeless || dueAtMs >= offer.deadlineAtMs) this.#rest();
    else this.#wait({ ...offer, attempts: offer.attempts + 1 }, dueAtMs);
  }

  #switchIfReady(phase: Overlapping): void {
    if (phase.isHeard && phase.rttMs !== undefined) this.#switch(phase);
  }

  #switch({ offer, link, welcome, rttMs }: Overlapping): void {
    const old = this.#host.switched(link, welcome, rttMs);
    this.#rest();
    if (old === undefined) return;
    const dueAtMs = this.#host.clock.now() + LINGER_MS;
    this.#phase = { name: "lingering", offer, link: old, dueAtMs };
    this.#arm(dueAtMs);
  }
}

function isBefore(a: Mark, b: Mark): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.tick < b.tick);
}
