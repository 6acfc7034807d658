// The text of a config file as plain data that knows its lines. YAML 1.2, of which JSON is a part; one document, no tags.

import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { limits } from "../limits.ts";
import { ConfigError, type ConfigPath, refuse } from "./problem.ts";

export interface Source {
  /** Not checked in any way; may even contain itself. */
  readonly value: unknown;
  /** The line on which `path` begins, from 1; of its nearest ancestor when it is not in the file. */
  readonly lineOf: (path: ConfigPath) => number;
}

/** Throws a ConfigError when the text is no YAML. */
export function parseSource(text: string): Source {
  if (Buffer.byteLength(text) > limits.maxConfigBytes) {
    throw refuse([], `The file is longer than ${limits.maxConfigBytes} bytes.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ lineCounter: lines, prettyErrors: false, stringKeys: true, resolveKnownTags: false, schema: "core" },
  });
  const wrong = [...document.errors, ...document.warnings].slice(0, limits.maxConfigProblems);
  if (wrong.length > 0) {
    throw new ConfigError(
      wrong.map((each) => ({ path: [], sentence: `${each.message}.`, line: lines.linePos(each.pos[0]).line })),
    );
  }
  return { value: plain(document), lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line };
}

function plain(document: Document): unknown {
  // An empty document has no contents, which is as good as an empty file.
  if (document.contents === null) return null;
  try {
    return document.toJS({ maxAliasCount: limits.maxConfigAliases });
  } catch (error) {
    // Too many aliases, one without an anchor, or nesting that is deeper than the stack.
    throw refuse([], `The file cannot be read: ${(error as Error).message.split("\n")[0]}.`);
  }
}

function offsetOf(contents: unknown, path: ConfigPath): number {
  let node = contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
    } else if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === part);
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
      continue;
    } else return offset;
    offset = startOf(node) ?? offset;
  }
  return offset;
}

const startOf = (node: unknown) => (isNode(node) ? (node as Node).range?.[0] : undefined);
