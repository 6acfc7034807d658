// Actions as the API takes them: checked, completed with AWS's defaults, and given back in AWS's form.

import { accountLimits, maxActionsPerRule } from "../limits.ts";
import { checkForwardBalancing } from "../model/balancing-checks.ts";
import { ElbError, invalid, targetGroupNotFound } from "../model/errors.ts";
import type { State } from "../model/store.ts";
import type { Action, ForwardAction, RedirectAction } from "../model/types.ts";
import { boolean, integer, list, oneOf, optional, required, structure, text, type ValueOf } from "./shape.ts";

const actionShape = structure({
  Type: required(oneOf("forward", "redirect", "fixed-response")),
  Order: optional(integer(1, 50_000)),
  TargetGroupArn: optional(text()),
  ForwardConfig: optional(
    structure({
      TargetGroups: optional(list(structure({ TargetGroupArn: required(text()), Weight: optional(integer(0, 999)) }))),
      TargetGroupStickinessConfig: optional(
        structure({ Enabled: optional(boolean()), DurationSeconds: optional(integer(1, 604_800)) }),
      ),
    }),
  ),
  RedirectConfig: optional(
    structure({
      Protocol: optional(text({ pattern: /^(HTTPS?|#\{protocol\})$/ })),
      Port: optional(text({ pattern: /^(\d{1,5}|#\{port\})$/ })),
      Host: optional(text({ minLength: 1, maxLength: 128, pattern: /^[\x21-\x7e]*$/ })),
      Path: optional(text({ minLength: 1, maxLength: 128, pattern: /^\/[\x21-\x7e]*$/ })),
      Query: optional(text({ maxLength: 128, pattern: /^[\x21-\x7e]*$/ })),
      StatusCode: required(oneOf("HTTP_301", "HTTP_302")),
    }),
  ),
  FixedResponseConfig: optional(
    structure({
      StatusCode: required(text({ pattern: /^(2|4|5)\d\d$/ })),
      ContentType: optional(oneOf("text/plain", "text/css", "text/html", "application/javascript", "application/json")),
      MessageBody: optional(text({ maxLength: 1_024 })),
    }),
  ),
});

export const actionList = list(actionShape);

type ActionInput = ValueOf<typeof actionShape>;

const configOf = {
  forward: "ForwardConfig",
  redirect: "RedirectConfig",
  "fixed-response": "FixedResponseConfig",
} as const;

/** Throws when the actions are not exactly one that ends the request. `protocol` is the listener's. */
export function readActions(inputs: readonly ActionInput[], state: State, protocol: string): readonly Action[] {
  const [input, ...more] = inputs;
  if (!input) throw invalid("An action must be specified");
  if (inputs.length > maxActionsPerRule) {
    throw new ElbError(
      "TooManyActions",
      `The maximum number of actions per rule '${maxActionsPerRule}' has been reached`,
    );
  }
  if (more.length > 0) {
    throw new ElbError(
      "InvalidLoadBalancerAction",
      "You must specify exactly one forward, redirect or fixed-response action",
    );
  }
  for (const [type, config] of Object.entries(configOf)) {
    if (type !== input.Type && input[config] !== undefined) {
      throw invalid(`${config} cannot be specified for an action of type '${input.Type}'`);
    }
  }
  if (input.Type !== "forward" && input.TargetGroupArn !== undefined) {
    throw invalid(`TargetGroupArn cannot be specified for an action of type '${input.Type}'`);
  }
  switch (input.Type) {
    case "forward":
      return [readForward(input, state)];
    case "redirect":
      return [readRedirect(input, protocol)];
    case "fixed-response": {
      if (!input.FixedResponseConfig) throw invalid("A FixedResponseConfig must be specified");
      return [{ Type: "fixed-response", Order: input.Order, FixedResponseConfig: input.FixedResponseConfig }];
    }
  }
}

function readForward(input: ActionInput, state: State): ForwardAction {
  const groups = input.ForwardConfig?.TargetGroups ?? [];
  const [first] = groups;
  if (input.TargetGroupArn !== undefined && groups.length > 0) {
    if (groups.length > 1 || first?.TargetGroupArn !== input.TargetGroupArn) {
      throw invalid("TargetGroupArn must be the only target group of ForwardConfig when both are specified");
    }
  }
  const chosen =
    groups.length > 0 ? groups : input.TargetGroupArn ? [{ TargetGroupArn: input.TargetGroupArn, Weight: 1 }] : [];
  if (chosen.length === 0) throw invalid("A target group must be specified for a forward action");
  if (chosen.length > accountLimits["target-groups-per-action-on-application-load-balancer"]) {
    throw new ElbError("TooManyUniqueTargetGroupsPerLoadBalancer", "An action may forward to at most 5 target groups");
  }
  if (new Set(chosen.map((each) => each.TargetGroupArn)).size < chosen.length) {
    throw invalid("A target group was specified more than once in a forward action");
  }
  for (const { TargetGroupArn: arn } of chosen) {
    if (!state.targetGroups.has(arn)) throw targetGroupNotFound(arn);
  }
  const { Enabled = false, DurationSeconds } = input.ForwardConfig?.TargetGroupStickinessConfig ?? {};
  if (Enabled && DurationSeconds === undefined) {
    throw invalid("Target group stickiness duration must be between 1 and 604800 seconds");
  }
  const action: ForwardAction = {
    Type: "forward",
    Order: input.Order,
    ForwardConfig: {
      TargetGroups: chosen.map(({ TargetGroupArn, Weight }) => ({ TargetGroupArn, Weight: Weight ?? 1 })),
      TargetGroupStickinessConfig: { Enabled, ...(DurationSeconds !== undefined && { DurationSeconds }) },
    },
  };
  checkForwardBalancing(action, state);
  return action;
}

function readRedirect(input: ActionInput, protocol: string): RedirectAction {
  const given = input.RedirectConfig;
  if (!given) throw invalid("A RedirectConfig must be specified");
  const RedirectConfig = {
    Protocol: given.Protocol ?? "#{protocol}",
    Port: given.Port ?? "#{port}",
    Host: given.Host ?? "#{host}",
    Path: given.Path ?? "/#{path}",
    Query: given.Query ?? "#{query}",
    StatusCode: given.StatusCode,
  };
  const { Protocol, Port, Host, Path } = RedirectConfig;
  if (/^\d/.test(Port) && (Number(Port) < 1 || Number(Port) > 65_535)) {
    throw invalid(`Redirect port '${Port}' must be between '1-65535' inclusive`);
  }
  if (Protocol === "#{protocol}" && Port === "#{port}" && Host === "#{host}" && Path === "/#{path}") {
    throw new ElbError(
      "InvalidLoadBalancerAction",
      "A redirect must change at least one of protocol, port, host and path, or it would loop",
    );
  }
  const action: RedirectAction = { Type: "redirect", Order: input.Order, RedirectConfig };
  checkRedirects([action], protocol);
  return action;
}

/** Also for the actions that a listener has already, when its protocol changes. */
export function checkRedirects(actions: readonly Action[], protocol: string): void {
  for (const action of actions) {
    if (action.Type === "redirect" && protocol === "HTTPS" && action.RedirectConfig.Protocol === "HTTP") {
      throw invalid("A redirect from HTTPS to HTTP is not allowed");
    }
  }
}

/** AWS repeats the group of a simple forward beside its ForwardConfig. */
export const presentActions = (actions: readonly Action[]) =>
  actions.map((action) => {
    if (action.Type !== "forward") return action;
    const { TargetGroups: groups } = action.ForwardConfig;
    return groups.length === 1 ? { ...action, TargetGroupArn: groups[0]!.TargetGroupArn } : action;
  });
