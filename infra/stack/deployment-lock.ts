// deploy.lock: which process deploys to the stack of a home, so that only one does at a time and the autoscaler can wait
// until it is done. A lock whose process has died counts for nothing.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Home } from "./home.ts";
import { processIdentity } from "./process-identity.ts";
import { Refusal } from "./refusal.ts";

const CLAIM_ATTEMPTS = 3;

/** Makes this process the one that deploys; the function gives that up. Refuses while another one lives. */
export function claimDeployment(home: Home): () => void {
  const own = processIdentity(process.pid) ?? "unknown";
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    if (tryWrite(home.deployLock, own)) return () => release(home, own);
    if (isDeploying(home)) break;
    rmSync(home.deployLock, { force: true });
  }
  throw new Refusal(
    "deploying-already",
    `Another deploy is under way in ${home.path}: wait for it, or end it with Ctrl-C.`,
  );
}

/** Whether a living process deploys to the stack of this home. */
export function isDeploying(home: Home): boolean {
  const owner = readOwner(home.deployLock);
  if (owner === undefined) return false;
  return processIdentity(Number.parseInt(owner, 10)) === owner;
}

/** Only what is ours is taken away: after a kill and a new deploy, the file speaks of somebody else. */
function release(home: Home, own: string): void {
  if (readOwner(home.deployLock) === own) rmSync(home.deployLock, { force: true });
}

function tryWrite(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Refusal("bad-home", `Cannot write ${file}: ${(error as Error).message}.`, { cause: error });
  }
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // nobody deploys
  }
}
