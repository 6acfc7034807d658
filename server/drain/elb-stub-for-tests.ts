// A target group, and one that is always empty, behind an ELBv2 endpoint for tests: speaks just enough of the query protocol for the two
// questions that a server asks.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TargetState } from "./target-group.ts";

export const TARGET_GROUP_ARN = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/game/0123456789abcdef";
export const EMPTY_TARGET_GROUP_ARN = TARGET_GROUP_ARN.replace("game", "game-green");

export interface ElbStub {
  url: string;
  /** By address, host:port. */
  targets: Map<string, TargetState>;
  deregistrationDelaySeconds: number;
  /** Answers "Throttling" while set. */
  throttled: boolean;
  /** Sends the beginning of its answers, and nothing after that, while set. */
  stuck: boolean;
  /** Actions asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

export async function startElbStub(): Promise<ElbStub> {
  const http = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    const action = asked.get("Action") ?? "";
    stub.asked.push(action);
    const isFull = asked.get("TargetGroupArn") === TARGET_GROUP_ARN;
    const isKnown = isFull || asked.get("TargetGroupArn") === EMPTY_TARGET_GROUP_ARN;
    const [status, body] = stub.throttled
      ? [400, errorXml("Throttling", "Rate exceeded")]
      : isKnown
        ? [
            200,
            `<${action}Response><${action}Result>${resultXml(action, isFull)}</${action}Result></${action}Response>`,
          ]
        : [400, errorXml("TargetGroupNotFound", "One or more target groups not found")];
    response.writeHead(status, { "content-type": "text/xml" });
    if (stub.stuck) response.write(body.slice(0, 10));
    else response.end(body);
  });
  const resultXml = (action: string, isFull: boolean): string =>
    action === "DescribeTargetHealth"
      ? `<TargetHealthDescriptions>${isFull ? [...stub.targets].map(targetXml).join("") : ""}</TargetHealthDescriptions>`
      : `<Attributes><member><Key>deregistration_delay.timeout_seconds</Key><Value>${stub.deregistrationDelaySeconds}</Value></member></Attributes>`;
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const stub: ElbStub = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    targets: new Map(),
    deregistrationDelaySeconds: 15,
    throttled: false,
    stuck: false,
    asked: [],
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
  return stub;
}

function targetXml([address, state]: [string, TargetState]): string {
  const [host, port] = address.split(":");
  return `<member><Target><Id>${host}</Id><Port>${port}</Port></Target><TargetHealth><State>${state}</State></TargetHealth></member>`;
}

function errorXml(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
