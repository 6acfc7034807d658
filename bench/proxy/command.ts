// `npm run bench -- proxy`: flags in, table out.
import { resolve } from "node:path";
import { Argument } from "commander";
import { newCommand, runCommand, wholeNumber } from "../../infra/stack/command.ts";
import { CONTESTANTS, listOf, PARTS, type Plan, perSocketRate, TRANSPORTS } from "./plan.ts";
import { runPlan } from "./run.ts";

interface Flags extends Omit<Plan, "rate" | "home" | "jsonFile"> {
  readonly rate?: number;
  readonly json?: string;
}

const root = resolve(import.meta.dirname, "../..");

export async function runProxyBench(): Promise<void> {
  const command = newCommand("npm run bench --", "Our load balancer beside others, one worker each, in one run.")
    .addArgument(new Argument("<what>", "what to measure").choices(["proxy"]))
    .option("--seconds <s>", "length of each single measurement", wholeNumber(1, 120), 4)
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
    .option("--profile", "write a CPU profile of our load balancer to .tidegate/bench/profiles", false);
  await runCommand(command, () => {
    const { json, rate, ...flags } = command.opts<Flags>();
    const home = resolve(root, process.env.TIDEGATE_HOME || ".tidegate", "bench");
    const jsonFile = json === undefined ? resolve(home, "proxy.json") : resolve(json);
    const checkout = resolve(flags.checkout);
    return runPlan(root, { ...flags, checkout, home, jsonFile, rate: rate ?? perSocketRate(flags.sockets) });
  });
}
