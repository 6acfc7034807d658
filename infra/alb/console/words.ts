// Rules and settings in words, for people. Pure.

import type { AttributeTable } from "../model/attributes.ts";
import type { Action, Attributes, Condition, ForwardAction, HealthCheck, Patterns, Transform } from "../model/types.ts";

export function conditionWords(condition: Condition): string {
  switch (condition.Field) {
    case "host-header":
      return `host ${patternWords(condition.HostHeaderConfig)}`;
    case "path-pattern":
      return `path ${patternWords(condition.PathPatternConfig)}`;
    case "http-header":
      return `header ${condition.HttpHeaderConfig.HttpHeaderName} ${patternWords(condition.HttpHeaderConfig)}`;
    case "query-string":
      return `query has ${anyOf(condition.QueryStringConfig.Values.map(({ Key, Value }) => (Key === undefined ? Value : `${Key}=${Value}`)))}`;
    case "http-request-method":
      return `method is ${anyOf(condition.HttpRequestMethodConfig.Values)}`;
    case "source-ip":
      return `client is in ${anyOf(condition.SourceIpConfig.Values)}`;
  }
}

const patternWords = ({ Values = [], RegexValues = [] }: Patterns) =>
  RegexValues.length > 0 ? `matches ${anyOf(RegexValues)}` : `is ${anyOf(Values)}`;

/** `groupName` gives a target group's name. */
export function actionWords(action: Action, groupName: (arn: string) => string): string {
  switch (action.Type) {
    case "forward":
      return forwardWords(action.ForwardConfig, groupName);
    case "redirect": {
      const { Protocol, Host, Port, Path, Query, StatusCode } = action.RedirectConfig;
      const query = Query === "" ? "" : `?${Query}`;
      return `redirect (${StatusCode.replace("HTTP_", "")}) to ${Protocol.toLowerCase()}://${Host}:${Port}${Path}${query}`;
    }
    case "fixed-response": {
      const { StatusCode, MessageBody } = action.FixedResponseConfig;
      return MessageBody ? `answer ${StatusCode} “${shortened(MessageBody)}”` : `answer ${StatusCode}`;
    }
  }
}

/** Shares are rounded to whole percents; a group of weight 0 is named, since it may get its turn again. */
function forwardWords(
  { TargetGroups: groups, TargetGroupStickinessConfig: sticky }: ForwardAction["ForwardConfig"],
  groupName: (arn: string) => string,
): string {
  const total = groups.reduce((sum, { Weight }) => sum + Weight, 0);
  const share = (weight: number) =>
    groups.length === 1 && total > 0 ? "" : ` ${total === 0 ? 0 : Math.round((100 * weight) / total)} %`;
  const names = groups.map(({ TargetGroupArn, Weight }) => `${groupName(TargetGroupArn)}${share(Weight)}`);
  return `forward to ${names.join(", ")}${sticky.Enabled ? `; sticky for ${sticky.DurationSeconds} s` : ""}`;
}

export function transformWords(transform: Transform): string {
  const isHost = transform.Type === "host-header-rewrite";
  const { Rewrites } = isHost ? transform.HostHeaderRewriteConfig : transform.UrlRewriteConfig;
  const words = Rewrites.map(({ Regex, Replace }) => `${Regex} by ${Replace}`);
  return `in the ${isHost ? "host" : "URL"} replace ${words.join(", ")}`;
}

export function healthCheckWords(check: HealthCheck): string {
  const { protocol, path, port, intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold, matcher } =
    check;
  const where = port === "traffic-port" ? "" : ` on port ${port}`;
  return (
    `${protocol} GET ${path}${where} every ${intervalSeconds} s, ${timeoutSeconds} s to answer ${matcher}; ` +
    `healthy after ${healthyThreshold}, unhealthy after ${unhealthyThreshold} in a row`
  );
}

/** `key = value` of every attribute that is not AWS's default. */
export function changedAttributes(table: AttributeTable, attributes: Attributes): string[] {
  return Object.entries(attributes)
    .filter(([key, value]) => table[key]?.initial !== value)
    .map(([key, value]) => `${key} = ${shortened(value)}`);
}

const anyOf = (values: readonly string[]) => values.join(" or ");

const LONGEST_TEXT_CHARACTERS = 80;

const shortened = (text: string) =>
  text.length > LONGEST_TEXT_CHARACTERS ? `${text.slice(0, LONGEST_TEXT_CHARACTERS)}…` : text;
