// A game without a server: steps the same rules in the page, against bots. Behind the start screen a bot sails the own boat too (attract
// mode), in practice the player does. Nothing is measured because nothing is sent.

import type { Path, Roster, Sighting, Welcome } from "../../game/protocol/index.ts";
import type { Controls, GameEvent, View, WatersKind, World } from "../../game/sim/index.ts";
import {
  addBoat,
  botControls,
  createWorld,
  step,
  surroundingsOf,
  TICK_MS,
  terrainOf,
  UNITS_PER_PX,
  viewOf,
} from "../../game/sim/index.ts";
import { Balls } from "./balls.ts";
import { ControlLatch } from "./controls.ts";
import type { GameSession, PlayerControls, SessionListener, SessionState } from "./game-session.ts";
import { Happenings } from "./happenings.ts";
import { Picture } from "./picture.ts";
import { poseBetween } from "./pose.ts";
import type { NetStats, RenderState } from "./render-state.ts";

const OWN_SEAT = 0;
/** A page that was hidden goes on from where it was; no more ticks than this are made up for in one frame. */
export const OFFLINE_CATCH_UP_MAX_TICKS = 4;
/** In an arena boats and happenings further from the own boat than this are only sighted, as they are in play: more than a screen shows. */
export const NEIGHBOURHOOD_PX = 1_280;
/** Bots of an arena decide in turns, each once in so many ticks: hundreds are many for one page. */
const ARENA_TURNS = 3;
const BOT_NAMES = ["Alma", "Brisk", "Coral", "Dory", "Ebb", "Finn", "Gale", "Haven", "Isla", "Juno", "Kelp", "Lark"];

export interface OfflineOptions {
  /** Chooses the basin and everything that happens in it, unsigned 32 bits. */
  seed: number;
  waters?: WatersKind;
  /** Boats in all. */
  boats: number;
  /** Who sails the own boat. */
  pilot: "bot" | "player";
  /** The player's name. */
  name?: string;
}

export class OfflineSession implements GameSession {
  readonly state: SessionState = { name: "playing" };
  readonly welcome: Welcome | undefined = undefined;
  readonly path: Path | undefined = undefined;
  readonly roster: Roster;
  readonly #world: World;
  readonly #isPlayed: boolean;
  readonly #latch = new ControlLatch();
  readonly #balls = new Balls();
  readonly #happenings = new Happenings();
  readonly #picture = new Picture();
  #before: View;
  #after: View;
  #atMs: number | undefined;
  /** Part of the coming tick that has passed. */
  #restTicks = 0;

  constructor(options: OfflineOptions) {
    this.#isPlayed = options.pilot === "player";
    this.#world = createWorld(options.seed, options.waters);
    for (let seat = 0; seat < options.boats; seat++) addBoat(this.#world, seat, { bot: !this.#isOwn(seat) });
    this.#before = viewOf(this.#world);
    this.#after = this.#before;
    const seats = Array.from({ length: options.boats }, (_, seat) => ({
      seat,
      name: this.#isOwn(seat) ? (options.name ?? "You") : botName(seat),
      bot: !this.#isOwn(seat),
      away: false,
    }));
    this.roster = { version: 1, seats };
    this.#picture.name(this.roster);
    if (this.#isArena) this.#picture.sight(() => sightingsIn(this.#after));
  }

  /** Nothing ever changes: the listener is not called. */
  subscribe(_listener: Partial<SessionListener>): () => void {
    return () => {};
  }

  setControls(controls: PlayerControls): void {
    this.#latch.hold(controls);
  }

  frame(nowMs: number): RenderState {
    this.#advance(nowMs);
    const tick = this.#before.tick + this.#restTicks;
    const { state } = this.#picture;
    this.#picture.begin(this.#after, OWN_SEAT, tick);
    for (const [seat, boat] of this.#before.boats.entries()) {
      const next = this.#after.boats[seat];
      if (!boat || !next || !this.#isNear(next)) continue;
      this.#picture.boat(seat, poseBetween(boat, next, 1, this.#restTicks), boat, next);
    }
    this.#happenings.hand(tick, state.events);
    this.#balls.draw({ othersTick: tick, ownTick: tick }, state.boats, state.balls, state.events);
    return state;
  }

  stats(): NetStats {
    return NOTHING_MEASURED;
  }

  leave(): void {
    this.close();
  }

  /** Nothing is held: a session that is not drawn does not run. */
  close(): void {}

  #isOwn(seat: number): boolean {
    return this.#isPlayed && seat === OWN_SEAT;
  }

  get #isArena(): boolean {
    return this.#world.waters === "arena";
  }

  #isTurnOf(seat: number): boolean {
    return !this.#isArena || (this.#world.tick + seat) % ARENA_TURNS === 0;
  }

  #isNear(place: { x: number; y: number } | undefined): boolean {
    const own = this.#after.boats[OWN_SEAT];
    if (!this.#isArena || !place || !own) return true;
    return Math.hypot(place.x - own.x, place.y - own.y) < NEIGHBOURHOOD_PX * UNITS_PER_PX;
  }

  #advance(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - (this.#atMs ?? nowMs));
    this.#atMs = nowMs;
    const ticks = Math.min(OFFLINE_CATCH_UP_MAX_TICKS, this.#restTicks + elapsedMs / TICK_MS);
    this.#restTicks = ticks - Math.floor(ticks);
    for (let made = 0; made < Math.floor(ticks); made++) this.#step();
  }

  #step(): void {
    const inputs: (Controls | undefined)[] = [];
    const around = surroundingsOf(this.#world);
    for (const [seat, boat] of this.#world.boats.entries()) {
      if (!boat) continue;
      if (this.#isOwn(seat)) inputs[seat] = this.#latch.take(0);
      else if (this.#isTurnOf(seat)) inputs[seat] = botControls(this.#world, seat, around);
    }
    const all = step(this.#world, inputs);
    this.#before = this.#after;
    this.#after = viewOf(this.#world);
    const events = all.filter((event) => this.#isNear(placeOf(event, this.#after)));
    this.#happenings.take(events, this.#after, this.#before, this.#isPlayed ? OWN_SEAT : -1);
    for (const event of events) this.#follow(event);
  }

  #follow(event: GameEvent): void {
    const { tick, seed, waters } = this.#world;
    if (event.type === "hit") this.#balls.hit(event.ball, tick);
    if (event.type !== "shot") return;
    this.#balls.shot(event, tick, false, terrainOf(seed, waters));
    if (this.#isOwn(event.boat)) this.#latch.fired();
  }
}

function botName(seat: number): string {
  const name = BOT_NAMES[seat % BOT_NAMES.length]!;
  return seat < BOT_NAMES.length ? name : `${name} ${Math.floor(seat / BOT_NAMES.length) + 1}`;
}

function sightingsIn(view: View): Sighting[] {
  return view.boats.flatMap((boat, seat) =>
    boat ? [{ seat, x: boat.x, y: boat.y, score: boat.score, afloat: boat.hull > 0 }] : [],
  );
}

/** Where it happened; nowhere for what concerns everybody. */
function placeOf(event: GameEvent, view: View): { x: number; y: number } | undefined {
  if ("x" in event) return event;
  return "boat" in event ? (view.boats[event.boat] ?? undefined) : undefined;
}

const NOTHING_MEASURED: NetStats = {
  rttMs: 0,
  jitterMs: 0,
  gapsMs: [],
  marks: [],
  maxGapMs: 0,
  snapshots: 0,
  keyframes: 0,
  correctionsPx: [],
  bytesPerSecondDown: 0,
  bytesPerSecondUp: 0,
  interpolationDelayMs: 0,
  extrapolationMs: 0,
  lagTicks: 0,
  leadTicks: 0,
  marginTicks: 0,
  inputs: { sent: 0, acked: 0, lost: 0, doubled: 0 },
  disconnects: 0,
  moves: 0,
};
