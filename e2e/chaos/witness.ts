// A player of a run: plays as the bots do, and writes down every snapshot with the server and the owner that it came from.

import { steer } from "../../client/bots/pilot.ts";
import { systemClock } from "../../client/net/clock.ts";
import type { Dial } from "../../client/net/wire.ts";
import type { NetStats } from "../../client/netcode/render-state.ts";
import { Session } from "../../client/netcode/session.ts";
import type { Decode } from "../../client/netcode/snapshot-buffer.ts";
import type { JoinRequest, Snapshot } from "../../game/protocol/index.ts";
import type { BoatState } from "../../game/sim/index.ts";
import type { Heard, Points, Timeline } from "./timeline.ts";

/** Looks and decides every so many snapshots, as a bot does. */
const DECIDE_EVERY_TICKS = 3;
/** Twenty minutes of play: a run that goes on for longer forgets its beginning. */
const HEARD_MAX = 20 * 60 * 30;

export interface WitnessOptions {
  readonly dial: Dial;
  readonly decode: Decode;
  readonly request: JoinRequest;
}

export class Witness {
  readonly name: string;
  readonly #session: Session;
  readonly #heard: Heard[] = [];
  #newest: Snapshot | undefined;

  constructor({ dial, decode, request }: WitnessOptions) {
    this.name = request.name;
    this.#session = new Session({
      dial,
      request,
      clock: systemClock,
      random: Math.random,
      build: "chaos",
      // The session tells of a tick; what else the frame says is only seen here.
      decode: (bytes, base) => {
        this.#newest = decode(bytes, base);
        return this.#newest;
      },
    });
    this.#session.subscribe({ snapshot: (tick) => this.#hear(tick) });
  }

  get timeline(): Timeline {
    return { name: this.name, heard: this.#heard };
  }

  get isSeated(): boolean {
    return this.#session.state.name === "playing" && this.#heard.length > 0;
  }

  get room(): string | undefined {
    return this.#session.welcome?.room;
  }

  get stats(): NetStats {
    return this.#session.stats();
  }

  open(): void {
    this.#session.open();
  }

  /** Gives the seat up. */
  leave(): void {
    this.#session.leave();
  }

  #hear(tick: number): void {
    const atMs = systemClock.now();
    const { path, welcome } = this.#session;
    if (!path || !welcome || !this.#newest) return;
    const { epoch, view } = this.#newest;
    const { room, seat } = welcome;
    if (this.#heard.length >= HEARD_MAX) this.#heard.splice(0, HEARD_MAX / 2);
    this.#heard.push({
      atMs,
      tick,
      epoch,
      room,
      gateway: path.gateway.id,
      owner: path.owner.id,
      points: pick(view.boats[seat]),
      round: view.round,
    });
    if (tick % DECIDE_EVERY_TICKS !== 0) return;
    const seen = this.#session.frame(atMs);
    if (seen) this.#session.setControls(steer(seen, Math.random));
  }
}

/** Before the boat is launched there are none. */
function pick(boat: BoatState | null | undefined): Points {
  return { score: boat?.score ?? 0, sinkings: boat?.sinkings ?? 0, losses: boat?.losses ?? 0 };
}
