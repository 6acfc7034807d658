// The Query protocol: what older commands and SDKs speak to CloudWatch. A form comes in, XML goes out.

import { type Parameters, parseQuery } from "../../control/query.ts";
import { errorXml, responseXml } from "../../control/xml.ts";
import type { Protocol } from "./protocol.ts";

const apiVersion = "2010-08-01";
const namespace = `http://monitoring.amazonaws.com/doc/${apiVersion}/`;
const headersOf = (requestId: string) => ({ "Content-Type": "text/xml", "x-amzn-RequestId": requestId });

export const queryProtocol: Protocol = {
  speaks: ({ path, body }) => path === "/" && /(^|&)Version=2010-08-01(&|$)/.test(body.toString("latin1")),
  read({ body }) {
    const { action, parameters } = parseQuery(body.toString("utf8"));
    return { operation: action, input: readNode(parameters) };
  },
  write: (operation, output, requestId) => ({
    headers: headersOf(requestId),
    body: Buffer.from(responseXml(operation, output, requestId, namespace)),
  }),
  writeError: (error, requestId) => ({
    headers: headersOf(requestId),
    body: Buffer.from(errorXml(error.code, error.message, error.status, requestId, namespace)),
  }),
};

/** `Name.member.1` and so on are a list, other names a structure. Everything else is text. */
function readNode({ value, children }: Parameters): unknown {
  if (children.size === 0) return value;
  const members = children.size === 1 ? children.get("member") : undefined;
  if (!members) return Object.fromEntries([...children].map(([name, child]) => [name, readNode(child)]));
  const numbers = [...members.children.keys()].sort((a, b) => Number(a) - Number(b));
  return numbers.map((number) => readNode(members.children.get(number)!));
}
