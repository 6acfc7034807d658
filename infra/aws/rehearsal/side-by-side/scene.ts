// A scene of the rehearsal: the bundled load balancer beside one that others wrote, on the same calls.
import type { Scene } from "../story.ts";
import { compare, unaccounted } from "./comparison.ts";
import { DIFFERENCES } from "./differences.ts";
import { playBoth } from "./sides.ts";

/** How many; wrong calls, of which only the error is compared, are one field each. */
export interface Compared {
  readonly calls: number;
  readonly fields: number;
  readonly equal: number;
}

const TITLE = "the bundled load balancer answers as moto's does";

/** `folder`: all that our load balancer writes. `compared` is undefined when it could not be played. */
export async function standSideBySide(
  motoUrl: string,
  folder: string,
): Promise<{ scene: Scene; compared: Compared | undefined }> {
  try {
    const { moto, ours } = await playBoth(motoUrl, folder);
    const { calls, fields, found } = compare(moto, ours);
    const complaints = unaccounted(found, Object.values(DIFFERENCES).flat());
    return { scene: { title: TITLE, complaints }, compared: { calls, fields, equal: fields - found.length } };
  } catch (error) {
    const complaints = [`it could not be played: ${(error as Error).message}`];
    return { scene: { title: TITLE, complaints }, compared: undefined };
  }
}

export function comparedText({ calls, fields, equal }: Compared): string[] {
  const different = Object.entries(DIFFERENCES).flatMap(([whose, list]) => list.map(({ why }) => `  ${whose}: ${why}`));
  return [
    `The bundled load balancer beside moto's: ${calls} calls, ${fields} fields, of which ${equal} are equal. The others:`,
    ...different,
  ];
}
