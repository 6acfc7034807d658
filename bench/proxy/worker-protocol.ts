// What the measuring process and its two helpers (generator, target) say to each other over Node's IPC channel.

import type { Transport } from "./plan.ts";
import type { LatencySummary } from "./samples.ts";

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

interface Calls {
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
}

export interface LoopArgument {
  readonly port: number;
  readonly transport: Transport;
  readonly lanes: number;
  readonly ms: number;
}

export type CallName = keyof Calls;
export type Argument<C extends CallName> = Calls[C]["argument"];
export type Answer<C extends CallName> = Calls[C]["answer"];

export interface CallMessage {
  readonly id: number;
  readonly call: CallName;
  readonly argument: unknown;
}

export interface AnswerMessage {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export type Handlers = { [C in CallName]?: (argument: Argument<C>) => Answer<C> | Promise<Answer<C>> };

/** The helper's side: answers calls until the channel closes, then exits. */
export function answerCalls(handlers: Handlers): void {
  process.on("message", (message) => {
    const { id, call, argument } = message as CallMessage;
    const handler = handlers[call] as ((argument: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => {
        if (!handler) throw new Error(`no call ${call} here`);
        return handler(argument);
      })
      .then(
        (answer) => reply({ id, answer }),
        (error: Error) => reply({ id, error: error.message }),
      );
  });
  process.on("disconnect", () => process.exit(0));
  // Ctrl-C reaches the whole group. The measuring process ends us when it has heard it.
  process.on("SIGINT", () => {});
}

/** The measuring process may be gone already: then nobody is interested. */
const reply = (message: AnswerMessage): void => void process.send?.(message, () => {});
