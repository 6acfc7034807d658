// A real nginx as the target, with an application behind it, as people have it: the load balancer from a config file, and
// `ws` as the client. Skipped on a machine without nginx.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { request } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { parseConfig } from "./config/config-file.ts";
import { startApi } from "./testing/api.ts";
import { closeAfterEach } from "./testing/cleanup.ts";
import { freePort } from "./testing/free-port.ts";

const keep = closeAfterEach();

const nginx = ["nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx"].find((each) => {
  try {
    execFileSync(each, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    // Not there: the next place.
    return false;
  }
});

/** Answers with the headers it sees; echoes on WebSockets. */
async function startApplication(): Promise<number> {
  const server = createServer((incoming, response) => response.end(JSON.stringify(incoming.headers)));
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(`echo ${data}`)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  keep({
    close() {
      for (const each of sockets.clients) each.terminate();
      server.closeAllConnections();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}

const nginxConfig = (home: string, port: number, application: number) => `
daemon off; master_process off; pid ${home}/pid; error_log ${home}/error.log;
events {}
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${home}/${each};`).join(" ")}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${application};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}`;

async function startNginx(program: string, application: number): Promise<{ port: number; end(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "alb-nginx-"));
  keep({ close: () => rm(home, { recursive: true, force: true }) });
  const port = await freePort();
  const file = join(home, "nginx.conf");
  await writeFile(file, nginxConfig(home, port, application));
  const child = spawn(program, ["-p", home, "-c", file, "-e", join(home, "error.log")], { stdio: "ignore" });
  const ended = once(child, "close");
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  keep({ close: end });
  const accepts = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  while (!(await accepts())) {
    if (child.exitCode !== null) throw new Error(await readFile(join(home, "error.log"), "utf8"));
  }
  return { port, end };
}

test.skipIf(nginx === undefined)(
  "ALB-118: nginx as the target: requests and WebSockets pass both, headers add up, and without it there is 502",
  async () => {
    const target = await startNginx(nginx ?? "", await startApplication());
    const api = keep(await startApi({ fastHealthChecks: true }));
    const port = await freePort();
    const DefaultActions = [{ Type: "forward", TargetGroupName: "nginx" }];
    const config = {
      LoadBalancers: [{ Name: "lb", Listeners: [{ Protocol: "HTTPS", Port: port, DefaultActions }] }],
      TargetGroups: [{ Name: "nginx", Protocol: "HTTP", Port: target.port, Targets: [{ Id: "127.0.0.1" }] }],
    };
    await api.declare(parseConfig(JSON.stringify(config), "/"));
    const ca = await readFile(api.ca);
    const get = async () => {
      const [response] = (await once(request({ host: "127.0.0.1", port, ca }).end(), "response")) as [IncomingMessage];
      return { status: response.statusCode, server: response.headers.server, body: await text(response) };
    };
    let answer = await get();
    // Until the first health check has passed.
    while (answer.status === 503) answer = await get();
    expect(answer).toMatchObject({ status: 200, server: expect.stringMatching(/^nginx/) });
    expect(JSON.parse(answer.body)).toMatchObject({
      "x-forwarded-for": "127.0.0.1, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-port": String(port),
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-/),
    });

    const socket = new WebSocket(`wss://localhost:${port}/room`, { ca });
    keep({ close: () => socket.terminate() });
    await once(socket, "open");
    for (const size of [3, 200_000]) {
      const message = "x".repeat(size);
      socket.send(message);
      const [data] = await once(socket, "message");
      expect(String(data) === `echo ${message}`).toBe(true);
    }
    const closed = once(socket, "close");
    await target.end();
    expect((await closed)[0]).toBe(1006);
    expect(await get()).toMatchObject({ status: 502, server: "awselb/2.0" });
  },
);
