// Regular expressions as the API takes them: refused with a sentence where the rules of a request could not use them.

import { invalid } from "../model/errors.ts";
import { highestGroup, inspectRegex } from "../routing/regex.ts";

/** Throws when the expression has a fault; returns how many groups it captures. */
export function checkRegex(source: string): number {
  const found = inspectRegex(source);
  if ("fault" in found) throw invalid(`The regular expression '${source}' is not valid: ${found.fault}`);
  return found.groups;
}

/** Throws when the replacement names a group that the expression does not have. */
export function checkRewrite(source: string, replacement: string): void {
  const groups = checkRegex(source);
  if (highestGroup(replacement) > groups) {
    throw invalid(
      `The replacement '${replacement}' names a group that the regular expression '${source}' does not have`,
    );
  }
}
