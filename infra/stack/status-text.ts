// How the state of a stack is shown: a table for people, one line of JSON for programs. Pure.
import type { StackState } from "./stack-file.ts";
import { formatTable } from "./table.ts";

export interface ServerStatus {
  readonly id: string;
  readonly version: string;
  readonly generation: number;
  readonly pid: number;
  readonly port: number;
  /** As the agent sees it. */
  readonly task: string;
  /** As the load balancer sees it, with its reason. */
  readonly target: string;
  readonly reason: string | null;
  /** What its /statusz says; null when it has none or does not answer. */
  readonly status: Readonly<Record<string, unknown>> | null;
}

/** What a server may say of itself at /statusz. */
const OWN_COLUMNS = ["players", "rooms", "state"] as const;

export const statusAsJson = (stack: StackState, servers: readonly ServerStatus[]): string =>
  `${JSON.stringify({ ...stack, servers })}\n`;

export function statusAsText(stack: StackState, servers: readonly ServerStatus[]): string {
  const heads = ["server", "version", "gen", "task", "target", ...OWN_COLUMNS, "pid", "port"];
  const table = formatTable(heads, servers.map(asRow));
  const redis = stack.redis.pid === null ? "not ours" : `pid ${stack.redis.pid}`;
  return `${table}\n\nload balancer  ${stack.alb.https}  (pid ${stack.alb.pid}), ELBv2 API ${stack.alb.control}\nRedis          ${redis}\n`;
}

const asRow = (server: ServerStatus): string[] => [
  ...[server.id, server.version, String(server.generation), server.task],
  ...[server.reason === null ? server.target : `${server.target} (${server.reason})`],
  ...OWN_COLUMNS.map((name) => shown(server.status?.[name])),
  ...[String(server.pid), String(server.port)],
];

/** A list is shown by its length. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return String(value.length);
  return typeof value === "number" || typeof value === "string" ? String(value) : "-";
}
