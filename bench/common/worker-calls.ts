// What a measuring process and a helper process say to each other over Node's IPC channel: a call by name, one answer.

/** The calls that a kind of helper knows: what each is given and what it answers. */
export type CallTable = Record<string, { argument: unknown; answer: unknown }>;

export interface CallMessage {
  readonly id: number;
  readonly call: string;
  readonly argument: unknown;
}

export interface AnswerMessage {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export type Handlers<Calls extends CallTable> = {
  [C in keyof Calls]?: (argument: Calls[C]["argument"]) => Calls[C]["answer"] | Promise<Calls[C]["answer"]>;
};

/** The helper's side: answers calls until the channel closes, then exits. */
export function answerCalls<Calls extends CallTable>(handlers: Handlers<Calls>): void {
  process.on("message", (message) => {
    const { id, call, argument } = message as CallMessage;
    const handler = handlers[call];
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
