// The flags of `npm run bench -- proxy`.
import { resolve } from "node:path";
import type { Command } from "commander";
import { wholeNumber } from "../../infra/stack/command.ts";
import { TRANSPORTS } from "../common/dial.ts";
import { listOf } from "../common/list-of.ts";
import { benchHome, jsonFileOf } from "../common/notes.ts";
import { CONTESTANTS, PARTS, type Plan, perSocketRate } from "./plan.ts";
import { runPlan } from "./run.ts";

interface Flags extends Omit<Plan, "rate" | "home" | "jsonFile"> {
  readonly rate?: number;
  readonly json?: string;
}

export function addProxyCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("proxy")
    .description("Our load balancer beside nginx, HAProxy and http-proxy-3, one worker each, in one run.")
    .option("--seconds <s>", "length of each single measurement", wholeNumber(1, 120), 3)
    .option("--rounds <n>", "how often each is measured", wholeNumber(1, 20), 3)
    .option("--sockets <n>", "WebSockets at once", wholeNumber(1, 5_000), 200)
    .option(
      "--rate <n>",
      "messages per second, each way, per socket (default: 30, fewer above 200 sockets)",
      wholeNumber(1, 1_000),
    )
    .option("--only <names>", `of ${CONTESTANTS.join(", ")}`, listOf(CONTESTANTS), CONTESTANTS)
    .option("--transports <names>", `of ${TRANSPORTS.join(", ")}`, listOf(TRANSPORTS), TRANSPORTS)
    .option("--parts <names>", `of ${PARTS.join(", ")}`, listOf(PARTS), PARTS)
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/proxy.json)")
    .option("--checkout <dir>", "take our load balancer from another checkout of this repository", root)
    .option("--profile", "write a CPU profile of our load balancer to .tidegate/bench/profiles", false)
    .action(() => choose(() => runPlan(root, planOf(root, command.opts<Flags>()))));
}

function planOf(root: string, { json, rate, ...flags }: Flags): Plan {
  return {
    ...flags,
    home: benchHome(root),
    checkout: resolve(flags.checkout),
    jsonFile: json === undefined ? jsonFileOf(root, "proxy") : resolve(json),
    rate: rate ?? perSocketRate(flags.sockets),
  };
}
