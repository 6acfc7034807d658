// Builds the browser client into the home with Vite, unless the sources are the same as last time. Each version has its own pages; the
// hashed assets of all builds lie together, because a page may ask any server for them, of whatever version it is (client-shelf.ts).
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { atLowPriority } from "../provision/low-priority.ts";
import { runToEnd } from "../provision/program.ts";
import { type Say, withProgress } from "../provision/progress.ts";
import { ClientShelf } from "./client-shelf.ts";
import type { Home } from "./home.ts";
import { Refusal } from "./refusal.ts";

const BUILD_TIMEOUT_MS = 300_000;
const ERROR_LINES_SHOWN = 15;
/** What the build depends on, from the root of the repository. */
const SOURCES = ["client", "game", "package-lock.json", "tsconfig.json"] as const;

export interface ClientBuild {
  readonly root: string;
  readonly home: Home;
  /** What the page says it is. */
  readonly version: string;
  /** Versions whose servers run: what they serve stays. */
  readonly running?: readonly string[];
  readonly signal: AbortSignal;
  readonly say: Say;
}

export async function buildClient({ root, home, version, running = [], signal, say }: ClientBuild): Promise<void> {
  const shelf = new ClientShelf(home);
  const name = { version, sources: hashSources(root) };
  if (shelf.has(name)) return;
  const output = join(home.path, "client.next");
  try {
    await withProgress("Building the client", say, () => build(root, output, version, signal));
    shelf.put(output, name, running);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function build(root: string, outDir: string, version: string, signal: AbortSignal): Promise<void> {
  const vite = join(dirname(createRequire(join(root, "package.json")).resolve("vite/package.json")), "bin/vite.js");
  const args = ["build", join(root, "client"), "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  const polite = atLowPriority(process.execPath, [vite, ...args]);
  const outcome = await runToEnd(polite.command, polite.args, {
    timeoutMs: BUILD_TIMEOUT_MS,
    signal,
    env: { NODE_ENV: "production", CLIENT_OUT_DIR: outDir, TIDEGATE_VERSION: version },
  });
  if (outcome.code === 0) return;
  const lines = outcome.output.trim().split("\n").slice(-ERROR_LINES_SHOWN).join("\n");
  throw new Refusal("client-build-failed", `The client does not build; Vite says:\n${lines}`);
}

/** One hash over the names and contents of everything that the build reads, tests aside. */
export function hashSources(root: string): string {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap((source) => filesUnder(root, source)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (path.includes(".")) return [path];
  const entries = readdirSync(join(root, path), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
