// The server's events as the picture wants them: in pixels, and handed out when the time in which others are drawn has come to them.
// What happens to the own boat is handed out at once: it is drawn ahead of the others.

import type { GameEvent, View } from "../../game/sim/index.ts";
import { MAX_SPEED_UNITS_PER_TICK, UNITS_PER_PX } from "../../game/sim/index.ts";
import type { RenderEvent } from "./render-state.ts";

/** Events that wait for their time; further ones push out the oldest. */
export const HAPPENINGS_WAITING_MAX = 256;
/** An event that is further in the past than this when its turn comes is not shown any more, ticks. */
const STALE_TICKS = 30;

interface Waiting {
  atTick: number;
  event: RenderEvent;
}

export class Happenings {
  #waiting: Waiting[] = [];

  /**
   * Takes in what happened in `view.tick`; `previous` is the view before it, for what is gone by now. `isOwnAhead` false: the own boat is
   * drawn in the time of the others.
   */
  take(events: readonly GameEvent[], view: View, previous: View | undefined, ownSeat: number, isOwnAhead = true): void {
    for (const event of events) {
      const shown = renderEvent(event, view, previous, ownSeat);
      if (shown) this.#add(shown, isOwnAhead && isOwn(event, ownSeat) ? Number.NEGATIVE_INFINITY : view.tick);
    }
  }

  /** An event that was made here, such as the own shot. */
  now(event: RenderEvent): void {
    this.#add(event, Number.NEGATIVE_INFINITY);
  }

  /** Moves the events whose time has come into `out`. */
  hand(tick: number, out: RenderEvent[]): void {
    this.#waiting = this.#waiting.filter((waiting) => {
      if (waiting.atTick > tick) return true;
      const isStale = Number.isFinite(waiting.atTick) && waiting.atTick < tick - STALE_TICKS;
      if (!isStale) out.push(waiting.event);
      return false;
    });
  }

  clear(): void {
    this.#waiting = [];
  }

  #add(event: RenderEvent, atTick: number): void {
    if (this.#waiting.length >= HAPPENINGS_WAITING_MAX) this.#waiting.shift();
    this.#waiting.push({ atTick, event });
  }
}

function isOwn(event: GameEvent, ownSeat: number): boolean {
  switch (event.type) {
    case "round-start":
    case "round-end":
      return true;
    case "pearl-spawn":
    case "pearl-gone":
      return false;
    default:
      return event.boat === ownSeat;
  }
}

/** The same in pixels; `undefined` for what is not shown as an event. Shots are shown by whoever knows the balls. */
function renderEvent(
  event: GameEvent,
  view: View,
  previous: View | undefined,
  ownSeat: number,
): RenderEvent | undefined {
  switch (event.type) {
    case "shot":
      return {
        type: "shot",
        seat: event.boat,
        ...px(event),
        angle: Math.atan2(event.vy, event.vx),
        own: event.boat === ownSeat,
      };
    case "hit":
      return { type: "hit", seat: event.boat, by: event.by, ...placeOfBoat(view, event.boat) };
    case "sunk":
      return { type: "sunk", seat: event.boat, by: event.by, ...placeOfBoat(view, event.boat) };
    case "bounce":
      return {
        type: "bounce",
        seat: event.boat,
        ...px(event),
        strength: Math.min(1, event.strength / MAX_SPEED_UNITS_PER_TICK),
      };
    case "respawn":
      return { type: "respawn", seat: event.boat, ...placeOfBoat(view, event.boat) };
    case "pearl-taken": {
      const pearl = previous?.pearls.find((other) => other.id === event.pearl);
      const place = pearl ? px(pearl) : placeOfBoat(view, event.boat);
      return { type: "pearl-taken", seat: event.boat, ...place };
    }
    case "round-start":
    case "round-end":
      return { type: event.type, round: event.round };
    case "pearl-spawn":
    case "pearl-gone":
      return undefined;
    default:
      return event satisfies never;
  }
}

function placeOfBoat(view: View, seat: number): { xPx: number; yPx: number } {
  const boat = view.boats[seat];
  return boat ? px(boat) : { xPx: 0, yPx: 0 };
}

function px(place: { x: number; y: number }): { xPx: number; yPx: number } {
  return { xPx: place.x / UNITS_PER_PX, yPx: place.y / UNITS_PER_PX };
}
