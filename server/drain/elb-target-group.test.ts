import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ElbStub, startElbStub, TARGET_GROUP_ARN } from "./elb-stub-for-tests.ts";
import { elbTargetGroup } from "./elb-target-group.ts";
import type { TargetGroup } from "./target-group.ts";

let elb: ElbStub;
let group: TargetGroup;

beforeEach(async () => {
  elb = await startElbStub();
  group = elbTargetGroup(TARGET_GROUP_ARN, elb.url);
});

afterEach(() => elb.close());

describe("the ELBv2 API", () => {
  it("tells the states of all targets of the group by their addresses", async () => {
    elb.targets.set("127.0.0.1:8001", "healthy").set("127.0.0.1:8002", "draining").set("10.0.0.7:80", "initial");
    expect(await group.describe()).toEqual(elb.targets);
  });

  it("tells that the group is empty", async () => {
    expect(await group.describe()).toEqual(new Map());
  });

  it("tells the deregistration delay of the group", async () => {
    elb.deregistrationDelaySeconds = 42;
    expect(await group.deregistrationDelayMs()).toBe(42_000);
  });

  it("is asked once, also when it refuses: whoever asks has a back-off of its own", async () => {
    elb.throttled = true;
    await expect(group.describe()).rejects.toThrow("Rate exceeded");
    expect(elb.asked).toEqual(["DescribeTargetHealth"]);
  });

  it("is waited for no longer than a question may take, also when it stops in the middle of its answer", async () => {
    elb.stuck = true;
    await expect(group.describe()).rejects.toThrow();
  });

  it("does not know other groups", async () => {
    const other = elbTargetGroup(TARGET_GROUP_ARN.replace("game", "none"), elb.url);
    await expect(other.describe()).rejects.toThrow("not found");
  });
});
