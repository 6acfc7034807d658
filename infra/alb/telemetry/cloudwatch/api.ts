// The CloudWatch API of the control port, in the three protocols that AWS's tools speak. Knows no HTTP server.

import { gunzipSync } from "node:zlib";
import { limits } from "../../limits.ts";
import { cborProtocol } from "./cbor-protocol.ts";
import { asCloudWatchError, CloudWatchError } from "./errors.ts";
import { jsonProtocol } from "./json-protocol.ts";
import { type CloudWatchContext, operations } from "./operations.ts";
import type { HttpAnswer, HttpCall, Protocol } from "./protocol.ts";
import { queryProtocol } from "./query-protocol.ts";

const protocols: readonly Protocol[] = [jsonProtocol, cborProtocol, queryProtocol];

export class CloudWatchApi {
  readonly #context: CloudWatchContext;
  readonly #newRequestId: () => string;

  constructor(context: CloudWatchContext, newRequestId: () => string) {
    this.#context = context;
    this.#newRequestId = newRequestId;
  }

  /** Undefined when the call is for another service. */
  answer(call: HttpCall): HttpAnswer | undefined {
    const protocol = protocols.find((each) => each.speaks(call));
    if (!protocol) return undefined;
    const requestId = this.#newRequestId();
    try {
      const { operation, input } = protocol.read({ ...call, body: unpacked(call) });
      const run = operations.get(operation);
      if (!run) {
        const sentence = `The operation '${operation}' is not known or not supported by this load balancer.`;
        throw new CloudWatchError("InvalidAction", sentence);
      }
      return { status: 200, ...protocol.write(operation, run(input, this.#context), requestId) };
    } catch (thrown) {
      const error = asCloudWatchError(thrown);
      return { status: error.status, ...protocol.writeError(error, requestId) };
    }
  }
}

/** SDKs compress large calls of PutMetricData. */
function unpacked({ headers, body }: HttpCall): Buffer {
  const encoding = headers["content-encoding"];
  if (encoding === undefined) return body;
  if (encoding !== "gzip")
    throw new CloudWatchError("SerializationException", "The body may be compressed by gzip only.");
  try {
    return gunzipSync(body, { maxOutputLength: limits.maxUnpackedControlBodyBytes });
  } catch {
    throw new CloudWatchError("SerializationException", "The body is not gzip, or too large when unpacked.");
  }
}
