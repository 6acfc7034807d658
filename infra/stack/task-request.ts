// What other commands may ask the agent to start, checked. It knows no task.
import { z } from "zod";
import type { TaskRequest } from "./agent.ts";
import { Refusal } from "./refusal.ts";

const VARIABLES_MAX = 32;
const VARIABLE_NAME_MAX_CHARS = 64;
const VARIABLE_VALUE_MAX_CHARS = 1_024;
const ARN_MAX_CHARS = 512;

/** What the request says in other words, or what must be so for the agent to find the task. */
const NOT_FOR_REQUESTS: ReadonlySet<string> = new Set([
  ...["SERVER_ID", "VERSION", "GENERATION", "TARGET_GROUP_ARN", "ALTERNATE_TARGET_GROUP_ARN", "HOST", "PORT"],
]);

const version = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const variableName = z
  .string()
  .max(VARIABLE_NAME_MAX_CHARS)
  .regex(/^[A-Z][A-Z0-9_]*$/);
const variables = z.record(variableName, z.string().max(VARIABLE_VALUE_MAX_CHARS));

export const isVersion = (text: string): boolean => version.safeParse(text).success;
export const targetGroupArnSchema = z.string().startsWith("arn:").max(ARN_MAX_CHARS);

const requestSchema = z.strictObject({
  version,
  generation: z.int().min(1).max(1_000_000),
  targetGroupArn: targetGroupArnSchema.optional(),
  environment: variables.optional(),
});

export function readTaskRequest(body: unknown): TaskRequest {
  const result = requestSchema.safeParse(body);
  if (!result.success) {
    throw new Refusal(
      "bad-request",
      'The body must be {"version": a short name, "generation": a whole number from 1, "targetGroupArn"?: an ARN, ' +
        `"environment"?: {NAME: text of at most ${VARIABLE_VALUE_MAX_CHARS} characters}}.`,
    );
  }
  refuseVariables(Object.keys(result.data.environment ?? {}));
  return result.data;
}

function refuseVariables(names: readonly string[]): void {
  const fixed = names.find((name) => NOT_FOR_REQUESTS.has(name));
  if (fixed) throw new Refusal("bad-request", `The environment of a task may not set ${fixed}.`);
  if (names.length <= VARIABLES_MAX) return;
  throw new Refusal("bad-request", `The environment of a task may set ${VARIABLES_MAX} variables at most.`);
}
