import { expect, test } from "vitest";
import { NearCells } from "./near-cells.ts";
import { dressingOf } from "./quay-dressing.ts";

const arena = { seed: 3, widthPx: 12_800, heightPx: 9_600 };
const viewAt = (xPx: number, yPx: number) => ({ xPx, yPx, widthPx: 1000, heightPx: 600 });

test("what comes near is told once, what goes is told once, and nothing is left behind", () => {
  const cells = new NearCells(dressingOf(arena));
  const present = new Map<string, number>();
  let most = 0;
  for (let x = -90; x <= 12_000; x += 130) {
    const { come, gone } = cells.follow(viewAt(x, -90));
    for (const key of gone) expect(present.delete(key)).toBe(true);
    for (const { key, things } of come) {
      expect(present.has(key)).toBe(false);
      present.set(key, things.length);
    }
    most = Math.max(
      most,
      [...present.values()].reduce((sum, count) => sum + count, 0),
    );
  }
  expect(most).toBeGreaterThan(20);
  expect(most).toBeLessThan(dressingOf(arena).length / 6);
  for (const key of cells.follow(viewAt(6_000, 4_000)).gone) present.delete(key);
  expect(present.size).toBe(0);
});

test("everything that can be seen is there", () => {
  const ornaments = dressingOf({ seed: 9, widthPx: 3_200, heightPx: 2_400 });
  const cells = new NearCells(ornaments);
  const view = viewAt(2_290, -90);
  const shown = new Set(cells.follow(view).come.flatMap(({ things }) => things));
  const seen = ornaments.filter(
    ({ xPx, yPx }) => xPx > view.xPx && yPx > view.yPx && xPx < view.xPx + 1000 && yPx < view.yPx + 600,
  );
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.every((ornament) => shown.has(ornament))).toBe(true);
});
