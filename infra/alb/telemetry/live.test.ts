// Logs and metrics of a whole load balancer with real connections.

import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from "node:tls";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { shortName } from "../model/arns.ts";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import type { LogSink } from "./log-file.ts";

const keep = closeAfterEach();

/** A log in memory; `until` resolves with the first line that fits, or the one of that number. */
function memoryLog() {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const sink: LogSink = {
    ...{ dropped: 0, close: async () => {} },
    line(text) {
      lines.push(text);
      for (const look of [...waiting]) look();
    },
  };
  const until = (pattern: RegExp, times = 1) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = lines.filter((each) => pattern.test(each))[times - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { ...sink, until };
}

/** A target that answers 200 and takes WebSockets. */
async function startTarget(): Promise<number> {
  const server = createServer((_request, response) => response.end("ok"));
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  keep({ close: () => server.close().closeAllConnections() });
  keep({
    close() {
      for (const each of sockets.clients) each.terminate();
    },
  });
  return (server.address() as AddressInfo).port;
}

async function startBalancer(targetPort: number, protocol: "HTTP" | "HTTPS" = "HTTP") {
  const logs = { accessLog: memoryLog(), connectionLog: memoryLog(), healthCheckLog: memoryLog() };
  const api = keep(await startApi({ ...logs, fastHealthChecks: true }));
  const { send } = api.client;
  const call = send.bind(api.client);
  const lb = (await call(new CreateLoadBalancerCommand({ Name: "game", Subnets: ["subnet-1", "subnet-2"] })))
    .LoadBalancers![0]!;
  const group = await call(
    new CreateTargetGroupCommand({
      ...{ Name: "tg", Protocol: protocol, Port: 80, TargetType: "ip", VpcId: "vpc-1" },
      ...{ HealthCheckIntervalSeconds: 1, HealthCheckTimeoutSeconds: 1 },
    }),
  );
  const { TargetGroupArn } = group.TargetGroups![0]!;
  const [http, https] = [await freePort(), await freePort()];
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  const listener = { LoadBalancerArn: lb.LoadBalancerArn!, DefaultActions };
  await call(new CreateListenerCommand({ ...listener, Protocol: "HTTP", Port: http }));
  const Certificates = [{ CertificateArn: api.certificateArn }];
  await call(new CreateListenerCommand({ ...listener, Protocol: "HTTPS", Port: https, Certificates }));
  await call(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: targetPort }] }));
  const metrics = async () => (await fetch(`${api.url}/metrics`)).text();
  return { ...logs, http, https, metrics, balancer: shortName(lb.LoadBalancerArn!), group: shortName(TargetGroupArn!) };
}

/** A handshake with whatever certificate there is; the session is for the next one. */
function handshake(port: number, session?: Buffer) {
  return new Promise<{ socket: TLSSocket; session: Buffer }>((resolve, reject) => {
    const socket = tlsConnect({
      ...{ host: "127.0.0.1", port, servername: "localhost", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] },
      ...(session && { session }),
      maxVersion: "TLSv1.2",
    });
    keep({ close: () => socket.destroy() });
    socket.once("error", reject);
    socket.once("secureConnect", () => resolve({ socket, session: socket.getSession()! }));
  });
}

test("ALB-85: connections, failed handshakes and checks are logged, and the trace id joins them to the requests", async () => {
  const alb = await startBalancer(await startTarget());
  expect(await alb.healthCheckLog.until(/ PASS /)).toMatch(/^http \S+Z \d+\.\d{9} 127\.0\.0\.1:\d+ tg PASS 200 -$/);
  await (await fetch(`http://127.0.0.1:${alb.http}/`)).text();
  const plain = await alb.connectionLog.until(new RegExp(` ${alb.http} - - `));
  expect(await alb.accessLog.until(/^http .* 200 200 /)).toContain(plain.split(" ")[11]);

  const { socket } = await handshake(alb.https);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const secure = await alb.connectionLog.until(new RegExp(` ${alb.https} TLSv1\\.2 TLS_`));
  expect(secure.split(" ")[6]).toMatch(/^\d+\.\d{3}$/);
  expect(await alb.accessLog.until(/^https .* 200 200 /)).toContain(secure.split(" ")[11]);

  const garbage = connect({ host: "127.0.0.1", port: alb.https });
  keep({ close: () => garbage.destroy() });
  garbage.write(Buffer.from("160301000500000000ff", "hex"));
  const { localPort } = await new Promise<typeof garbage>((resolve) => garbage.once("connect", () => resolve(garbage)));
  expect(await alb.connectionLog.until(new RegExp(` ${localPort} ${alb.https} - - - `))).toMatch(
    / - TID_[0-9a-f]{16} -$/,
  );
  expect(await alb.metrics()).toContain(`ClientTLSNegotiationErrorCount{LoadBalancer="${alb.balancer}"} 1`);
});

test("ALB-80: a resumed TLS session and what is no request are told in the access log", async () => {
  const alb = await startBalancer(await startTarget());
  const first = await handshake(alb.https);
  const second = await handshake(alb.https, first.session);
  expect(second.socket.isSessionReused()).toBe(true);
  second.socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(await alb.accessLog.until(/^https .* "GET /)).toContain(' "session-reused" ');

  const raw = connect({ host: "127.0.0.1", port: alb.http });
  keep({ close: () => raw.destroy() });
  raw.resume().end("no request\r\n\r\n");
  const refused = await alb.accessLog.until(/ 400 - 0 /);
  expect(refused).toMatch(/^http \S+ app\/game\/\S+ 127\.0\.0\.1:\d+ - -1 -1 -1 400 - 0 [1-9]\d+ "- http:\/\/game-/);
});

test("ALB-83: both legs of an open WebSocket, its bytes and its target are in the metrics", async () => {
  const port = await startTarget();
  const alb = await startBalancer(port);
  await alb.healthCheckLog.until(/ PASS /);
  const socket = new WebSocket(`ws://127.0.0.1:${alb.http}/`);
  keep({ close: () => socket.terminate() });
  await new Promise((resolve) => socket.once("open", resolve));
  await new Promise<void>((resolve) => socket.send(Buffer.alloc(1_000), () => resolve()));
  const labels = `LoadBalancer="${alb.balancer}",TargetGroup="${alb.group}"`;
  const page = await alb.metrics();
  expect(page).toContain(`ActiveConnectionCount{LoadBalancer="${alb.balancer}"} 2\n`);
  expect(page).toContain(`NewConnectionCount{LoadBalancer="${alb.balancer}"} 2\n`);
  expect(page).toContain(`RequestCount{${labels}} 1\n`);
  expect(page).toContain(`ActiveWebSocketCount{${labels},Target="127.0.0.1:${port}"} 1\n`);
  socket.close();
  const line = await alb.accessLog.until(/^ws /);
  expect(Number(line.split(" ")[10])).toBeGreaterThan(1_000);
});

test("ALB-83: a target that does not speak TLS is a TLS error, one that is not there a connection error", async () => {
  const deaf = createTlsServer({}).on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
  keep({ close: () => deaf.close() });
  const alb = await startBalancer((deaf.address() as AddressInfo).port, "HTTPS");
  // Unhealthy after two failed checks, and then open for want of a better target.
  await alb.healthCheckLog.until(/ FAIL - (TargetError|ConnectionReset)$/, 2);
  const ask = async () => (await fetch(`http://127.0.0.1:${alb.http}/`)).status;
  const labels = `LoadBalancer="${alb.balancer}",TargetGroup="${alb.group}"`;
  expect(await ask()).toBe(502);
  const first = await alb.metrics();
  expect(first).toContain(`TargetTLSNegotiationErrorCount{${labels}} 1\n`);
  expect(first).not.toContain("TargetConnectionErrorCount{");
  await new Promise((resolve) => deaf.close(resolve));
  expect(await ask()).toBe(502);
  const second = await alb.metrics();
  expect(second).toContain(`TargetTLSNegotiationErrorCount{${labels}} 1\n`);
  expect(second).toContain(`TargetConnectionErrorCount{${labels}} 1\n`);
  expect(second).toContain(`UnhealthyRoutingRequestCount{${labels}} 2\n`);
});
