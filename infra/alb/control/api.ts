// Answers one request of the Query API: finds the operation, reads its input, runs it, writes XML. Knows no HTTP server.
// Changes run one after the other, so that each sees a store that nobody changes under it.

import { ElbError, invalid } from "../model/errors.ts";
import type { ControlContext, Operation } from "./operation.ts";
import { accountOperations } from "./operations/account.ts";
import { listenerCertificateOperations } from "./operations/listener-certificates.ts";
import { listenerOperations } from "./operations/listeners.ts";
import { loadBalancerOperations } from "./operations/load-balancers.ts";
import { networkOperations } from "./operations/network.ts";
import { ruleOperations } from "./operations/rules.ts";
import { tagOperations } from "./operations/tags.ts";
import { targetGroupOperations } from "./operations/target-groups.ts";
import { targetOperations } from "./operations/targets.ts";
import { type Parameters, parseQuery, readInput } from "./query.ts";
import { errorXml, responseXml } from "./xml.ts";

const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...loadBalancerOperations,
    ...networkOperations,
    ...targetGroupOperations,
    ...targetOperations,
    ...listenerOperations,
    ...listenerCertificateOperations,
    ...ruleOperations,
    ...tagOperations,
    ...accountOperations,
  ].map((each) => [each.name, each]),
);

const apiVersion = "2015-12-01";
/** What is served; everything else is refused by name. */
export const operationNames: readonly string[] = [...operations.keys()];

export interface ApiAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly xml: string;
}

/** Where the ids of what a call creates come from. */
export type NewIds = (action: string, parameters: Parameters) => () => string;

export class ControlApi {
  readonly #context: ControlContext;
  readonly #newRequestId: () => string;
  readonly #newIds: NewIds;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: ControlContext, newRequestId: () => string, newIds: NewIds = () => context.newId) {
    this.#context = context;
    this.#newRequestId = newRequestId;
    this.#newIds = newIds;
  }

  /** Never rejects: every failure is an answer. */
  answer(body: string): Promise<ApiAnswer> {
    return this.inTurn(() => this.#answer(body));
  }

  /** Runs `task` when the changes before it are done, and lets none in while it runs. Rejects as `task` does. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }

  async #answer(body: string): Promise<ApiAnswer> {
    const requestId = this.#newRequestId();
    try {
      const { action, version, parameters } = parseQuery(body);
      if (operations.has(action) && version !== apiVersion)
        throw invalid(`Version '${version}' is not '${apiVersion}'`);
      const newId = this.#newIds(action, parameters);
      const result = await runOperation(action, parameters, { ...this.#context, newId });
      return { status: 200, requestId, xml: responseXml(action, result, requestId) };
    } catch (error) {
      const known =
        error instanceof ElbError
          ? error
          : new ElbError(
              "InternalFailure",
              `The request failed in an unforeseen way: ${(error as Error).message}`,
              500,
            );
      return { status: known.status, requestId, xml: errorXml(known.code, known.message, known.status, requestId) };
    }
  }
}

/** Reads the input and does what the operation does, on the store of `context`. Rejects with an ElbError. */
export async function runOperation(action: string, parameters: Parameters, context: ControlContext): Promise<object> {
  const operation = operations.get(action);
  if (!operation) throw new ElbError("InvalidAction", unknownAction(action));
  return operation.run(readInput(operation.members, parameters) as never, context);
}

const unknownAction = (action: string) =>
  action === ""
    ? "The request has no Action"
    : `The action '${action}' is not valid for this endpoint or is not supported by this load balancer`;
