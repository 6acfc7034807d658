// From held keys to throttle, rudder and trigger. Physical key codes, so that it works on every keyboard layout.

export interface Steering {
  /** -1 … 1. */
  throttle: number;
  rudder: number;
  fire: boolean;
}

const AHEAD = ["KeyW", "ArrowUp"];
const ASTERN = ["KeyS", "ArrowDown"];
const LEFT = ["KeyA", "ArrowLeft"];
const RIGHT = ["KeyD", "ArrowRight"];
const FIRE = ["Space"];
const STEERING_CODES: ReadonlySet<string> = new Set([...AHEAD, ...ASTERN, ...LEFT, ...RIGHT, ...FIRE]);

export function isSteeringKey(code: string): boolean {
  return STEERING_CODES.has(code);
}

export function steeringOf(held: ReadonlySet<string>): Steering {
  const any = (codes: readonly string[]) => codes.some((code) => held.has(code));
  const axis = (plus: readonly string[], minus: readonly string[]) => Number(any(plus)) - Number(any(minus));
  return { throttle: axis(AHEAD, ASTERN), rudder: axis(RIGHT, LEFT), fire: any(FIRE) };
}
