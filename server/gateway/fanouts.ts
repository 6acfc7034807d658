// The fan-outs of a gateway, one for each room that has sockets here.

import type { RoomPort } from "../room/room-port.ts";
import { AreaFanout } from "./area-fanout.ts";
import { Fanout, type FanoutMetrics, type Receiver, type RoomFanout } from "./fanout.ts";

export class Fanouts {
  readonly #byPort = new Map<RoomPort, RoomFanout>();
  readonly #metrics: FanoutMetrics;
  readonly #random: () => number;

  /** `random`: 0 … less than 1. */
  constructor(metrics: FanoutMetrics, random: () => number) {
    this.#metrics = metrics;
    this.#random = random;
  }

  enter(port: RoomPort, receiver: Receiver, seat: number): RoomFanout {
    let fanout = this.#byPort.get(port);
    if (!fanout) {
      fanout =
        port.waters === "arena" ? new AreaFanout(port, this.#metrics, this.#random) : new Fanout(port, this.#metrics);
      this.#byPort.set(port, fanout);
    }
    fanout.add(receiver, seat);
    return fanout;
  }

  leave(fanout: RoomFanout, receiver: Receiver): void {
    fanout.remove(receiver);
    if (fanout.size > 0) return;
    fanout.close();
    this.#byPort.delete(fanout.port);
  }

  ports(): RoomPort[] {
    return [...this.#byPort.keys()];
  }

  close(): void {
    for (const fanout of this.#byPort.values()) fanout.close();
    this.#byPort.clear();
  }
}
