// Marker, PageSize and NextMarker. A marker names the last item shown, so that a list may change between two pages.

import { invalid } from "../model/errors.ts";
import { integer, optional, text } from "./shape.ts";

export const pagingMembers = {
  Marker: optional(text({ maxLength: 2_048 })),
  PageSize: optional(integer(1, 400)),
};

export interface Paging {
  readonly Marker?: string | undefined;
  readonly PageSize?: number | undefined;
}

/** The order of the items must be stable. One that was asked for twice, by its id, is shown once: a marker is found again. */
export function page<T>(
  wanted: readonly T[],
  idOf: (item: T) => string,
  { Marker, PageSize = 400 }: Paging,
): { items: readonly T[]; NextMarker: string | undefined } {
  const items = [...new Map(wanted.map((item) => [idOf(item), item])).values()];
  let start = 0;
  if (Marker !== undefined) {
    const last = Buffer.from(Marker, "base64url").toString();
    start = items.findIndex((item) => idOf(item) === last) + 1;
    if (start === 0) throw invalid(`Marker '${Marker}' is not valid`);
  }
  const shown = items.slice(start, start + PageSize);
  const more = start + shown.length < items.length && shown.length > 0;
  return { items: shown, NextMarker: more ? Buffer.from(idOf(shown.at(-1)!)).toString("base64url") : undefined };
}
