// One seat in one room as this client knows it: snapshots in, inputs out, pictures on demand. Knows no socket; time is passed in.

import type { Roster, SeatReport, Snapshot, Welcome } from "../../game/protocol/index.ts";
import type { BoatState, Controls, Terrain, View } from "../../game/sim/index.ts";
import { MAX_REWIND_TICKS, neutralControls, TICK_MS, terrainOf } from "../../game/sim/index.ts";
import { Balls } from "./balls.ts";
import type { ControlLatch } from "./controls.ts";
import { ghostsOf } from "./ghosts.ts";
import { Happenings } from "./happenings.ts";
import { InputPacing, LEAD_MIN_TICKS } from "./input-pacing.ts";
import { InputStream } from "./input-stream.ts";
import { boatAt, DrawTime, viewsAround } from "./interpolation.ts";
import { FIXED_DELAY_MS, type Lessons, NORMAL } from "./lessons.ts";
import { neighboursOf } from "./neighbours.ts";
import type { NetMeter } from "./net-meter.ts";
import { Picture } from "./picture.ts";
import { type Pose, poseBetween } from "./pose.ts";
import { Prediction } from "./prediction.ts";
import { CorrectionFade } from "./reconciliation.ts";
import type { RenderGhost, RenderState } from "./render-state.ts";
import { RosterWatch } from "./roster-watch.ts";
import { ServerClock } from "./server-clock.ts";
import { SlewedTime } from "./slewed-time.ts";
import { type Decoders, SnapshotBuffer } from "./snapshot-buffer.ts";

/** When no snapshots come, the own boat sails on by itself for this long, ticks. */
const STARVED_MAX_TICKS = 10;
/** More ticks than this are not caught up with one by one: the boat goes on from the newest snapshot. */
export const CATCH_UP_MAX_TICKS = 10;
/** After a pause between frames that is longer than this, what happened meanwhile is not shown. */
const PAUSE_MS = 300;

/** What was said before a pause in the snapshots of up to this many ticks is said again after it; later it is not what is meant any more. */
const SAY_AGAIN_MAX_TICKS = 60;

const FIXED_DELAY_TICKS = { adaptive: undefined, fixed: FIXED_DELAY_MS / TICK_MS, none: 0 } as const;

type Send = (input: Uint8Array) => void;

export class LiveRoom {
  readonly pacing = new InputPacing();
  readonly inputs = new InputStream();
  readonly #drawTime = new DrawTime();
  readonly #meter: NetMeter;
  readonly #lessons: Readonly<Lessons>;
  readonly #buffer: SnapshotBuffer;
  readonly #clock = new ServerClock();
  readonly #ownTime = new SlewedTime({ fasterMax: 0.15, slowerMax: 0.3, jumpTicks: 8 });
  readonly #prediction = new Prediction();
  readonly #fade = new CorrectionFade();
  readonly #balls = new Balls();
  readonly #happenings = new Happenings();
  readonly #picture = new Picture();
  readonly #rosterWatch = new RosterWatch();
  #room: string | undefined;
  #seat = 0;
  /** What the player holds: how the boat is drawn to go on. */
  #steering: Controls = neutralControls;
  #framedAtMs = Number.NEGATIVE_INFINITY;

  constructor(meter: NetMeter, { decode, decodeArea }: Decoders = {}, lessons: Readonly<Lessons> = NORMAL) {
    this.#meter = meter;
    this.#lessons = lessons;
    this.#buffer = new SnapshotBuffer(decode, decodeArea);
  }

  /** How far the own boat is ahead of the newest snapshot. */
  get leadTicks(): number {
    const newest = this.#buffer.newest;
    return newest ? Math.max(0, (this.#prediction.tick ?? newest.tick) - newest.tick) : 0;
  }

  /** How far in the past others are drawn. */
  get interpolationDelayMs(): number {
    return this.#lessons.interpolation ? this.#drawTime.behindTicks * TICK_MS : 0;
  }

  get extrapolationMs(): number {
    const newest = this.#buffer.newest;
    return newest ? Math.max(0, this.#othersTick(newest) - newest.tick) * TICK_MS : 0;
  }

  get lagTicks(): number {
    const newest = this.#buffer.newest;
    return newest ? this.#ownDrawnTick - this.#othersTick(newest) : 0;
  }

  /** Answers the inputs that are to be said again: those that a lost link took with it, if it was not long ago. */
  seated(welcome: Welcome, nowMs: number): Uint8Array[] {
    const isSameSeat = this.#room === welcome.room && this.#seat === welcome.seat;
    // An owner of an earlier epoch: the room began again, and what was known of it is of another life.
    if (!isSameSeat || welcome.path.epoch < this.#buffer.epoch) this.#startOver();
    this.#room = welcome.room;
    this.#seat = welcome.seat;
    const newestTick = this.#buffer.newest?.tick ?? Number.NEGATIVE_INFINITY;
    const isRecent = this.#clock.tickAt(nowMs) - newestTick <= SAY_AGAIN_MAX_TICKS;
    const again = this.inputs.seated(welcome.inputsReceived, welcome.resumed, isRecent);
    this.pacing.restart();
    this.roster(welcome.roster);
    return again;
  }

  roster(roster: Roster): void {
    this.#rosterWatch.roster(roster.version);
    this.#picture.name(roster);
  }

  /** Takes in a frame: the tick it brought, if any, and whether a keyframe (and the roster, which comes with it) is to be asked for. */
  take(bytes: Uint8Array, nowMs: number): { tick?: number; askKeyframe: boolean } {
    const previous = this.#buffer.newest;
    const taken = this.#buffer.take(bytes, nowMs);
    if (taken.kind === "ignored") return { askKeyframe: taken.askKeyframe };
    const { snapshot } = taken;
    const { tick } = snapshot.view;
    this.#meter.snapshot(tick, taken.isKeyframe, nowMs, TICK_MS);
    if (taken.isNewEpoch && previous && tick <= previous.tick) this.#goBack();
    this.#drawTime.arrival(this.#clock.observe(tick, nowMs));
    for (const report of snapshot.reports) this.#takeReport(report, nowMs);
    this.#takeEvents(snapshot, previous);
    this.#reconcile(snapshot, nowMs);
    this.#balls.confirmedUpTo(tick);
    return { tick, askKeyframe: this.#rosterWatch.isMissed(snapshot.rosterVersion, nowMs) };
  }

  /** Moves on to `nowMs`: predicts the ticks that have begun and, if there is a way, sends their inputs. */
  advance(nowMs: number, latch: ControlLatch, send: Send | undefined): void {
    const newest = this.#buffer.newest;
    this.#steering = latch.steering;
    if (!newest) return;
    const liveTick = this.#clock.tickAt(nowMs);
    const leadTicks = this.#lessons.pacing ? this.pacing.leadTicks : LEAD_MIN_TICKS;
    this.#ownTime.follow(liveTick + leadTicks, newest.tick + leadTicks + STARVED_MAX_TICKS, nowMs);
    this.#drawTime.fixedTicks = FIXED_DELAY_TICKS[this.#lessons.delay];
    this.#drawTime.follow(liveTick, newest.tick, nowMs, this.#reachTick);
    // Starved, or in the midst of a backlog: what would be said now is about ticks that are long gone.
    if (liveTick - newest.tick > STARVED_MAX_TICKS) return;
    const boat = newest.boats[this.#seat];
    if (!boat) {
      this.#prediction.stop();
      return;
    }
    const terrain = terrainOf(newest.seed, newest.waters);
    const untilTick = Math.floor(this.#ownTime.tick);
    if (untilTick - (this.#prediction.tick ?? Number.NEGATIVE_INFINITY) > CATCH_UP_MAX_TICKS) {
      this.#skipTo(untilTick - 1, newest, boat, latch, terrain);
    }
    while (this.#prediction.tick! < untilTick) this.#predict(newest, latch, terrain, send);
  }

  frame(nowMs: number, latch: ControlLatch): RenderState | undefined {
    const newest = this.#buffer.newest;
    if (!newest) return undefined;
    const isAfterPause = nowMs - this.#framedAtMs > PAUSE_MS;
    this.#framedAtMs = nowMs;
    const { state } = this.#picture;
    this.#picture.begin(newest, this.#seat, this.#clock.tickAt(nowMs));
    this.#picture.sight(() => this.#buffer.sightings);
    const othersTick = this.#othersTick(newest);
    this.#drawBoats(newest, othersTick, nowMs, latch);
    this.#happenings.hand(othersTick, state.events);
    this.#balls.draw({ othersTick, ownTick: this.#ownDrawnTick }, state.boats, state.balls, state.events);
    if (isAfterPause) {
      this.#happenings.clear();
      state.events = [];
    }
    if (this.#lessons.ghost) state.ghosts = this.#ghosts(newest, othersTick);
    return state;
  }

  /** The tick at which the own boat is drawn: between the newest that was predicted and the one that begins. */
  get #ownDrawnTick(): number {
    return this.#ownTime.tick;
  }

  /** Shots meet others where they were at this tick or later. */
  get #reachTick(): number {
    const { prediction, rewind, delay } = this.#lessons;
    return prediction && rewind && delay === "adaptive"
      ? this.#ownDrawnTick - MAX_REWIND_TICKS
      : Number.NEGATIVE_INFINITY;
  }

  #othersTick(newest: View): number {
    return this.#lessons.interpolation ? this.#drawTime.tick : newest.tick;
  }

  #takeReport(report: SeatReport, nowMs: number): void {
    if (report.seat !== this.#seat) return;
    this.inputs.report(report);
    this.pacing.report(report.marginTicks, nowMs, this.#lessons.pacing);
  }

  #takeEvents(snapshot: Snapshot, previous: View | undefined): void {
    const { view } = snapshot;
    const terrain = terrainOf(view.seed, view.waters);
    const shown = snapshot.events.filter((event) => {
      if (event.type === "hit") this.#balls.hit(event.ball, view.tick);
      // A shot that was predicted has been shown already.
      const isAhead = this.#lessons.prediction && "boat" in event && event.boat === this.#seat;
      return event.type !== "shot" || !this.#balls.shot(event, view.tick, isAhead, terrain);
    });
    this.#happenings.take(shown, view, previous, this.#seat, this.#lessons.prediction);
  }

  #reconcile(snapshot: Snapshot, nowMs: number): void {
    const { view, events } = snapshot;
    const boat = view.boats[this.#seat];
    if (!boat) return;
    const isOtherLife = (boat.hull === 0) !== (this.#prediction.boat?.hull === 0);
    if (!this.#lessons.reconciliation && !isOtherLife) return;
    const terrain = terrainOf(view.seed, view.waters);
    const before = this.#predictedPose(terrain);
    const neighbours = neighboursOf(view, this.#seat);
    const isKnown = this.#prediction.rebase(view.tick, boat, terrain, gunsIn(view), neighbours) !== undefined;
    const after = this.#predictedPose(terrain);
    const isRelaunched = events.some((event) => event.type === "respawn" && event.boat === this.#seat);
    if (!before || !after || !isKnown || isRelaunched || !this.#lessons.prediction) {
      this.#fade.clear();
      return;
    }
    this.#meter.correctionsPx.add(this.#fade.correct(before, after, nowMs));
    if (!this.#lessons.smoothing) this.#fade.clear();
  }

  #predict(newest: View, latch: ControlLatch, terrain: Terrain, send: Send | undefined): void {
    const lagTicks = this.#lessons.rewind ? Math.round(this.#ownDrawnTick - this.#othersTick(newest)) : 0;
    const controls = latch.take(Math.min(MAX_REWIND_TICKS, Math.max(0, lagTicks)));
    const muzzle = this.#prediction.step(controls, terrain, gunsIn(newest));
    const tick = this.#prediction.tick!;
    const input = send && this.inputs.next(tick, controls);
    if (input) send(input);
    if (!muzzle) return;
    latch.fired();
    if (!this.#lessons.prediction) return;
    this.#balls.predicted(this.#seat, tick, muzzle, terrain);
    const { x, y, vx, vy } = muzzle;
    this.#happenings.take([{ type: "shot", ball: 0, boat: this.#seat, x, y, vx, vy }], newest, undefined, this.#seat);
  }

  /** Passes over ticks: from the newest snapshot on with what the server holds, without inputs and shots. */
  #skipTo(tick: number, newest: View, boat: BoatState, latch: ControlLatch, terrain: Terrain): void {
    const controls = { ...latch.take(0), fire: false };
    this.#prediction.start(newest.tick, boat, controls);
    while (this.#prediction.tick! < tick) this.#prediction.step(controls, terrain, gunsIn(newest));
    this.#fade.clear();
  }

  #drawBoats(newest: View, othersTick: number, nowMs: number, latch: ControlLatch): void {
    const around = viewsAround(this.#buffer.views, othersTick);
    if (!around) return;
    for (const [seat, counted] of newest.boats.entries()) {
      if (!counted) continue;
      if (seat === this.#seat && this.#prediction.boat && this.#lessons.prediction) {
        const { reload, protectedFor } = this.#prediction.boat;
        const pose = this.#ownPose(terrainOf(newest.seed, newest.waters), nowMs, latch);
        this.#picture.boat(seat, pose, { ...counted, reload, protectedFor }, counted);
        continue;
      }
      const drawn = boatAt(around, seat, othersTick);
      if (drawn) this.#picture.boat(seat, drawn.pose, drawn.state, counted);
    }
  }

  #ghosts(newest: View, othersTick: number): RenderGhost[] {
    const isAhead = this.#lessons.prediction && this.#prediction.tick !== undefined;
    const ownTick = isAhead ? this.#ownDrawnTick : othersTick;
    return ghostsOf(newest, this.#seat, { ownTick, othersTick }, this.#prediction.between(newest.tick, ownTick));
  }

  #ownPose(terrain: Terrain, nowMs: number, latch: ControlLatch): Pose {
    const pose = this.#predictedPose(terrain)!;
    const offset = this.#fade.offset(nowMs);
    pose.xPx += offset.xPx;
    pose.yPx += offset.yPx;
    pose.heading += offset.headingRadians;
    if (this.#prediction.boat!.hull > 0) pose.aim = latch.held.aim;
    return pose;
  }

  /** The own boat as it would be drawn without corrections that fade. */
  #predictedPose(terrain: Terrain): Pose | undefined {
    const { boat, tick } = this.#prediction;
    const next = this.#prediction.ahead(this.#steering, terrain);
    if (!boat || !next) return undefined;
    return poseBetween(boat, next, 1, Math.min(1, Math.max(0, this.#ownTime.tick - tick!)));
  }

  #startOver(): void {
    this.#buffer.reset();
    this.#goBack();
  }

  /** A new owner goes on from a checkpoint: what came after it has not happened. */
  #goBack(): void {
    this.pacing.restart();
    this.#clock.reset();
    this.#drawTime.reset();
    this.#ownTime.reset();
    this.#prediction.stop();
    this.#fade.clear();
    this.#balls.clear();
    this.#happenings.clear();
  }
}

/** Guns speak from a round's first tick to its last; the tick in which a phase ends still belongs to it. */
function gunsIn(view: View): (tick: number) => boolean {
  const isPlaying = view.phase === "playing";
  return (tick) => (tick <= view.phaseEndsAtTick ? isPlaying : !isPlaying);
}
