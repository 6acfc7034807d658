// Smithy RPC v2 with CBOR: what other SDKs speak to CloudWatch. Times are tagged numbers, and all numbers are doubles.

import { decode, encode, Tagged, Token, Type } from "cborg";
import { CloudWatchError } from "./errors.ts";
import { type Protocol, queryErrorHeader, rewritten, servicePrefix, shapeName } from "./protocol.ts";

const path = new RegExp(`^/service/${servicePrefix}/operation/([A-Za-z]{1,64})$`);
const epochTag = 1;
const headers = { "Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

export const cborProtocol: Protocol = {
  speaks: (call) => path.test(call.path),
  read(call) {
    const operation = path.exec(call.path)?.[1] ?? "";
    try {
      return { operation, input: call.body.length === 0 ? {} : fromCbor(call.body) };
    } catch {
      throw new CloudWatchError("SerializationException", "The body is not CBOR as Smithy RPC v2 has it.");
    }
  },
  write: (_operation, output, requestId) => ({
    headers: { ...headers, "x-amzn-RequestId": requestId },
    body: toCbor(rewritten(output, (date) => new Tagged(epochTag, date.getTime() / 1_000))),
  }),
  writeError: (error, requestId) => ({
    headers: { ...headers, ...queryErrorHeader(error), "x-amzn-RequestId": requestId },
    body: toCbor({ __type: shapeName(error), message: error.message }),
  }),
};

function fromCbor(body: Buffer): unknown {
  const value = decode(body, {
    // Names of members are a stranger's choice, `__proto__` included.
    ...{ useMaps: true, rejectDuplicateMapKeys: true },
    tags: { [epochTag]: (content) => new Date(Number(content()) * 1_000) },
  });
  // A date stays one.
  return rewritten(value, (date) => date);
}

const toCbor = (value: unknown): Buffer =>
  Buffer.from(
    encode(value, { float64: true, typeEncoders: { number: (each: number) => new Token(Type.float, each) } }),
  );
