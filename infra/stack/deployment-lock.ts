// deploy.lock: which process deploys to the stack of a home, so that only one does at a time and the autoscaler can wait
// until it is done. A lock whose process has died counts for nothing.
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { type Home, writeOnce } from "./home.ts";
import { processIdentity } from "./process-identity.ts";
import { Refusal } from "./refusal.ts";

const CLAIM_ATTEMPTS = 3;

/** Makes this process the one that deploys; the function gives that up. Refuses while another one lives. */
export function claimDeployment(home: Home): () => void {
  const own = processIdentity(process.pid) ?? "unknown";
  for (let attempt = 1; attempt <= CLAIM_ATTEMPTS; attempt += 1) {
    if (writeOnce(home.deployLock, own)) return () => release(home, own);
    const owner = readOwner(home.deployLock);
    if (owner === undefined) continue; // it was given up at this moment
    if (isAlive(owner)) break;
    removeDead(home, owner);
  }
  throw new Refusal(
    "deploying-already",
    `Another deploy is under way in ${home.path}: wait for it, or end it with Ctrl-C.`,
  );
}

/** Whether a living process deploys to the stack of this home. */
export function isDeploying(home: Home): boolean {
  const owner = readOwner(home.deployLock);
  return owner !== undefined && isAlive(owner);
}

const isAlive = (owner: string): boolean => processIdentity(Number.parseInt(owner, 10)) === owner;

/** Takes the lock of a dead owner away; one that somebody has claimed since the look is put back. */
export function removeDead(home: Home, owner: string): void {
  const aside = `${home.deployLock}.${process.pid}.aside`;
  try {
    renameSync(home.deployLock, aside);
    if (readOwner(aside) !== owner) linkSync(aside, home.deployLock);
  } catch {
    // Somebody else has taken it away, or claimed it again: the next try decides.
  }
  rmSync(aside, { force: true });
}

/** Only what is ours is taken away: after a kill and a new deploy, the file speaks of somebody else. */
function release(home: Home, own: string): void {
  if (readOwner(home.deployLock) === own) rmSync(home.deployLock, { force: true });
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // nobody deploys
  }
}
