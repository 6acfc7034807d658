// Tags of one resource: AWS's limits on keys, values and their number.

import { maxTagsPerResource } from "../limits.ts";
import { ElbError, invalid } from "../model/errors.ts";
import { type Store, type Tags, withEntry } from "../model/store.ts";
import { list, required, structure, text } from "./shape.ts";

const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagList = list(
  structure({
    Key: required(text({ minLength: 1, maxLength: 128, pattern: characters })),
    Value: required(text({ maxLength: 256, pattern: characters })),
  }),
);

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export function mergeTags(before: Tags | undefined, tags: readonly Tag[]): Tags {
  const merged = new Map(before);
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    if (Key.startsWith("aws:")) throw invalid(`Tag key '${Key}' cannot begin with the reserved prefix 'aws:'`);
    if (seen.has(Key)) throw new ElbError("DuplicateTagKeys", `Tag key was specified more than once: ${Key}`);
    seen.add(Key);
    merged.set(Key, Value);
  }
  if (merged.size > maxTagsPerResource) {
    throw new ElbError("TooManyTags", `A resource may have at most ${maxTagsPerResource} tags`);
  }
  return merged;
}

/** The store's tags with those of a new resource. */
export const tagsWith = (store: Store, arn: string, tags: readonly Tag[] | undefined) =>
  withEntry(store.state.tags, arn, mergeTags(undefined, tags ?? []));

/** Is `wanted` what a create call said before? Part of "same settings", by which creates are idempotent. */
export const sameTags = (existing: Tags | undefined, wanted: readonly Tag[] | undefined) =>
  (existing?.size ?? 0) === (wanted?.length ?? 0) &&
  (wanted ?? []).every(({ Key, Value }) => existing?.get(Key) === Value);
