// Rule conditions as the API takes them: checked against AWS's syntax and limits, and given back in AWS's form.

import { accountLimits } from "../limits.ts";
import { invalid } from "../model/errors.ts";
import type { Condition } from "../model/types.ts";
import { parseCidr } from "../routing/conditions.ts";
import { countWildcards } from "../routing/wildcard.ts";
import { list, optional, required, structure, text, type ValueOf } from "./shape.ts";

const valueText = text({ minLength: 1, maxLength: 128, pattern: /^[\x20-\x7e]*$/ });
const values = structure({ Values: required(list(valueText)) });

const conditionShape = structure({
  Field: optional(text()),
  Values: optional(list(valueText)),
  HostHeaderConfig: optional(values),
  PathPatternConfig: optional(values),
  HttpHeaderConfig: optional(
    structure({
      HttpHeaderName: required(text({ minLength: 1, maxLength: 40, pattern: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/ })),
      Values: required(list(valueText)),
    }),
  ),
  QueryStringConfig: optional(
    structure({
      Values: required(
        list(
          structure({
            Key: optional(text({ maxLength: 128, pattern: /^[\x20-\x7e]*$/ })),
            Value: required(text({ maxLength: 128, pattern: /^[\x20-\x7e]*$/ })),
          }),
        ),
      ),
    }),
  ),
  HttpRequestMethodConfig: optional(
    structure({ Values: required(list(text({ minLength: 1, maxLength: 40, pattern: /^[A-Z_-]+$/ }))) }),
  ),
  SourceIpConfig: optional(values),
});

export const conditionList = list(conditionShape, 20);

type ConditionInput = ValueOf<typeof conditionShape>;

const configOf = {
  "path-pattern": "PathPatternConfig",
  "host-header": "HostHeaderConfig",
  "http-header": "HttpHeaderConfig",
  "http-request-method": "HttpRequestMethodConfig",
  "query-string": "QueryStringConfig",
  "source-ip": "SourceIpConfig",
} as const;
type Field = keyof typeof configOf;
const fields = Object.keys(configOf) as Field[];
/** Kinds of which a rule may have several. */
const repeatable = new Set<Field>(["http-header", "query-string"]);

export function readConditions(inputs: readonly ConditionInput[]): readonly Condition[] {
  if (inputs.length === 0) throw invalid("A condition must be specified");
  const conditions = inputs.map(readCondition);
  for (const field of fields) {
    const count = conditions.filter((each) => each.Field === field).length;
    if (count > 1 && !repeatable.has(field)) throw invalid(`A rule can only have one '${field}' condition`);
  }
  const texts = conditions.flatMap(textsOf);
  if (texts.length > accountLimits["condition-values-per-alb-rule"]) {
    throw invalid("A rule can only have '5' condition values");
  }
  const wildcards = texts.reduce((sum, each) => sum + countWildcards(each), 0);
  if (wildcards > accountLimits["condition-wildcards-per-alb-rule"]) {
    throw invalid("A rule can only have '6' condition wildcards");
  }
  return conditions;
}

function readCondition(input: ConditionInput): Condition {
  const field = fields.find((each) => each === input.Field);
  if (!field) throw invalid(`Condition field '${input.Field ?? ""}' must be one of '[${fields.join(",")}]'`);
  for (const [other, config] of Object.entries(configOf)) {
    if (other !== field && input[config] !== undefined) {
      throw invalid(`${config} cannot be specified for a condition with field '${field}'`);
    }
  }
  const config = input[configOf[field]];
  if (config && input.Values) throw invalid("A condition cannot have both Values and a config");
  if (input.Values && field !== "host-header" && field !== "path-pattern") {
    throw invalid(`A condition with field '${field}' needs ${configOf[field]}`);
  }
  const given = config ?? { Values: input.Values ?? [] };
  if (given.Values.length === 0) throw invalid("A condition value must be specified");
  if (given.Values.length > 3) throw invalid(`Condition '${field}' can only have '3' values`);
  const condition = { Field: field, [configOf[field]]: given } as unknown as Condition;
  const refusal = textsOf(condition)
    .map((each) => refusalOf(condition, each))
    .find((each) => each !== undefined);
  if (refusal) throw invalid(refusal);
  return condition;
}

const textsOf = (condition: Condition): readonly string[] => {
  switch (condition.Field) {
    case "host-header":
      return condition.HostHeaderConfig.Values;
    case "path-pattern":
      return condition.PathPatternConfig.Values;
    case "http-header":
      return condition.HttpHeaderConfig.Values;
    case "http-request-method":
      return condition.HttpRequestMethodConfig.Values;
    case "source-ip":
      return condition.SourceIpConfig.Values;
    case "query-string":
      return condition.QueryStringConfig.Values.map(({ Key = "", Value }) => Key + Value);
  }
};

function refusalOf(condition: Condition, value: string): string | undefined {
  switch (condition.Field) {
    case "host-header":
      if (!/^[A-Za-z0-9\-.*?]+$/.test(value)) return `Host header value '${value}' contains invalid characters`;
      return /\.[A-Za-z*?]+$/.test(value)
        ? undefined
        : `Host header value '${value}' must contain a '.' before letters`;
    case "path-pattern":
      return /^[A-Za-z0-9 _\-.$/~"'@:+&*?]+$/.test(value)
        ? undefined
        : `Path pattern '${value}' contains invalid characters`;
    case "http-header":
      return condition.HttpHeaderConfig.HttpHeaderName.toLowerCase() === "host"
        ? "The http-header condition cannot be used for the host header; use host-header"
        : undefined;
    case "source-ip":
      return parseCidr(value) && value !== "255.255.255.255/32"
        ? undefined
        : `Source IP '${value}' is not a valid CIDR block`;
    case "http-request-method":
    case "query-string":
      return undefined;
  }
}

/** AWS repeats the values of host and path conditions beside their config. */
export const presentConditions = (conditions: readonly Condition[]) =>
  conditions.map((condition) => {
    if (condition.Field === "host-header") return { ...condition, Values: condition.HostHeaderConfig.Values };
    if (condition.Field === "path-pattern") return { ...condition, Values: condition.PathPatternConfig.Values };
    return condition;
  });
