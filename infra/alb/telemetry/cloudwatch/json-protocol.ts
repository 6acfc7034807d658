// AWS JSON 1.0: what the `aws` command and the SDK for JavaScript speak to CloudWatch. Times are seconds of the epoch.

import { CloudWatchError } from "./errors.ts";
import { type Protocol, queryErrorHeader, rewritten, servicePrefix, shapeName } from "./protocol.ts";

const target = `${servicePrefix}.`;
const contentType = { "Content-Type": "application/x-amz-json-1.0" };

export const jsonProtocol: Protocol = {
  speaks: ({ headers }) => String(headers["x-amz-target"] ?? "").startsWith(target),
  read({ headers, body }) {
    const operation = String(headers["x-amz-target"]).slice(target.length);
    try {
      return { operation, input: body.length === 0 ? {} : JSON.parse(body.toString("utf8")) };
    } catch {
      throw new CloudWatchError("SerializationException", "The body is not JSON.");
    }
  },
  write: (_operation, output, requestId) => ({
    headers: { ...contentType, "x-amzn-RequestId": requestId },
    body: Buffer.from(JSON.stringify(rewritten(output, (date) => date.getTime() / 1_000))),
  }),
  writeError: (error, requestId) => ({
    headers: { ...contentType, ...queryErrorHeader(error), "x-amzn-RequestId": requestId },
    body: Buffer.from(JSON.stringify({ __type: shapeName(error), message: error.message })),
  }),
};
