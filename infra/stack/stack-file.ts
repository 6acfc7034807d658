// stack.json: how every command finds the running stack. Its shape is a contract (docs/operations.md).
import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import type { StackView } from "./agent-api.ts";
import { type Home, writeAtomically } from "./home.ts";
import { Refusal } from "./refusal.ts";

const pid = z.int().positive();
const url = z.url();

const region = z.object({ id: z.string(), name: z.string(), url, home: z.string(), rttMs: z.number() });

const stackSchema = z.object({
  alb: z.object({ pid, https: url, http: url, control: url, ca: z.string() }),
  /** The pid is null for a Redis that is not ours (REDIS_URL). */
  redis: z.object({ pid: pid.nullable(), url: z.string() }),
  targetGroupArn: z.string(),
  listenerArn: z.string(),
  servers: z.array(
    z.object({
      id: z.string(),
      pid,
      port: z.int().positive(),
      version: z.string(),
      generation: z.int().positive(),
    }),
  ),
  /** With `--regions`: which of all this stack is. */
  region: z.object({ here: z.string(), all: z.array(region).readonly() }).optional(),
});

export type StackState = z.infer<typeof stackSchema>;

export const writeStackFile = (home: Home, state: StackState): void =>
  writeAtomically(home.stackFile, `${JSON.stringify(state, null, 2)}\n`);

export const removeStackFile = (home: Home): void => rmSync(home.stackFile, { force: true });

/** The same as the agent's door tells it. */
export const viewOfStack = ({ alb, targetGroupArn, listenerArn }: StackState): StackView => ({
  ...{ https: alb.https, http: alb.http, control: alb.control },
  caCertificate: readFileSync(alb.ca, "utf8"),
  ...{ targetGroupArn, listenerArn },
});

/** The running stack, for commands that need one. */
export function readStackFile(home: Home): StackState {
  let text: string;
  try {
    text = readFileSync(home.stackFile, "utf8");
  } catch (error) {
    throw new Refusal("no-stack", `No stack runs in ${home.path}: start one with \`npm start\`.`, { cause: error });
  }
  const result = stackSchema.safeParse(parse(text));
  if (result.success) return result.data;
  throw new Refusal("bad-stack-file", `${home.stackFile} is not the state of a stack: remove it and start again.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema
  }
}
