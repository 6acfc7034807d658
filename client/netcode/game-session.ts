// What the picture and the bots may ask of a game, whether it is played through a server (Session) or alone (OfflineSession).

import type { Path, Refusal, Release, Roster, Welcome } from "../../game/protocol/index.ts";
import type { NetStats, RenderState } from "./render-state.ts";

/** What the player asks for at this moment. Levels, not presses: call `setControls` whenever one of them changes. */
export interface PlayerControls {
  /** -1 (full astern) … 1 (full ahead). */
  throttle: number;
  /** -1 (left) … 1 (right). */
  rudder: number;
  /** Radians, absolute, 0 points right, growing clockwise on the screen. */
  aim: number;
  /** True while the trigger is held; a click that ends before the next tick fires all the same. */
  fire: boolean;
}

/**
 * - `connecting`: no seat yet, the first attempts are under way.
 * - `playing`: seated.
 * - `reconnecting`: the seat is kept, the socket is being replaced; frames go on from what is known.
 * - `closed`: over for good. `refusal` says why; it is absent when the player left.
 */
export type SessionState =
  | { name: "connecting"; attempt: number }
  | { name: "playing" }
  | { name: "reconnecting"; attempt: number }
  | { name: "closed"; refusal?: Refusal };

export interface SessionListener {
  state(state: SessionState): void;
  /** Seated, for the first time or again: `welcome.token` and `welcome.room` are worth keeping for a reload. */
  welcome(welcome: Welcome): void;
  /** The game went on over another connection, in the same seat; the token to keep for a reload may be another. */
  moved(welcome: Welcome): void;
  roster(roster: Roster): void;
  path(path: Path): void;
  /** The servers have come to one version. */
  release(release: Release): void;
  /** A snapshot was taken in: the beat for those that draw no frames. */
  snapshot(tick: number): void;
}

export interface GameSession {
  readonly state: SessionState;
  readonly welcome: Welcome | undefined;
  readonly roster: Roster | undefined;
  readonly path: Path | undefined;

  /** Calls the given functions from now on, until the returned function is called. */
  subscribe(listener: Partial<SessionListener>): () => void;

  setControls(controls: PlayerControls): void;

  /**
   * What to draw at `nowMs`, in milliseconds of a clock that never goes back (`performance.now()`, the animation frame's time);
   * `undefined` until the first snapshot. One-off events are handed out once. The result is valid until the next call.
   */
  frame(nowMs: number): RenderState | undefined;

  stats(): NetStats;

  /** Gives the seat up and closes. */
  leave(): void;
  /** Ends it without giving the seat up: it is kept for AWAY_MS. */
  close(): void;
}
