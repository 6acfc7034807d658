// What is on the page at this moment: the start screen over a game of bots, or a running game under its HUD. Feeds the
// scene with states and the session with controls; draws nothing itself.

import type { Refusal, Release, Welcome } from "../../game/protocol/index.ts";
import type { PageMemory, SeatMemory } from "../browser/storage.ts";
import type { ClosedNotice } from "../hud/closed-notice.ts";
import type { Hud } from "../hud/hud.ts";
import type { RegionOffer } from "../hud/region-offer.ts";
import type { StartScreen, StartWish } from "../hud/start-screen.ts";
import type { Toolbar } from "../hud/toolbar.ts";
import type { Input, ToWorld } from "../input/input.ts";
import type { GameSession, SessionState } from "../netcode/game-session.ts";
import type { NetStats, RenderState } from "../netcode/render-state.ts";
import type { Region } from "../regions/region-list.ts";
import { writeRoomAddress } from "../regions/room-address.ts";
import type { Sound } from "../sound/sound.ts";
import { Attract } from "./attract.ts";
import type { PictureSource } from "./basin-scene.ts";
import type { Renewal } from "./renewal.ts";

export interface DirectorParts {
  memory: PageMemory;
  sound: Pick<Sound, "play" | "setHidden">;
  input: Pick<Input, "controls" | "release" | "thumbs" | "touch" | "enabled">;
  toWorld: ToWorld;
  startScreen: Pick<StartScreen, "open" | "hide" | "busy" | "stillLooking">;
  closedNotice: Pick<ClosedNotice, "open" | "hide">;
  hud: Pick<Hud, "start" | "hide" | "drawn" | "setRenewalDue"> & { toolbar: Pick<Toolbar, "setShareable"> };
  renewal: Pick<Renewal, "heard" | "idle" | "isDue">;
  regionOffer: Pick<RegionOffer, "waits" | "settled">;
  still: () => boolean;
  attractSeed: number;
  /** Makes a session that has begun to connect; `seat` is one to come back to. */
  open(wish: StartWish, seat: SeatMemory | undefined): GameSession;
  /** Makes the page's address lead to this seat, so that a reload finds it. */
  leadTo: (seat: SeatMemory) => void;
  reload: () => void;
}

/** From this attempt on, someone who sees no game sees the start screen again, which offers other things meanwhile. */
const LONG_WAIT_ATTEMPT = 2;
/** Nor is the page empty for longer than this: an attempt at what does not answer may take as long as it likes. */
export const EMPTY_MAX_MS = 4_000;

export class Director implements PictureSource {
  readonly #parts: DirectorParts;
  /** Only once the start screen was seen: a reload has better things to do than to paint another basin. */
  #attract: Attract | undefined;
  #session: GameSession | undefined;
  #unsubscribe: (() => void) | undefined;
  /** The session has drawn a frame: its game is the one on the screen. */
  #onScreen = false;
  #isMenuOpen = false;
  /** Since when the page shows nothing; undefined before its first frame. */
  #emptySinceMs: number | undefined;
  #isHidden = false;
  #last: RenderState | undefined;
  #lastWish: StartWish = { name: "", room: undefined, offline: false, waters: "basin", region: undefined };

  constructor(parts: DirectorParts) {
    this.#parts = parts;
  }

  get session(): GameSession | undefined {
    return this.#session;
  }

  /** Where the game is, if there are regions. */
  get region(): Region | undefined {
    return this.#session && this.#lastWish.region;
  }

  get lastFrame(): RenderState | undefined {
    return this.#last;
  }

  stats(): NetStats | undefined {
    return this.#session?.stats();
  }

  /** `room` is a code as people pass it on. */
  menu(room: string | undefined, message = "", favourite = this.#lastWish.waters): void {
    this.#end();
    this.#lastWish = { ...this.#lastWish, waters: favourite };
    this.#openMenu(room, message);
  }

  /** Joins a game; `seat` brings back the boat that this tab had before a reload. */
  play(wish: StartWish, seat?: SeatMemory): void {
    this.#end();
    this.#lastWish = wish;
    const { memory, startScreen, closedNotice } = this.#parts;
    if (wish.name) memory.name = wish.name;
    closedNotice.hide();
    startScreen.busy(true);
    this.#emptySinceMs = undefined;
    const session = this.#parts.open(wish, seat);
    this.#session = session;
    this.#unsubscribe = session.subscribe({
      welcome: (welcome) => this.#welcomed(welcome),
      moved: (welcome) => this.#welcomed(welcome),
      state: (state) => this.#changed(session, state),
      release: (release) => this.#released(release),
    });
    // It has begun before anybody listened.
    if ("attempt" in session.state) this.#waiting(session.state.attempt);
  }

  /** A new game for the same player, in another region. */
  playIn(region: Region): void {
    this.play({ ...this.#lastWish, room: undefined, region });
  }

  leave(): void {
    this.#parts.memory.seat = undefined;
    this.#session?.leave();
    this.menu(this.#written(this.#session?.welcome?.room));
  }

  /** Nobody steers while nobody looks. */
  hidden(hidden: boolean): void {
    this.#parts.sound.setHidden(hidden);
    this.#isHidden = hidden;
    if (!hidden) return;
    this.#renewIfDue();
    this.#parts.input.release();
    this.#session?.setControls(this.#parts.input.controls(undefined, this.#parts.toWorld));
  }

  frame(nowMs: number): RenderState | undefined {
    const own = this.#session && this.#gameFrame(this.#session, nowMs);
    if (own && !this.#onScreen) this.#enter(nowMs);
    if (!own && !this.#onScreen && !this.#isMenuOpen) this.#empty(nowMs);
    this.#last = own ?? (this.#onScreen ? undefined : this.#attract?.session.frame(nowMs));
    return this.#last;
  }

  watched(state: RenderState): number {
    return this.#onScreen || !this.#attract ? state.ownSeat : this.#attract.watched(state, performance.now());
  }

  labels(): boolean {
    return this.#onScreen;
  }

  still(): boolean {
    return this.#parts.still();
  }

  drawn(state: RenderState, nowMs: number): void {
    if (!this.#onScreen || !this.#session) return;
    const { hud, input, sound } = this.#parts;
    hud.drawn(state, this.#session, nowMs, { seen: input.touch, thumbs: input.thumbs });
    const own = state.boats.find((boat) => boat.own);
    if (state.phase === "podium" || own?.afloat === false) this.#renewIfDue();
    if (own) for (const event of state.events) sound.play(event, own, state.ownSeat, nowMs);
  }

  #gameFrame(session: GameSession, nowMs: number): RenderState | undefined {
    const helm = this.#last?.boats.find((boat) => boat.own);
    session.setControls(this.#parts.input.controls(this.#onScreen ? helm : undefined, this.#parts.toWorld));
    return session.frame(nowMs);
  }

  #enter(nowMs: number): void {
    this.#onScreen = true;
    this.#isMenuOpen = false;
    this.#parts.input.enabled = true;
    this.#parts.startScreen.hide();
    this.#parts.hud.toolbar.setShareable(this.#session?.welcome !== undefined);
    this.#parts.hud.start(nowMs, this.#lastWish.region);
  }

  #empty(nowMs: number): void {
    this.#emptySinceMs ??= nowMs;
    const isLooking = this.#session !== undefined && "attempt" in this.#session.state;
    if (isLooking && nowMs - this.#emptySinceMs >= EMPTY_MAX_MS) this.#lookFromMenu();
  }

  /** The start screen, while the game is still looked for. */
  #lookFromMenu(): void {
    this.#openMenu(this.#written(this.#lastWish.room), "");
    this.#parts.startScreen.stillLooking();
  }

  #welcomed(welcome: Welcome): void {
    // A reload of this tab resumes at once with these two.
    const { token, room, waters = "basin" } = welcome;
    const { region } = this.#lastWish;
    // Whoever goes on elsewhere, or leaves, wants the same again: a code did not say what waters it leads to.
    this.#lastWish = { ...this.#lastWish, waters };
    const seat: SeatMemory = { token, room, waters, ...(region && { region }) };
    this.#parts.memory.seat = seat;
    this.#parts.leadTo(seat);
  }

  #released(release: Release): void {
    const { hud, renewal } = this.#parts;
    renewal.heard(release);
    hud.setRenewalDue(renewal.isDue);
    if (this.#isHidden) this.#renewIfDue();
  }

  /** Only where a seat on a server waits for the page: an offline game would be lost, and a seat that another tab has would be taken from it. */
  #renewIfDue(): void {
    const { state, welcome } = this.#session ?? {};
    if (this.#onScreen && state?.name === "playing" && welcome) this.#parts.renewal.idle();
  }

  #changed(session: GameSession, state: SessionState): void {
    if (session !== this.#session) return;
    if ("attempt" in state) this.#waiting(state.attempt);
    else this.#parts.regionOffer.settled();
    if (state.name !== "closed" || !state.refusal) return;
    if (!this.#onScreen) {
      this.#refused(state.refusal);
      return;
    }
    const again = state.refusal.code === "superseded" ? this.#parts.memory.seat : undefined;
    this.#parts.input.enabled = false;
    this.#parts.closedNotice.open(state.refusal, {
      reload: this.#parts.reload,
      start: () => (again ? this.play(this.#lastWish, again) : this.menu(undefined)),
    });
  }

  #openMenu(room: string | undefined, message: string): void {
    this.#isMenuOpen = true;
    this.#attract ??= new Attract(this.#parts.attractSeed);
    this.#parts.hud.hide();
    this.#parts.closedNotice.hide();
    this.#parts.startScreen.open(this.#parts.memory.name, room, message, this.#lastWish.waters);
  }

  /** After a reload there is nothing to see until the first frame. */
  #waiting(attempt: number): void {
    if (this.#lastWish.region) this.#parts.regionOffer.waits(this.#lastWish.region);
    if (this.#onScreen || attempt < LONG_WAIT_ATTEMPT) return;
    if (this.#isMenuOpen) this.#parts.startScreen.stillLooking();
    else this.#lookFromMenu();
  }

  #refused(refusal: Refusal): void {
    if (refusal.code === "protocol-version") {
      // The seat stays in memory: the reloaded page comes back to it.
      this.#parts.closedNotice.open(refusal, { reload: this.#parts.reload, start: this.#parts.reload });
      return;
    }
    this.#parts.memory.seat = undefined;
    this.menu(this.#written(this.#lastWish.room), refusal.message);
  }

  #written(room: string | undefined): string | undefined {
    return room && writeRoomAddress(this.#lastWish.region?.id, room);
  }

  #end(): void {
    this.#parts.regionOffer.settled();
    this.#unsubscribe?.();
    this.#session?.close();
    this.#session = undefined;
    this.#onScreen = false;
    this.#parts.input.enabled = false;
    this.#parts.input.release();
  }
}
