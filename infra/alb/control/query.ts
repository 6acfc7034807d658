// The AWS Query protocol, inwards: a form body becomes the typed input of an operation. Whatever the operation's table
// does not name is refused by its name.

import { limits } from "../limits.ts";
import { invalid, invalidParameter } from "../model/errors.ts";
import type { InputOf, IntegerShape, Members, Shape, TextShape } from "./shape.ts";

interface Node {
  value: string | undefined;
  readonly children: Map<string, Node>;
}

const newNode = (): Node => ({ value: undefined, children: new Map() });

export interface Query {
  readonly action: string;
  readonly version: string;
  readonly parameters: Parameters;
}

/** What is left of a form when Action and Version are taken out. */
export type Parameters = Node;

/** Throws ValidationError on a body that is no sensible form. */
export function parseQuery(body: string): Query {
  const root = newNode();
  let count = 0;
  for (const [name, value] of new URLSearchParams(body)) {
    if (++count > limits.maxControlParameters) throw invalid("The request has too many parameters");
    let node = root;
    for (const part of name.split(".")) {
      const child = node.children.get(part) ?? newNode();
      node.children.set(part, child);
      node = child;
    }
    if (node.value !== undefined) throw invalid(`Parameter '${name}' was specified more than once`);
    node.value = value;
  }
  const take = (name: string) => {
    const value = root.children.get(name)?.value ?? "";
    root.children.delete(name);
    return value;
  };
  return { action: take("Action"), version: take("Version"), parameters: root };
}

export function readInput<M extends Members>(members: M, parameters: Node): InputOf<M> {
  return readMembers(members, parameters, "") as InputOf<M>;
}

function readMembers(members: Members, node: Node, at: string): Record<string, unknown> {
  for (const name of node.children.keys()) {
    if (!Object.hasOwn(members, name)) throw invalidParameter(at + name, `Unknown parameter '${at}${name}'`);
  }
  const input: Record<string, unknown> = {};
  for (const [name, { shape, required }] of Object.entries(members)) {
    const child = node.children.get(name);
    if (child) input[name] = readShape(shape, child, at + name);
    else if (required) throw invalidParameter(at + name, `Missing required parameter '${at}${name}'`);
    else input[name] = undefined;
  }
  return input;
}

function readShape(shape: Shape, node: Node, at: string): unknown {
  if (shape.kind === "structure") {
    if (node.value) throw invalidParameter(at, `Parameter '${at}' must be a structure`);
    return readMembers(shape.members, node, `${at}.`);
  }
  if (shape.kind === "list") return readList(shape.item, shape.max, node, at);
  if (node.children.size > 0) throw invalidParameter(at, `Parameter '${at}' must be a single value`);
  const value = node.value ?? "";
  switch (shape.kind) {
    case "text":
      return readText(shape, value, at);
    case "integer":
      return readInteger(shape, value, at);
    case "boolean":
      if (value !== "true" && value !== "false") throw constraint(value, at, "Member must be 'true' or 'false'");
      return value === "true";
  }
}

/** `Name.member.1`, `Name.member.2`, …; `Name=` alone is the empty list. */
function readList(item: Shape, max: number, node: Node, at: string): unknown[] {
  const member = node.children.get("member");
  if (node.value || member?.value) throw invalidParameter(at, `Parameter '${at}' must be a list`);
  const members = member?.children ?? new Map<string, Node>();
  for (const name of node.children.keys()) {
    if (name !== "member") throw invalidParameter(`${at}.${name}`, `Unknown parameter '${at}.${name}'`);
  }
  if (members.size > max) throw invalidParameter(at, `Parameter '${at}' may have at most ${max} members`);
  const numbers = [...members.keys()];
  const wrong = numbers.find((number) => !/^[1-9]\d{0,4}$/.test(number));
  if (wrong !== undefined) throw invalid(`Unknown parameter '${at}.member.${wrong}'`);
  return numbers
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => readShape(item, members.get(number)!, `${at}.member.${number}`));
}

function readText(shape: TextShape, value: string, at: string): string {
  const { values, minLength = 0, maxLength = 1_024, pattern } = shape;
  if (values && !values.includes(value)) {
    throw constraint(value, at, `Member must satisfy enum value set: [${values.join(", ")}]`);
  }
  if (value.length < minLength) {
    throw constraint(value, at, `Member must have length greater than or equal to ${minLength}`);
  }
  if (value.length > maxLength) {
    throw constraint(value, at, `Member must have length less than or equal to ${maxLength}`);
  }
  if (pattern && !pattern.test(value)) {
    throw constraint(value, at, `Member must satisfy regular expression pattern: ${pattern.source}`);
  }
  return value;
}

function readInteger({ min, max }: IntegerShape, value: string, at: string): number {
  const number = Number(value);
  if (!/^-?\d{1,10}$/.test(value)) throw constraint(value, at, "Member must be an integer");
  if (number < min) throw constraint(value, at, `Member must have value greater than or equal to ${min}`);
  if (number > max) throw constraint(value, at, `Member must have value less than or equal to ${max}`);
  return number;
}

function constraint(value: string, at: string, sentence: string) {
  const member = at.charAt(0).toLowerCase() + at.slice(1);
  return invalidParameter(
    at,
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${sentence}`,
  );
}
