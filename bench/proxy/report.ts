// The tables and sentences that a run ends with. Pure.
import { formatTable } from "../../infra/stack/table.ts";
import { TRANSPORTS } from "../common/dial.ts";
import type { Spread } from "../common/statistics.ts";
import { atMost, type Target, targetLine } from "../common/targets.ts";
import { type Lane, PARTS, type Part, type Plan } from "./plan.ts";
import { type Line, ratioTo } from "./summary.ts";

/** What issue 3 asks for, in CPU per WebSocket message. */
const GOALS: readonly { readonly other: Lane; readonly atMost: number }[] = [
  { other: "nginx", atMost: 1.5 },
  { other: "haproxy", atMost: 1.3 },
  { other: "http-proxy-3", atMost: 1 },
];
const IDLE_MIN = 0.1;

const TITLES: Readonly<Record<Part, string>> = {
  messages: "WebSocket messages",
  handshakes: "Handshakes (new connection, upgrade, close)",
  requests: "HTTP requests (kept alive, 100 B answers)",
};

export function describe(lines: readonly Line[], plan: Plan): string {
  const tables = PARTS.flatMap((part) =>
    TRANSPORTS.flatMap((transport) => {
      const own = lines.filter((line) => line.part === part && line.transport === transport);
      if (own.length === 0) return [];
      const table = part === "messages" ? messagesTable(lines, own) : loopTable(lines, own);
      return [`${TITLES[part]}, ${transport}${part === "messages" ? `, ${shapeOf(plan)}` : ""}\n${table}`];
    }),
  );
  return [
    ...tables,
    ...[[...targetsOf(lines).map(targetLine), ...doubts(lines)].join("\n")].filter((text) => text !== ""),
  ].join("\n\n");
}

const shapeOf = ({ sockets, rate }: Plan): string => `${sockets} sockets, ${rate}/s each way (80 B up, 200 B down)`;

function messagesTable(all: readonly Line[], lines: readonly Line[]): string {
  const heads = [
    "",
    "CPU µs each",
    "user",
    "system",
    "× nginx",
    "× HAProxy",
    "added p50",
    "p99 µs",
    "MiB",
    "reached",
    "idle",
  ];
  const rows = lines.map((line) => [
    line.lane,
    spread(line.cpuUs, 2),
    number(line.userUs, 2),
    number(line.systemUs, 2),
    number(ratioTo(all, line, "nginx"), 2),
    number(ratioTo(all, line, "haproxy"), 2),
    line.addedP50Us === undefined ? `(${number(line.p50Us, 0)})` : number(line.addedP50Us, 0),
    line.addedP99Us === undefined ? `(${number(line.p99Us, 0)})` : number(line.addedP99Us, 0),
    number(line.memoryMiB, 0),
    percent(line.reachedShare),
    percent(line.idleShare),
  ]);
  return formatTable(heads, rows);
}

function loopTable(all: readonly Line[], lines: readonly Line[]): string {
  const heads = ["", "per second", "CPU µs each", "user", "system", "× nginx", "× HAProxy", "MiB", "idle"];
  const rows = lines.map((line) => [
    line.lane,
    spread(line.itemsPerSecond, 0),
    spread(line.cpuUs, 1),
    number(line.userUs, 1),
    number(line.systemUs, 1),
    number(ratioTo(all, line, "nginx"), 2),
    number(ratioTo(all, line, "haproxy"), 2),
    number(line.memoryMiB, 0),
    percent(line.idleShare),
  ]);
  return formatTable(heads, rows);
}

/** Of those that were measured beside ours. */
export function targetsOf(lines: readonly Line[]): Target[] {
  return lines
    .filter((line) => line.part === "messages" && line.lane === "ours")
    .flatMap((line) =>
      GOALS.flatMap(({ other, atMost: limit }) => {
        const value = ratioTo(lines, line, other);
        if (value === undefined) return [];
        const what = `proxy: CPU of a message, ${line.transport}, against ${other}`;
        return [atMost(what, { value, atMost: limit, unit: "×", digits: 2 })];
      }),
    );
}

/** Sentences about what makes the figures less trustworthy. */
function doubts(lines: readonly Line[]): string[] {
  return lines
    .filter((line) => line.part === "messages")
    .flatMap((line) => {
      const who = `${line.lane}, ${line.transport}`;
      const { rounds, disturbed, reachedShare: reached, idleShare: idle } = line;
      return [
        ...(disturbed === rounds
          ? [`${who}: only ${percent(reached)} of the traffic arrived as it should; its figures are not comparable.`]
          : []),
        ...(disturbed > 0 && disturbed < rounds
          ? [`${who}: ${disturbed} of ${rounds} rounds are left out, since their traffic did not arrive as it should.`]
          : []),
        ...(idle !== undefined && idle < IDLE_MIN
          ? [`${who}: the machine was ${percent(idle)} idle, too little for its latencies to mean much.`]
          : []),
      ];
    });
}

const number = (value: number | undefined, digits: number): string =>
  value === undefined ? "" : value.toFixed(digits);

const percent = (share: number | undefined): string => (share === undefined ? "" : `${Math.round(share * 100)} %`);

const spread = (value: Spread | undefined, digits: number): string =>
  value === undefined
    ? ""
    : `${number(value.median, digits)} (${number(value.min, digits)}–${number(value.max, digits)})`;
