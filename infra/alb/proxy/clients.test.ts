// Clients that we did not write: curl over HTTP/1.1 and HTTP/2, and ws.

import { execFile, execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { closeAfterEach } from "../testing/cleanup.ts";
import { group } from "../testing/fixtures.ts";
import { namedTarget } from "../testing/named-target.ts";
import { forwardingTo, startPlane, testCertificates } from "../testing/plane.ts";

const keep = closeAfterEach();

/** What this machine's curl can do; undefined where there is none. */
const curlFeatures = (() => {
  try {
    return execFileSync("curl", ["--version"], { encoding: "utf8" });
  } catch {
    return undefined;
  }
})();

async function caFile(): Promise<string> {
  const { ca } = await testCertificates();
  const folder = await mkdtemp(join(tmpdir(), "alb-curl-"));
  keep({ close: () => rm(folder, { recursive: true, force: true }) });
  const file = join(folder, "ca.pem");
  writeFileSync(file, ca.certificate);
  return file;
}

const curl = (...args: string[]) =>
  new Promise<string>((resolve, reject) =>
    execFile("curl", ["--silent", "--show-error", "--noproxy", "*", "--max-time", "15", ...args], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    ),
  );

const curls = [
  ["HTTP/1.1", "--http1.1", curlFeatures !== undefined],
  ["HTTP/2", "--http2", /\bHTTP2\b/.test(curlFeatures ?? "")],
] as const;

for (const [name, version, able] of curls) {
  test.skipIf(!able)(`ALB-28: curl gets answers, pages, redirects and uploads through over ${name}`, async () => {
    const target = keep(await namedTarget("hello from the target"));
    const plane = keep(await startPlane(forwardingTo(target.port), { protocol: "HTTPS" }));
    const url = `https://localhost:${plane.port}`;
    const common = [version, "--cacert", await caFile(), "--resolve", `localhost:${plane.port}:127.0.0.1`];
    const report = ["--write-out", " %{http_code} %{http_version}"];
    const spoken = version === "--http2" ? "2" : "1.1";
    expect(await curl(...common, ...report, `${url}/a?b=c`)).toBe(`hello from the target 200 ${spoken}`);
    const big = "x".repeat(300_000);
    expect(await curl(...common, ...report, "--data-binary", big.slice(0, 100_000), `${url}/up`)).toContain(" 200 ");
    expect(await curl(...common, "--head", `${url}/`)).toMatch(/^HTTP\/[\d.]+ 200/);
    expect(await curl(...common, ...report, "--request", "TRACE", `${url}/`)).toContain(` 405 ${spoken}`);
    expect(await curl(...common, ...report, "--header", `X: ${big.slice(0, 17_000)}`, `${url}/`)).toMatch(/ 400 /);
    plane.change({ groups: [group("g", [])] });
    expect(await curl(...common, ...report, `${url}/`)).toContain(`503 Service Temporarily Unavailable`);
    plane.change({
      defaultAction: {
        Type: "redirect",
        RedirectConfig: {
          ...{ Protocol: "HTTPS", Port: "#{port}", Host: "#{host}", Path: "/new", Query: "", StatusCode: "HTTP_302" },
        },
      },
    });
    expect(await curl(...common, "--output", "/dev/null", "--write-out", "%{redirect_url}", `${url}/`)).toBe(
      `${url}/new`,
    );
    expect(plane.records.every((each) => each.exchange.head.httpVersion === (spoken === "2" ? "2.0" : "1.1"))).toBe(
      true,
    );
  });
}

test.skipIf(!curlFeatures)("ALB-28: curl speaking plain HTTP to an HTTPS port is told so", async () => {
  const plane = keep(await startPlane(forwardingTo(1), { protocol: "HTTPS" }));
  const page = await curl("--write-out", " %{http_code}", `http://127.0.0.1:${plane.port}/`);
  expect(page).toMatch(/The plain HTTP request was sent to HTTPS port.* 400$/s);
});

test.each(["HTTP", "HTTPS"] as const)(
  "ALB-28: ws talks over %s, compressed, with a subprotocol, and closes in order",
  async (protocol) => {
    const server = new WebSocketServer({
      port: 0,
      host: "127.0.0.1",
      perMessageDeflate: true,
      handleProtocols: () => "game",
    });
    keep({
      close: () => {
        for (const each of server.clients) each.terminate();
        server.close();
      },
    });
    await new Promise((resolve) => server.once("listening", resolve));
    server.on("connection", (socket) => socket.on("message", (data, binary) => socket.send(data, { binary })));
    const { port } = server.address() as { port: number };
    const plane = keep(await startPlane(forwardingTo(port), { protocol }));
    const { ca } = await testCertificates();
    const scheme = protocol === "HTTPS" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://127.0.0.1:${plane.port}/play?room=1`, ["game"], { ca: ca.certificate });
    keep({ close: () => socket.terminate() });
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    expect(socket.protocol).toBe("game");
    expect(socket.extensions).toContain("permessage-deflate");
    for (const size of [0, 5, 130, 70_000, 1_000_000]) {
      const echoed = new Promise<Buffer>((resolve) => socket.once("message", (data) => resolve(data as Buffer)));
      const sent = Buffer.alloc(size, "frame");
      socket.send(sent);
      expect((await echoed).equals(sent)).toBe(true);
    }
    const closed = new Promise<[number, string]>((resolve) =>
      socket.once("close", (code, reason) => resolve([code, String(reason)])),
    );
    socket.close(4001, "done");
    expect(await closed).toEqual([4001, "done"]);
    const [record] = await plane.finished(1);
    expect(record).toMatchObject({ elbStatus: 101, webSocket: true });
  },
);
