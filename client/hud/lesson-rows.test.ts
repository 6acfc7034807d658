import { expect, test } from "vitest";
import { NORMAL } from "../netcode/lessons.ts";
import { type AddedDelay, backToNormal, GHOST_ROW, LESSON_ROWS, type LessonSettings, summary } from "./lesson-rows.ts";

function settings(conditions: AddedDelay = { rttMs: 0, jitterMs: 0 }): LessonSettings {
  let current = conditions;
  const network = {
    get conditions() {
      return current;
    },
    setConditions: (next: AddedDelay) => {
      current = next;
    },
  };
  return { lessons: { ...NORMAL }, network };
}

const row = (key: string) => LESSON_ROWS.find((other) => other.key === key)!;

test("every row has a key of its own, and every lesson a row", () => {
  const rows = [...LESSON_ROWS, GHOST_ROW];
  expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  const touched = new Set<string>();
  for (const each of rows) {
    const changed = settings();
    each.press(changed);
    for (const [name, value] of Object.entries(changed.lessons)) {
      if (value !== NORMAL[name as keyof typeof NORMAL]) touched.add(name);
    }
  }
  expect([...touched].sort()).toEqual(Object.keys(NORMAL).sort());
});

test.each(LESSON_ROWS.map((each) => [each.label, each] as const))(
  "%s goes through its values and is normal again",
  (_, each) => {
    const changed = settings();
    const normal = each.value(changed);
    const seen = new Set<string>();
    do {
      expect(seen).not.toContain(each.value(changed));
      seen.add(each.value(changed));
      expect(each.isNormal(changed)).toBe(each.value(changed) === normal);
      if (!each.isNormal(changed)) expect(each.lookFor(changed)).toMatch(/\.$/);
      each.press(changed);
    } while (each.value(changed) !== normal);
    expect(seen.size).toBeGreaterThan(1);
    expect(changed.lessons).toEqual(NORMAL);
  },
);

test("a round trip that came from the address goes on to the next larger choice, and the jitter stays", () => {
  const changed = settings({ rttMs: 120, jitterMs: 15 });
  row("9").press(changed);
  expect(changed.network.conditions).toEqual({ rttMs: 150, jitterMs: 15 });
  row("9").press(changed);
  row("9").press(changed);
  expect(changed.network.conditions.rttMs).toBe(0);
});

test("what is not normal is summed up, and one key puts it back; ghosts stay as they are", () => {
  const changed = settings();
  expect(summary(changed)).toBe("");
  for (const key of ["1", "5", "9"]) row(key).press(changed);
  GHOST_ROW.press(changed);
  expect(summary(changed)).toBe("Prediction off · Delay of others 100 ms · Round trip +80 ms");
  backToNormal(changed);
  expect(summary(changed)).toBe("");
  expect(changed.lessons).toEqual({ ...NORMAL, ghost: true });
});
