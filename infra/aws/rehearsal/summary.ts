// What a rehearsal has shown, and what it cannot show, for people.
import { FORGOTTEN, LEFT_OUT, NOT_REHEARSED, PLAYED, TASKS_PLAYED } from "./moto-limits.ts";
import { type Compared, comparedText } from "./side-by-side/scene.ts";
import type { Scene } from "./story.ts";

export interface Report {
  readonly moto: string;
  readonly scenes: readonly Scene[];
  /** How often each operation was called. */
  readonly calls: Readonly<Record<string, number>>;
  /** Types of resources that moto's CloudFormation was not given. */
  readonly leftOut: readonly string[];
  /** The bundled load balancer beside moto's; undefined when that could not be played. */
  readonly compared: Compared | undefined;
}

export function summaryText({ calls, compared, leftOut, moto, scenes }: Report): string {
  const wrong = scenes.filter(({ complaints }) => complaints.length > 0);
  const sum = Object.values(calls).reduce((total, count) => total + count, 0);
  const services = new Set(Object.keys(calls).map((call) => call.split(" ")[0]));
  return [
    `\nRehearsed against moto ${moto}: ${sum} calls of ${Object.keys(calls).length} operations of ${services.size} services.`,
    ...scenes.map(({ title, complaints }) => `  ${complaints.length === 0 ? "ok" : "NO"}  ${title}`),
    "Resources that moto's CloudFormation does not know:",
    ...leftOut.map((type) => `  ${type}: ${LEFT_OUT[type]}`),
    "Properties that it forgets:",
    ...FORGOTTEN.map((what) => `  ${what}`),
    "Calls that did not reach moto as they came:",
    ...Object.entries(PLAYED).map(([call, how]) => `  ${call}: ${how}`),
    `Played: ${TASKS_PLAYED}.`,
    ...(compared === undefined ? [] : comparedText(compared)),
    "Not rehearsed:",
    ...NOT_REHEARSED.map((what) => `  ${what}`),
    wrong.length === 0
      ? `All ${scenes.length} scenes went well.`
      : `${wrong.length} of ${scenes.length} scenes went wrong.`,
  ].join("\n");
}
