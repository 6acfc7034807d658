// What the cluster reports, through hooks that are passed in: it knows neither the logger nor the metrics library.

import type { HandOff } from "./cluster.ts";

/** Fits pino. */
export interface ClusterLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ClusterMetrics {
  /** A message about a room went out to or came in from another server. */
  relayed(direction: "out" | "in", kind: string, bytes: number): void;
  /** A beat was answered after so long, or not at all. */
  beat(outcome: "answered" | "failed", durationMs: number): void;
  checkpoint(outcome: "written" | "refused" | "failed", bytes: number): void;
  /** This server took a room over, or lost one to a higher epoch. */
  ownership(change: "created" | "taken-over" | "inherited" | "handed-off" | "yielded" | "collided"): void;
  /** A room of this server was offered to another one; it stood still for `sealedMs`, if it came to that. */
  handOff(outcome: HandOff, prepareMs: number, sealedMs: number | undefined): void;
}

export const silentLog: ClusterLog = { info() {}, warn() {}, error() {} };
export const noMetrics: ClusterMetrics = { relayed() {}, beat() {}, checkpoint() {}, ownership() {}, handOff() {} };
