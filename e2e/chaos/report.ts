// What a run found out, as a table for people and as one object for programs. Pure.

import { formatTable } from "../../infra/stack/table.ts";
import type { Finding } from "./findings.ts";

export interface RunReport {
  readonly scenario: string;
  /** 1, 2 … of the same scenario. */
  readonly round: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  /** Why it did not come to an end, and where the logs are. */
  readonly error?: string;
}

export const hasPassed = ({ error, findings }: RunReport): boolean =>
  error === undefined && findings.every(({ passed }) => passed);

export const reportAsJson = (runs: readonly RunReport[]): string =>
  `${JSON.stringify({ passed: runs.every(hasPassed), runs })}\n`;

export function reportAsText(runs: readonly RunReport[]): string {
  const rows = runs.flatMap((run) => {
    const head = run.round > 1 ? `${run.scenario} (${run.round})` : run.scenario;
    const lines = run.findings.map(({ what, measured, unit, limit, passed }, index) => [
      index === 0 ? head : "",
      what,
      unit === "" ? `${measured}` : `${measured} ${unit}`,
      limit,
      limit === "" ? "" : passed ? "ok" : "MISSED",
    ]);
    return run.error === undefined
      ? lines
      : [...lines, [lines.length === 0 ? head : "", "did not end", "", "", "FAILED"]];
  });
  const table = formatTable(["scenario", "what", "measured", "limit", ""], rows);
  const errors = runs.flatMap(({ scenario, error }) => (error === undefined ? [] : [`${scenario}: ${error}`]));
  const passed = runs.filter(hasPassed).length;
  return `${[table, ...errors].join("\n")}\n\n${passed} of ${runs.length} runs kept every limit.\n`;
}
