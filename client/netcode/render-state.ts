// What the netcode hands to the picture, once for each animation frame. Pixels and seconds, no wire units: the view knows no protocol.

import type { Phase, WatersKind } from "../../game/sim/index.ts";

export interface RenderBoat {
  seat: number;
  name: string;
  own: boolean;
  bot: boolean;
  away: boolean;
  xPx: number;
  yPx: number;
  /** Radians, 0 points right, growing clockwise on the screen. */
  heading: number;
  /** Radians, absolute. */
  aim: number;
  vxPxPerSecond: number;
  vyPxPerSecond: number;
  /** 0 … 1. */
  hull: number;
  /** 0 (just fired) … 1 (loaded). */
  loaded: number;
  pearls: number;
  score: number;
  sinkings: number;
  losses: number;
  afloat: boolean;
  respawnInSeconds: number;
  isProtected: boolean;
}

export interface RenderBall {
  id: number;
  seat: number;
  xPx: number;
  yPx: number;
  vxPxPerSecond: number;
  vyPxPerSecond: number;
  /** 1 at the muzzle … 0 at the splash: for the arc and its shadow. */
  flightLeft: number;
}

/** Where the newest snapshot has a boat, beside where that boat is drawn. */
export interface RenderGhost {
  seat: number;
  own: boolean;
  xPx: number;
  yPx: number;
  /** Radians. */
  heading: number;
  /** How far the drawn boat is ahead of it, milliseconds; below 0 it is behind. */
  aheadMs: number;
  /** The own boat's predicted places since then, one for each tick. */
  path: readonly { xPx: number; yPx: number }[];
}

export interface RenderPearl {
  id: number;
  xPx: number;
  yPx: number;
}

/** One-off happenings since the previous frame, at the time in which they are seen. */
export type RenderEvent =
  | { type: "shot"; seat: number; xPx: number; yPx: number; angle: number; own: boolean }
  | { type: "splash"; xPx: number; yPx: number }
  | { type: "hit"; seat: number; by: number; xPx: number; yPx: number }
  | { type: "bounce"; seat: number; xPx: number; yPx: number; strength: number }
  | { type: "sunk"; seat: number; by: number; xPx: number; yPx: number }
  | { type: "respawn"; seat: number; xPx: number; yPx: number }
  | { type: "pearl-taken"; seat: number; xPx: number; yPx: number }
  | { type: "round-start"; round: number }
  | { type: "round-end"; round: number };

/** A boat as the whole of an arena knows it: told in turn, about once a second, and roughly. */
export interface RenderSighting {
  seat: number;
  name: string;
  own: boolean;
  xPx: number;
  yPx: number;
  score: number;
  afloat: boolean;
}

export interface RenderState {
  /** Seed of the basin: islands and current follow from it, and from the kind of waters. */
  seed: number;
  waters: WatersKind;
  ownSeat: number;
  /** In an arena those in the neighbourhood, otherwise all. */
  boats: RenderBoat[];
  /** In an arena all boats, the near ones too; empty otherwise. */
  readonly sightings: readonly RenderSighting[];
  balls: RenderBall[];
  pearls: RenderPearl[];
  /** Empty unless asked for (Lessons). */
  ghosts: readonly RenderGhost[];
  phase: Phase;
  round: number;
  phaseSecondsLeft: number;
  events: RenderEvent[];
}

/** Something that the net graph points at, beside the gap of the snapshot that was the newest then. */
export interface NetMark {
  /** Count of snapshots (NetStats) at that moment. */
  atSnapshot: number;
  text: string;
}

/** For the net graph and for `window.tidegate`. All measured here, none reported by the server. */
export interface NetStats {
  rttMs: number;
  jitterMs: number;
  /** Time between the last snapshots, newest last, bounded. */
  gapsMs: readonly number[];
  /** The last moves and changes of the room's owner, newest last, bounded. */
  marks: readonly NetMark[];
  /** Largest gap between two snapshots of the session; a reconnection counts. */
  maxGapMs: number;
  snapshots: number;
  keyframes: number;
  /** Size of the last corrections of the own boat, newest last, bounded. */
  correctionsPx: readonly number[];
  bytesPerSecondDown: number;
  bytesPerSecondUp: number;
  /** How far in the past others are drawn. */
  interpolationDelayMs: number;
  /** How far beyond the newest snapshot others are drawn, guessed from how they moved; 0 while they are between two that are known. */
  extrapolationMs: number;
  /** How far behind the own boat others are drawn: what a shot has to be rewound by, as far as the cap lets it. */
  lagTicks: number;
  /** How far the own boat is ahead of the newest snapshot. */
  leadTicks: number;
  /** As the owner reports it: how early inputs arrive. */
  marginTicks: number;
  inputs: { sent: number; acked: number; lost: number; doubled: number };
  /** Times the connection was lost, and times it was moved on purpose. */
  disconnects: number;
  moves: number;
}
