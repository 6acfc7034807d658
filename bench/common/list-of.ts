// Flags that name some of a few things.
import { InvalidArgumentError } from "commander";

/** A parser for commander: some of `names`, with commas between them, in the order of `names`. */
export function listOf<T extends string>(names: readonly T[]): (text: string) => readonly T[] {
  return (text) => {
    const wanted = text.split(",").map((word) => word.trim());
    const unknown = wanted.find((word) => !names.some((name) => name === word));
    if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${names.join(", ")}.`);
    return names.filter((name) => wanted.includes(name));
  };
}
