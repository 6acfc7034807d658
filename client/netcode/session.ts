// A game played through a server: the connection, what it brings, and who wants to hear of it. The same in a page, in a bot and in a test.

import type { Path, Refusal, Roster, Welcome } from "../../game/protocol/index.ts";
import type { Clock } from "../net/clock.ts";
import { Connection, type ConnectionOptions } from "../net/connection.ts";
import type { Traffic } from "../net/wire.ts";
import { ControlLatch } from "./controls.ts";
import type { GameSession, PlayerControls, SessionListener, SessionState } from "./game-session.ts";
import { type Lessons, NORMAL } from "./lessons.ts";
import { LiveRoom } from "./live-room.ts";
import { NetMeter } from "./net-meter.ts";
import type { NetStats, RenderState } from "./render-state.ts";
import type { Decoders } from "./snapshot-buffer.ts";

export interface SessionOptions extends ConnectionOptions, Decoders {
  /** What is turned off; may change while the game runs. Default: nothing. */
  lessons?: Readonly<Lessons>;
  /** Takes the measurements: for tools that want more of them than the net graph does. */
  meter?: NetMeter;
}

/** Without deltas a keyframe is asked for with the first snapshot after this time: with the inputs that is still less than a server hears from one socket. */
const WHOLE_FRAMES_INTERVAL_MS = 50;

export class Session implements GameSession {
  #state: SessionState = { name: "connecting", attempt: 0 };
  #welcome: Welcome | undefined;
  #roster: Roster | undefined;
  #path: Path | undefined;
  #sendsInputs = true;
  #wholeAskedAtMs = Number.NEGATIVE_INFINITY;
  readonly #clock: Clock;
  readonly #lessons: Readonly<Lessons>;
  readonly #connection: Connection;
  readonly #meter: NetMeter;
  readonly #room: LiveRoom;
  readonly #latch = new ControlLatch();
  readonly #listeners = new Set<Partial<SessionListener>>();

  /** Nothing happens before `open`. */
  constructor(options: SessionOptions) {
    this.#clock = options.clock;
    this.#lessons = options.lessons ?? NORMAL;
    this.#meter = options.meter ?? new NetMeter();
    this.#room = new LiveRoom(this.#meter, options, this.#lessons);
    this.#connection = new Connection(options, {
      attempt: (attempt) => this.#setState({ name: this.#welcome ? "reconnecting" : "connecting", attempt }),
      welcome: (welcome) => this.#seated(welcome),
      frame: (bytes) => this.#take(bytes),
      roster: (roster) => this.#setRoster(roster),
      path: (path) => this.#setPath(path),
      release: (release) => this.#tell("release", release),
      roundTrip: (rttMs) => {
        this.#meter.roundTrip(rttMs);
        this.#room.pacing.roundTrip(rttMs);
      },
      moved: (welcome, rttMs) => this.#moved(welcome, rttMs),
      lost: () => {
        this.#meter.disconnects += 1;
        this.#setState({ name: "reconnecting", attempt: 0 });
      },
      stopped: (refusal) => this.#end(refusal),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  get roster(): Roster | undefined {
    return this.#roster;
  }

  get path(): Path | undefined {
    return this.#path;
  }

  /** Bytes of all messages so far. */
  get traffic(): Readonly<Traffic> {
    return this.#connection.traffic;
  }

  /** Begins to connect. */
  open(): void {
    this.#connection.open();
  }

  subscribe(listener: Partial<SessionListener>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setControls(controls: PlayerControls): void {
    this.#latch.hold(controls);
  }

  frame(nowMs: number): RenderState | undefined {
    this.#advance(nowMs);
    return this.#room.frame(nowMs, this.#latch);
  }

  /** Sends no more inputs, so that those under way can be counted. For tools. */
  stopInputs(): void {
    this.#sendsInputs = false;
  }

  stats(): NetStats {
    const meter = this.#meter;
    const rate = meter.bytesPerSecond;
    return {
      rttMs: meter.rttMs,
      jitterMs: meter.jitterMs,
      gapsMs: meter.gapsMs.values,
      marks: meter.marks,
      maxGapMs: meter.maxGapMs,
      snapshots: meter.snapshots,
      keyframes: meter.keyframes,
      correctionsPx: meter.correctionsPx.values,
      bytesPerSecondDown: rate.down,
      bytesPerSecondUp: rate.up,
      interpolationDelayMs: this.#room.interpolationDelayMs,
      extrapolationMs: this.#room.extrapolationMs,
      lagTicks: this.#room.lagTicks,
      leadTicks: this.#room.leadTicks,
      marginTicks: this.#room.pacing.marginTicks,
      inputs: this.#room.inputs.counts(),
      disconnects: meter.disconnects,
      moves: this.#connection.moves,
    };
  }

  leave(): void {
    this.#connection.leave();
    this.#end(undefined);
  }

  close(): void {
    this.#end(undefined);
  }

  readonly #send = (input: Uint8Array) => this.#connection.input(input);

  #seated(welcome: Welcome): void {
    this.#welcome = welcome;
    const again = this.#room.seated(welcome, this.#clock.now());
    for (const input of again) this.#send(input);
    this.#setState({ name: "playing" });
    this.#tell("welcome", welcome);
    this.#setRoster(welcome.roster);
    this.#path = undefined;
    this.#setPath(welcome.path);
  }

  /** The same seat over another link: nothing begins anew. */
  #moved(welcome: Welcome, rttMs: number | undefined): void {
    this.#welcome = welcome;
    if (rttMs !== undefined) {
      this.#room.pacing.moved(rttMs);
      this.#meter.moved(rttMs);
    }
    for (const input of this.#room.inputs.unreported()) this.#send(input);
    this.#tell("moved", welcome);
    this.#setRoster(welcome.roster);
    this.#setPath(welcome.path);
  }

  #take(bytes: Uint8Array): void {
    const nowMs = this.#clock.now();
    const taken = this.#room.take(bytes, nowMs);
    const { bytesDown, bytesUp } = this.#connection.traffic;
    this.#meter.bytes(bytesDown, bytesUp, nowMs);
    if (taken.askKeyframe || this.#wantsWhole(nowMs)) this.#connection.askKeyframe();
    if (taken.tick === undefined) return;
    // Frames stop in a hidden tab and bots draw none: snapshots keep the own time going.
    this.#advance(nowMs);
    this.#tell("snapshot", taken.tick);
  }

  /** Only where the room is on the own gateway: over another one, keyframes are rare and would hold the game up. */
  #wantsWhole(nowMs: number): boolean {
    const isHere = this.#path !== undefined && this.#path.gateway.id === this.#path.owner.id;
    if (this.#lessons.deltas || !isHere || nowMs - this.#wholeAskedAtMs < WHOLE_FRAMES_INTERVAL_MS) return false;
    this.#wholeAskedAtMs = nowMs;
    return true;
  }

  #advance(nowMs: number): void {
    const mayGo = this.#state.name === "playing" && this.#sendsInputs;
    this.#room.advance(nowMs, this.#latch, mayGo ? this.#send : undefined);
  }

  #setRoster(roster: Roster): void {
    this.#roster = roster;
    this.#room.roster(roster);
    this.#tell("roster", roster);
  }

  #setPath(path: Path): void {
    const former = this.#path;
    // Only the welcome knows the trace id of this connection.
    const traceId = path.traceId ?? former?.traceId;
    this.#path = { ...path, ...(traceId === undefined ? {} : { traceId }) };
    if (former && former.gateway.id !== path.gateway.id) this.#meter.mark(`moved to ${path.gateway.id}`);
    if (former && former.owner.id !== path.owner.id) this.#meter.mark(`room on ${path.owner.id}`);
    this.#tell("path", this.#path);
  }

  #setState(state: SessionState): void {
    this.#state = state;
    this.#tell("state", state);
  }

  #end(refusal: Refusal | undefined): void {
    if (this.#state.name === "closed") return;
    this.#connection.close();
    this.#setState(refusal === undefined ? { name: "closed" } : { name: "closed", refusal });
  }

  #tell<Event extends keyof SessionListener>(event: Event, value: Parameters<SessionListener[Event]>[0]): void {
    for (const listener of this.#listeners) (listener[event] as ((told: typeof value) => void) | undefined)?.(value);
  }
}
