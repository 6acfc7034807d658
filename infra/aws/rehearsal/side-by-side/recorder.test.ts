import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateRuleCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answers, record } from "./recorder.ts";

let server: Server;
let client: ElasticLoadBalancingV2Client;
let answers: Answers;
let reply: { status: number; body: string };

beforeEach(async () => {
  server = createServer((_, response) =>
    response.writeHead(reply.status, { "content-type": "text/xml" }).end(reply.body),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  client = new ElasticLoadBalancingV2Client({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  answers = new Map();
  record(client, answers);
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

test("what is answered is written down without what only this request has, and given to who asked", async () => {
  const member = "<member><LoadBalancerName>tidegate</LoadBalancerName></member>";
  const result = `<DescribeLoadBalancersResult><LoadBalancers>${member}</LoadBalancers></DescribeLoadBalancersResult>`;
  reply = { status: 200, body: `<DescribeLoadBalancersResponse>${result}</DescribeLoadBalancersResponse>` };
  const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({}));
  await client.send(new DescribeLoadBalancersCommand({}));
  expect(LoadBalancers).toEqual([{ LoadBalancerName: "tidegate" }]);
  const answer = { kind: "answer", value: { LoadBalancers: [{ LoadBalancerName: "tidegate" }] } };
  expect([...answers]).toEqual([
    ["DescribeLoadBalancers", answer],
    ["DescribeLoadBalancers 2", answer],
  ]);
});

test("an error is written down by code and status, and thrown", async () => {
  const error = "<Error><Type>Sender</Type><Code>PriorityInUse</Code><Message>x</Message></Error>";
  reply = { status: 400, body: `<ErrorResponse>${error}</ErrorResponse>` };
  const create = new CreateRuleCommand({ ListenerArn: "arn:x", Priority: 7, Conditions: [], Actions: [] });
  await expect(client.send(create)).rejects.toThrow("x");
  expect([...answers]).toEqual([["CreateRule 7", { kind: "error", code: "PriorityInUseException", httpStatus: 400 }]]);
});
