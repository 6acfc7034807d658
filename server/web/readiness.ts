// Whether the load balancer should send players here: Redis answers, a WebSocket upgrade really works, and we are not leaving.

import { request } from "node:http";
import type { Clock } from "../clock.ts";

/** An upgrade check is believed for this long, milliseconds: health checks of several balancer nodes share it. */
const UPGRADE_CHECK_KEPT_MS = 1_000;
const UPGRADE_CHECK_TIMEOUT_MS = 2_000;

export type ReadinessReason = "draining" | "redis-unreachable" | "upgrade-failed";

export interface ReadinessOptions {
  clock: Clock;
  isDraining: () => boolean;
  isRedisReachable: () => boolean;
  /** Resolves to whether a WebSocket to this server opens; never rejects. */
  checkUpgrade: () => Promise<boolean>;
}

export class Readiness {
  readonly #options: ReadinessOptions;
  #check: { atMs: number; result: Promise<boolean> } | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Empty when ready. */
  async reasons(): Promise<ReadinessReason[]> {
    const upgrade = await this.#upgradeWorks();
    const reasons: ReadinessReason[] = [];
    if (this.#options.isDraining()) reasons.push("draining");
    if (!this.#options.isRedisReachable()) reasons.push("redis-unreachable");
    if (!upgrade) reasons.push("upgrade-failed");
    return reasons;
  }

  #upgradeWorks(): Promise<boolean> {
    const nowMs = this.#options.clock.now();
    if (!this.#check || nowMs - this.#check.atMs >= UPGRADE_CHECK_KEPT_MS) {
      this.#check = { atMs: nowMs, result: this.#options.checkUpgrade() };
    }
    return this.#check.result;
  }
}

/** Opens a WebSocket to a port of this machine as far as the 101, then hangs up. */
export function checkUpgrade(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = request({
      host,
      port,
      path: "/socket.io/?EIO=4&transport=websocket",
      timeout: UPGRADE_CHECK_TIMEOUT_MS,
      agent: false,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGlkZWdhdGUgcmVhZGluZQ==",
      },
    });
    const settle = (works: boolean) => {
      resolve(works);
      attempt.destroy();
    };
    attempt.on("upgrade", (_response, socket) => {
      socket.destroy();
      settle(true);
    });
    attempt.on("response", () => settle(false));
    attempt.on("timeout", () => settle(false));
    // Refused or cut: the answer is no, whatever the reason.
    attempt.on("error", () => settle(false));
    attempt.end();
  });
}
