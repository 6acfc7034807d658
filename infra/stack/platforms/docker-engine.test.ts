// The calls as the engine hears them, over a socket, with answers as it gives them (engine 20.10, shortened).
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dockerEngine } from "./docker-engine.ts";
import { composeContainer } from "./testing/hand-engine.ts";

let folder: string;
let server: Server;
let heard: string[];
let answers: (readonly [status: number, body: string | Buffer])[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tg-"));
  heard = [];
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    heard.push([request.method, decodeURIComponent(request.url ?? ""), body].join(" ").trim());
    const [status, text] = answers.shift() ?? [500, "unexpected"];
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const engine = () => dockerEngine(join(folder, "docker.sock"));
const json = (value: unknown) => JSON.stringify(value);

test("containers are found by their labels, looked at, and made", async () => {
  const container = { ...composeContainer("abc-1"), Mounts: [], Driver: "overlay2" };
  answers = [
    [200, json([{ Id: "abc-1", Names: ["/tide-game-1"] }])],
    [200, json(container)],
    [200, json({ Id: "sha256:1", Config: { Env: null, Labels: null, Cmd: ["node"] } })],
    [201, json({ Id: "def", Warnings: [] })],
  ];
  expect(await engine().list({ a: "b", c: "d e" })).toEqual(["abc-1"]);
  expect(await engine().inspect("abc-1")).toMatchObject({ Id: "abc-1", Config: { Hostname: "abc-1" } });
  expect(await engine().imageConfig("sha256:1")).toEqual({ Env: null, Labels: null, Cmd: ["node"] });
  expect(await engine().create("tide-game-2", { Image: "game" })).toBe("def");
  expect(heard).toEqual([
    'GET /containers/json?all=true&filters={"label":["a=b","c=d+e"]}',
    "GET /containers/abc-1/json",
    "GET /images/sha256:1/json",
    'POST /containers/create?name=tide-game-2 {"Image":"game"}',
  ]);
});

test("a container is started, asked to end, waited for, and taken away", async () => {
  answers = [
    [204, ""],
    [204, ""],
    [200, json({ StatusCode: 143 })],
    [204, ""],
    [204, ""],
  ];
  await engine().start("abc");
  await engine().kill("abc", "SIGTERM");
  expect(await engine().wait("abc")).toBe(143);
  await engine().remove("abc");
  await engine().killAndRemove("abc");
  expect(heard).toEqual([
    "POST /containers/abc/start",
    "POST /containers/abc/kill?signal=SIGTERM",
    "POST /containers/abc/wait",
    "DELETE /containers/abc?v=true",
    "DELETE /containers/abc?force=true&v=true",
  ]);
});

test("output comes in frames of two streams, of which the last may be cut off", async () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8);
    header.writeUInt8(stream, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  answers = [[200, Buffer.concat([frame(1, "one\n"), frame(2, "zwölf\n"), Buffer.from([1, 0, 0])])]];
  expect(await engine().logs("abc", 8)).toBe("one\nzwölf");
  expect(heard).toEqual(["GET /containers/abc/logs?stdout=1&stderr=1&tail=8"]);
});

test("what the engine refuses has its status and its sentence", async () => {
  answers = [
    [404, json({ message: "No such container: abc" })],
    [500, "<html>a proxy's page</html>"],
  ];
  await expect(engine().start("abc")).rejects.toMatchObject({
    status: 404,
    message: "Docker says: No such container: abc.",
  });
  await expect(engine().start("abc")).rejects.toThrow("Docker says: <html>a proxy's page</html>.");
});

test("an answer without what is needed is no answer", async () => {
  answers = [[200, json({ Id: "abc" })]];
  await expect(engine().inspect("abc")).rejects.toThrow("Config");
});

test("an engine that is not there is one sentence", async () => {
  const nobody = dockerEngine(join(folder, "nobody.sock"));
  await expect(nobody.list({})).rejects.toThrow(/^The Docker engine cannot be reached at .*nobody\.sock: /);
});
