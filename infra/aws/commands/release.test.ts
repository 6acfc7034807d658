import { expect, test } from "vitest";
import { type Carried, carriedBy, chooseRelease } from "./release.ts";
import { regionTemplate, type Shape, serviceOf } from "./testing/region-service.ts";

const made = { version: "v1", generation: 1, servers: 3, minServers: 3 };
const first = { ...made, isSizeSaid: false };
const running = serviceOf("v2", 5, 7);
const recorded = regionTemplate(made);
const wanted = (shape: Shape) => async (carried: Carried) => regionTemplate(carried, shape);
const asBefore = wanted({});
const otherServers = wanted({ cpu: "2048" });

test("the first deploy brings what it is told to", async () => {
  const chosen = await chooseRelease({ recorded: undefined, running: undefined, first, synth: asBefore });
  expect(chosen).toEqual({ step: "first", carried: made, template: recorded });
});

test("a stack whose service never ran is deployed as the first time", async () => {
  const chosen = await chooseRelease({ recorded, running: undefined, first, synth: asBefore });
  expect(chosen.step).toBe("first");
});

test("a change beside the servers leaves them alone, also after a rollout or scaling that CloudFormation does not know of", async () => {
  const chosen = await chooseRelease({ recorded, running, first, synth: wanted({ logDays: 30 }) });
  expect(chosen).toMatchObject({ step: "keep", template: regionTemplate(made, { logDays: 30 }) });
});

test("a change of the servers themselves brings a new generation of the version that runs, never an old one", async () => {
  const chosen = await chooseRelease({ recorded, running, first, synth: otherServers });
  expect(chosen).toMatchObject({ step: "replace", carried: { version: "v2", generation: 6 }, running });
  expect(carriedBy(chosen.template)).toEqual(chosen.carried);
});

test.each([
  ["as many as the autoscaling has made it", 7, 7],
  ["not fewer than its least", 0, 3],
  ["not more than its most", 50, 32],
])("servers that are replaced stay %s", async (_title, servers, kept) => {
  const chosen = await chooseRelease({ recorded, running: { ...running, servers }, first, synth: otherServers });
  expect(carriedBy(chosen.template)).toMatchObject({ servers: kept, minServers: 3 });
});

test("a deployment that was made for one server is not made larger by a deploy that says no number", async () => {
  const small = regionTemplate({ ...made, servers: 1, minServers: 1 });
  const one = { ...running, servers: 1 };
  const kept = await chooseRelease({ recorded: small, running: one, first, synth: asBefore });
  expect(kept).toMatchObject({ step: "keep", template: small });
  const replaced = await chooseRelease({ recorded: small, running: one, first, synth: otherServers });
  expect(replaced).toMatchObject({ step: "replace", carried: { servers: 1, minServers: 1 } });
});

test("a number of servers that is said holds against what runs, and alone replaces nobody", async () => {
  const said = { ...first, servers: 2, minServers: 2, isSizeSaid: true };
  const kept = await chooseRelease({ recorded, running, first: said, synth: asBefore });
  // The service as it is on record: ECS is told the number by itself (deploy.test.ts).
  expect(kept).toMatchObject({ step: "keep", carried: { servers: 3, minServers: 2 } });
  const replaced = await chooseRelease({ recorded, running, first: said, synth: otherServers });
  expect(replaced).toMatchObject({ step: "replace", carried: { servers: 2, minServers: 2 } });
});

test("the order of keys in a template is no change", async () => {
  const { Resources } = JSON.parse(recorded);
  const { Task, ...rest } = Resources;
  const turned = { Properties: Object.fromEntries(Object.entries(Task.Properties).reverse()), Type: Task.Type };
  const other = JSON.stringify({ Resources: { ...rest, Task: turned } });
  expect((await chooseRelease({ recorded: other, running, first, synth: asBefore })).step).toBe("keep");
});

test("a template without a service says nothing of servers", () => {
  const { Resources } = JSON.parse(recorded);
  expect(carriedBy(JSON.stringify({ Resources: { Logs: Resources.Logs } }))).toBeUndefined();
});
