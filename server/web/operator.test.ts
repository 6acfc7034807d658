import { afterAll, beforeAll, expect, it } from "vitest";
import { ClusterUnavailable } from "../cluster/cluster.ts";
import { server as record } from "../drain/records-for-tests.ts";
import { type ServerUnderTest, startServer } from "../gateway/server-for-tests.ts";
import { fleetAnswer } from "./fleet.ts";

const operatorToken = "an operator's token of thirty-two characters";
const forOperators = ["/statusz", "/metrics", "/fleetz"];
const forEverybody = ["/healthz", "/readyz", "/regions.json", "/api/ping", "/api/hall-of-fame"];
let guarded: ServerUnderTest;
let open: ServerUnderTest;

beforeAll(async () => {
  [guarded, open] = await Promise.all([startServer({ operatorToken }), startServer()]);
});

afterAll(() => Promise.all([guarded.close(), open.close()]));

const ask = (server: ServerUnderTest, path: string, authorization?: string) =>
  fetch(`${server.url.replace("ws", "http")}${path}`, {
    headers: authorization === undefined ? {} : { authorization },
  });

it.each(forOperators)("%s is shown to who carries the operator's token", async (path) => {
  for (const scheme of ["Bearer", "bearer"]) {
    expect((await ask(guarded, path, `${scheme} ${operatorToken}`)).status).toBe(200);
  }
});

it.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  `Basic ${operatorToken}`,
  operatorToken,
  `Bearer ${operatorToken}x`,
  `Bearer ${operatorToken.slice(0, -1)}`,
  `Bearer ${operatorToken.toUpperCase()}`,
])("what is for operators is kept from who shows %j instead, and its answer says what is wanted", async (shown) => {
  for (const path of forOperators) {
    const answer = await ask(guarded, path, shown);
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await answer.json()).toMatchObject({ error: "unauthorized", message: expect.stringContaining("Bearer") });
  }
});

it.each(forEverybody)("%s is for everybody, with a token or without", async (path) => {
  expect((await ask(guarded, path)).ok).toBe(true);
});

it("a server without a token shows its own state to who reaches it, and the fleet to nobody", async () => {
  const answers = await Promise.all(forOperators.map((path) => ask(open, path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect((await ask(open, "/fleetz", "Bearer ")).status).toBe(404);
});

it("the fleet is every server of the registry, and one that leaves says how far it has come", async () => {
  const leaving = { state: "draining", generation: 1, sockets: 3 } as const;
  const servers = [
    record("s1", { generation: 2, version: "v2", sockets: 7, players: 9, rooms: 2, arrived: 4 }),
    record("s2", { ...leaving, phase: "players" }),
    record("s3", { ...leaving, phase: "" }),
    record("s4", { state: "starting" }),
  ];
  const answer = await fleetAnswer({ servers: async () => servers });
  expect(answer).toMatchObject({ status: 200 });
  const shown = (answer as { json: { servers: object[] } }).json.servers;
  expect(shown[0]).toEqual({
    ...{ id: "s1", version: "v2", generation: 2, state: "ready" },
    ...{ players: 7, rooms: 2, arrived: 4, address: "s1:1" },
  });
  expect(shown.map((one) => (one as { state: string }).state)).toEqual(["ready", "players", "draining", "starting"]);
});

it("while Redis is away nobody knows the fleet, and that is what is answered", async () => {
  const away = async () => {
    throw new ClusterUnavailable("away");
  };
  expect(await fleetAnswer({ servers: away })).toMatchObject({ status: 503, json: { error: "unavailable" } });
});
