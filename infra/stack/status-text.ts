// How the state of a stack is shown: a table for people, one line of JSON for programs. Pure.
import type { StackState } from "./stack-file.ts";
import { type Statusz, statuszWords } from "./statusz.ts";
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
  readonly status: Statusz | null;
}

export const statusAsJson = (stack: StackState, servers: readonly ServerStatus[]): string =>
  `${JSON.stringify({ ...stack, servers })}\n`;

export function statusAsText(stack: StackState, servers: readonly ServerStatus[]): string {
  const heads = ["server", "version", "gen", "task", "target", "state", "players", "rooms", "in them", "pid", "port"];
  const table = formatTable(heads, servers.map(asRow));
  const redis = stack.redis.pid === null ? "not ours" : `pid ${stack.redis.pid}`;
  return `${table}\n\nload balancer  ${stack.alb.https}  (pid ${stack.alb.pid}), ELBv2 API ${stack.alb.control}\nRedis          ${redis}\n`;
}

const asRow = (server: ServerStatus): string[] => [
  ...[server.id, server.version, String(server.generation), server.task, shownTarget(server)],
  ...ownWords(server.status),
  ...[String(server.pid), String(server.port)],
];

/** That a target which drains is being deregistered needs no second word. */
const shownTarget = ({ target, reason }: ServerStatus): string =>
  reason === null || target === "draining" ? target : `${target} (${reason})`;

/** State, players whose socket is on the server, rooms that run there, people in them. */
function ownWords(status: Statusz | null): string[] {
  const words = statuszWords(status);
  if (words === undefined) return ["-", "-", "-", "-"];
  const { state, departure, players, rooms } = words;
  const left = departure?.leftMs === undefined ? "" : `: ${departure.phase}, ${Math.round(departure.leftMs / 1_000)} s`;
  const inThem = rooms.reduce((sum, room) => sum + room.players, 0);
  return [`${state}${left}`, String(players), String(rooms.length), String(inThem)];
}
