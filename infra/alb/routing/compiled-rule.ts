// A rule's conditions and transforms in the form that requests need, made once for as long as the rule stays the same:
// tables are built anew with every change of a target's health.

import { limits } from "../limits.ts";
import type { Rule } from "../model/types.ts";
import { compileConditions, type Predicate } from "./conditions.ts";
import { compileTransforms, type Transformer } from "./transforms.ts";

export interface CompiledRule {
  readonly matches: Predicate;
  /** Undefined without transforms. */
  readonly transform: Transformer | undefined;
}

const known = new WeakMap<Rule, CompiledRule>();

export function compiledRule(rule: Rule): CompiledRule {
  const before = known.get(rule);
  if (before) return before;
  const made = {
    matches: compileConditions(rule.conditions),
    transform: compileTransforms(rule.transforms ?? [], limits.maxHeaderLineBytes),
  };
  known.set(rule, made);
  return made;
}
