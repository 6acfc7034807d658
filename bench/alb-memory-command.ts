// The flags of `npm run bench -- alb-memory`.
import { type Command, InvalidArgumentError } from "commander";
import { EXIT } from "../infra/stack/refusal.ts";
import { type MemoryPlan, run } from "./alb-memory.ts";
import { circumstances, jsonFileOf, writeJson } from "./common/notes.ts";

const SOCKETS_MAX = 10_000;
const SOCKETS = [500, 2_000];

export function addMemoryCommand(parent: Command, root: string, choose: (run: () => Promise<number>) => void): void {
  const command = parent
    .command("alb-memory")
    .description("What one open WebSocket costs our load balancer in memory.")
    .option("--sockets <n,…>", "WebSockets at once; each number is a run of its own", socketCounts, SOCKETS)
    .option("--json <file>", "the figures as JSON (default: .tidegate/bench/alb-memory.json)")
    .action(() =>
      choose(async () => {
        const { json, ...plan } = command.opts<MemoryPlan & { json?: string }>();
        const figures = await run(root, plan);
        const file = json ?? jsonFileOf(root, "alb-memory");
        writeJson(file, { ...circumstances(), plan, targets: [], figures }); // nobody has set it a limit
        return EXIT.done;
      }),
    );
}

/** A parser for commander. */
export function socketCounts(text: string): readonly number[] {
  const counts = text.split(",").map(Number);
  if (counts.every((count) => Number.isInteger(count) && count >= 1 && count <= SOCKETS_MAX)) return counts;
  throw new InvalidArgumentError(`It must be whole numbers from 1 to ${SOCKETS_MAX}, with commas between them.`);
}
