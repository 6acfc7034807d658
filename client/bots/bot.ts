// One headless player: a Session like a person's, steered a few times a second, and what it felt.

import type { JoinRequest } from "../../game/protocol/index.ts";
import { TICK_MS } from "../../game/sim/index.ts";
import type { Clock } from "../net/clock.ts";
import type { Dial } from "../net/wire.ts";
import type { NetStats } from "../netcode/render-state.ts";
import { Session } from "../netcode/session.ts";
import type { Decoders } from "../netcode/snapshot-buffer.ts";
import { steer } from "./pilot.ts";

/** A bot looks and decides every so many snapshots: ten times a second. */
const DECIDE_EVERY_TICKS = 3;
/** Gaps are counted from this long after the seat on: before it, everything is still finding its pace. */
const SETTLING_MS = 1_000;
/** Longer without a snapshot than this is an outage, whether the link was lost or the room stood still. */
const OUTAGE_MS = 250;

/** What one player felt between `begin` and `finish`. */
export interface BotOutcome {
  name: string;
  /** It had a seat when it was asked to begin. */
  wasSeated: boolean;
  seconds: number;
  snapshots: number;
  /** The one that lasts still is among them if it is an outage, so that who hears nothing more is not forgotten. */
  gapsMs: number[];
  /** Time without a snapshot of each outage, and of each loss of the link however short. */
  recoveriesMs: number[];
  bytesDown: number;
  bytesUp: number;
  inputs: NetStats["inputs"];
  disconnects: number;
  moves: number;
  gateway?: string;
  version?: string;
  owner?: string;
  /** Why it does not play, if it was refused. */
  refusal?: string;
}

export interface BotOptions extends Decoders {
  dial: Dial;
  clock: Clock;
  random: () => number;
  request: JoinRequest;
}

export class Bot {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #name: string;
  #seatedAtMs: number | undefined;
  #lastSnapshotMs: number | undefined;
  #sinceDecision = 0;
  #snapshots = 0;
  #gapsMs: number[] = [];
  #recoveriesMs: number[] = [];
  #isLost = false;
  #wasSeated = false;
  #hasBegun = false;
  #isFinished = false;
  #beganAtMs = 0;
  #finishedAtMs = 0;
  #bytesAtBegin = { bytesDown: 0, bytesUp: 0 };
  #bytesAtFinish = { bytesDown: 0, bytesUp: 0 };

  constructor(options: BotOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#name = options.request.name;
    this.#session = new Session({ ...options, build: "bot" });
    this.#session.subscribe({
      welcome: () => {
        this.#seatedAtMs ??= this.#clock.now();
      },
      state: (state) => {
        if (state.name === "reconnecting") this.#isLost = true;
      },
      snapshot: () => this.#snapshot(),
    });
  }

  get isSeated(): boolean {
    return this.#session.state.name === "playing";
  }

  /** The version of the server that its socket is on; undefined until it is known. */
  get version(): string | undefined {
    return this.#session.path?.gateway.version;
  }

  /** Its room runs on another server than the one that its socket is on. */
  get isRemote(): boolean {
    const { path } = this.#session;
    return path !== undefined && path.gateway.id !== path.owner.id;
  }

  /** Since its first welcome; 0 before. */
  get seatedForMs(): number {
    return this.#seatedAtMs === undefined ? 0 : this.#clock.now() - this.#seatedAtMs;
  }

  /** Nothing more will come of it. */
  get isClosed(): boolean {
    return this.#session.state.name === "closed";
  }

  open(): void {
    this.#session.open();
  }

  /** Starts counting snapshots, gaps and bytes; `hasSeat` says whether it has the seat that it was to have. */
  begin(hasSeat = this.isSeated): void {
    this.#hasBegun = true;
    this.#wasSeated = hasSeat;
    this.#beganAtMs = this.#clock.now();
    this.#bytesAtBegin = { ...this.#session.traffic };
    this.#snapshots = 0;
  }

  /** Stops counting and sends no more inputs. */
  finish(): void {
    this.#isFinished = true;
    this.#finishedAtMs = this.#clock.now();
    this.#bytesAtFinish = { ...this.#session.traffic };
    this.#session.stopInputs();
  }

  /** Every input that was sent is accounted for. */
  get isSettled(): boolean {
    const { sent, acked, lost } = this.#session.stats().inputs;
    return this.isClosed || acked + lost >= sent;
  }

  /** What it has felt so far; of the gaps the last `gapsMax`. */
  outcome(gapsMax = Number.POSITIVE_INFINITY): BotOutcome {
    const untilMs = this.#isFinished ? this.#finishedAtMs : this.#clock.now();
    const bytes = this.#isFinished ? this.#bytesAtFinish : this.#session.traffic;
    const { inputs, disconnects, moves } = this.#session.stats();
    const { path, state } = this.#session;
    const openMs = this.#hasBegun && this.#lastSnapshotMs !== undefined ? untilMs - this.#lastSnapshotMs : 0;
    const open = openMs > OUTAGE_MS ? [openMs] : [];
    return {
      name: this.#name,
      wasSeated: this.#wasSeated,
      seconds: (untilMs - this.#beganAtMs) / 1000,
      snapshots: this.#snapshots,
      gapsMs: [...this.#gapsMs.slice(-gapsMax), ...open],
      recoveriesMs: [...this.#recoveriesMs, ...open],
      bytesDown: bytes.bytesDown - this.#bytesAtBegin.bytesDown,
      bytesUp: bytes.bytesUp - this.#bytesAtBegin.bytesUp,
      inputs,
      disconnects,
      moves,
      ...(path === undefined ? {} : { gateway: path.gateway.id, version: path.gateway.version, owner: path.owner.id }),
      ...(state.name === "closed" && state.refusal ? { refusal: state.refusal.message } : {}),
    };
  }

  leave(): void {
    this.#session.leave();
  }

  #snapshot(): void {
    if (this.#isFinished) return;
    const nowMs = this.#clock.now();
    const lastMs = this.#lastSnapshotMs;
    this.#lastSnapshotMs = nowMs;
    this.#snapshots += 1;
    const isSettled = this.#hasBegun && nowMs - this.#seatedAtMs! >= SETTLING_MS;
    if (lastMs !== undefined && isSettled) this.#felt(nowMs - lastMs);
    this.#isLost = false;
    this.#sinceDecision += 1;
    if (this.#sinceDecision < DECIDE_EVERY_TICKS) return;
    this.#sinceDecision = 0;
    const seen = this.#session.frame(nowMs);
    if (seen) this.#session.setControls(steer(seen, this.#random));
  }

  #felt(gapMs: number): void {
    this.#gapsMs.push(gapMs);
    if (this.#isLost || gapMs > OUTAGE_MS) this.#recoveriesMs.push(gapMs);
  }
}

/** Snapshots that a player should have had in that time. */
export function expectedSnapshots(seconds: number): number {
  return (seconds * 1000) / TICK_MS;
}
