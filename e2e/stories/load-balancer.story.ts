import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "../fixtures/test.ts";

const run = promisify(execFile);
const AWS_INSTALLED = spawnSync("aws", ["--version"]).status === 0;
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

test("the AWS SDK lists three healthy targets", async ({ stack }) => {
  const elbv2 = new ElasticLoadBalancingV2Client({
    endpoint: stack.control,
    region: "us-east-1",
    credentials: CREDENTIALS,
  });
  const states = async () => {
    const answer = await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn: stack.targetGroupArn }));
    return answer.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
  };
  // The last server may have been registered a moment ago.
  await expect.poll(states).toEqual(["healthy", "healthy", "healthy"]);
});

// On a machine without the command the story above says the same through the SDK.
if (AWS_INSTALLED)
  test("the aws command lists three healthy targets", async ({ stack }) => {
    const { stdout } = await run(
      "aws",
      [
        ...[
          "elbv2",
          "describe-target-health",
          "--endpoint-url",
          stack.control,
          "--target-group-arn",
          stack.targetGroupArn,
        ],
        ...["--query", "TargetHealthDescriptions[].TargetHealth.State", "--output", "text"],
      ],
      {
        env: {
          ...process.env,
          AWS_ACCESS_KEY_ID: "local",
          AWS_SECRET_ACCESS_KEY: "local",
          AWS_DEFAULT_REGION: "us-east-1",
        },
      },
    );
    expect(stdout.trim().split(/\s+/)).toEqual(["healthy", "healthy", "healthy"]);
  });

test("plain HTTP is redirected to HTTPS", async ({ request, stack }) => {
  const { alb } = stack.state();
  const answer = await request.get(`${alb.http}/?room=ABCD`, { maxRedirects: 0 });
  expect(answer.status()).toBe(301);
  expect(answer.headers().location).toBe(`${stack.url}/?room=ABCD`);
});
