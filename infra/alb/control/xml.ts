// The AWS Query protocol, outwards: plain objects become XML. Arrays are lists of <member>, maps of <entry>, undefined is left out.

import { XMLBuilder } from "fast-xml-parser";

const elbNamespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", suppressEmptyNode: true });

type Tree = string | { [name: string]: Tree } | { member: Tree[] } | { entry: { key: string; value: Tree }[] };

/** Throws on what has no place in an answer, such as a function. */
function toTree(value: unknown): Tree {
  if (Array.isArray(value)) return value.length === 0 ? "" : { member: value.map(toTree) };
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return { entry: [...value].map(([key, each]) => ({ key, value: toTree(each) })) };
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return clean(String(value));
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([name, each]) => [name, toTree(each)]));
  }
  throw new TypeError(`cannot write ${typeof value} as XML`);
}

/** XML 1.0 has no place for most control characters. */
const clean = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");

export function responseXml(action: string, result: object, requestId: string, namespace = elbNamespace): string {
  return builder.build({
    [`${action}Response`]: {
      "@xmlns": namespace,
      [`${action}Result`]: toTree(result),
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

export function errorXml(
  code: string,
  message: string,
  status: number,
  requestId: string,
  namespace = elbNamespace,
): string {
  return builder.build({
    ErrorResponse: {
      "@xmlns": namespace,
      Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: clean(message) },
      RequestId: requestId,
    },
  });
}
