import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { readRegions } from "../../stack/regions.ts";
import type { AwsClients } from "../commands/aws-clients.ts";
import type { Deployed, DeployedStack } from "../commands/deployed.ts";
import { chooseRegions, openPlace } from "./place.ts";

const [eu, us] = readRegions("eu,us");
const outputs: Record<string, string> = {
  ...{ Url: "https://eu.example.org", ClusterName: "tidegate-eu", ServiceName: "tidegate", TaskFamily: "tidegate-eu" },
  ...{ TargetGroupArn: "blue", AlternateTargetGroupArn: "green", ListenerRuleArn: "rule", OperatorSecretArn: "secret" },
};

function deployedWith(regionOutputs: Record<string, string>): Deployed {
  const stack = (name: string): DeployedStack | undefined => {
    const known =
      name === "tidegate-eu" ? regionOutputs : name === "tidegate-images-eu" ? { RepositoryUri: "images" } : undefined;
    const facts = { id: name, status: "CREATE_COMPLETE", outputs: known ?? {} };
    return known && { name, kind: "region", tag: "eu", region: "eu-west-1", facts };
  };
  return { stacks: [], regions: [eu!], url: "https://play.example.org", domain: undefined, stack };
}

function clients(weights: Record<string, number>): Pick<AwsClients, "elb" | "secrets"> {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  const send = async (command: object) =>
    command instanceof GetSecretValueCommand
      ? { SecretString: `token of ${command.input.SecretId}` }
      : { Rules: [{ Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }] };
  return { elb: { send }, secrets: { send } } as unknown as Pick<AwsClients, "elb" | "secrets">;
}

test("a region's place is what its stacks say, and the token that its secret holds", async () => {
  expect(await openPlace(eu!, deployedWith(outputs), clients({ blue: 100, green: 0 }))).toEqual({
    ...{ region: eu, url: "https://eu.example.org", token: "token of secret", cluster: "tidegate-eu" },
    ...{ service: "tidegate", family: "tidegate-eu", targetGroupArns: ["blue", "green"], primaryArn: "blue" },
    repositoryUri: "images",
  });
});

test("the group that serves is the one that the production rule leads to", async () => {
  const place = await openPlace(eu!, deployedWith(outputs), clients({ blue: 0, green: 100 }));
  expect(place.targetGroupArns).toEqual(["green", "blue"]);
});

test("a rule that leads elsewhere is not ours to shift", async () => {
  await expect(openPlace(eu!, deployedWith(outputs), clients({ purple: 1 }))).rejects.toThrow(
    "The rule rule forwards to purple, which is none of ours.",
  );
});

test("an output that is missing is named", async () => {
  const { ClusterName: _, ...rest } = outputs;
  await expect(openPlace(eu!, deployedWith(rest), clients({ blue: 1 }))).rejects.toThrow(
    "The stack tidegate-eu says no ClusterName: `npm run aws -- deploy` mends it.",
  );
});

test("all regions are meant unless some are named, and one that is not deployed is refused", () => {
  const deployed = deployedWith(outputs);
  expect(chooseRegions(deployed, undefined)).toEqual([eu]);
  expect(chooseRegions(deployed, "eu-west-1")).toEqual([eu]);
  expect(() => chooseRegions(deployed, us!.id)).toThrow("Nothing is deployed in us (us-east-1); there is eu.");
  expect(() => chooseRegions({ ...deployed, regions: [] }, undefined)).toThrow("`npm run aws -- deploy` comes first");
});
