import { expect, test } from "vitest";
import { deleteStack, deployStack, TEMPLATE_MAX_BYTES } from "./stacks.ts";
import { type Fate, StandInAccount, untilDone } from "./testing/stand-in-account.ts";

const region = "eu-west-1";
const name = "tidegate-eu";
const template = { body: '{"Resources":{}}', tags: { "tidegate:deployment": "eu" } };

function open(account = new StandInAccount()) {
  const said: string[] = [];
  const interruption = new AbortController();
  const { cloudFormation } = account.aws(region);
  const say = (line: string) => void said.push(line);
  const work = { cloudFormation, name, clock: account.clock, say, signal: interruption.signal };
  return {
    ...{ account, interruption, said },
    deploy: () => untilDone(account, deployStack(work, template)),
    remove: () => untilDone(account, deleteStack(work)),
  };
}

const resource = (ResourceStatus: string, LogicalResourceId: string, ResourceStatusReason?: string) => ({
  ...{ ResourceStatus, LogicalResourceId, ResourceType: "AWS::X::Y", PhysicalResourceId: LogicalResourceId },
  ...(ResourceStatusReason === undefined ? {} : { ResourceStatusReason }),
});

const failing: Fate = {
  status: "DELETE_COMPLETE",
  events: [
    resource("CREATE_FAILED", "Redis", "the quota of nodes is 0"),
    resource("CREATE_FAILED", "Service", "Resource creation cancelled"),
    resource("DELETE_COMPLETE", "Network"),
  ],
};

test("what is not there is created, and told as it comes", async () => {
  const fate = {
    status: "CREATE_COMPLETE",
    events: [resource("CREATE_IN_PROGRESS", "Network"), resource("CREATE_COMPLETE", "Network")],
  };
  const { deploy, said } = open(new StandInAccount().fate(region, name, fate));
  await expect(deploy()).resolves.toMatchObject({ status: "CREATE_COMPLETE" });
  expect(said[0]).toBe("Creating tidegate-eu ...");
  expect(said.slice(1)).toEqual([expect.stringMatching(/ s {2}create complete +AWS::X::Y Network$/)]);
});

test("deploying the same again changes nothing", async () => {
  const { account, deploy, said } = open();
  await deploy();
  await expect(deploy()).resolves.toMatchObject({ status: "CREATE_COMPLETE" });
  expect(said.at(-1)).toBe("tidegate-eu is as it should be.");
  expect(account.stack(region, name)?.status).toBe("CREATE_COMPLETE");
});

test("a creation that fails says the first reason, which is not that others were cancelled", async () => {
  const { deploy } = open(new StandInAccount().fate(region, name, failing));
  await expect(deploy()).rejects.toThrow(
    "tidegate-eu ended as DELETE_COMPLETE. The first reason: AWS::X::Y Redis: the quota of nodes is 0. Mend it and run this again.",
  );
});

test("a deploy after one that failed begins anew", async () => {
  const { account, deploy } = open(new StandInAccount().fate(region, name, failing));
  await expect(deploy()).rejects.toThrow();
  await expect(deploy()).resolves.toMatchObject({ status: "CREATE_COMPLETE" });
  expect(account.changes).toEqual([`${region} CreateStack ${name}`, `${region} CreateStack ${name}`]);
});

test.each(["ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"])(
  "a stack that is %s is deleted first, then made anew",
  async (status) => {
    const { account, deploy, said } = open(new StandInAccount().put(region, name, { status }));
    await expect(deploy()).resolves.toMatchObject({ status: "CREATE_COMPLETE" });
    expect(account.changes).toEqual([`${region} DeleteStack ${name}`, `${region} CreateStack ${name}`]);
    expect(said[0]).toContain(`${name} is ${status}`);
  },
);

test("an update whose way back failed is taken back first, then done again", async () => {
  const { account, deploy } = open(new StandInAccount().put(region, name, { status: "UPDATE_ROLLBACK_FAILED" }));
  await expect(deploy()).resolves.toMatchObject({ status: "UPDATE_COMPLETE" });
  expect(account.changes).toEqual([`${region} ContinueUpdateRollback ${name}`, `${region} UpdateStack ${name}`]);
});

test("an update that failed and was not to be taken back is simply made again", async () => {
  const { account, deploy } = open(new StandInAccount().put(region, name, { status: "UPDATE_FAILED" }));
  await expect(deploy()).resolves.toMatchObject({ status: "UPDATE_COMPLETE" });
  expect(account.changes).toEqual([`${region} UpdateStack ${name}`]);
});

test.each(["CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "DELETE_IN_PROGRESS"])(
  "a stack that is %s is left alone",
  async (status) => {
    const { account, deploy } = open(new StandInAccount().put(region, name, { status }));
    await expect(deploy()).rejects.toMatchObject({ code: "stack-busy" });
    expect(account.changes).toEqual([]);
  },
);

test("an update that fails and is taken back is a failure", async () => {
  const account = new StandInAccount().put(region, name, {}).fate(region, name, {
    status: "UPDATE_ROLLBACK_COMPLETE",
    events: [resource("UPDATE_FAILED", "Service", "it does not settle")],
  });
  await expect(open(account).deploy()).rejects.toThrow("The first reason: AWS::X::Y Service: it does not settle.");
});

test("a template that CloudFormation would not take is not sent", async () => {
  const { account } = open();
  const { cloudFormation } = account.aws(region);
  const work = { cloudFormation, name, clock: account.clock, say: () => {}, signal: new AbortController().signal };
  const long = { ...template, body: "x".repeat(TEMPLATE_MAX_BYTES + 1) };
  await expect(deployStack(work, long)).rejects.toMatchObject({ code: "template-too-long" });
  expect(account.changes).toEqual([]);
});

test("whoever interrupts is told that AWS goes on, and how to follow it", async () => {
  const { account, deploy, interruption } = open();
  const done = expect(deploy()).rejects.toMatchObject({ code: "stack-left" });
  interruption.abort();
  await done;
  expect(account.stack(region, name)?.status).toBe("CREATE_IN_PROGRESS");
});

test("what is deleted is gone, and what is not there is no trouble", async () => {
  const { account, remove } = open(new StandInAccount().put(region, name, {}));
  await expect(remove()).resolves.toEqual([]);
  await expect(remove()).resolves.toEqual([]);
  expect(account.changes).toEqual([`${region} DeleteStack ${name}`]);
});
