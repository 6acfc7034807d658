// The verdict for people. Pure.
import type { DeployReport, Verdict } from "./verdict.ts";

const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  unnoticed: "Nobody noticed",
  noticed: "It was noticed",
  "rolled-back": "Rolled back",
};

export function reportText(report: DeployReport): string {
  const { before, from, gapMs, inputs, players, reason, seconds, strategy, to, verdict } = report;
  const rows: [string, string][] = [
    [
      "players",
      `${shown(players.moved)} moved, ${shown(players.movedMoreThanOnce)} more than once, ${shown(players.disconnected)} disconnected`,
    ],
    ["gaps", `p50 ${ms(gapMs.p50)}, p99 ${ms(gapMs.p99)}, max ${ms(gapMs.max)}`],
    ["inputs", `${shown(inputs.lost)} lost, ${shown(inputs.doubled)} doubled`],
    ...(reason === null ? [] : [["because", reason] as [string, string]]),
    ...(before.length === 0 ? [] : [["before it", before.join(", ")] as [string, string]]),
  ];
  const lines = rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`);
  const isJudged = verdict !== "unnoticed" || players.disconnected !== null;
  const headline = isJudged ? VERDICT_TEXT[verdict] : "Done, and nobody played to judge it";
  return ["", `${headline}: ${from} -> ${to} (${strategy}) in ${seconds} s.`, ...lines].join("\n");
}

const shown = (value: number | null): string => (value === null ? "?" : String(value));
const ms = (value: number | null): string => (value === null ? "?" : `${Math.round(value)} ms`);
