// What the room knew while its players saw something else: the last views, which inputs came late, which shots hit.

import type { VirtualTime } from "../../client/netcode/testing/virtual-time.ts";
import type { GameEvent, View } from "../../game/sim/index.ts";
import type { BasinWatch } from "./basin.ts";
import type { MeasuredPlayer, Truth } from "./player.ts";

/** Views that are kept: three seconds, longer than any of them is on its way. */
const VIEWS_MAX = 90;

export class Record implements Truth, BasinWatch {
  readonly players: MeasuredPlayer[] = [];
  readonly marginsTicks: number[] = [];
  readonly #time: VirtualTime;
  readonly #views: View[] = [];
  /** By seat: the ticks that had to do without an input, and those that took it instead. */
  readonly #late = new Map<number, Set<number>>();
  #tick = 0;
  #isMeasured = false;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** What came before is not counted. */
  begin(): void {
    this.#isMeasured = true;
    for (const player of this.players) player.begin();
  }

  viewAt(tick: number): View | undefined {
    const view = this.#views[tick % VIEWS_MAX];
    return view?.tick === tick ? view : undefined;
  }

  wasLate(seat: number, tick: number): boolean {
    return this.#late.get(seat)?.has(tick) ?? false;
  }

  ticked(view: View, events: readonly GameEvent[]): void {
    this.#tick = view.tick;
    this.#views[view.tick % VIEWS_MAX] = view;
    if (!this.#isMeasured) return;
    for (const event of events) {
      if (event.type === "shot") this.#shotsOf(event.boat)?.fired(event.ball, this.#time.now());
      if (event.type === "hit") this.#shotsOf(event.by)?.hit(event.ball);
    }
  }

  input(seat: number, marginTicks: number): void {
    if (!this.#isMeasured) return;
    this.marginsTicks.push(marginTicks);
    const late = this.#late.get(seat) ?? new Set();
    this.#late.set(seat, late);
    if (marginTicks < 0) for (let ago = marginTicks; ago <= 0; ago++) late.add(this.#tick + 1 + ago);
  }

  #shotsOf(seat: number) {
    return this.players.find((player) => player.seat === seat)?.shots;
  }
}
