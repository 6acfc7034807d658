// AddTags, RemoveTags, DescribeTags, for everything that has an ARN.

import {
  ElbError,
  invalid,
  listenerNotFound,
  loadBalancerNotFound,
  ruleNotFound,
  targetGroupNotFound,
} from "../../model/errors.ts";
import type { State } from "../../model/store.ts";
import { type Operation, operation } from "../operation.ts";
import { list, required, text } from "../shape.ts";
import { mergeTags, tagList } from "../tagging.ts";

const resourceArns = list(text(), 20);

/** Throws the "not found" that fits the kind of ARN. */
function checkResource(state: State, arn: string): void {
  const kind = /^arn:aws:elasticloadbalancing:[^:]*:[^:]*:([a-z-]+)\//.exec(arn)?.[1];
  switch (kind) {
    case "loadbalancer":
      if (!state.loadBalancers.has(arn)) throw loadBalancerNotFound();
      return;
    case "targetgroup":
      if (!state.targetGroups.has(arn)) throw targetGroupNotFound();
      return;
    case "listener":
      if (!state.listeners.has(arn)) throw listenerNotFound();
      return;
    case "listener-rule":
      if (!state.rules.has(arn) && ![...state.listeners.values()].some((each) => each.defaultRuleArn === arn)) {
        throw ruleNotFound();
      }
      return;
    default:
      throw new ElbError("ValidationError", `'${arn}' is not a valid resource ARN`);
  }
}

const add = operation(
  "AddTags",
  { ResourceArns: required(resourceArns), Tags: required(tagList) },
  (input, { store }) => {
    if (input.Tags.length === 0) throw invalid("At least one tag must be specified");
    const tags = new Map(store.state.tags);
    for (const arn of input.ResourceArns) {
      checkResource(store.state, arn);
      tags.set(arn, mergeTags(tags.get(arn), input.Tags));
    }
    store.replace({ tags });
    return {};
  },
);

const remove = operation(
  "RemoveTags",
  { ResourceArns: required(resourceArns), TagKeys: required(list(text({ minLength: 1, maxLength: 128 }))) },
  (input, { store }) => {
    const tags = new Map(store.state.tags);
    for (const arn of input.ResourceArns) {
      checkResource(store.state, arn);
      tags.set(arn, new Map([...(tags.get(arn) ?? [])].filter(([key]) => !input.TagKeys.includes(key))));
    }
    store.replace({ tags });
    return {};
  },
);

const describe = operation("DescribeTags", { ResourceArns: required(resourceArns) }, (input, { store }) => ({
  TagDescriptions: input.ResourceArns.map((ResourceArn) => {
    checkResource(store.state, ResourceArn);
    const tags = [...(store.state.tags.get(ResourceArn) ?? [])];
    return { ResourceArn, Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
  }),
}));

export const tagOperations: readonly Operation[] = [add, remove, describe];
