import { describe, expect, it } from "vitest";
import { hasToGo, type Membership, membershipAfter, STRANGER, type TargetState } from "./target-group.ts";

/** What is known of `me:1` after these answers of a group in which another target stays; undefined: it was not among them. */
const known = (...states: (TargetState | undefined)[]): Membership =>
  states.reduce((before, state) => membershipAfter(before, answer(state), "me:1"), STRANGER);

const answer = (state: TargetState | undefined): ReadonlyMap<string, TargetState> =>
  new Map<string, TargetState>([["other:1", "healthy"], ...(state ? [["me:1", state] as const] : [])]);

describe("a target", () => {
  it.each([
    ["is healthy", ["healthy"]],
    ["is unhealthy", ["healthy", "unhealthy"]],
    ["was registered again while it was draining", ["healthy", "draining", "initial"]],
    ["is missing twice", ["healthy", undefined, undefined]],
    ["is missing now and then", ["healthy", undefined, undefined, "healthy", undefined, undefined]],
    ["has only been draining, which was a former server", ["draining", "draining", undefined, undefined, undefined]],
    ["was never there", [undefined, undefined, undefined]],
  ] as [string, (TargetState | undefined)[]][])("stays when it %s", (_what, states) => {
    expect(hasToGo([known(...states)])).toBe(false);
  });

  it.each([
    ["is draining", ["healthy", "draining"]],
    ["is draining and was unhealthy", ["unhealthy", "unhealthy.draining"]],
    ["was draining and has vanished", ["healthy", "draining", undefined]],
    ["is missing three times", ["healthy", undefined, undefined, undefined]],
  ] as [string, (TargetState | undefined)[]][])("has to go when it %s", (_what, states) => {
    expect(hasToGo([known(...states)])).toBe(true);
  });

  it("stays when the whole group is empty, however often", () => {
    const empty = [1, 2, 3, 4].reduce((before) => membershipAfter(before, new Map(), "me:1"), known("healthy"));
    expect(hasToGo([empty])).toBe(false);
  });

  it("has to go when it leaves every group that it was in, and not before", () => {
    expect(hasToGo([known("healthy", "draining"), known(undefined)])).toBe(true);
    expect(hasToGo([known("healthy", "draining"), known("draining")])).toBe(true);
    expect(hasToGo([known("healthy", "draining"), known("healthy")])).toBe(false);
    expect(hasToGo([known("healthy", "draining"), known("initial", "draining")])).toBe(true);
    expect(hasToGo([])).toBe(false);
  });
});
