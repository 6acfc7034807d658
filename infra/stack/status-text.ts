// How the state of a stack is shown: a table for people, one line of JSON for programs. Pure.
import type { StackView } from "./agent-api.ts";
import { regionLines } from "./region-plan.ts";
import type { StackState } from "./stack-file.ts";
import { type Statusz, statuszWords } from "./statusz.ts";
import { formatTable } from "./table.ts";

export interface ServerStatus {
  readonly id: string;
  readonly version: string;
  readonly generation: number;
  /** Null where servers are not processes of this machine. */
  readonly pid: number | null;
  /** Where the load balancer reaches it. */
  readonly host: string;
  readonly port: number;
  /** As the agent sees it. */
  readonly task: string;
  /** As the load balancer sees it, with its reason. */
  readonly target: string;
  readonly reason: string | null;
  /** What its /statusz says; null when it has none or does not answer. */
  readonly status: Statusz | null;
}

type Where = Pick<StackView, "https" | "http" | "control" | "targetGroupArn" | "listenerArn">;

/** `processes` is what stack.json says, where there is one: it has the process ids in it. */
export function statusAsJson(where: Where, servers: readonly ServerStatus[], processes?: StackState): string {
  const { https, http, control, targetGroupArn, listenerArn } = where;
  const stack = processes ?? { alb: { https, http, control }, targetGroupArn, listenerArn };
  return `${JSON.stringify({ ...stack, servers })}\n`;
}

export function statusAsText(where: Where, servers: readonly ServerStatus[], processes?: StackState): string {
  const heads = ["server", "version", "gen", "task", "target", "state", "players", "rooms", "in them", "address"];
  const rows = servers.map(asRow);
  const table = processes
    ? formatTable(
        [...heads, "pid"],
        rows.map((row, index) => [...row, String(servers[index]?.pid)]),
      )
    : formatTable(heads, rows);
  const pid = processes ? `  (pid ${processes.alb.pid})` : "";
  const balancer = `load balancer  ${where.https}${pid}, ELBv2 API ${where.control}`;
  const redis = processes
    ? `\nRedis          ${processes.redis.pid === null ? "not ours" : `pid ${processes.redis.pid}`}`
    : "";
  const regions = processes?.region ? ["", ...regionLines(processes.region, process.cwd())] : [];
  return `${table}\n\n${balancer}${redis}\n${regions.map((line) => `${line}\n`).join("")}`;
}

const asRow = (server: ServerStatus): string[] => [
  ...[server.id, server.version, String(server.generation), server.task, shownTarget(server)],
  ...ownWords(server.status),
  `${server.host}:${server.port}`,
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
