// `npm run bench -- alb-memory`: what one open WebSocket costs our load balancer in memory, over plain TCP and TLS. The
// measuring is the load balancer's own tool (infra/alb/testing/many-websockets); here it is repeated and tabulated.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { formatTable } from "../infra/stack/table.ts";
import { typescriptArguments } from "../infra/stack/typescript.ts";

const TOOL = "infra/alb/testing/many-websockets/measure.ts";
const BYTES_PER_KB = 1_000;
const BYTES_PER_MB = 1_000_000;

const figuresSchema = z.object({
  transport: z.enum(["ws", "wss"]),
  count: z.number(),
  residentBytes: z.number(),
  heapBytes: z.number(),
  externalBytes: z.number(),
  totalResidentBytes: z.number(),
});

export type MemoryFigures = z.infer<typeof figuresSchema>;

export interface MemoryPlan {
  /** Open WebSockets at once; each number is a run of its own, with processes of its own. */
  readonly sockets: readonly number[];
}

/** Says the table on stdout; resolves with its figures. Rejects when a run fails, with what it said. */
export async function run(root: string, { sockets }: MemoryPlan): Promise<readonly MemoryFigures[]> {
  const figures: MemoryFigures[] = [];
  for (const transport of ["ws", "wss"]) {
    for (const count of sockets) figures.push(await measure(root, transport, count));
  }
  process.stdout.write(`${memoryTable(figures)}\n`);
  return figures;
}

export function memoryTable(figures: readonly MemoryFigures[]): string {
  const kb = (bytes: number) => `${(bytes / BYTES_PER_KB).toFixed(1)} KB`;
  return formatTable(
    ["transport", "WebSockets", "resident each", "heap each", "buffers each", "process"],
    figures.map((each) => [
      each.transport === "wss" ? "TLS" : "plain",
      String(each.count),
      kb(each.residentBytes),
      kb(each.heapBytes),
      kb(each.externalBytes),
      `${(each.totalResidentBytes / BYTES_PER_MB).toFixed(0)} MB`,
    ]),
  );
}

/** The tool ends, and with it all that it has started, when we are gone: it notices by the channel. */
async function measure(root: string, transport: string, count: number): Promise<MemoryFigures> {
  const child = spawn(process.execPath, [...typescriptArguments(root, TOOL), transport, String(count)], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`Measuring ${count} ${transport} sockets has failed with code ${code}.`);
  return figuresSchema.parse(JSON.parse(output));
}
