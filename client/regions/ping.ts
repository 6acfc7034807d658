// How long a region takes to answer. The browser's own record of the request is believed where there is one: it does not count the time in
// which the page was busy drawing.

import type { Clock } from "../net/clock.ts";

const PING_ADDRESS = "/api/ping";
/** A region that is slower is no place to play. */
export const PING_TIMEOUT_MS = 3_000;

export interface Pinging {
  clock: Clock;
  fetch: (url: string, options: RequestInit) => Promise<Response>;
  performance: Pick<Performance, "now" | "getEntriesByName" | "clearResourceTimings">;
}

/** Measures one round trip, milliseconds. Rejects with a PingFailure that says why there was no answer. */
export type Ping = (url: string, signal: AbortSignal) => Promise<number>;

export class PingFailure extends Error {}

export function httpPing({ clock, fetch, performance }: Pinging): Ping {
  let count = 0;
  return async (url, signal) => {
    count += 1;
    const address = `${url}${PING_ADDRESS}?${count}`;
    const startedMs = performance.now();
    const answer = await withinLimit(clock, signal, (ending) => ask(fetch, address, ending));
    const tookMs = performance.now() - startedMs;
    if (!answer.ok) throw new PingFailure(`answers ${answer.status}`);
    const [record] = performance.getEntriesByName(address) as PerformanceResourceTiming[];
    // The browser keeps a few hundred of them, then none.
    performance.clearResourceTimings();
    const recordedMs = record && record.requestStart > 0 ? record.responseStart - record.requestStart : tookMs;
    return recordedMs > 0 ? Math.min(recordedMs, tookMs) : tookMs;
  };
}

async function ask(fetch: Pinging["fetch"], address: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(address, { cache: "no-store", credentials: "omit", signal });
  // Only once the answer is over does the browser write it down.
  await answer.arrayBuffer();
  return answer;
}

async function withinLimit<T>(clock: Clock, signal: AbortSignal, act: (ending: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort();
  let isLate = false;
  const cancel = clock.after(PING_TIMEOUT_MS, () => {
    isLate = true;
    end();
  });
  signal.addEventListener("abort", end);
  try {
    return await act(ending.signal);
  } catch {
    // Browsers do not tell pages why: no such host, refused, a certificate that is not trusted.
    throw new PingFailure(isLate ? "no answer" : "not reachable");
  } finally {
    cancel();
    signal.removeEventListener("abort", end);
  }
}
