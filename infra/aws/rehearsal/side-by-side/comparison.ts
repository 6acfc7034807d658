// What two load balancers have answered to the same calls, field by field, and which of the differences nobody has accounted for. Pure.
import { type Facts, factsOf, inWords, type OwnNames } from "./facts.ts";
import type { Answer, Answers } from "./recorder.ts";

export interface Played {
  readonly answers: Answers;
  readonly ownNames: OwnNames;
}

export interface Found {
  /** Operation and field; of a call that one of them refuses, operation and what it was asked. */
  readonly where: string;
  readonly moto: string;
  readonly ours: string;
}

export interface Comparison {
  readonly calls: number;
  readonly fields: number;
  readonly found: readonly Found[];
}

/** Differences that we know of, with the reason. */
export interface Known {
  readonly why: string;
  /** By `where`: what moto says, and what ours says. */
  readonly fields: Readonly<Record<string, readonly [moto: string, ours: string]>>;
}

const ABSENT = "-";

export function compare(moto: Played, ours: Played): Comparison {
  const [its, own] = [inOwnWords(moto), inOwnWords(ours)];
  const names = [...new Set([...its.keys(), ...own.keys()])];
  const facts = names.map((name) => compareCall(name, its.get(name), own.get(name), [moto.ownNames, ours.ownNames]));
  return {
    calls: names.length,
    fields: facts.flat().length,
    found: facts.flat().filter((one) => one.moto !== one.ours),
  };
}

const inOwnWords = ({ answers, ownNames }: Played): ReadonlyMap<string, Answer> =>
  new Map(
    [...answers].map(([name, answer]) => [name.replace(/\d{2,}/g, (number) => inWords(number, ownNames)), answer]),
  );

function compareCall(
  name: string,
  moto: Answer | undefined,
  ours: Answer | undefined,
  [itsNames, ourNames]: readonly [OwnNames, OwnNames],
): Found[] {
  if (moto?.kind !== "answer" || ours?.kind !== "answer")
    return [{ where: name, moto: brief(moto), ours: brief(ours) }];
  const operation = name.split(" ")[0]!;
  const [its, own]: [Facts, Facts] = [factsOf(moto.value, itsNames), factsOf(ours.value, ourNames)];
  return [...new Set([...Object.keys(its), ...Object.keys(own)])].map((field) => ({
    where: `${operation} ${field}`,
    moto: its[field] ?? ABSENT,
    ours: own[field] ?? ABSENT,
  }));
}

function brief(answer: Answer | undefined): string {
  if (answer === undefined) return "not asked";
  return answer.kind === "answer" ? "done" : `${answer.code} ${answer.httpStatus}`;
}

/** One sentence for each difference that is not on the list, and for each line of the list that is no longer true. */
export function unaccounted(found: readonly Found[], known: readonly Known[]): string[] {
  const text = ({ where, moto, ours }: Found) => `${where}: moto says ${moto}, ours ${ours}`;
  const listed = known.flatMap(({ fields }) =>
    Object.entries(fields).map(([where, [moto, ours]]) => text({ where, moto, ours })),
  );
  const seen = new Set(found.map(text));
  return [
    ...[...seen].filter((one) => !listed.includes(one)).map((one) => `nobody has explained: ${one}`),
    ...listed.filter((one) => !seen.has(one)).map((one) => `no longer so: ${one}`),
  ];
}
