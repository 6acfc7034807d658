// CreateRule, DescribeRules, ModifyRule, SetRulePriorities, DeleteRule. A listener's default rule is its default actions.

import { ruleArn } from "../../model/arns.ts";
import { invalid, notPermitted, priorityInUse, ruleNotFound } from "../../model/errors.ts";
import { type State, type Store, withEntry, withoutEntries } from "../../model/store.ts";
import type { Listener, Rule } from "../../model/types.ts";
import { actionList, presentActions, readActions } from "../actions.ts";
import { conditionList, presentConditions, readConditions } from "../conditions.ts";
import { type Operation, operation } from "../operation.ts";
import { page, pagingMembers } from "../paging.ts";
import { boolean, integer, list, optional, required, structure, text } from "../shape.ts";
import { tagList, tagsWith } from "../tagging.ts";
import { checkTransformsFit, readTransforms, transformList } from "../transforms.ts";
import { findListener } from "./listeners.ts";

const present = (rule: Rule) => ({
  RuleArn: rule.arn,
  Priority: String(rule.priority),
  Conditions: presentConditions(rule.conditions),
  Actions: presentActions(rule.actions),
  IsDefault: false,
  Transforms: rule.transforms ?? [],
});

const presentDefault = (listener: Listener) => ({
  RuleArn: listener.defaultRuleArn,
  Priority: "default",
  Conditions: [],
  Actions: presentActions(listener.defaultActions),
  IsDefault: true,
  Transforms: [],
});

const defaultRuleOwner = (state: State, arn: string) =>
  [...state.listeners.values()].find((each) => each.defaultRuleArn === arn);

/** A rule that may be changed; a default rule may not. */
function findRule(store: Store, arn: string): Rule {
  const found = store.state.rules.get(arn);
  if (found) return found;
  if (defaultRuleOwner(store.state, arn)) throw notPermitted(`Default rule '${arn}' cannot be modified`);
  throw ruleNotFound();
}

const rulesOf = (state: State, listenerArn: string) =>
  [...state.rules.values()].filter((each) => each.listenerArn === listenerArn).sort((a, b) => a.priority - b.priority);

const create = operation(
  "CreateRule",
  {
    ListenerArn: required(text()),
    Conditions: required(conditionList),
    Priority: required(integer(1, 50_000)),
    Actions: required(actionList),
    Transforms: optional(transformList),
    Tags: optional(tagList),
  },
  (input, { store, newId }) => {
    const { state } = store;
    const listener = findListener(store, input.ListenerArn);
    const conditions = readConditions(input.Conditions);
    const actions = readActions(input.Actions, state, listener.protocol);
    const transforms = readTransforms(input.Transforms ?? [], actions);
    const siblings = rulesOf(state, listener.arn);
    const existing = siblings.find((each) => each.priority === input.Priority);
    if (existing) {
      const same =
        JSON.stringify([existing.conditions, existing.actions, existing.transforms ?? []]) ===
        JSON.stringify([conditions, actions, transforms]);
      if (same) return { Rules: [present(existing)] };
      throw priorityInUse();
    }
    const arn = ruleArn(listener.arn, newId());
    const made: Rule = { arn, listenerArn: listener.arn, priority: input.Priority, conditions, actions, transforms };
    store.replace({ rules: withEntry(state.rules, arn, made), tags: tagsWith(store, arn, input.Tags) });
    return { Rules: [present(made)] };
  },
);

const describe = operation(
  "DescribeRules",
  { ListenerArn: optional(text()), RuleArns: optional(list(text())), ...pagingMembers },
  (input, { store }) => {
    const { state } = store;
    if (input.ListenerArn !== undefined && input.RuleArns !== undefined) {
      throw invalid("Listener rule ARNs and a listener ARN cannot be specified at the same time");
    }
    if (input.ListenerArn === undefined && input.RuleArns === undefined) {
      throw invalid("You must specify either listener rule ARNs or a listener ARN");
    }
    const chosen =
      input.RuleArns?.map((arn) => {
        const owner = defaultRuleOwner(state, arn);
        return owner ? presentDefault(owner) : present(findRule(store, arn));
      }) ?? [];
    if (input.ListenerArn !== undefined) {
      const listener = findListener(store, input.ListenerArn);
      chosen.push(...rulesOf(state, listener.arn).map(present), presentDefault(listener));
    }
    const { items, NextMarker } = page(chosen, (each) => each.RuleArn, input);
    return { Rules: items, NextMarker };
  },
);

const modify = operation(
  "ModifyRule",
  {
    RuleArn: required(text()),
    Conditions: optional(conditionList),
    Actions: optional(actionList),
    Transforms: optional(transformList),
    ResetTransforms: optional(boolean()),
  },
  (input, { store }) => {
    const { state } = store;
    const rule = findRule(store, input.RuleArn);
    const listener = findListener(store, rule.listenerArn);
    const actions = input.Actions ? readActions(input.Actions, state, listener.protocol) : rule.actions;
    const conditions = input.Conditions ? readConditions(input.Conditions) : rule.conditions;
    if (input.ResetTransforms && input.Transforms !== undefined) {
      throw invalid("Transforms cannot be specified together with ResetTransforms");
    }
    const kept = input.ResetTransforms ? [] : (rule.transforms ?? []);
    checkTransformsFit(input.Transforms ? [] : kept, actions);
    const transforms = input.Transforms ? readTransforms(input.Transforms, actions) : kept;
    const next = { ...rule, actions, conditions, transforms };
    store.replace({ rules: withEntry(state.rules, rule.arn, next) });
    return { Rules: [present(next)] };
  },
);

const setPriorities = operation(
  "SetRulePriorities",
  {
    RulePriorities: required(list(structure({ RuleArn: required(text()), Priority: required(integer(1, 50_000)) }))),
  },
  (input, { store }) => {
    const { rules } = store.state;
    const next = new Map(rules);
    const given = new Set<number>();
    const touched = input.RulePriorities.map(({ RuleArn, Priority }) => {
      const rule = findRule(store, RuleArn);
      if (given.has(Priority)) throw invalid(`Priority '${Priority}' was provided multiple times`);
      given.add(Priority);
      const moved = { ...rule, priority: Priority };
      next.set(rule.arn, moved);
      return moved;
    });
    if (touched.length === 0) throw invalid("At least one rule priority must be specified");
    const listenerArn = touched[0]!.listenerArn;
    if (touched.some((each) => each.listenerArn !== listenerArn)) {
      throw invalid("All rules must belong to the same listener");
    }
    const priorities = [...next.values()].filter((each) => each.listenerArn === listenerArn);
    if (new Set(priorities.map((each) => each.priority)).size < priorities.length) throw priorityInUse();
    store.replace({ rules: next });
    return { Rules: touched.map(present) };
  },
);

const remove = operation("DeleteRule", { RuleArn: required(text()) }, (input, { store }) => {
  const { rules, tags } = store.state;
  const rule = findRule(store, input.RuleArn);
  store.replace({
    rules: withoutEntries(rules, (arn) => arn === rule.arn),
    tags: withoutEntries(tags, (arn) => arn === rule.arn),
  });
  return {};
});

export const ruleOperations: readonly Operation[] = [create, describe, modify, setPriorities, remove];
