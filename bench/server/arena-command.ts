// The flags of `npm run bench -- arena`.
import { resolve } from "node:path";
import type { Command } from "commander";
import { ARENA } from "../../game/sim/index.ts";
import { wholeNumber } from "../../infra/stack/command.ts";
import { jsonFileOf } from "../common/notes.ts";
import { type ArenaPlan, runArena } from "./arena.ts";

interface Flags extends Omit<ArenaPlan, "jsonFile" | "warmUpSeconds" | "gatherSeconds"> {
  readonly warmUp: number;
  readonly gather: number;
  readonly json?: string;
}

export function addArenaCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("arena")
    .description("What a player costs in one big arena, spread and crowded, against players in rooms of 32.")
    .option("--players <n>", "at once", wholeNumber(1, ARENA.seats), ARENA.seats)
    .option("--seconds <s>", "length of each single measurement", wholeNumber(1, 120), 8)
    .option("--rounds <n>", "how often each is measured", wholeNumber(1, 20), 2)
    .option("--warm-up <s>", "how long they play before", wholeNumber(1, 60), 8)
    .option("--gather <s>", "how long the crowd has to come together", wholeNumber(1, 120), 45)
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/arena.json)")
    .option("--checkout <dir>", "take our server from another checkout of this repository", root)
    .option("--profile", "write a CPU profile to .tidegate/bench/profiles", false)
    .action(() => {
      const { json, warmUp, gather, checkout, ...flags } = command.opts<Flags>();
      const jsonFile = json === undefined ? jsonFileOf(root, "arena") : resolve(json);
      const plan = { ...flags, checkout: resolve(checkout), warmUpSeconds: warmUp, gatherSeconds: gather, jsonFile };
      choose(() => runArena(root, plan));
    });
}
