import { describe, expect, it } from "vitest";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { httpPing, PING_TIMEOUT_MS, PingFailure } from "./ping.ts";

const quiet = new AbortController().signal;

function browser(answer: (url: string, signal: AbortSignal) => Promise<Response>, record?: object) {
  const clock = new VirtualTime();
  const asked: string[] = [];
  const ping = httpPing({
    clock,
    fetch: (url, { signal }) => {
      asked.push(url);
      return answer(url, signal!);
    },
    performance: {
      now: () => clock.now(),
      getEntriesByName: () => (record ? [record as PerformanceEntry] : []),
      clearResourceTimings: () => {},
    },
  });
  return { clock, asked, ping };
}

const empty = () => new Response(null, { status: 204 });
const never = (_url: string, signal: AbortSignal) =>
  new Promise<Response>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });

describe("a ping", () => {
  it("asks for a new address each time, and takes as long as the answer", async () => {
    const { ping, clock, asked } = browser(async () => {
      clock.advance(25);
      return empty();
    });
    expect(await ping("https://eu.example", quiet)).toBe(25);
    await ping("https://eu.example", quiet);
    expect(asked).toEqual(["https://eu.example/api/ping?1", "https://eu.example/api/ping?2"]);
  });

  it("takes as long as the browser has written down, which does not count a page that was busy", async () => {
    const { ping, clock } = browser(
      async () => {
        clock.advance(180);
        return empty();
      },
      { requestStart: 1_010, responseStart: 1_032.5 },
    );
    expect(await ping("https://eu.example", quiet)).toBe(22.5);
  });

  it("does without the record when the browser keeps it to itself", async () => {
    const { ping, clock } = browser(
      async () => {
        clock.advance(25);
        return empty();
      },
      { requestStart: 0, responseStart: 0 },
    );
    expect(await ping("https://eu.example", quiet)).toBe(25);
  });

  it("fails with what the region answered instead", async () => {
    const { ping } = browser(async () => new Response("", { status: 503 }));
    await expect(ping("https://eu.example", quiet)).rejects.toThrow(new PingFailure("answers 503"));
  });

  it("fails when nothing can be reached, or nothing comes in time", async () => {
    const refused = browser(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(refused.ping("https://eu.example", quiet)).rejects.toThrow(new PingFailure("not reachable"));
    const silent = browser(never);
    const failed = expect(silent.ping("https://eu.example", quiet)).rejects.toThrow(new PingFailure("no answer"));
    silent.clock.advance(PING_TIMEOUT_MS);
    await failed;
  });

  it("ends when nobody wants to know any more", async () => {
    const { ping } = browser(never);
    const ending = new AbortController();
    const failed = expect(ping("https://eu.example", ending.signal)).rejects.toThrow(PingFailure);
    ending.abort();
    await failed;
  });
});
