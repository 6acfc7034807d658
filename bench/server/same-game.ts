// The game that every peer serves: rooms of boats stepped at the game's rate, with the inputs that have come since the last tick. Made
// one file of JavaScript for them, so that all compute the same with the same code; how they hear and tell is their own.
import { decodeInput, encodeSnapshot, KEYFRAME_INTERVAL_TICKS } from "../../game/protocol/index.ts";
import {
  addBoat,
  type Controls,
  createWorld,
  type GameEvent,
  MAX_BOATS,
  removeBoat,
  step,
  TICK_MS,
  TICK_RATE,
  viewOf,
} from "../../game/sim/index.ts";

export { decodeInput, encodeSnapshot, KEYFRAME_INTERVAL_TICKS, MAX_BOATS, TICK_RATE, viewOf };

let inputs = 0;

export class GameRoom {
  readonly world;
  readonly #controls: (Controls | undefined)[] = new Array(MAX_BOATS);

  constructor(seed: number) {
    this.world = createWorld(seed);
  }

  /** The seat of a newcomer; undefined when all are taken. */
  enter(): number | undefined {
    const seat = this.world.boats.indexOf(null);
    if (seat === -1) return undefined;
    addBoat(this.world, seat, { bot: false });
    return seat;
  }

  leave(seat: number): void {
    removeBoat(this.world, seat);
  }

  steer(seat: number, controls: Controls): void {
    inputs += 1;
    this.#controls[seat] = controls;
  }

  step(): GameEvent[] {
    const events = step(this.world, this.#controls);
    this.#controls.fill(undefined);
    return events;
  }
}

/** Rooms are made as they fill up. */
export class GameRooms {
  readonly rooms: GameRoom[] = [];
  readonly #make: (room: GameRoom) => void;

  /** `made` hears of each new room. */
  constructor(made: (room: GameRoom) => void) {
    this.#make = made;
  }

  enter(): { room: GameRoom; seat: number } {
    for (const room of this.rooms) {
      const seat = room.enter();
      if (seat !== undefined) return { room, seat };
    }
    const room = new GameRoom(this.rooms.length + 1);
    this.rooms.push(room);
    this.#make(room);
    return { room, seat: room.enter()! };
  }
}

/** Calls `run` at the game's rate, from now on, whatever the timer's own precision. */
export function everyTick(run: () => void): void {
  let dueMs = performance.now() + TICK_MS;
  const tick = () => {
    run();
    dueMs = Math.max(dueMs + TICK_MS, performance.now() - TICK_MS);
    setTimeout(tick, dueMs - performance.now());
  };
  setTimeout(tick, TICK_MS);
}

/** What whoever has started us waits for. */
export function announce(port: number): void {
  Object.assign(globalThis, { benchInputs: () => inputs }); // for probe.mjs
  process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);
}
