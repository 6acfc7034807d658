import { expect, test } from "vitest";
import { chooseRelease, releaseOf } from "./release.ts";

interface Shape {
  readonly cpu?: string;
  readonly logs?: number;
}

/** A template that says of its servers what a region's does, as far as this matters. */
const templateOf = (version: string, generation: number, { cpu = "1024", logs = 14 }: Shape = {}): string =>
  JSON.stringify({
    Resources: {
      Task: {
        Type: "AWS::ECS::TaskDefinition",
        Properties: {
          Cpu: cpu,
          ContainerDefinitions: [
            {
              Name: "game",
              Environment: [
                { Name: "VERSION", Value: version },
                { Name: "GENERATION", Value: String(generation) },
              ],
            },
          ],
        },
      },
      Logs: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: logs } },
    },
  });

const first = { version: "v1", generation: 1 };
const running = { version: "v2", generation: 5, image: "111.dkr.ecr.eu-west-1.amazonaws.com/tidegate:v2-g5" };
const wanted =
  (shape: Shape = {}) =>
  async (release: { version: string; generation: number }) =>
    templateOf(release.version, release.generation, shape);

test("the first deploy brings what it is told to", async () => {
  const chosen = await chooseRelease({ recorded: undefined, running: undefined, first, synth: wanted() });
  expect(chosen).toMatchObject({ step: "first", release: first, template: templateOf("v1", 1) });
});

test("a stack whose service never ran is deployed as the first time", async () => {
  const chosen = await chooseRelease({ recorded: templateOf("v1", 1), running: undefined, first, synth: wanted() });
  expect(chosen.step).toBe("first");
});

test("a change beside the servers leaves them alone, also after a rollout that CloudFormation does not know of", async () => {
  const recorded = templateOf("v1", 1);
  const chosen = await chooseRelease({ recorded, running, first, synth: wanted({ logs: 30 }) });
  expect(chosen).toMatchObject({ step: "keep", template: templateOf("v1", 1, { logs: 30 }) });
});

test("a change of the servers themselves brings a new generation of the version that runs, never an old one", async () => {
  const recorded = templateOf("v1", 1);
  const chosen = await chooseRelease({ recorded, running, first, synth: wanted({ cpu: "2048" }) });
  expect(chosen).toMatchObject({ step: "replace", release: { version: "v2", generation: 6 }, image: running.image });
  expect(releaseOf(chosen.template)).toEqual({ version: "v2", generation: 6 });
});

test("the order of keys in a template is no change", async () => {
  const { Resources } = JSON.parse(templateOf("v1", 1));
  const { Task, ...rest } = Resources;
  const turned = { Properties: Object.fromEntries(Object.entries(Task.Properties).reverse()), Type: Task.Type };
  const recorded = JSON.stringify({ Resources: { ...rest, Task: turned } });
  expect((await chooseRelease({ recorded, running, first, synth: wanted() })).step).toBe("keep");
});
