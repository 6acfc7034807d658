// Knows when all servers have come to one version, and says which. While a deploy or its rollback is under way there are several, and it says
// nothing: a page must not be asked to reload for a version that may be gone in a minute.

import { PROTOCOL_VERSION, type Release } from "../../game/protocol/index.ts";
import type { Clock } from "../clock.ts";
import type { Cluster, ServerRecord } from "../cluster/cluster.ts";

export const RELEASE_POLL_MS = 2_000;
/** One version for so long is what they have come to: longer than a heartbeat lasts, and than a new server takes to show up. */
export const RELEASE_SETTLE_MS = 6_000;

export interface ReleaseWatchDependencies {
  readonly clock: Clock;
  readonly cluster: Pick<Cluster, "servers">;
  readonly version: string;
  /** Hears what the servers have come to, if that is this server's version; `undefined` when others come up, or nobody can tell. */
  readonly tell: (release: Release | undefined) => void;
}

export class ReleaseWatch {
  readonly #deps: ReleaseWatchDependencies;
  #since: { version: string; atMs: number } | undefined;
  #told = false;
  #stopTimer: () => void = () => {};
  #closed = false;

  constructor(deps: ReleaseWatchDependencies) {
    this.#deps = deps;
    this.#later();
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  #later(): void {
    this.#stopTimer = this.#deps.clock.after(RELEASE_POLL_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, cluster, version, tell } = this.#deps;
    // Without Redis nobody can tell: an empty list is of no version.
    const servers = await cluster.servers().catch(() => []);
    if (this.#closed) return;
    const common = commonVersion(servers);
    if (common === undefined) this.#since = undefined;
    else if (this.#since?.version !== common) this.#since = { version: common, atMs: clock.now() };
    const isSettled = this.#since?.version === version && clock.now() - this.#since.atMs >= RELEASE_SETTLE_MS;
    if (isSettled !== this.#told) tell(isSettled ? { version, protocol: PROTOCOL_VERSION } : undefined);
    this.#told = isSettled;
    this.#later();
  }
}

/** The version of all servers that are not leaving; none if they are of several. */
export function commonVersion(servers: readonly ServerRecord[]): string | undefined {
  const versions = new Set(servers.filter(({ state }) => state !== "draining").map(({ version }) => version));
  return versions.size === 1 ? [...versions][0] : undefined;
}
