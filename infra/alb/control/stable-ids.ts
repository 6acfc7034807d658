// Ids that follow from names: a load balancer that has forgotten everything, and is told the same again, calls it the same. Whoever
// watches a target group meanwhile goes on watching it.
import { createHash } from "node:crypto";
import type { NewIds } from "./api.ts";
import type { Parameters } from "./query.ts";

/** What tells apart what an account may not have twice. */
const IDENTIFYING = ["Name", "LoadBalancerArn", "Port", "ListenerArn", "Priority"] as const;

export const stableIds: NewIds = (action, parameters) => {
  let count = 0;
  return () => idOf(action, parameters, count++);
};

function idOf(action: string, parameters: Parameters, count: number): string {
  const names = action === "CreateTargetGroup" ? (["Name"] as const) : IDENTIFYING;
  const identity = names.map((name) => `${name}=${parameters.children.get(name)?.value ?? ""}`).join("&");
  return createHash("sha256").update(`${action}?${identity}#${count}`).digest("hex").slice(0, 16);
}
