import { expect, test } from "vitest";
import { imageOf, siblingOf } from "./sibling.ts";
import { composeContainer } from "./testing/hand-engine.ts";

const spec = {
  ...{ id: "7c1e-s4", version: "v2", generation: 5, targetGroupArn: "arn:green" },
  environment: { REHEARSE_STALL_MS: "200" },
};
const flags = ["node", "server.mjs"];
const image = {
  Env: ["PATH=/bin", "PORT=8000", "VERSION=v1"],
  Labels: { made: "by us" },
  Cmd: flags,
  User: "1000:1000",
};

const model = composeContainer("game-3", {
  ...{ Cmd: flags, User: "1000:1000", StopTimeout: 10 },
  Labels: { ...composeContainer("game-3").Config.Labels, made: "by us" },
});

test("a sibling is what Compose would have made, with the task's image, name, number and variables", () => {
  const { name, body } = siblingOf(model, image, spec, 12);
  expect(name).toBe("tide-game-12");
  expect(body).toEqual({
    Hostname: "7c1e-s4",
    Image: "registry:5000/tidegate-game:v2",
    StopTimeout: 10,
    Env: [
      ...["REDIS_URL=redis://redis", "GENERATION=5", "TARGET_GROUP_ARN=arn:green", "SERVER_ID=7c1e-s4"],
      ...["VERSION=v2", "PORT=8012", "REHEARSE_STALL_MS=200"],
    ],
    Labels: {
      "com.docker.compose.project": "tide",
      "com.docker.compose.service": "game",
      "com.docker.compose.container-number": "12",
      "com.docker.compose.oneoff": "False",
      "tidegate.environment": '{"REHEARSE_STALL_MS":"200"}',
    },
    HostConfig: model.HostConfig,
    NetworkingConfig: { EndpointsConfig: { tide_default: { Aliases: ["game"] } } },
  });
});

test("what an image says is left to the sibling's own image, and what the service says otherwise is kept", () => {
  const changed = composeContainer("game-3", { Cmd: ["node", "--inspect", "server.mjs"], User: "1000:1000" });
  const { body } = siblingOf(changed, image, spec, 4);
  expect(body).toMatchObject({ Cmd: ["node", "--inspect", "server.mjs"] });
  expect(body).not.toHaveProperty("User");
});

test("variables that one task had for itself are not handed on", () => {
  const { body: first } = siblingOf(model, image, spec, 12) as {
    body: { Env: string[]; Labels: Record<string, string> };
  };
  const sibling = composeContainer("game-4", { Env: first.Env, Labels: first.Labels });
  const { body } = siblingOf(sibling, image, { ...spec, environment: {} }, 13) as { body: { Env: string[] } };
  expect(body.Env.join()).not.toContain("REHEARSE_STALL_MS");
  expect(body.Env).toContain("REDIS_URL=redis://redis");
});

test.each([
  ["tidegate-game:v1", "tidegate-game:v2"],
  ["tidegate-game", "tidegate-game:v2"],
  ["registry:5000/tidegate-game", "registry:5000/tidegate-game:v2"],
  ["registry:5000/team/tidegate-game:v1", "registry:5000/team/tidegate-game:v2"],
])("the image of another version of %s is %s", (image, other) => {
  expect(imageOf(image, "v2")).toBe(other);
});
