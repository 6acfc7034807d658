// Writes a recording of a world while somebody else steps it. Changes nothing in it.

import { type Boat, hashWorld, type StepInputs, TICK_RATE, type World } from "../sim/index.ts";
import {
  RECORDING_VERSION,
  type RecordingHead,
  type RecordingLine,
  type SteeredBoat,
  steeredBoat,
} from "./recording.ts";

/** The world's hash is written down this often, ticks: a replay that goes wrong is found out within that time. */
const HASH_INTERVAL_TICKS = TICK_RATE;

/** Where a recording goes. */
export interface RecordingSink {
  /** Takes a line without its end. */
  line(text: string): void;
  end(): void;
}

export class Recorder {
  readonly #world: World;
  readonly #sink: RecordingSink;
  /** The boats as they were last written down. */
  #boats: (Boat | null)[];
  /** Inputs of each boat that are written down. */
  readonly #applied: number[];
  #tick: number;

  constructor(world: World, name: { room: string; epoch: number }, sink: RecordingSink) {
    this.#world = world;
    this.#sink = sink;
    this.#boats = [...world.boats];
    this.#applied = world.boats.map((boat) => boat?.inputsApplied ?? 0);
    this.#tick = world.tick;
    const isNew = world.tick === 0 && world.boats.every((boat) => boat === null);
    const { seed, waters } = world;
    const start = isNew ? { seed, ...(waters !== "basin" && { waters }) } : { world };
    sink.line(JSON.stringify({ recording: RECORDING_VERSION, ...name, ...start } satisfies RecordingHead));
  }

  /** A boat was launched or taken away, or one was taken away and another launched: call it after each such change. */
  crew(): void {
    this.#noteJump();
    const { boats, tick } = this.#world;
    const known = this.#boats;
    known.forEach((boat, index) => void (boat && boat !== boats[index] && this.#line(["-", tick, index])));
    boats.forEach((boat, index) => {
      if (!boat || boat === known[index]) return;
      this.#line(["+", tick, index, boat.bot ? 1 : 0]);
      this.#applied[index] = boat.inputsApplied;
    });
    this.#boats = [...boats];
  }

  /** The step that comes now will have these inputs; of several that were folded into one, all but one are counted in the boat already. */
  step(inputs: StepInputs): void {
    this.#noteJump();
    const { boats, tick } = this.#world;
    const steered: SteeredBoat[] = [];
    inputs.forEach((controls, index) => {
      const boat = boats[index];
      if (!controls || !boat || boat.bot) return;
      const count = boat.inputsApplied + 1 - this.#applied[index]!;
      this.#applied[index]! += count;
      steered.push(steeredBoat(index, controls, count));
    });
    if (steered.length > 0) this.#line(["in", tick + 1, steered]);
  }

  /** The step was taken. */
  stepped(): void {
    this.#tick = this.#world.tick;
    if (this.#tick % HASH_INTERVAL_TICKS === 0) this.#writeHash();
  }

  /** Nothing more is recorded. */
  end(): void {
    this.#noteJump();
    if (this.#tick % HASH_INTERVAL_TICKS !== 0) this.#writeHash();
    this.#sink.end();
  }

  #noteJump(): void {
    const { tick } = this.#world;
    if (tick !== this.#tick) this.#line(["jump", this.#tick, tick]);
    this.#tick = tick;
  }

  #writeHash(): void {
    this.#line(["#", this.#tick, hashWorld(this.#world)]);
  }

  #line(line: RecordingLine): void {
    this.#sink.line(JSON.stringify(line));
  }
}
