// Asks the load balancer for its state once a second while somebody looks: not while the page is hidden or paused.

import { type ConsoleState, stateVersion } from "../state.ts";
import { appended, lastSecond, noCharts } from "./chart-data.ts";

const POLL_MS = 1_000;
const ANSWER_LIMIT_MS = 5_000;

export type FeedStatus = "waiting" | "live" | "paused" | "lost" | "outdated";

export interface Feed {
  readonly status: FeedStatus;
  /** The latest answer, with the charts of all answers. */
  readonly state: ConsoleState | undefined;
  /** When the latest answer came, by `performance.now()`. */
  readonly answeredAtMs: number;
  pause(paused: boolean): void;
}

/** `onChange` is called after every answer, failure or pause. */
export function startFeed(onChange: () => void): Feed {
  let status: FeedStatus = "waiting";
  let state: ConsoleState | undefined;
  let answeredAtMs = performance.now();
  let paused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const ask = async () => {
    clearTimeout(timer);
    if (asking || paused || document.hidden || status === "outdated") return;
    asking = true;
    const startedAtMs = performance.now();
    try {
      const answer = await latest(state);
      answeredAtMs = performance.now();
      if (answer.version !== stateVersion) status = "outdated";
      else {
        // Another process answers: its seconds are not ours.
        const known = state && state.startedAtMs === answer.startedAtMs ? state.charts : noCharts;
        state = { ...answer, charts: appended(known, answer.charts) };
        status = paused ? "paused" : "live";
      }
    } catch {
      // Whatever it was, there is no answer, and that is shown; the next try is soon.
      status = paused ? "paused" : "lost";
    }
    asking = false;
    onChange();
    timer = setTimeout(ask, Math.max(0, POLL_MS - (performance.now() - startedAtMs)));
  };

  document.addEventListener("visibilitychange", () => void ask());
  void ask();
  return {
    get status() {
      return status;
    },
    get state() {
      return state;
    },
    get answeredAtMs() {
      return answeredAtMs;
    },
    pause(wanted) {
      paused = wanted;
      if (paused) status = "paused";
      onChange();
      void ask();
    },
  };
}

async function latest(known: ConsoleState | undefined): Promise<ConsoleState> {
  const after = known && known.charts.seconds > 0 ? lastSecond(known.charts) : 0;
  const answer = await fetch(`/console/state?after=${after}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return (await answer.json()) as ConsoleState;
}
