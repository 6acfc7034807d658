// `npm run replay -- FILE`: plays a recorded match again from its inputs alone, and says whether the same worlds came out of it.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { RecordingError, type Replay, replay } from "../../game/recording/replay.ts";
import { TICK_RATE } from "../../game/sim/index.ts";

const EXIT = { same: 0, different: 1, wrongUsage: 2 } as const;

const command = new Command("npm run replay --")
  .description("Plays a recording (RECORD_DIR) again and compares the worlds on the way.")
  .argument("<file>", "a recording, .jsonl")
  .option("--json", "one JSON object as the last line of standard output", false)
  .exitOverride()
  .allowExcessArguments(false)
  .configureOutput({ writeErr: () => {} });

process.exitCode = main();

function main(): number {
  try {
    command.parse();
    const played = replay(readFileSync(command.args[0]!, "utf8"));
    const { world: _, ...result } = played;
    if (command.opts<{ json: boolean }>().json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else process.stdout.write(`${asText(played)}\n`);
    return isSame(played) ? EXIT.same : EXIT.different;
  } catch (error) {
    return refuse(error);
  }
}

function isSame({ divergedAtTick, compared }: Replay): boolean {
  return divergedAtTick === undefined && compared > 0;
}

function asText(played: Replay): string {
  const { room, epoch, steps, tick, compared, hash, divergedAtTick, world } = played;
  const verdict =
    divergedAtTick === undefined
      ? `the same in all ${compared} worlds that were compared`
      : `different from tick ${divergedAtTick} on (at most a second earlier)`;
  const boats = world.boats.filter((boat) => boat !== null).length;
  return [
    `room      ${room}, epoch ${epoch}`,
    `played    ${steps} ticks (${(steps / TICK_RATE).toFixed(1)} s) up to tick ${tick}, ${boats} boats at the end`,
    `hash      ${hash.toString(16).padStart(8, "0")}`,
    `verdict   ${compared === 0 ? "nothing to compare with" : verdict}`,
  ].join("\n");
}

function refuse(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.same; // --help
  const isOurs = error instanceof CommanderError || error instanceof RecordingError;
  const isFile = error instanceof Error && "syscall" in error;
  if (!isOurs && !isFile) throw error;
  process.stderr.write(`replay: ${error.message.replace(/^error: /, "")}\n`);
  return EXIT.wrongUsage;
}
