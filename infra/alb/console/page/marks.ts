// What is written into the chart of WebSockets: when targets began to drain, failed or went. Pure.

import type { TargetEvent } from "../state.ts";

export interface Mark {
  readonly second: number;
  readonly text: string;
}

/** What happened to several targets in one second is one mark. */
export function marksOf(events: readonly TargetEvent[]): Mark[] {
  const marks = new Map<string, { second: number; word: string; targets: string[] }>();
  for (const { atMs, to, target } of events) {
    const word = to ?? "gone";
    if (word === "initial" || word === "healthy" || word === "unused") continue;
    const second = Math.round(atMs / 1000);
    const mark = marks.get(`${second} ${word}`) ?? { second, word, targets: [] };
    mark.targets.push(target.slice(target.lastIndexOf(":")));
    marks.set(`${second} ${word}`, mark);
  }
  return [...marks.values()].map(({ second, word, targets }) => ({
    second,
    text: targets.length > 1 ? `${targets.length} ${word}` : `${targets[0]} ${word}`,
  }));
}
