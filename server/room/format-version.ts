// The one rule for whatever servers of different versions hand each other: read what your neighbours write, one version to either side
// (docs/decisions/0008-neighbouring-versions-understand-each-other.md). Unknown things are left out, missing ones get their default.

/** Whether a reader of version `own` reads what a writer of version `written` wrote. */
export function isNeighbour(written: unknown, own: number): written is number {
  return Number.isInteger(written) && (written as number) >= 1 && Math.abs((written as number) - own) <= 1;
}

/** Of each field that came after version 1: the first version whose writers all have it, by its path ("seat.inputs.received"). */
export type FieldsSince = Readonly<Record<string, number>>;

/**
 * `saved` as `model` has it: its fields checked for their types, fields that `model` does not have left out, and a field that the
 * writer's version could not know taken from `model`. `refuse` is called, and must throw, for everything else that is missing or wrong.
 * Lists, and objects whose model is empty, are taken as they are.
 */
export function readLike<Model extends object>(
  saved: unknown,
  model: Model,
  path: string,
  written: { version: number; since: FieldsSince; refuse(path: string, value: unknown): never },
): Model {
  if (!isRecord(saved)) written.refuse(path, saved);
  const read: Record<string, unknown> = {};
  for (const [field, standard] of Object.entries(model)) {
    const value = saved[field];
    const place = `${path}.${field}`;
    if (value === undefined && (written.since[place] ?? 1) > written.version) read[field] = structuredClone(standard);
    else if (!isAlike(value, standard)) written.refuse(place, value);
    else if (isRecord(standard) && Object.keys(standard).length > 0)
      read[field] = readLike(value, standard, place, written);
    else read[field] = value;
  }
  return read as Model;
}

function isAlike(value: unknown, standard: unknown): boolean {
  const kindOf = (one: unknown) => (one === null ? "null" : Array.isArray(one) ? "list" : typeof one);
  return kindOf(value) === kindOf(standard);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
