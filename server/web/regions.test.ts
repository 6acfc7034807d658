import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerUnderTest, startServer } from "../gateway/server-for-tests.ts";
import { parseRegions } from "./regions.ts";

const all = [
  { id: "eu", name: "Europe", url: "https://localhost:8443" },
  { id: "us", name: "North America", url: "https://localhost:8543" },
];

describe("a list of regions", () => {
  it("has ids and addresses, and names if somebody gave them", () => {
    const text = "eu=https://localhost:8443 Europe, us=https://localhost:8543  North America ";
    expect(parseRegions(text)).toEqual(all);
    expect(parseRegions("eu=https://eu.example")).toEqual([{ id: "eu", name: "EU", url: "https://eu.example" }]);
  });

  it.each([
    ["", "must be id=URL pairs with commas between, where an id has two letters"],
    ["https://eu.example", "must be id=URL pairs"],
    ["EU=https://eu.example", "must be id=URL pairs"],
    ["eu=https://eu.example,", 'where an id has two letters: "" is none'],
    ["eu=https://eu.example/", "must give region eu an origin such as https://eu.example, and no path"],
    ["eu=https://EU.example", "must give region eu an origin"],
    ["eu=ws://eu.example", "must give region eu an origin"],
    ["eu=https://eu.example;script-src", "must give region eu an origin"],
    ["eu=https://eu.example,eu=https://us.example", "must not name region eu twice"],
    [`eu=https://eu.example ${"x".repeat(41)}`, "must not give region eu a name above 40 characters"],
    [
      Array.from({ length: 17 }, (_, at) => `a${String.fromCharCode(97 + at)}=https://a.example`).join(),
      "must not name more than 16 regions",
    ],
  ])("such as %j is refused with a reason", (text, why) => {
    expect(parseRegions(text)).toContain(why);
  });
});

describe("a server in one of several regions", () => {
  let test: ServerUnderTest;
  let url: string;

  beforeAll(async () => {
    test = await startServer({ regions: { here: "eu", all } });
    url = test.url.replace("ws", "http");
  });

  afterAll(() => test.close());

  it("tells pages of every region where it is and where the others are", async () => {
    const answer = await fetch(`${url}/regions.json`);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(await answer.json()).toEqual({ here: "eu", regions: all });
  });

  it("answers pings with nothing, to be measured from every page and kept by nobody", async () => {
    const answer = await fetch(`${url}/api/ping?1`);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "timing-allow-origin": "*",
      "cache-control": "no-store",
    });
  });

  it("lets its page connect to these regions and to nothing else", async () => {
    const policy = (await fetch(`${url}/healthz`)).headers.get("content-security-policy");
    const sources = /connect-src ([^;]*)/.exec(policy ?? "")?.[1]?.split(" ");
    const own = `127.0.0.1:${test.server.port}`;
    expect(sources).toEqual([
      ...["'self'", "blob:", "data:", `wss://${own}`, `ws://${own}`],
      ...["https://localhost:8443", "wss://localhost:8443", "https://localhost:8543", "wss://localhost:8543"],
    ]);
  });

  it("does not open what is for inside", async () => {
    expect((await fetch(`${url}/healthz`)).headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("a server that knows of no regions", () => {
  it("says so", async () => {
    const test = await startServer();
    const answer = await fetch(`${test.url.replace("ws", "http")}/regions.json`);
    expect(await answer.json()).toEqual({ here: null, regions: [] });
    await test.close();
  });
});
