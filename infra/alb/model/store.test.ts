import { expect, test } from "vitest";
import { group, groupArn, target } from "../testing/fixtures.ts";
import { emptyState, type State, Store } from "./store.ts";

const withGroup = (name: string): Partial<State> => ({
  targetGroups: new Map([[groupArn(name), group(name, [target(1)])]]),
});

test("ALB-102: a state that the check refuses is not stored, and nobody hears of it", () => {
  const heard: State[] = [];
  const store = new Store({
    check: (next) => {
      if (next.targetGroups.size > 0) throw new Error("too many");
    },
  });
  store.subscribe((state) => heard.push(state));
  expect(() => store.replace(withGroup("g"))).toThrow("too many");
  expect(store.state).toEqual(emptyState);
  expect(heard).toEqual([]);
});

test("ALB-102: a subscriber that fails neither undoes a change nor keeps it from the others", () => {
  const faults: string[] = [];
  const heard: number[] = [];
  const store = new Store({ onFault: (error) => faults.push(error.message) });
  store.subscribe(() => {
    throw new Error("broken");
  });
  store.subscribe((state) => heard.push(state.targetGroups.size));
  store.replace(withGroup("g"));
  expect(store.state.targetGroups.size).toBe(1);
  expect([faults, heard]).toEqual([["broken"], [1]]);
});
