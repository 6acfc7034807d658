import { describe, expect, it } from "vitest";
import { fetchRegions, readRegionList } from "./region-list.ts";

const eu = { id: "eu", name: "Europe", url: "https://eu.example" };
const us = { id: "us", name: "North America", url: "https://us.example:8443" };
const { signal } = new AbortController();

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

  it("is asked of the page's own origin, and is empty where nothing of the kind answers", async () => {
    const { request, asked } = web({ "/regions.json": { here: "eu", regions: [eu, us] } });
    expect(await fetchRegions(request, signal)).toEqual({ here: "eu", regions: [eu, us] });
    expect(asked).toEqual(["/regions.json"]);
    expect(await fetchRegions(web({}).request, signal)).toEqual({ here: undefined, regions: [] });
    const older = async () => new Response("Not found", { status: 404 });
    expect(await fetchRegions(older, signal)).toEqual({ here: undefined, regions: [] });
  });

  it("has its first guess from the name that leads to the nearest, where no region serves the page", async () => {
    const file = { here: null, live: "https://live.example", regions: [eu, us] };
    const answers = { "/regions.json": file, "https://live.example/regions.json": { here: "us", regions: [] } };
    expect(await fetchRegions(web(answers).request, signal)).toEqual({ here: "us", regions: [eu, us] });
    const dead = web({ "/regions.json": file });
    expect(await fetchRegions(dead.request, signal)).toEqual({ here: undefined, regions: [eu, us] });
    const elsewhere = { ...answers, "https://live.example/regions.json": { here: "ap", regions: [] } };
    expect((await fetchRegions(web(elsewhere).request, signal)).here).toBeUndefined();
  });

  it("needs no guess where there is one region", async () => {
    const { request, asked } = web({ "/regions.json": { here: null, live: "https://live.example", regions: [eu] } });
    expect(await fetchRegions(request, signal)).toEqual({ here: undefined, regions: [eu] });
    expect(asked).toEqual(["/regions.json"]);
  });
});
