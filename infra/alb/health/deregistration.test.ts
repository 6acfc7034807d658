import { expect, test } from "vitest";
import { Store } from "../model/store.ts";
import { targetKey } from "../model/types.ts";
import { forwardTo, group, groupArn, stateOf, target } from "../testing/fixtures.ts";
import { VirtualClock } from "../testing/virtual-clock.ts";
import { Deregistrations } from "./deregistration.ts";

function setUp() {
  const clock = new VirtualClock();
  const store = new Store();
  const cut: string[] = [];
  const deregistrations = new Deregistrations({ clock, store, cut: (key) => cut.push(key) });
  store.subscribe((state) => deregistrations.follow(state));
  const leaving = target(1, clock.nowMs() + 5_000);
  store.replace(stateOf({ groups: [group("g", [leaving, target(2)])], defaultAction: forwardTo(["g", 1]) }));
  return { clock, store, cut, deregistrations, key: targetKey(groupArn("g"), leaving) };
}

test("ALB-58: at the end of the delay what is left is cut and the target is gone", () => {
  const { clock, store, cut, key } = setUp();
  clock.advance(4_999);
  expect(cut).toEqual([]);
  expect(store.state.targetGroups.get(groupArn("g"))?.targets).toHaveLength(2);
  clock.advance(1);
  expect(cut).toEqual([key]);
  expect(store.state.targetGroups.get(groupArn("g"))?.targets).toEqual([target(2)]);
});

test("ALB-58: the deadline holds even when the group is deleted meanwhile", () => {
  const { clock, store, cut, key } = setUp();
  store.replace({ targetGroups: new Map() });
  clock.advance(5_000);
  expect(cut).toEqual([key]);
});

test("ALB-58: a target that came anew with a group of the same ARN keeps its connections, and has a deadline of its own", () => {
  const { clock, store, cut, key } = setUp();
  const declare = (drainEndsAtMs?: number) =>
    store.replace({ targetGroups: new Map([[groupArn("g"), group("g", [target(1, drainEndsAtMs)])]]) });
  store.replace({ targetGroups: new Map() });
  declare();
  clock.advance(4_000);
  declare(clock.nowMs() + 5_000);
  clock.advance(1_000);
  expect(cut).toEqual([]);
  expect(store.state.targetGroups.get(groupArn("g"))?.targets).toHaveLength(1);
  clock.advance(4_000);
  expect(cut).toEqual([key]);
  expect(store.state.targetGroups.get(groupArn("g"))?.targets).toEqual([]);
});

test("nothing is left to do after close", () => {
  const { clock, deregistrations, cut } = setUp();
  deregistrations.close();
  clock.advance(10_000);
  expect(cut).toEqual([]);
});
