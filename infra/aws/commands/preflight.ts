// Asks, before anything is created, what would otherwise stop a deploy half way: each question gets one line, and those that depend on an
// answer that was not had are not asked. It changes nothing.
import type { Say } from "../../provision/progress.ts";
import { EXIT, type ExitCode, Refusal } from "../../stack/refusal.ts";
import { awsRefusal } from "./aws-errors.ts";

/** What is the case; undefined when there is nothing to say; `unasked` when AWS would not tell. */
export type Answer = string | undefined | { readonly unasked: string };

export interface Check {
  /** Says what is asked, in a word or two. */
  readonly name: string;
  /** Rejects with a Refusal when it cannot go on like this. */
  run(): Promise<Answer>;
  /** Nothing after this one makes sense without it. */
  readonly isBase?: boolean;
}

/** Throws a Refusal with the first reason when there is one; all of them have been said by then. */
export async function preflight(checks: readonly Check[], say: Say): Promise<void> {
  const refusals: Refusal[] = [];
  for (const check of checks) {
    try {
      const answer = await check.run();
      if (typeof answer === "string") say(line("ok", check.name, answer));
      else if (answer !== undefined) say(line("??", check.name, answer.unasked));
    } catch (error) {
      const refusal = awsRefusal(error, "go on");
      refusals.push(refusal);
      say(line("no", check.name, refusal.message));
      if (check.isBase) break;
    }
  }
  if (refusals.length > 0) throw summary(refusals);
}

const line = (mark: "ok" | "no" | "??", name: string, words: string): string =>
  `  ${mark}  ${name.padEnd(12)} ${words}`;

function summary(refusals: readonly Refusal[]): Refusal {
  const exitCode: ExitCode = refusals.some((one) => one.exitCode === EXIT.wrongUsage)
    ? EXIT.wrongUsage
    : EXIT.notAchieved;
  const [first] = refusals;
  const what = refusals.length === 1 ? "for the reason above" : `for the ${refusals.length} reasons above`;
  return new Refusal(first!.code, `Nothing has been created, ${what}.`, { exitCode, cause: first });
}
