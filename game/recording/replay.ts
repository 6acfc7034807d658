// Plays a recording again, from its inputs alone, and compares the worlds' hashes on the way. Runs wherever the simulation does.

import {
  AIM_STEPS,
  addBoat,
  botControls,
  CONTROL_STEPS,
  type Controls,
  createWorld,
  hashWorld,
  MAX_REWIND_TICKS,
  removeBoat,
  step,
  surroundingsOf,
  type World,
} from "../sim/index.ts";
import { isWorld } from "./recorded-world.ts";
import {
  controlsOf,
  RECORDING_VERSION,
  type RecordingHead,
  type RecordingLine,
  type SteeredBoat,
} from "./recording.ts";

/** More steps than this between two lines are not a match any more, ticks: a day. */
const STEPS_MAX = 2_592_000;

export interface Replay {
  room: string;
  epoch: number;
  /** The last tick of the recording. */
  tick: number;
  /** Steps that were taken again, and hashes that were compared. */
  steps: number;
  compared: number;
  /** Of the world at the end. */
  hash: number;
  /** The first compared tick at which the worlds differ. */
  divergedAtTick?: number;
  world: World;
}

/** A recording that cannot be played; names the line, counted from 1. */
export class RecordingError extends Error {
  readonly code = "bad-recording";

  constructor(line: number, what: string) {
    super(`line ${line} of the recording ${what}`);
  }
}

/** Plays all lines. A last line that breaks off in the middle is left out: the server that wrote it was killed. Throws a RecordingError. */
export function replay(text: string): Replay {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  else lines.splice(-1, 1);
  const head = readHead(lines[0]);
  const world = head.world ?? createWorld(head.seed!, head.waters);
  const played: Replay = {
    ...{ room: head.room, epoch: head.epoch, tick: world.tick, steps: 0, compared: 0, hash: 0 },
    world,
  };
  for (let at = 1; at < lines.length; at++) playLine(played, readLine(lines[at]!, at + 1, world), at + 1);
  played.tick = world.tick;
  played.hash = hashWorld(world);
  return played;
}

function playLine(played: Replay, line: RecordingLine, number: number): void {
  const { world } = played;
  const isInputs = line[0] === "in";
  runTo(played, isInputs ? line[1] - 1 : line[1], number);
  const [kind, tick] = line;
  if (kind === "+") launch(world, line, number);
  else if (kind === "-") removeBoat(world, line[2]);
  else if (kind === "in") runStep(played, line[2]);
  else if (kind === "jump") world.tick = line[2];
  else {
    played.compared += 1;
    if (hashWorld(world) !== line[2]) played.divergedAtTick ??= tick;
  }
}

function launch(world: World, [, , boat, bot]: Extract<RecordingLine, ["+", ...unknown[]]>, number: number): void {
  if (world.boats[boat]) throw new RecordingError(number, "launches a boat that is there");
  addBoat(world, boat, { bot: bot === 1 });
}

function runTo(played: Replay, tick: number, number: number): void {
  const { world } = played;
  if (tick < world.tick) throw new RecordingError(number, `goes back from tick ${world.tick} to ${tick}`);
  if (tick - world.tick > STEPS_MAX)
    throw new RecordingError(number, `is ${tick - world.tick} ticks after the one before`);
  while (world.tick < tick) runStep(played, []);
}

function runStep(played: Replay, steered: readonly SteeredBoat[]): void {
  const { world } = played;
  const around = surroundingsOf(world);
  const inputs: (Controls | undefined)[] = world.boats.map((boat, index) =>
    boat?.bot ? botControls(world, index, around) : undefined,
  );
  for (const boat of steered) {
    inputs[boat[0]] = controlsOf(boat);
    // `step` counts one of them.
    const launched = world.boats[boat[0]];
    if (launched) launched.inputsApplied += boat[6] - 1;
  }
  step(world, inputs);
  played.steps += 1;
}

function readHead(text: string | undefined): RecordingHead {
  const head = parse(text ?? "", 1) as Partial<RecordingHead> | null;
  if (typeof head !== "object" || head === null || head.recording === undefined) {
    throw new RecordingError(1, "does not begin a recording");
  }
  if (head.recording !== RECORDING_VERSION)
    throw new RecordingError(1, `is of version ${head.recording}, not ${RECORDING_VERSION}`);
  const { room, epoch, seed, waters, world } = head;
  const isOfWaters = waters === undefined || waters === "basin" || waters === "arena";
  const hasStart = world === undefined ? isWithin(seed, 0, 2 ** 32 - 1) && isOfWaters : isWorld(world);
  if (typeof room !== "string" || !isWithin(epoch, 0, Number.MAX_SAFE_INTEGER) || !hasStart) {
    throw new RecordingError(1, "lacks room, epoch, or where the world begins");
  }
  return head as RecordingHead;
}

function readLine(text: string, number: number, { boats }: World): RecordingLine {
  const line = parse(text, number);
  const isBoat = (value: unknown): boolean => isWithin(value, 0, boats.length - 1);
  const isSteered = (value: unknown): boolean =>
    Array.isArray(value) &&
    value.length === 7 &&
    isBoat(value[0]) &&
    [value[1], value[2]].every((steps) => isWithin(steps, -CONTROL_STEPS, CONTROL_STEPS)) &&
    isWithin(value[3], 0, AIM_STEPS - 1) &&
    isWithin(value[4], 0, 1) &&
    isWithin(value[5], 0, MAX_REWIND_TICKS) &&
    isWithin(value[6], 1, Number.MAX_SAFE_INTEGER);
  const [kind, tick, third, fourth] = Array.isArray(line) ? line : [];
  const isGood =
    isWithin(tick, 0, Number.MAX_SAFE_INTEGER) &&
    ((kind === "+" && isBoat(third) && isWithin(fourth, 0, 1)) ||
      (kind === "-" && isBoat(third)) ||
      (kind === "in" && Array.isArray(third) && third.every(isSteered)) ||
      (kind === "jump" && isWithin(third, tick as number, Number.MAX_SAFE_INTEGER)) ||
      (kind === "#" && isWithin(third, 0, 2 ** 32 - 1)));
  if (!isGood) throw new RecordingError(number, "is not understood");
  return line as RecordingLine;
}

function parse(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordingError(number, "is not JSON");
  }
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
}
