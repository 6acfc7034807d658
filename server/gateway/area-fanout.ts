// One arena's frames to all its sockets on this server: each hears its neighbourhood in detail and the rest roughly. Who has heard what is kept
// here; what that makes of a frame, and what receivers share of it, is the encoder's affair.

import { AREA_STREAM_MAX, AreaEncoder, type AreaProgress } from "../../game/protocol/index.ts";
import type { RoomFrame, RoomPort } from "../room/room-port.ts";
import { type FanoutMetrics, hasAlready, listenFor, type Receiver, type RoomFanout } from "./fanout.ts";
import { toWireFrame, type WireFrame } from "./snapshot-writer.ts";

interface Listener {
  readonly seat: number;
  /** What it was told last; absent before the first frame and after a gap. */
  progress: AreaProgress | undefined;
}

export class AreaFanout implements RoomFanout {
  readonly port: RoomPort;
  readonly #metrics: FanoutMetrics;
  readonly #receivers = new Map<Receiver, Listener>();
  readonly #encoder: AreaEncoder;
  readonly #unlisten: () => void;

  /** `random`: 0 … less than 1. */
  constructor(port: RoomPort, metrics: FanoutMetrics, random: () => number) {
    this.port = port;
    this.#metrics = metrics;
    this.#encoder = new AreaEncoder(Math.floor(random() * (AREA_STREAM_MAX + 1)));
    this.#unlisten = listenFor(this.#receivers, port, (frame) => this.#send(frame));
  }

  get size(): number {
    return this.#receivers.size;
  }

  add(receiver: Receiver, seat: number): void {
    this.#receivers.set(receiver, { seat, progress: undefined });
    // A remote room sends differences; the first of them needs something to build on.
    if (this.size === 1) this.port.wantKeyframe();
  }

  remove(receiver: Receiver): void {
    this.#receivers.delete(receiver);
  }

  restart(receiver: Receiver): void {
    const listener = this.#receivers.get(receiver);
    if (listener) listener.progress = undefined;
  }

  close(): void {
    this.#unlisten();
    this.#receivers.clear();
  }

  #send(frame: RoomFrame): void {
    const content = frame.content?.();
    if (!content) return;
    this.#encoder.advance(content);
    const wires = new Map<Uint8Array, WireFrame>();
    let sent = 0;
    let bytes = 0;
    let skipped = 0;
    for (const [receiver, listener] of this.#receivers) {
      if (listener.progress && hasAlready(listener.progress, frame)) continue;
      if (!receiver.drained) {
        skipped++;
        continue;
      }
      const area = this.#encoder.frameFor(listener.seat, listener.progress);
      let wire = wires.get(area.bytes);
      if (!wire) {
        wire = toWireFrame(area.bytes);
        wires.set(area.bytes, wire);
      }
      receiver.write(wire);
      listener.progress = area.progress;
      sent++;
      bytes += wire.frame.length;
    }
    if (sent > 0) this.#metrics.snapshotsOut(sent, bytes);
    if (skipped > 0) this.#metrics.snapshotsSkipped(skipped);
  }
}
