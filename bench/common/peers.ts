// What we are measured against, in a package of its own (bench/peers): installed when it is needed, named by its versions.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runToEnd } from "../../infra/provision/program.ts";
import { sayOnStderr, withProgress } from "../../infra/provision/progress.ts";

const INSTALL_TIMEOUT_MS = 300_000;

export interface Peers {
  /** Where their programs stand. */
  readonly folder: string;
  version(name: string): string;
}

/** Installs what the lockfile names unless all of it is there. */
export async function installPeers(root: string): Promise<Peers> {
  const folder = join(root, "bench", "peers");
  const wanted: Record<string, string> = readJson(join(folder, "package.json")).dependencies;
  const isThere = Object.entries(wanted).every(([name, version]) => installedVersion(folder, name) === version);
  if (!isThere) await install(folder);
  return { folder, version: (name) => wanted[name]! };
}

async function install(folder: string): Promise<void> {
  // Peers of peers (databases, key-value stores of Colyseus) are for those who use them.
  const args = ["ci", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder];
  const npm = npmCommand();
  const { code, output } = await withProgress("Installing the peers (npm ci)", sayOnStderr, () =>
    runToEnd(npm[0]!, [...npm.slice(1), ...args], { timeoutMs: INSTALL_TIMEOUT_MS }),
  );
  if (code !== 0) throw new Error(`npm ci in bench/peers failed: ${output.trim().split("\n")[0]}`);
}

function installedVersion(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  return existsSync(file) ? readJson(file).version : undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: npm's own files, whose shape npm guarantees
const readJson = (file: string): any => JSON.parse(readFileSync(file, "utf8"));

function npmCommand(): string[] {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.[cm]?js$/.test(fromNpm)) return [process.execPath, fromNpm];
  const besideNode = join(dirname(process.execPath), "npm");
  return [existsSync(besideNode) ? besideNode : "npm"];
}
