// The flags of `npm run bench -- server`.
import { resolve } from "node:path";
import type { Command } from "commander";
import { MAX_BOATS } from "../../game/sim/index.ts";
import { wholeNumber } from "../../infra/stack/command.ts";
import { listOf } from "../common/list-of.ts";
import { jsonFileOf } from "../common/notes.ts";
import { CONTESTANTS, type ServerPlan } from "./plan.ts";
import { runPlan } from "./run.ts";
import { runSoak } from "./soak.ts";

interface Flags extends Omit<ServerPlan, "jsonFile" | "warmUpSeconds"> {
  readonly warmUp: number;
  readonly json?: string;
  readonly soak?: number;
}

export function addServerCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("server")
    .description("Our game server beside bare ws, Colyseus and plain Socket.IO: the same game for the same players.")
    .option("--seconds <s>", "length of each single measurement", wholeNumber(1, 600), 5)
    .option("--rounds <n>", "how often each is measured", wholeNumber(1, 20), 3)
    .option("--clients <n>", `players at once, ${MAX_BOATS} a room`, wholeNumber(1, 2_000), 256)
    .option("--warm-up <s>", "how long each plays before", wholeNumber(1, 60), 8)
    .option("--only <names>", `of ${CONTESTANTS.join(", ")}`, listOf(CONTESTANTS), CONTESTANTS)
    .option("--soak <s>", "Tidegate alone, so long, for its memory and its garbage", wholeNumber(1, 3_600))
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/server.json)")
    .option("--checkout <dir>", "take our server from another checkout of this repository", root)
    .option("--profile", "write CPU profiles to .tidegate/bench/profiles", false)
    .action(() => {
      const { soak, ...flags } = command.opts<Flags>();
      const plan = planOf(root, flags);
      choose(() => (soak === undefined ? runPlan(root, plan) : runSoak(root, plan, soak)));
    });
}

function planOf(root: string, { json, warmUp, ...flags }: Omit<Flags, "soak">): ServerPlan {
  return {
    ...flags,
    checkout: resolve(flags.checkout),
    warmUpSeconds: warmUp,
    jsonFile: json === undefined ? jsonFileOf(root, "server") : resolve(json),
  };
}
