// Tells the person at the terminal when the answer to health checks of a target changes, and what is wrong with it: the usual
// reason why the first request gets 503.

import type { FinishedCheck } from "../health/monitor.ts";
import type { Target } from "../model/types.ts";

/** Says one line for each target when it is checked first, and whenever the outcome is another one. */
export function createHealthNews(say: (text: string) => void): (check: FinishedCheck) => void {
  const told = new WeakMap<Target, string>();
  return (check) => {
    const outcome = outcomeOf(check);
    if (told.get(check.target) === outcome) return;
    told.set(check.target, outcome);
    const { id } = check.target;
    say(`${check.group.name}: ${id.includes(":") ? `[${id}]` : id}:${check.target.port} ${outcome}\n`);
  };
}

function outcomeOf({ group, target, port, result }: FinishedCheck): string {
  const { path, timeoutSeconds, matcher, intervalSeconds } = group.healthCheck;
  const asked = port === target.port ? `GET ${path}` : `GET ${path} on port ${port}`;
  const again = `is asked again every ${intervalSeconds} s`;
  switch (result.kind) {
    case "pass":
      return `passes health checks (${asked})`;
    case "wrong-code":
      return `answers ${asked} with ${result.code}, where Matcher wants ${matcher}; ${again}`;
    case "timeout":
      return `does not answer ${asked} within ${timeoutSeconds} s; ${again}`;
    case "failed":
      return `${result.reset ? "takes no connection, or breaks it, on" : "answers with something else than HTTP to"} ${asked}; ${again}`;
  }
}
