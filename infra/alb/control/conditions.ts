// Rule conditions as the API takes them: checked against AWS's syntax and limits, and given back in AWS's form.

import { accountLimits } from "../limits.ts";
import { invalid } from "../model/errors.ts";
import type { Condition, Patterns } from "../model/types.ts";
import { parseCidr } from "../routing/conditions.ts";
import { countWildcards } from "../routing/wildcard.ts";
import { checkRegex } from "./regexes.ts";
import { list, optional, required, structure, text, type ValueOf } from "./shape.ts";

const valueText = text({ minLength: 1, maxLength: 128, pattern: /^[\x20-\x7e]*$/ });
const values = structure({ Values: required(list(valueText)) });
const patterns = structure({ Values: optional(list(valueText)), RegexValues: optional(list(valueText)) });

const conditionShape = structure({
  Field: optional(text()),
  Values: optional(list(valueText)),
  RegexValues: optional(list(valueText)),
  HostHeaderConfig: optional(patterns),
  PathPatternConfig: optional(patterns),
  HttpHeaderConfig: optional(
    structure({
      HttpHeaderName: required(text({ minLength: 1, maxLength: 40, pattern: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/ })),
      Values: optional(list(valueText)),
      RegexValues: optional(list(valueText)),
    }),
  ),
  QueryStringConfig: optional(
    structure({
      Values: required(
        list(
          structure({
            Key: optional(text({ minLength: 1, maxLength: 128, pattern: /^[\x20-\x7e]*$/ })),
            Value: required(text({ minLength: 1, maxLength: 128, pattern: /^[\x20-\x7e]*$/ })),
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
/** Kinds that know regular expressions. */
const withRegexes = new Set<Field>(["path-pattern", "host-header", "http-header"]);
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
  const wildcards = conditions.flatMap(wildcardTextsOf).reduce((sum, each) => sum + countWildcards(each), 0);
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
  const given = withShorthand(input, field);
  const { Values = [], RegexValues = [] } = given as Patterns;
  if (Values.length === 0 && RegexValues.length === 0) throw invalid("A condition value must be specified");
  if (Values.length > 0 && RegexValues.length > 0) {
    throw invalid(`Condition '${field}' cannot have both Values and RegexValues`);
  }
  if (Values.length + RegexValues.length > 3) throw invalid(`Condition '${field}' can only have '3' values`);
  RegexValues.forEach(checkRegex);
  const condition = { Field: field, [configOf[field]]: withoutEmpty(given) } as unknown as Condition;
  const refusal =
    headerRefusal(condition) ?? firstDefined(wildcardTextsOf(condition), (each) => refusalOf(condition, each));
  if (refusal) throw invalid(refusal);
  return condition;
}

/** The config of the condition, `Values` and `RegexValues` of the condition itself taken in. */
function withShorthand(input: ConditionInput, field: Field): object {
  const config = input[configOf[field]];
  const { Values, RegexValues } = input;
  if (Values === undefined && RegexValues === undefined) return config ?? {};
  if (Values && field !== "host-header" && field !== "path-pattern") {
    throw invalid(`A condition with field '${field}' needs ${configOf[field]}`);
  }
  if (RegexValues && !withRegexes.has(field)) {
    throw invalid(`RegexValues cannot be specified for a condition with field '${field}'`);
  }
  const { Values: ofConfig, RegexValues: regexesOfConfig, ...rest } = (config ?? {}) as Patterns;
  if (ofConfig || regexesOfConfig || (config && field !== "http-header")) {
    throw invalid("A condition cannot have both Values and a config");
  }
  if (field === "http-header" && !config) throw invalid(`A condition with field '${field}' needs ${configOf[field]}`);
  return { ...rest, Values, RegexValues };
}

const withoutEmpty = (config: object) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => !Array.isArray(value) || value.length > 0));

const firstDefined = <T, R>(items: readonly T[], of: (item: T) => R | undefined) =>
  items.map(of).find((each) => each !== undefined);

/** What counts as a value of the rule. */
const textsOf = (condition: Condition): readonly string[] => [...wildcardTextsOf(condition), ...regexesOf(condition)];

const wildcardTextsOf = (condition: Condition): readonly string[] => {
  switch (condition.Field) {
    case "host-header":
      return condition.HostHeaderConfig.Values ?? [];
    case "path-pattern":
      return condition.PathPatternConfig.Values ?? [];
    case "http-header":
      return condition.HttpHeaderConfig.Values ?? [];
    case "http-request-method":
      return condition.HttpRequestMethodConfig.Values;
    case "source-ip":
      return condition.SourceIpConfig.Values;
    case "query-string":
      return condition.QueryStringConfig.Values.map(({ Key = "", Value }) => Key + Value);
  }
};

const regexesOf = (condition: Condition): readonly string[] => {
  switch (condition.Field) {
    case "host-header":
      return condition.HostHeaderConfig.RegexValues ?? [];
    case "path-pattern":
      return condition.PathPatternConfig.RegexValues ?? [];
    case "http-header":
      return condition.HttpHeaderConfig.RegexValues ?? [];
    default:
      return [];
  }
};

const headerRefusal = (condition: Condition) =>
  condition.Field === "http-header" && condition.HttpHeaderConfig.HttpHeaderName.toLowerCase() === "host"
    ? "The http-header condition cannot be used for the host header; use host-header"
    : undefined;

function refusalOf(condition: Condition, value: string): string | undefined {
  switch (condition.Field) {
    case "host-header":
      if (!/^[A-Za-z0-9\-.*?]+$/.test(value)) return `Host header value '${value}' contains invalid characters`;
      return /\.[A-Za-z]+$/.test(value)
        ? undefined
        : `Host header value '${value}' must contain a '.' with nothing but letters behind the last one`;
    case "path-pattern":
      return /^[A-Za-z0-9 _\-.$/~"'@:+&*?]+$/.test(value)
        ? undefined
        : `Path pattern '${value}' contains invalid characters`;
    case "source-ip":
      return parseCidr(value) && value !== "255.255.255.255/32"
        ? undefined
        : `Source IP '${value}' is not a valid CIDR block`;
    case "http-header":
    case "http-request-method":
    case "query-string":
      return undefined;
  }
}

/** AWS repeats what host and path conditions look for beside their config. */
export const presentConditions = (conditions: readonly Condition[]) =>
  conditions.map((condition) => {
    if (condition.Field === "host-header") return { ...condition, ...condition.HostHeaderConfig };
    if (condition.Field === "path-pattern") return { ...condition, ...condition.PathPatternConfig };
    return condition;
  });
