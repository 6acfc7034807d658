// http-proxy-3, the proxy library for Node, in a small server of one process (bench/peers). It has no access log and no
// metrics, and gets none.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runToEnd } from "../../../infra/provision/program.ts";
import { sayOnStderr, withProgress } from "../../../infra/provision/progress.ts";
import { freePort } from "../../../infra/stack/ports.ts";
import { startProgram, waitForPorts } from "../../common/program.ts";
import type { Contestant, Setting } from "./contestant.ts";

const INSTALL_TIMEOUT_MS = 300_000;

export async function startHttpProxy3(setting: Setting): Promise<Contestant> {
  const peers = join(setting.root, "bench", "peers");
  const version = await installPeers(peers);
  const ports = { plain: await freePort(), tls: await freePort() };
  const args = [
    join(peers, "http-proxy-3.mjs"),
    ...[ports.plain, ports.tls, setting.targetPort].map(String),
    ...[setting.certificateFile, setting.keyFile],
  ];
  const running = startProgram(process.execPath, args, join(setting.folder, "http-proxy-3.log"));
  setting.onStart(running);
  await waitForPorts(running, [ports.plain, ports.tls]);
  return { name: "http-proxy-3", version, pid: running.pid, ports };
}

/** Installs what the lockfile names unless it is there. Gives the version. */
async function installPeers(peers: string): Promise<string> {
  const wanted = readJson(join(peers, "package-lock.json")).packages["node_modules/http-proxy-3"].version as string;
  const installed = join(peers, "node_modules", "http-proxy-3", "package.json");
  if (existsSync(installed) && readJson(installed).version === wanted) return wanted;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", peers];
  const npm = npmCommand();
  const { code, output } = await withProgress("Installing the peers (npm ci)", sayOnStderr, () =>
    runToEnd(npm[0]!, [...npm.slice(1), ...args], { timeoutMs: INSTALL_TIMEOUT_MS }),
  );
  if (code !== 0) throw new Error(`npm ci in bench/peers failed: ${output.trim().split("\n")[0]}`);
  return wanted;
}

// biome-ignore lint/suspicious/noExplicitAny: npm's own files, whose shape npm guarantees
const readJson = (file: string): any => JSON.parse(readFileSync(file, "utf8"));

function npmCommand(): string[] {
  const fromNpm = process.env.npm_execpath;
  if (fromNpm && /npm-cli\.[cm]?js$/.test(fromNpm)) return [process.execPath, fromNpm];
  const besideNode = join(dirname(process.execPath), "npm");
  return [existsSync(besideNode) ? besideNode : "npm"];
}
