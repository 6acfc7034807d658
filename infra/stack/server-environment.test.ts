import { expect, test } from "vitest";
import { describeHome } from "./home.ts";
import { serverEnvironment } from "./server-environment.ts";
import { topology } from "./topology.ts";

const home = describeHome("/home/tidegate");
const around = {
  httpsPort: 8443,
  redisUrl: "redis://127.0.0.1:6379",
  sessionSecret: "secret",
  clientDir: home.clientDir,
  assetsDir: home.assetsDir,
  controlUrl: "http://127.0.0.1:8400",
  delays: topology.delays.local,
};
const specOf = (version: string) => ({
  id: "s1",
  version,
  generation: 1,
  targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/game/1",
  environment: {},
});

test("servers of two versions have pages of their own, and the assets of all builds in common", () => {
  const [old, next] = ["v1", "v2"].map((version) => serverEnvironment(specOf(version), around, {}));
  expect([old!.CLIENT_DIR, next!.CLIENT_DIR]).toEqual(["/home/tidegate/client/v1", "/home/tidegate/client/v2"]);
  expect([old!.ASSETS_DIR, next!.ASSETS_DIR]).toEqual(["/home/tidegate/assets", "/home/tidegate/assets"]);
});

test("what is asked for one task goes over what all have, and that over what is inherited", () => {
  const spec = { ...specOf("v2"), environment: { BOTS_FILL_TO: "0" } };
  const inherited = { BOTS_FILL_TO: "4", VERSION: "of somebody else" };
  expect(serverEnvironment(spec, around, inherited)).toMatchObject({ BOTS_FILL_TO: "0", VERSION: "v2" });
});

test("in one of several regions servers know all of them, and let the pages of all in", () => {
  const all = [
    { id: "eu", name: "Europe", url: "https://localhost", home: "/home/t", rttMs: 12 },
    { id: "us", name: "North America", url: "https://localhost:543", home: "/home/t/regions/us", rttMs: 90 },
  ];
  const told = serverEnvironment(specOf("v1"), { ...around, httpsPort: 443, region: { here: "eu", all } }, {});
  expect(told).toMatchObject({
    REGION: "eu",
    REGIONS: "eu=https://localhost Europe,us=https://localhost:543 North America",
    ALLOWED_ORIGINS:
      "https://localhost,https://127.0.0.1,https://[::1],https://localhost:543,https://127.0.0.1:543,https://[::1]:543",
  });
});

test("without regions servers are told of none, whatever the user's shell calls one", () => {
  const told = serverEnvironment(specOf("v1"), around, { REGION: "us-east-1", REGIONS: "all" });
  expect([told.REGION, told.REGIONS]).toEqual([undefined, undefined]);
});
