// From what a player holds down to the controls of one tick: quantised to the wire's steps, short clicks latched.

import type { Controls } from "../../game/sim/index.ts";
import { AIM_STEPS, CONTROL_STEPS } from "../../game/sim/index.ts";
import type { PlayerControls } from "./game-session.ts";

/** A click while the gun is still loading waits for it this long, ticks. */
export const FIRE_LATCH_TICKS = 6;

export class ControlLatch {
  #held: PlayerControls = { throttle: 0, rudder: 0, aim: 0, fire: false };
  #latchedTicks = 0;

  /** What is held now, the aim as fine as the player gave it. */
  get held(): Readonly<PlayerControls> {
    return this.#held;
  }

  hold(controls: PlayerControls): void {
    if (controls.fire) this.#latchedTicks = FIRE_LATCH_TICKS;
    this.#held = { ...controls };
  }

  /** How the boat is steered now. */
  get steering(): Controls {
    const { throttle, rudder, aim } = this.#held;
    return { throttle: steps(throttle), rudder: steps(rudder), aim: aimStep(aim), fire: false, lagTicks: 0 };
  }

  /** The controls of the next tick. */
  take(lagTicks: number): Controls {
    const fire = this.#held.fire || this.#latchedTicks > 0;
    if (this.#latchedTicks > 0) this.#latchedTicks -= 1;
    return { ...this.steering, fire, lagTicks };
  }

  /** The gun went off: a click is served. */
  fired(): void {
    this.#latchedTicks = 0;
  }

  release(): void {
    this.#held = { throttle: 0, rudder: 0, aim: this.#held.aim, fire: false };
    this.#latchedTicks = 0;
  }
}

/** True if the server has to hear of `next` although it holds `previous`. How the others are seen matters only to a shot. */
export function isWorthSending(previous: Controls, next: Controls): boolean {
  return (
    previous.throttle !== next.throttle ||
    previous.rudder !== next.rudder ||
    previous.aim !== next.aim ||
    previous.fire !== next.fire ||
    (next.fire && previous.lagTicks !== next.lagTicks)
  );
}

function steps(share: number): number {
  if (!Number.isFinite(share)) return 0;
  const clamped = Math.min(1, Math.max(-1, share));
  return Math.round(clamped * CONTROL_STEPS) + 0;
}

function aimStep(radians: number): number {
  if (!Number.isFinite(radians)) return 0;
  const turns = radians / (2 * Math.PI);
  return Math.round((turns - Math.floor(turns)) * AIM_STEPS) % AIM_STEPS;
}
