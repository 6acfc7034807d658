// One room's frames to all its sockets on this server. A socket that is not drained gets nothing until it is, then a keyframe: there is
// never a growing queue.

import type { RefusalCode, ServerLabel } from "../../game/protocol/index.ts";
import type { PlayerId, RoomFrame, RoomPort } from "../room/room-port.ts";
import { toWireFrame, type WireFrame } from "./snapshot-writer.ts";

/** A remote room is asked again for a keyframe after this many frames. */
const KEYFRAME_ASK_FRAMES = 10;

/** A socket as the fan-out sees it. */
export interface Receiver {
  readonly drained: boolean;
  write(frame: WireFrame): void;
  path(owner: ServerLabel, epoch: number): void;
  roomClosed(code: RefusalCode): void;
  /** That player's seat was lost; may be another's. */
  seatLost(player: PlayerId, code: RefusalCode): void;
}

/** What a session needs of its room's fan-out. */
export interface RoomFanout {
  readonly port: RoomPort;
  readonly size: number;
  add(receiver: Receiver, seat: number): void;
  remove(receiver: Receiver): void;
  /** The receiver lost its place and has to be told everything. */
  restart(receiver: Receiver): void;
  close(): void;
}

/** What a receiver has: the last frame it got, or nothing that a delta could build on. */
export interface Progress {
  epoch: number;
  tick: number;
}

export interface FanoutMetrics {
  snapshotsOut(count: number, bytes: number): void;
  snapshotsSkipped(count: number): void;
}

export class Fanout implements RoomFanout {
  readonly port: RoomPort;
  readonly #metrics: FanoutMetrics;
  readonly #receivers = new Map<Receiver, Progress>();
  readonly #unlisten: () => void;
  #framesSinceAsked = KEYFRAME_ASK_FRAMES;

  constructor(port: RoomPort, metrics: FanoutMetrics) {
    this.port = port;
    this.#metrics = metrics;
    this.#unlisten = listenFor(this.#receivers, port, (frame) => this.#send(frame));
  }

  get size(): number {
    return this.#receivers.size;
  }

  add(receiver: Receiver): void {
    this.#receivers.set(receiver, { epoch: -1, tick: -1 });
    this.#framesSinceAsked = KEYFRAME_ASK_FRAMES;
  }

  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver);
  }

  restart(receiver: Receiver): void {
    if (this.#receivers.has(receiver)) this.add(receiver);
    this.port.wantKeyframe();
  }

  close(): void {
    this.#unlisten();
    this.#receivers.clear();
  }

  #send(frame: RoomFrame): void {
    let delta: WireFrame | undefined;
    let keyframe: WireFrame | undefined;
    let sent = 0;
    let bytes = 0;
    let skipped = 0;
    let waiting = false;
    for (const [receiver, progress] of this.#receivers) {
      if (hasAlready(progress, frame)) continue;
      if (!receiver.drained) {
        skipped++;
        continue;
      }
      const follows = progress.epoch === frame.epoch && progress.tick === frame.tick - 1;
      let wire: WireFrame | undefined;
      if (follows && frame.delta) wire = delta ??= toWireFrame(frame.delta);
      else if (frame.keyframe) wire = keyframe ??= toWireFrame(frame.keyframe());
      if (!wire) {
        waiting = true;
        continue;
      }
      receiver.write(wire);
      progress.epoch = frame.epoch;
      progress.tick = frame.tick;
      sent++;
      bytes += wire.frame.length;
    }
    if (sent > 0) this.#metrics.snapshotsOut(sent, bytes);
    if (skipped > 0) this.#metrics.snapshotsSkipped(skipped);
    if (waiting) this.#askForKeyframe();
  }

  #askForKeyframe(): void {
    if (++this.#framesSinceAsked < KEYFRAME_ASK_FRAMES) return;
    this.#framesSinceAsked = 0;
    this.port.wantKeyframe();
  }
}

/** Passes on to all receivers what a room says to everybody; its frames go to `onFrame`. The answer ends it. */
export function listenFor(
  receivers: ReadonlyMap<Receiver, unknown>,
  port: RoomPort,
  onFrame: (frame: RoomFrame) => void,
): () => void {
  // A receiver may leave while it is told.
  const each = (tell: (receiver: Receiver) => void): void => {
    for (const receiver of [...receivers.keys()]) tell(receiver);
  };
  return port.listen({
    frame: onFrame,
    path: ({ owner, epoch }) => each((receiver) => receiver.path(owner, epoch)),
    closed: (code) => each((receiver) => receiver.roomClosed(code)),
    seatLost: (player, code) => each((receiver) => receiver.seatLost(player, code)),
  });
}

/** An owner that was cut off may still speak in an epoch that is past. */
export function hasAlready(progress: Readonly<Progress>, frame: RoomFrame): boolean {
  if (progress.epoch !== frame.epoch) return progress.epoch > frame.epoch;
  return progress.tick >= frame.tick;
}
