// The story of a run as lines with virtual times. Costs next to nothing while nobody wants to read it.

import type { Logger } from "pino";

export interface Trace {
  readonly isWanted: boolean;
  /** Lines carry this clock's time from now on. */
  follow(now: () => number): void;
  say(who: string, what: string, more?: object): void;
}

export const noTrace: Trace = { isWanted: false, follow() {}, say() {} };

export class Story implements Trace {
  readonly isWanted = true;
  readonly lines: string[] = [];
  #now: () => number = () => 0;

  follow(now: () => number): void {
    this.#now = now;
  }

  say(who: string, what: string, more?: object): void {
    const fields = more && Object.keys(more).length > 0 ? ` ${JSON.stringify(more, plain)}` : "";
    this.lines.push(`${this.#now().toFixed(1).padStart(9)} ms  ${who.padEnd(8)} ${what}${fields}`);
  }
}

/** A server's log as lines of the story. */
export function loggerInto(trace: Trace, who: string, bound: object = {}): Logger {
  if (!trace.isWanted) return silent;
  const write = (first: unknown, message?: string) => {
    const fields = typeof first === "object" && first !== null ? { ...bound, ...first } : bound;
    const { event, ...rest } = fields as { event?: string };
    trace.say(who, message ?? event ?? String(first), rest);
  };
  const child = (more: object) => loggerInto(trace, who, { ...bound, ...more });
  const quiet = () => {};
  const methods = { trace: quiet, debug: quiet, info: write, warn: write, error: write, fatal: write, child };
  return methods as unknown as Logger;
}

const none = () => {};
const silent = {
  ...{ trace: none, debug: none, info: none, warn: none, error: none, fatal: none },
  child: () => silent,
} as unknown as Logger;

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) return value.message;
  if (value === undefined) return undefined;
  return typeof value === "number" ? Math.round(value * 10) / 10 : value;
}
