// The exact requests that go to ECS: the real SDK against a stub of its JSON protocol, held to the shapes of AWS's own model.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ECSClient } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deploymentConfiguration } from "./ecs-deployment.ts";
import { EcsService } from "./ecs-service.ts";
import { nextDefinition } from "./task-definition.ts";
import { complaintsAbout } from "./testing/ecs-shapes.ts";
import { BLUE, definitionV1, GREEN } from "./testing/rollout-on-model.ts";

const PREFIX = "AmazonEC2ContainerServiceV20141113.";

let answers: Record<string, object[]>;
let requests: { readonly operation: string; readonly body: object }[];
let service: EcsService;
let close: () => void;

beforeEach(async () => {
  answers = {};
  requests = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers["x-amz-target"]).replace(PREFIX, "");
    requests.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answers[operation]?.shift() ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new ECSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "nobody", secretAccessKey: "nothing" },
    maxAttempts: 1,
  });
  service = new EcsService(client, { cluster: "tidegate-eu", service: "tidegate" });
  close = () => {
    client.destroy();
    server.close();
  };
});
afterEach(() => {
  close();
  expect(requests.flatMap(({ operation, body }) => complaintsAbout(operation, body))).toEqual([]);
});

const cluster = "tidegate-eu";
const both = { cluster, service: "tidegate" };

test("a service is described by its name and its cluster's, and one that is gone is none", async () => {
  answers.DescribeServices = [
    { services: [{ status: "ACTIVE", desiredCount: 3 }] },
    { services: [{ status: "INACTIVE" }] },
  ];
  expect(await service.describe()).toMatchObject({ desiredCount: 3 });
  await expect(service.describe()).rejects.toThrow("The cluster tidegate-eu has no service tidegate.");
  expect(requests[0]).toEqual({ operation: "DescribeServices", body: { cluster, services: ["tidegate"] } });
});

test("tasks are listed page by page, running and stopped, and described a hundred at a time", async () => {
  const arns = Array.from({ length: 101 }, (_, at) => `arn:task/${at}`);
  answers.ListTasks = [
    { taskArns: arns.slice(0, 60), nextToken: "more" },
    { taskArns: ["arn:task/0"] },
    { taskArns: arns.slice(60) },
  ];
  answers.DescribeTasks = [{ tasks: [{ taskArn: "a" }] }, { tasks: [{ taskArn: "b" }] }];
  expect(await service.tasks()).toEqual([{ taskArn: "a" }, { taskArn: "b" }]);
  const listed = requests.filter(({ operation }) => operation === "ListTasks").map(({ body }) => body);
  const list = { cluster, serviceName: "tidegate" };
  expect(listed).toContainEqual({ ...list, desiredStatus: "RUNNING" });
  expect(listed).toContainEqual({ ...list, desiredStatus: "STOPPED" });
  expect(listed.filter((body) => (body as { nextToken?: string }).nextToken === "more")).toHaveLength(1);
  const described = requests
    .filter(({ operation }) => operation === "DescribeTasks")
    .map(({ body }) => body as { tasks: string[] });
  expect(described.map(({ tasks }) => tasks.length)).toEqual([100, 1]);
});

test("a revision is asked for once, the newest one each time", async () => {
  answers.DescribeTaskDefinition = [1, 2, 3].map((revision) => ({ taskDefinition: { revision } }));
  expect([await service.definition("arn:x:1"), await service.definition("arn:x:1")]).toEqual([
    { revision: 1 },
    { revision: 1 },
  ]);
  expect(await service.newestDefinition("tidegate-eu")).toEqual({ revision: 2 });
  expect(requests.map(({ body }) => body)).toEqual([{ taskDefinition: "arn:x:1" }, { taskDefinition: "tidegate-eu" }]);
});

test("the deployment that is under way is found by its states", async () => {
  answers.ListServiceDeployments = [{ serviceDeployments: [{ serviceDeploymentArn: "arn:d" }] }, {}];
  answers.DescribeServiceDeployments = [{ serviceDeployments: [{ status: "IN_PROGRESS" }] }];
  expect(await service.underWay()).toEqual({ status: "IN_PROGRESS" });
  expect(await service.underWay()).toBeUndefined();
  const status = ["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"];
  expect(requests.slice(0, 2)).toEqual([
    { operation: "ListServiceDeployments", body: { ...both, status } },
    { operation: "DescribeServiceDeployments", body: { serviceDeploymentArns: ["arn:d"] } },
  ]);
});

test("the next task definition is the one that runs, with another image and other variables", async () => {
  answers.RegisterTaskDefinition = [{ taskDefinition: { taskDefinitionArn: "arn:x:2" } }];
  const next = {
    version: "v2",
    generation: 2,
    targetGroupArn: GREEN,
    image: "images:v2-g2",
    environment: { MORE: "1" },
  };
  expect(await service.register(nextDefinition(definitionV1, next))).toBe("arn:x:2");
  expect(requests).toEqual([
    {
      operation: "RegisterTaskDefinition",
      body: {
        family: "tidegate-eu",
        ...{ cpu: "1024", memory: "2048", networkMode: "awsvpc", executionRoleArn: "arn:execution" },
        taskRoleArn: "arn:task",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        containerDefinitions: [
          {
            name: "game",
            image: "images:v2-g2",
            environment: [
              { name: "VERSION", value: "v2" },
              { name: "GENERATION", value: "2" },
              { name: "TARGET_GROUP_ARN", value: GREEN },
              { name: "ALTERNATE_TARGET_GROUP_ARN", value: BLUE },
              { name: "REDIS_URL", value: "rediss://redis" },
              { name: "MORE", value: "1" },
            ],
            secrets: [{ name: "SESSION_SECRET", valueFrom: "arn:secret" }],
            dockerLabels: { "tidegate.extra-environment": "MORE" },
          },
        ],
      },
    },
  ]);
});

test.each([
  [
    "rolling" as const,
    {
      ...{ strategy: "ROLLING", minimumHealthyPercent: 100, maximumPercent: 200 },
      ...{ deploymentCircuitBreaker: { enable: true, rollback: true }, lifecycleHooks: [] },
    },
  ],
  [
    "blue-green" as const,
    {
      ...{ strategy: "BLUE_GREEN", minimumHealthyPercent: 100, maximumPercent: 200, bakeTimeInMinutes: 0 },
      lifecycleHooks: [
        {
          ...{ targetType: "PAUSE", lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"] },
          timeoutConfiguration: { timeoutInMinutes: 21, action: "ROLLBACK" },
        },
      ],
    },
  ],
])("a %s deployment is begun with all that ECS must know of it", async (strategy, expected) => {
  await service.update({ taskDefinition: "arn:x:2", deploymentConfiguration: deploymentConfiguration(strategy, 21) });
  expect(requests).toEqual([
    { operation: "UpdateService", body: { ...both, taskDefinition: "arn:x:2", deploymentConfiguration: expected } },
  ]);
});

test("a deployment is taken back, or decided at its pause", async () => {
  await service.rollBack("arn:d");
  await service.decide("arn:d", "ecs-pause-1", "CONTINUE");
  expect(requests).toEqual([
    { operation: "StopServiceDeployment", body: { serviceDeploymentArn: "arn:d", stopType: "ROLLBACK" } },
    {
      operation: "ContinueServiceDeployment",
      body: { serviceDeploymentArn: "arn:d", hookId: "ecs-pause-1", action: "CONTINUE" },
    },
  ]);
});

test("servers are held for some minutes and let go, ten in a request", async () => {
  const tasks = Array.from({ length: 11 }, (_, at) => `arn:task/${at}`);
  await service.protect(tasks, 21);
  await service.release(tasks.slice(0, 1));
  const held = { cluster, protectionEnabled: true, expiresInMinutes: 21 };
  expect(requests.map(({ body }) => body)).toEqual([
    { ...held, tasks: tasks.slice(0, 10) },
    { ...held, tasks: tasks.slice(10) },
    { cluster, protectionEnabled: false, tasks: ["arn:task/0"] },
  ]);
});

test("who cannot be held is named; who has gone meanwhile cannot be let go, and need not be", async () => {
  const failures = [{ arn: "arn:task/0", reason: "DEPLOYMENT_BLOCKED", detail: "too many" }];
  answers.UpdateTaskProtection = [{ failures }, { failures: [{ arn: "arn:task/0", reason: "MISSING" }] }];
  await expect(service.protect(["arn:task/0"], 5)).rejects.toThrow(
    "ECS refuses to change the protection of arn:task/0: DEPLOYMENT_BLOCKED, too many.",
  );
  await service.release(["arn:task/0"]);
});

test("what ECS would not understand is noticed here", () => {
  expect(complaintsAbout("UpdateTaskProtection", { cluster, tasks: "all", protection: true })).toEqual([
    "UpdateTaskProtection lacks protectionEnabled",
    "UpdateTaskProtection.tasks must be a list",
    "UpdateTaskProtection has no member protection",
  ]);
  expect(complaintsAbout("UpdateService", { service: "x", deploymentConfiguration: { strategy: "FAST" } })).toEqual([
    "UpdateService.deploymentConfiguration.strategy must be one of ROLLING, BLUE_GREEN, LINEAR, CANARY",
  ]);
});
