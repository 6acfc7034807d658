import { describe, expect, it } from "vitest";
import { VirtualTime } from "../netcode/testing/virtual-time.ts";
import { ASK_AGAIN_MS, type Asking, fetchRegions, readRegionList } from "./region-list.ts";

const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
const us = { id: "us", name: "North America", url: "https://us.example:8443" };
const { signal } = new AbortController();

const ask = (request: Asking["request"]) => fetchRegions({ request, clock: new VirtualTime() }, signal);

/** Answers by address; what has no answer is not reached. */
function web(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const request = async (url: string) => {
    asked.push(url);
    if (answers[url] === undefined) throw new TypeError("Failed to fetch");
    return Response.json(answers[url]);
  };
  return { asked, request };
}

describe("the list of regions", () => {
  it("says where the page is from, and where the others are", () => {
    expect(readRegionList({ here: "eu", regions: [eu, us] })).toEqual({ here: "eu", regions: [eu, us] });
    expect(readRegionList({ here: null, regions: [] })).toEqual({ here: undefined, regions: [] });
  });

  it.each([
    { ...eu, id: "europe" },
    { ...eu, name: "" },
    { ...eu, name: "x".repeat(41) },
    { ...eu, url: "https://eu.example/" },
    { ...eu, url: "javascript:alert(1)" },
    { ...eu, url: "eu.example" },
    null,
    "eu",
  ])("leaves %j out", (wrong) => {
    expect(readRegionList({ here: 3, regions: [wrong, us] })).toEqual({ here: undefined, regions: [us] });
  });

  it("is asked of the page's own origin, and is empty where servers know nothing of it", async () => {
    const { request, asked } = web({ "/regions.json": { here: "eu", regions: [eu, us] } });
    expect(await ask(request)).toEqual({ here: "eu", regions: [eu, us] });
    expect(asked).toEqual(["/regions.json"]);
    const older = async () => new Response("Not found", { status: 404 });
    expect(await ask(older)).toEqual({ here: undefined, regions: [] });
  });

  it("is asked for again while nobody answers, and not for ever", async () => {
    const clock = new VirtualTime();
    const ending = new AbortController();
    const answers: (() => Response)[] = [
      () => {
        throw new TypeError("net::ERR_NETWORK_CHANGED");
      },
      () => new Response("", { status: 503 }),
      () => Response.json({ here: "eu", regions: [eu, us] }),
    ];
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const found = fetchRegions({ request: async () => answers.shift()!(), clock }, ending.signal);
    for (const left of [2, 1]) {
      await settled();
      expect(answers).toHaveLength(left);
      clock.advance(ASK_AGAIN_MS);
    }
    expect(await found).toEqual({ here: "eu", regions: [eu, us] });

    const none = fetchRegions({ request: web({}).request, clock }, ending.signal);
    await settled();
    ending.abort();
    clock.advance(ASK_AGAIN_MS);
    expect(await none).toEqual({ here: undefined, regions: [] });
  });

  it("has its first guess from the name that leads to the nearest, where no region serves the page", async () => {
    const file = { here: null, live: "https://live.example", regions: [eu, us] };
    const answers = { "/regions.json": file, "https://live.example/regions.json": { here: "us", regions: [] } };
    expect(await ask(web(answers).request)).toEqual({ here: "us", regions: [eu, us] });
    const dead = web({ "/regions.json": file });
    expect(await ask(dead.request)).toEqual({ here: undefined, regions: [eu, us] });
    const elsewhere = { ...answers, "https://live.example/regions.json": { here: "ap", regions: [] } };
    expect((await ask(web(elsewhere).request)).here).toBeUndefined();
  });

  it("needs no guess where there is one region", async () => {
    const { request, asked } = web({ "/regions.json": { here: null, live: "https://live.example", regions: [eu] } });
    expect(await ask(request)).toEqual({ here: undefined, regions: [eu] });
    expect(asked).toEqual(["/regions.json"]);
  });
});
