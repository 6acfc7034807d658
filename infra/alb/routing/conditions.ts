// A rule's conditions, compiled once into a predicate. All conditions must hold; one value of each is enough.

import { BlockList, isIP } from "node:net";
import type { Condition, Patterns, QueryPair } from "../model/types.ts";
import type { RequestFacts } from "./facts.ts";
import { normalPath } from "./normal-path.ts";
import { compileRegex } from "./regex.ts";
import { compileWildcard } from "./wildcard.ts";

export type Predicate = (facts: RequestFacts) => boolean;

export function compileConditions(conditions: readonly Condition[]): Predicate {
  const predicates = conditions.map(compileCondition);
  return (facts) => predicates.every((holds) => holds(facts));
}

function compileCondition(condition: Condition): Predicate {
  switch (condition.Field) {
    case "host-header": {
      const matches = anyOf(condition.HostHeaderConfig, true);
      return ({ host }) => matches(host);
    }
    case "path-pattern": {
      const matches = anyOf(condition.PathPatternConfig, false);
      return ({ path }) => matches(normalPath(path));
    }
    case "http-header": {
      const name = condition.HttpHeaderConfig.HttpHeaderName.toLowerCase();
      const matches = anyOf(condition.HttpHeaderConfig, true);
      return ({ rawHeaders }) =>
        rawHeaders.some((each, i) => i % 2 === 0 && each.toLowerCase() === name && matches(rawHeaders[i + 1] ?? ""));
    }
    case "query-string":
      return compileQuery(condition.QueryStringConfig.Values);
    case "http-request-method": {
      const methods = new Set(condition.HttpRequestMethodConfig.Values);
      return ({ method }) => methods.has(method);
    }
    case "source-ip": {
      const holds = compileCidrs(condition.SourceIpConfig.Values);
      return ({ sourceIp }) => holds(sourceIp);
    }
  }
}

function anyOf({ Values = [], RegexValues = [] }: Patterns, ignoreCase: boolean): (text: string) => boolean {
  const matchers = [
    ...Values.map((pattern) => compileWildcard(pattern, { ignoreCase })),
    ...RegexValues.map((source) => compileRegex(source, { ignoreCase })),
  ];
  return (text) => matchers.some((matches) => matches(text));
}

function compileQuery(pairs: readonly QueryPair[]): Predicate {
  const options = { ignoreCase: true, escapes: true };
  const wanted = pairs.map(({ Key, Value }) => ({
    key: Key === undefined ? undefined : compileWildcard(Key, options),
    value: compileWildcard(Value, options),
  }));
  return ({ query }) => {
    if (query === "") return false;
    return query.split("&").some((part) => {
      const cut = part.indexOf("=");
      const key = cut < 0 ? part : part.slice(0, cut);
      const value = cut < 0 ? "" : part.slice(cut + 1);
      return wanted.some((each) => (each.key ? each.key(key) : true) && each.value(value));
    });
  };
}

/** Splits `address/bits`; undefined when it is not a CIDR block. */
export function parseCidr(text: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | undefined {
  const [address = "", bitsText, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || bitsText === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bitsText)) return undefined;
  const bits = Number(bitsText);
  if (bits > (version === 4 ? 32 : 128)) return undefined;
  return { address, bits, family: version === 4 ? "ipv4" : "ipv6" };
}

function compileCidrs(values: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const value of values) {
    const cidr = parseCidr(value);
    if (cidr) list.addSubnet(cidr.address, cidr.bits, cidr.family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}
