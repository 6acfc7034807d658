import fc from "fast-check";
import { expect, it } from "vitest";
import { changedRoster, type Roster, rosterChange } from "./index.ts";

const seats = fc.uniqueArray(
  fc.record({
    seat: fc.nat({ max: 20 }),
    name: fc.constantFrom("Ann", "Ben", "Cem"),
    bot: fc.boolean(),
    away: fc.boolean(),
  }),
  { selector: ({ seat }) => seat },
);
const rosters: fc.Arbitrary<Roster> = fc
  .tuple(fc.nat(), seats)
  .map(([version, list]) => ({ version, seats: list.sort((a, b) => a.seat - b.seat) }));

it("a roster with its difference to another one is that one", () => {
  fc.assert(
    fc.property(rosters, rosters, (before, after) => {
      expect(changedRoster(before, rosterChange(before, after))).toEqual(after);
    }),
  );
});

it("a difference holds only what differs, and does not apply to another roster", () => {
  const ann = { seat: 1, name: "Ann", bot: false, away: false };
  const before = { version: 3, seats: [ann, { ...ann, seat: 2 }, { ...ann, seat: 4 }] };
  const after = { version: 5, seats: [ann, { ...ann, seat: 2, away: true }] };
  const change = rosterChange(before, after);
  expect(change).toEqual({ from: 3, version: 5, seats: [{ ...ann, seat: 2, away: true }], gone: [4] });
  expect(changedRoster({ ...before, version: 2 }, change)).toBeUndefined();
});
