import { describe, expect, it } from "vitest";
import { AHEAD_PX, chooseIsland, ISLANDS_PAINTED_MAX, type IslandPlace } from "./island-choice.ts";

const view = { xPx: 0, yPx: 0, widthPx: 1000, heightPx: 600 };
const at = (xPx: number, yPx = 300): IslandPlace => ({ xPx, yPx, reachPx: 100 });

describe("the choice of islands", () => {
  it("paints the nearest first, and knows whether it is seen", () => {
    const [far, near] = [at(1_500), at(1_050)];
    expect(chooseIsland([], [far, near], view)).toEqual({ paint: near, isSeen: true });
    expect(chooseIsland([near], [far], view)).toEqual({ paint: far, isSeen: false });
  });

  it("leaves those alone that are far away", () => {
    expect(chooseIsland([], [at(1_000 + AHEAD_PX + 101)], view).paint).toBeUndefined();
  });

  it("never has more than so many: the farthest gives way to a much nearer one, and to no other", () => {
    const painted = Array.from({ length: ISLANDS_PAINTED_MAX }, (_, index) => at(1_200 + index * 100));
    const farthest = painted.at(-1);
    const nearer = at(1_150);
    expect(chooseIsland(painted, [nearer], view)).toEqual({ paint: nearer, isSeen: false, drop: farthest });
    expect(chooseIsland([nearer, ...painted.slice(0, -1)], [at(2_150)], view).paint).toBeUndefined();
  });

  it("does not take turns between islands that are about as far", () => {
    const painted = Array.from({ length: ISLANDS_PAINTED_MAX }, () => at(1_600));
    expect(chooseIsland(painted, [at(1_500)], view).paint).toBeUndefined();
  });
});
