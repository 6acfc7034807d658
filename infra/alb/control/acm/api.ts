// Answers one request of AWS Certificate Manager's protocol, AWS JSON 1.1: the operation stands in the header
// X-Amz-Target, input and output are JSON. Knows no HTTP server.

import { ElbError } from "../../model/errors.ts";
import { type AcmContext, acmOperations } from "./operations.ts";

export const acmTarget = "CertificateManager.";

export interface JsonAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly contentType: string;
  readonly body: string;
}

export class AcmApi {
  readonly #context: AcmContext;
  readonly #inTurn: <T>(task: () => Promise<T>) => Promise<T>;
  readonly #newRequestId: () => string;

  /** `inTurn` keeps changes apart from those of the other APIs. */
  constructor(context: AcmContext, inTurn: <T>(task: () => Promise<T>) => Promise<T>, newRequestId: () => string) {
    this.#context = context;
    this.#inTurn = inTurn;
    this.#newRequestId = newRequestId;
  }

  /** `target` is the header's value. Never rejects: every failure is an answer. */
  async answer(target: string, body: string): Promise<JsonAnswer> {
    const respond = (status: number, value: object): JsonAnswer => ({
      ...{ status, requestId: this.#newRequestId(), contentType: "application/x-amz-json-1.1" },
      body: JSON.stringify(value),
    });
    try {
      return respond(200, await this.#inTurn(() => this.#run(target.slice(acmTarget.length), body)));
    } catch (error) {
      if (error instanceof ElbError) {
        // The checks that both APIs share speak ELBv2's words.
        const type = error.code === "ValidationError" ? "ValidationException" : error.code;
        return respond(error.status, { __type: type, message: error.message });
      }
      const message = `The request failed in an unforeseen way: ${(error as Error).message}`;
      return respond(500, { __type: "InternalFailure", message });
    }
  }

  async #run(name: string, body: string): Promise<object> {
    const operation = acmOperations.get(name);
    if (!operation) {
      throw new ElbError("UnknownOperationException", `The operation '${name}' is not supported by this load balancer`);
    }
    const { success, data, error } = operation.input.safeParse(parse(body));
    if (!success) {
      const [issue] = error.issues;
      const at = issue?.path.join(".") ?? "";
      throw new ElbError(
        "ValidationException",
        `1 validation error detected: ${at === "" ? "" : `${at}: `}${issue?.message}`,
      );
    }
    return operation.run(data as never, this.#context);
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // JSON's own sentence would quote the body, in which a private key may stand.
    throw new ElbError("SerializationException", "The body is not JSON");
  }
}
