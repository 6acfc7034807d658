// For tests: whether a request is one that ECS's API knows, by the shapes of its service model. They were recorded from
// botocore, AWS's own description of its APIs, into ecs-shapes.json; what a rollout only passes on is `any` there.
import { readFileSync } from "node:fs";
import { z } from "zod";

const shape = z.union([
  z.object({ members: z.record(z.string(), z.string()), required: z.array(z.string()).default([]) }),
  z.object({ list: z.string() }),
  z.object({ map: z.string() }),
  z.object({ oneOf: z.array(z.string()) }),
]);
const recorded = z
  .object({ operations: z.record(z.string(), z.string()), shapes: z.record(z.string(), shape) })
  .parse(JSON.parse(readFileSync(new URL("ecs-shapes.json", import.meta.url), "utf8")));

const SCALARS: Readonly<Record<string, string>> = {
  ...{ string: "string", boolean: "boolean", integer: "number", long: "number", double: "number", timestamp: "object" },
};

/** One sentence for each thing that ECS would not understand; empty when all is well. */
export function complaintsAbout(operation: string, input: unknown): string[] {
  const name = recorded.operations[operation];
  return name === undefined
    ? [`ECS knows no ${operation}, or nobody has recorded it`]
    : judge(`$${name}`, input, operation);
}

function judge(type: string, value: unknown, where: string): string[] {
  if (type === "any" || value === undefined) return [];
  if (!type.startsWith("$")) return typeof value === SCALARS[type] ? [] : [`${where} must be a ${type}`];
  const wanted = recorded.shapes[type.slice(1)];
  if (wanted === undefined) throw new Error(`nobody has recorded ${type}`);
  if ("oneOf" in wanted) {
    return wanted.oneOf.includes(value as string) ? [] : [`${where} must be one of ${wanted.oneOf.join(", ")}`];
  }
  if ("list" in wanted) {
    if (!Array.isArray(value)) return [`${where} must be a list`];
    return value.flatMap((one, at) => judge(wanted.list, one, `${where}[${at}]`));
  }
  if (typeof value !== "object" || value === null) return [`${where} must be an object`];
  const entries = Object.entries(value);
  if ("map" in wanted) return entries.flatMap(([key, one]) => judge(wanted.map, one, `${where}.${key}`));
  const missing = wanted.required.filter((key) => (value as Record<string, unknown>)[key] === undefined);
  return [
    ...missing.map((key) => `${where} lacks ${key}`),
    ...entries.flatMap(([key, one]) => {
      const member = wanted.members[key];
      return member === undefined ? [`${where} has no member ${key}`] : judge(member, one, `${where}.${key}`);
    }),
  ];
}
