// What a command says when it cannot do its work: a stable code, one clear sentence, and the exit code that follows.

/** Exit codes of every command: done, not achieved, wrong usage. */
export const EXIT = { done: 0, notAchieved: 1, wrongUsage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class Refusal extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, sentence: string, options: { exitCode?: ExitCode; cause?: unknown } = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Refusal";
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.notAchieved;
  }
}
