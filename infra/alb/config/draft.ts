// Carries out a config file on a draft of the state, by the operations of the ELBv2 API: what they refuse is refused, and
// nothing that is in force is touched.

import { runOperation } from "../control/api.ts";
import type { ControlContext } from "../control/operation.ts";
import { parseQuery } from "../control/query.ts";
import { ElbError, invalid } from "../model/errors.ts";
import type { State } from "../model/store.ts";
import type { Certificate } from "../model/types.ts";
import { callsOf, stableId } from "./calls.ts";
import { formOf, pathOfParameter } from "./form.ts";
import { refuse } from "./problem.ts";
import type { Config } from "./schema.ts";

/**
 * The state that the file makes of the store of `context`, which holds certificates and nothing else. Rejects with a
 * ConfigError at the first call that is refused.
 */
export async function draftOf(
  config: Config,
  certificates: ReadonlyMap<string, Certificate>,
  context: Omit<ControlContext, "newId" | "ports">,
): Promise<State> {
  const ports = draftPorts();
  const arns = new Map([...certificates].map(([name, { arn }]) => [name, arn]));
  for (const call of callsOf(config, arns)) {
    let count = 0;
    const newId = () => stableId(call.identity, count++);
    try {
      const body = new URLSearchParams(formOf(call.parameters, call.path)).toString();
      await runOperation(call.action, parseQuery(body).parameters, { ...context, newId, ports });
    } catch (error) {
      if (!(error instanceof ElbError)) throw error;
      const path = error.parameter === undefined ? call.path : pathOfParameter(error.parameter, call.path);
      throw refuse(path, `${error.code}: ${error.message}${error.message.endsWith(".") ? "" : "."}`);
    }
  }
  return context.store.state;
}

/** Ports are opened when the draft is good; here it is only seen that no two listeners want the same. */
function draftPorts(): ControlContext["ports"] {
  const taken = new Set<number>();
  return {
    async open(port) {
      if (taken.has(port)) throw invalid(`port ${port} is in use by another listener`);
      taken.add(port);
    },
    release() {},
  };
}
