import { expect, test } from "vitest";
import { inEcsWords } from "./ecs-words.ts";

const service = { Type: "AWS::ECS::Service", Properties: { DesiredCount: 3 } };

test("containers are said in ECS's words, to their depths; references and everything else stay", () => {
  const container = {
    Name: "game",
    Image: { "Fn::Join": ["", ["tidegate:", { Ref: "Tag" }]] },
    PortMappings: [{ ContainerPort: 8000 }],
    Environment: [{ Name: "TARGET_GROUP_ARN", Value: { Ref: "Blue" } }],
  };
  const task = { Type: "AWS::ECS::TaskDefinition", Properties: { Cpu: "1024", ContainerDefinitions: [container] } };
  const { Resources } = inEcsWords({ Resources: { task, service }, Outputs: {} });
  expect(Resources.service).toBe(service);
  expect(Resources.task?.Properties).toEqual({
    Cpu: "1024",
    ContainerDefinitions: [
      {
        name: "game",
        image: { "Fn::Join": ["", ["tidegate:", { Ref: "Tag" }]] },
        portMappings: [{ containerPort: 8000 }],
        environment: [{ name: "TARGET_GROUP_ARN", value: { Ref: "Blue" } }],
      },
    ],
  });
});
