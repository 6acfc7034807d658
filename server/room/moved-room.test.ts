// A room that moves is the room that it would have been: the same people do the same at random in a room that stays and in one that is
// carried from owner to owner, in the middle of whatever is going on.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, hashWorld } from "../../game/sim/index.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import type { Room } from "./room.ts";
import { Ear, inputFrame, makeRoom, player, request, steps } from "./room-for-tests.ts";
import { createRoomState } from "./room-state.ts";

const TICKS = 300;
const COMPARE_TICKS = 5;
const PLAYERS = ["ann", "ben", "cyd", "dot", "eve"];
/** A round ends in the first half, so that moves fall into the podium as well. */
const ROUND_END_TICKS = 110;

interface Person {
  name: string;
  state: "out" | "here" | "away";
  connection: number;
  /** Number of the last input that was made. */
  number: number;
  /** Inputs that are still on their way: they arrive after others, or twice. */
  late: Uint8Array[];
}

/** The same for the same seed: whoever has the room, the people are the same. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

class Crowd {
  readonly #random: (limit: number) => number;
  readonly #people: Person[] = PLAYERS.map((name) => ({ name, state: "out", connection: 0, number: 0, late: [] }));

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  async act(room: Room): Promise<void> {
    for (const person of this.#people) {
      if (person.state === "here") this.#steer(room, person);
      if (this.#random(person.state === "here" ? 90 : 12) === 0) await this.#comeOrGo(room, person);
    }
  }

  /** As gateways do when a room has a new owner. */
  async confirm(room: Room): Promise<void> {
    for (const { name, state, connection } of this.#people)
      if (state === "here") await room.join(request(name, `${name}-${connection}`));
  }

  async #comeOrGo(room: Room, person: Person): Promise<void> {
    const { name, state } = person;
    if (state !== "here") {
      person.connection += 1;
      const answer = await room.join(request(name, `${name}-${person.connection}`));
      if (answer.ok) person.number = Math.max(answer.resumed ? person.number : 0, answer.inputsReceived);
      person.state = "here";
    } else if (this.#random(2) === 0) {
      room.away(player(name), `${name}-${person.connection}`);
      person.state = "away";
    } else {
      room.leave(player(name));
      person.state = "out";
      person.late = [];
    }
  }

  #steer(room: Room, person: Person): void {
    if (this.#random(4) === 0) return;
    const [throttle, rudder, aim] = [this.#random(15) - 7, this.#random(15) - 7, this.#random(256)];
    const controls = { throttle, rudder, aim, fire: this.#random(2) === 0, lagTicks: this.#random(7) };
    const frame = inputFrame(++person.number, Math.max(0, room.tick + this.#random(12) - 2), controls);
    const fate = this.#random(8);
    if (fate !== 0) room.input(player(person.name), frame);
    if (fate < 2) person.late.push(frame);
    if (this.#random(5) === 0) for (const late of person.late.splice(0)) room.input(player(person.name), late);
  }
}

describe("a room that is moved", () => {
  it("goes on with the same worlds, acknowledgements and seats as one that stays", async () => {
    const moves = fc.uniqueArray(fc.integer({ min: 1, max: TICKS - 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 32 - 1 }), moves, async (seed, moveTicks) => {
        const start = () => {
          const state = createRoomState(createWorld(seed));
          state.world.phaseEndsAtTick = ROUND_END_TICKS;
          return { room: makeRoom(state).room, crowd: new Crowd(seed), ear: new Ear() };
        };
        const stays = start();
        const moves = start();
        stays.room.listen(stays.ear);
        moves.room.listen(moves.ear);
        for (let tick = 1; tick <= TICKS; tick++) {
          await stays.crowd.act(stays.room);
          await moves.crowd.act(moves.room);
          steps(stays.room, 1);
          steps(moves.room, 1);
          if (tick % COMPARE_TICKS === 0)
            expect(hashWorld(moves.room.state.world), `world at tick ${tick}`).toBe(hashWorld(stays.room.state.world));
          if (!moveTicks.includes(tick)) continue;
          moves.room = makeRoom(loadCheckpoint(moves.room.checkpoint()), moves.room.epoch + 1).room;
          moves.room.takeOver(true);
          moves.room.listen(moves.ear);
          await moves.crowd.confirm(moves.room);
        }
        expect(moves.room.state).toEqual(stays.room.state);
        expect(moves.ear.reports).toEqual(stays.ear.reports);
        expect(moves.ear.events).toEqual(stays.ear.events);
      }),
      { numRuns: 10 },
    );
  });
});
