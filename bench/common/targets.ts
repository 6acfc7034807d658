// What a measurement is held against. Each run writes its targets into its JSON file, from which the whole run makes its summary. Pure.
import { z } from "zod";
import { formatTable } from "../../infra/stack/table.ts";

const targetSchema = z.object({
  /** What is measured, as in "server: CPU of a player-second against colyseus". */
  what: z.string(),
  /** With its unit, as in "0.71 ×". */
  measured: z.string(),
  /** As in "≤ 0.75 ×". */
  goal: z.string(),
  met: z.boolean(),
});

/** What the whole run reads of every measurement's JSON file. */
export const targetsSchema = z.object({ targets: z.array(targetSchema) });

export type Target = Readonly<z.infer<typeof targetSchema>>;

export interface Limit {
  readonly value: number;
  readonly atMost: number;
  /** Follows both numbers after a space. */
  readonly unit: string;
  readonly digits: number;
}

/** A target of the usual kind: a number that is not to be above a limit. What is judged is the number that is shown. */
export function atMost(what: string, { value, atMost: limit, unit, digits }: Limit): Target {
  const shown = value.toFixed(digits);
  return { what, measured: `${shown} ${unit}`, goal: `≤ ${limit} ${unit}`, met: Number(shown) <= limit };
}

export const targetLine = ({ what, measured, goal, met }: Target): string =>
  `${what}: ${measured} (goal: ${goal}, ${verdict(met)}).`;

export const targetTable = (targets: readonly Target[]): string =>
  formatTable(
    ["", "goal", "measured", ""],
    targets.map(({ what, measured, goal, met }) => [what, goal, measured, verdict(met)]),
  );

const verdict = (met: boolean): string => (met ? "met" : "missed");
