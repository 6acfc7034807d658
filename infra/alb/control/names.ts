// Names that people give to load balancers and target groups.

import { invalid } from "../model/errors.ts";

/** `what` as AWS words it: "Target group" or "Load balancer". */
export function checkName(what: string, name: string): void {
  if (name.length > 32) throw invalid(`${what} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(`${what} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`);
  }
  if (name.startsWith("-") || name.endsWith("-")) throw invalid(`${what} name '${name}' cannot begin or end with '-'`);
  if (what === "Load balancer" && name.startsWith("internal-")) {
    throw invalid(`${what} name '${name}' cannot begin with 'internal-'`);
  }
}
