import { expect, test } from "vitest";
import { atMost } from "./common/targets.ts";
import { type Measured, measureAll, type ShortForm, summary } from "./whole-run.ts";

const forms: ShortForm[] = ["first", "second", "third"].map((name) => ({ name, flags: [], limitSeconds: 1 }));
const met = atMost("first: pace", { value: 0.74, atMost: 0.75, unit: "×", digits: 2 });
const missed = atMost("third: pace", { value: 1.31, atMost: 1.3, unit: "×", digits: 2 });

test("a measurement that fails is named, and the others go on", async () => {
  const asked: string[] = [];
  const answers: Measured[] = [{ targets: [met] }, { failure: "there is no nginx." }, { targets: [missed] }];
  const run = await measureAll(
    forms,
    async ({ name }) => {
      asked.push(name);
      return answers.shift()!;
    },
    new AbortController().signal,
  );
  expect(asked).toEqual(["first", "second", "third"]);
  expect(run).toEqual({ targets: [met, missed], failures: ["second is not measured: there is no nginx."] });
});

test("after an interruption nothing more is started", async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const run = await measureAll(
    forms,
    async ({ name }) => {
      asked.push(name);
      stop.abort();
      return { failure: "interrupted." };
    },
    stop.signal,
  );
  expect(asked).toEqual(["first"]);
  expect(run.failures).toHaveLength(3);
});

test("the summary shows each target, what could not be measured, and how many are missed", () => {
  const run = { targets: [met, missed], failures: ["second is not measured: there is no nginx."] };
  expect(summary(run, 330).split("\n")).toEqual([
    "== Targets",
    "             goal      measured",
    "first: pace  ≤ 0.75 ×  0.74 ×    met",
    "third: pace  ≤ 1.3 ×   1.31 ×    missed",
    "second is not measured: there is no nginx.",
    "2 targets, 1 missed, in 330 s.",
  ]);
});

test("what is judged is the number that is shown", () => {
  expect(atMost("pace", { value: 0.754, atMost: 0.75, unit: "×", digits: 2 })).toMatchObject({
    measured: "0.75 ×",
    met: true,
  });
});
