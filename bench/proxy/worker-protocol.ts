// What the two helpers (generator, target) can be asked.

import type { Transport } from "../common/dial.ts";
import type { LatencySummary } from "../common/samples.ts";

export interface TargetConfig {
  /** Messages per second to each WebSocket. */
  readonly rate: number;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface TargetPorts {
  readonly plain: number;
  readonly tls: number;
}

/** What has happened since `begin`. */
export interface Tally {
  readonly sockets: number;
  readonly sent: number;
  readonly received: number;
  /** Of the messages that arrived here, from the sender's write to our read. */
  readonly latency: LatencySummary;
  /** Milliseconds of sending that were left out because this process was too late. */
  readonly skippedMs: number;
}

export interface Loop {
  readonly done: number;
  readonly failed: number;
  /** The first failure, for the sentence. */
  readonly failure: string | undefined;
}

/** Both helpers know `begin` and `tally`; the rest is said beside each. */
export type ProxyCalls = {
  /** Both: zero the tally. */
  begin: { argument: undefined; answer: unknown };
  tally: { argument: undefined; answer: Tally };
  /** Target: listens and says where. */
  listen: { argument: TargetConfig; answer: TargetPorts };
  /** Generator: opens WebSockets and sends on each. Answers when all are open. */
  open: { argument: { port: number; transport: Transport; sockets: number; rate: number }; answer: unknown };
  close: { argument: undefined; answer: unknown };
  /** Generator: one after another in each of `lanes`, for `ms`. */
  handshakes: { argument: LoopArgument; answer: Loop };
  requests: { argument: LoopArgument; answer: Loop };
};

export interface LoopArgument {
  readonly port: number;
  readonly transport: Transport;
  readonly lanes: number;
  readonly ms: number;
}
