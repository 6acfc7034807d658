// A protocol of AWS's: how a call is read, and how its answer is written.

import type { CloudWatchError } from "./errors.ts";

export interface HttpCall {
  readonly path: string;
  /** Names in lower case, as Node has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Call {
  readonly operation: string;
  /** Structures, lists, text, numbers, booleans and dates; unchecked. */
  readonly input: unknown;
}

export interface Protocol {
  /** The call speaks this protocol, and to this service. */
  speaks(call: HttpCall): boolean;
  /** Throws CloudWatchError or ElbError on what cannot be read. */
  read(call: HttpCall): Call;
  /** `output` holds dates and maps besides what JSON has. */
  write(operation: string, output: object, requestId: string): Omit<HttpAnswer, "status">;
  writeError(error: CloudWatchError, requestId: string): Omit<HttpAnswer, "status">;
}

/** Name before each operation in the newer protocols. */
export const servicePrefix = "GraniteServiceVersion20100801";

/** Tells a client that knows the Query protocol's code under which it knows the error. */
export const queryErrorHeader = ({ code, status }: CloudWatchError) => ({
  "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}`,
});

/** The full name of an error's shape. */
export const shapeName = ({ shape }: CloudWatchError) => `com.amazonaws.cloudwatch#${shape}`;

/** A copy in which each date and map is what `date` and `map` make of it, and members without a value are left out. */
export function rewritten(value: unknown, date: (value: Date) => unknown): unknown {
  if (value instanceof Date) return date(value);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, rewritten(each, date)]));
  if (Array.isArray(value)) return value.map((each) => rewritten(each, date));
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(members.map(([name, each]) => [name, rewritten(each, date)]));
}
