// ECS's agent for tests, as far as it protects a task: what AWS documents of its endpoint.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const TASK = "arn:aws:ecs:us-west-2:111122223333:task/1234567890abcdef0";

export interface EcsAgentStub {
  /** What ECS sets as ECS_AGENT_URI. */
  uri: string;
  /** Method, path and body of every request, in order. */
  asked: string[];
  /** What it answers instead, while set. */
  trouble: { status: number; body: string } | undefined;
  /** Takes requests and never answers, while set. */
  stuck: boolean;
  /** Whether the task is protected. */
  isProtected: boolean;
  close(): void;
}

export async function startEcsAgentStub(): Promise<EcsAgentStub> {
  let expiresAtMs = 0;
  const http = createServer(async (request, response) => {
    const body = await text(request);
    const type = request.headers["content-type"] ?? "";
    stub.asked.push(`${request.method} ${request.url} ${type} ${body}`.trim());
    if (stub.stuck) return;
    if (stub.trouble) return void response.writeHead(stub.trouble.status).end(stub.trouble.body);
    if (request.method === "PUT") {
      const { ProtectionEnabled, ExpiresInMinutes = 120 } = JSON.parse(body);
      stub.isProtected = ProtectionEnabled;
      expiresAtMs = Date.now() + ExpiresInMinutes * 60_000;
    }
    const ExpirationDate = stub.isProtected ? new Date(expiresAtMs).toISOString() : null;
    const protection = { ExpirationDate, ProtectionEnabled: stub.isProtected, TaskArn: TASK };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ protection }));
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const stub: EcsAgentStub = {
    uri: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/1234567890abcdef0-555`,
    ...{ asked: [], trouble: undefined, stuck: false, isProtected: false },
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
  return stub;
}
