// Parameters of an API call as the form that the Query protocol has for them, so that the file goes through the same
// reading and checking as a call from outside.

import { limits } from "../limits.ts";
import { type ConfigPath, refuse } from "./problem.ts";

/** `{ Targets: [{ Id: "a" }] }` becomes `Targets.member.1.Id=a`. Throws a ConfigError at what no form can say. */
export function formOf(parameters: Readonly<Record<string, unknown>>, path: ConfigPath): [string, string][] {
  const fields: [string, string][] = [];
  const add = (name: string, value: unknown, at: ConfigPath): void => {
    if (at.length - path.length > limits.maxConfigDepth) throw refuse(path, "It is nested too deeply.");
    if (fields.length >= limits.maxControlParameters) throw refuse(path, "It has too many members.");
    switch (typeof value) {
      case "string":
      case "number":
      case "boolean":
        fields.push([name, String(value)]);
        return;
      case "object":
        if (value === null) throw refuse(at, "It has no value.");
        if (Array.isArray(value)) {
          if (value.length === 0) fields.push([name, ""]);
          for (const [i, each] of value.entries()) add(`${name}.member.${i + 1}`, each, [...at, i]);
          return;
        }
        for (const [key, each] of Object.entries(value)) {
          if (key === "" || key.includes(".")) throw refuse([...at, key], "It is not known here.");
          add(`${name}.${key}`, each, [...at, key]);
        }
        return;
      case "undefined":
        return;
      default:
        throw refuse(at, "It is neither a text nor a number nor a list.");
    }
  };
  for (const [key, value] of Object.entries(parameters)) {
    if (key === "" || key.includes(".")) throw refuse([...path, key], "It is not known here.");
    add(key, value, [...path, key]);
  }
  return fields;
}

/** `DefaultActions.member.1.Type`, as a refusal of the API has it, as a path below `path`. */
export function pathOfParameter(parameter: string, path: ConfigPath): ConfigPath {
  const parts = parameter.split(".");
  const below = parts.flatMap((part, i) => {
    if (part === "member") return [];
    return [parts[i - 1] === "member" ? Number(part) - 1 : part];
  });
  return [...path, ...below];
}
