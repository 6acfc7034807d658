// Starts everybody who takes part: target, generator, proxies. A proxy that cannot take part is left out with its reason.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../../infra/stack/refusal.ts";
import type { Closable } from "../common/measurement.ts";
import { Worker } from "../common/worker.ts";
import type { Contestant, Setting } from "./contestants/contestant.ts";
import { startHaproxy } from "./contestants/haproxy.ts";
import { startHttpProxy3 } from "./contestants/http-proxy-3.ts";
import { startNginx } from "./contestants/nginx.ts";
import { startOurs } from "./contestants/ours.ts";
import { CONTESTANTS, type ContestantName, type Plan } from "./plan.ts";
import type { ProxyCalls, TargetPorts } from "./worker-protocol.ts";

const LISTEN_TIMEOUT_MS = 20_000;

const STARTERS: Readonly<Record<Exclude<ContestantName, "ours">, (setting: Setting) => Promise<Contestant>>> = {
  nginx: startNginx,
  haproxy: startHaproxy,
  "http-proxy-3": startHttpProxy3,
};

export interface LineUp {
  readonly generator: Worker<ProxyCalls>;
  readonly target: Worker<ProxyCalls>;
  readonly targetPorts: TargetPorts;
  readonly contestants: readonly Contestant[];
  /** One sentence for each that is missing. */
  readonly missing: readonly string[];
}

/** `onStart` is called as things start, so that whoever interrupts can end what there is. */
export async function lineUp(
  root: string,
  plan: Plan,
  onStart: (started: Closable) => void,
  signal: AbortSignal,
): Promise<LineUp> {
  const folderOf = (name: string) => join(plan.home, "proxy", name);
  for (const name of CONTESTANTS) emptyFolder(folderOf(name));
  const profiles = plan.profile ? join(plan.home, "profiles") : undefined;
  // Ours starts even when it is not measured: its certificate is the one that all use.
  const ours = await startOurs({ root: plan.checkout, folder: folderOf("ours"), profiles, onStart }).catch((error) => {
    throw new Refusal("bench-ours", `Cannot start our load balancer: ${error.message}.`, { cause: error });
  });
  signal.throwIfAborted();
  const generator = new Worker<ProxyCalls>("bench/proxy/generator.ts");
  const target = new Worker<ProxyCalls>("bench/proxy/target.ts");
  onStart(generator);
  onStart(target);
  const { certificateFile, keyFile } = ours;
  const targetPorts = await target.ask("listen", { rate: plan.rate, certificateFile, keyFile }, LISTEN_TIMEOUT_MS);

  const contestants: Contestant[] = [];
  const missing: string[] = [];
  for (const name of plan.only) {
    const setting = { root, folder: folderOf(name), targetPort: targetPorts.plain, certificateFile, keyFile, onStart };
    try {
      const started = name === "ours" ? ours.putInFrontOf(targetPorts.plain) : STARTERS[name](setting);
      contestants.push(await started);
    } catch (error) {
      missing.push(`${name} is not measured: ${(error as Error).message}.`);
    }
    signal.throwIfAborted();
  }
  return { generator, target, targetPorts, contestants, missing };
}

function emptyFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
