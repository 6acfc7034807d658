// Answers one request of the Query API: finds the operation, reads its input, runs it, writes XML. Knows no HTTP server.
// Changes run one after the other, so that each sees a store that nobody changes under it.

import { ElbError, invalid } from "../model/errors.ts";
import type { ControlContext, Operation } from "./operation.ts";
import { accountOperations } from "./operations/account.ts";
import { listenerOperations } from "./operations/listeners.ts";
import { loadBalancerOperations } from "./operations/load-balancers.ts";
import { ruleOperations } from "./operations/rules.ts";
import { tagOperations } from "./operations/tags.ts";
import { targetGroupOperations } from "./operations/target-groups.ts";
import { targetOperations } from "./operations/targets.ts";
import { parseQuery, readInput } from "./query.ts";
import { errorXml, responseXml } from "./xml.ts";

const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...loadBalancerOperations,
    ...targetGroupOperations,
    ...targetOperations,
    ...listenerOperations,
    ...ruleOperations,
    ...tagOperations,
    ...accountOperations,
  ].map((each) => [each.name, each]),
);

export const apiVersion = "2015-12-01";

export interface ApiAnswer {
  readonly status: number;
  readonly requestId: string;
  readonly xml: string;
}

export class ControlApi {
  readonly #context: ControlContext;
  readonly #newRequestId: () => string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: ControlContext, newRequestId: () => string) {
    this.#context = context;
    this.#newRequestId = newRequestId;
  }

  /** Never rejects: every failure is an answer. */
  answer(body: string): Promise<ApiAnswer> {
    const answer = this.#last.then(() => this.#answer(body));
    this.#last = answer;
    return answer;
  }

  async #answer(body: string): Promise<ApiAnswer> {
    const requestId = this.#newRequestId();
    try {
      const { action, version, parameters } = parseQuery(body);
      const operation = operations.get(action);
      if (!operation) throw new ElbError("InvalidAction", unknownAction(action));
      if (version !== apiVersion) throw invalid(`Version '${version}' is not '${apiVersion}'`);
      const input = readInput(operation.members, parameters);
      const result = await operation.run(input as never, this.#context);
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

const unknownAction = (action: string) =>
  action === ""
    ? "The request has no Action"
    : `The action '${action}' is not valid for this endpoint or is not supported by this load balancer`;
