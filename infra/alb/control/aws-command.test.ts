// A day in the life of a load balancer, by the real `aws` command: what a script on AWS would call, and what it is told.

import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAuthority, makeLeaf } from "../certificates/authority.ts";
import { startApi } from "../testing/api.ts";
import { closeAfterEach } from "../testing/cleanup.ts";
import { freePort } from "../testing/free-port.ts";
import { shownCertificate } from "../testing/shown-certificate.ts";

const keep = closeAfterEach();

function hasAws(): boolean {
  try {
    execFileSync("aws", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    // Not installed: the SDK's tests hold the API alone.
    return false;
  }
}

/** The command's answer; rejects with what it wrote to stderr. */
const awsAt =
  (url: string) =>
  (line: string, more: readonly string[] = []) =>
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
    new Promise<any>((resolve, reject) => {
      const env = {
        ...{ PATH: process.env.PATH, HOME: process.env.HOME, AWS_ENDPOINT_URL: url, AWS_DEFAULT_REGION: "us-east-1" },
        ...{ AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any", AWS_PAGER: "", AWS_EC2_METADATA_DISABLED: "true" },
        ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", AWS_DEFAULT_OUTPUT: "json" },
      };
      execFile("aws", [...line.split(/\s+/), ...more], { env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim()));
        else resolve(stdout.trim() === "" ? undefined : JSON.parse(stdout));
      });
    });

const MINUTES_MS = 60_000;

test.skipIf(!hasAws())(
  "ALB-104: the aws command makes, describes, changes, waits for and deletes what it does on AWS (needs `aws`)",
  { timeout: 10 * MINUTES_MS },
  async () => {
    const api = keep(await startApi());
    const aws = awsAt(api.url);
    const directory = await mkdtemp(join(tmpdir(), "alb-aws-"));
    keep({ close: () => rm(directory, { recursive: true }) });
    const target = keep(await helloTarget());

    const lb = (
      await aws("elbv2 create-load-balancer --name game --subnets subnet-1 subnet-2 --tags Key=team,Value=red")
    ).LoadBalancers[0];
    expect(lb).toMatchObject({ LoadBalancerName: "game", State: { Code: "active" }, Type: "application" });
    const lbArn = lb.LoadBalancerArn;
    const group = (
      await aws(
        "elbv2 create-target-group --name g --protocol HTTP --port 80 --target-type ip --vpc-id vpc-1 --health-check-path /healthz",
      )
    ).TargetGroups[0];
    expect(group).toMatchObject({
      HealthCheckPath: "/healthz",
      Matcher: { HttpCode: "200" },
      HealthCheckPort: "traffic-port",
    });
    const groupArn = group.TargetGroupArn;
    const which = `--target-group-arn ${groupArn} --targets Id=127.0.0.1,Port=${target.port}`;
    const delay = "Key=deregistration_delay.timeout_seconds,Value=1";
    expect(
      (await aws(`elbv2 modify-target-group-attributes --target-group-arn ${groupArn} --attributes ${delay}`))
        .Attributes,
    ).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "1" });
    expect(await aws(`elbv2 register-targets ${which}`)).toBeUndefined();

    const port = await freePort();
    const forward = `Type=forward,TargetGroupArn=${groupArn}`;
    const listener = (
      await aws(
        `elbv2 create-listener --load-balancer-arn ${lbArn} --protocol HTTPS --port ${port} --certificates CertificateArn=${api.certificateArn} --default-actions ${forward}`,
      )
    ).Listeners[0];
    expect(listener).toMatchObject({ Port: port, Protocol: "HTTPS", SslPolicy: "ELBSecurityPolicy-2016-08" });
    const listenerArn = listener.ListenerArn;
    await Promise.all([
      aws(`elbv2 wait load-balancer-available --load-balancer-arns ${lbArn}`),
      aws(`elbv2 wait target-in-service ${which}`),
    ]);
    expect((await aws(`elbv2 describe-target-health ${which}`)).TargetHealthDescriptions).toEqual([
      {
        Target: { Id: "127.0.0.1", Port: target.port, AvailabilityZone: "us-east-1a" },
        HealthCheckPort: String(target.port),
        TargetHealth: { State: "healthy" },
        AdministrativeOverride: {
          State: "no_override",
          Reason: "AdministrativeOverride.NoOverride",
          Description: "No override is currently active on target",
        },
      },
    ]);

    // Certificates: one brought along, one issued here; both are shown to whom they are for.
    const authority = await makeAuthority(Date.now());
    const own = await makeLeaf(authority, ["own.test"], Date.now(), "RSA_2048");
    const file = async (name: string, text: string) => {
      await writeFile(join(directory, name), text);
      return `fileb://${join(directory, name)}`;
    };
    const imported = (
      await aws(
        `acm import-certificate --certificate ${await file("own.pem", own.certificate)} --private-key ${await file("own.key", own.key)} --certificate-chain ${await file("ca.pem", authority.certificate)}`,
      )
    ).CertificateArn;
    const issued = (
      await aws("acm request-certificate --domain-name game.test --subject-alternative-names *.game.test")
    ).CertificateArn;
    await aws(`acm wait certificate-validated --certificate-arn ${issued}`);
    expect((await aws(`acm describe-certificate --certificate-arn ${imported}`)).Certificate).toMatchObject({
      ...{ DomainName: "own.test", Type: "IMPORTED", Status: "ISSUED", KeyAlgorithm: "RSA_2048", InUseBy: [] },
    });
    const certificates = `--listener-arn ${listenerArn} --certificates CertificateArn=${imported} CertificateArn=${issued}`;
    await aws(`elbv2 add-listener-certificates ${certificates}`);
    expect((await aws(`elbv2 describe-listener-certificates --listener-arn ${listenerArn}`)).Certificates).toEqual([
      { CertificateArn: api.certificateArn, IsDefault: true },
      { CertificateArn: imported, IsDefault: false },
      { CertificateArn: issued, IsDefault: false },
    ]);
    const shown = await Promise.all(
      ["own.test", "eu.game.test", "else.test"].map((name) => shownCertificate(port, name)),
    );
    expect(shown.map((each) => each.name)).toEqual(["own.test", "game.test", "localhost"]);
    await expect(aws(`acm delete-certificate --certificate-arn ${imported}`)).rejects.toThrow("ResourceInUseException");
    const list = (await aws("acm list-certificates")).CertificateSummaryList;
    expect(list.map((each: { DomainName: string }) => each.DomainName)).toEqual(["localhost", "own.test", "game.test"]);

    // The waiter looks every 15 s; the rest goes on meanwhile.
    await aws(`elbv2 deregister-targets ${which}`);
    expect((await aws(`elbv2 describe-target-health ${which}`)).TargetHealthDescriptions[0].TargetHealth.State).toMatch(
      /^(draining|unused)$/,
    );
    const deregistered = aws(`elbv2 wait target-deregistered ${which}`);

    const rule = (
      await aws(
        `elbv2 create-rule --listener-arn ${listenerArn} --priority 5 --conditions Field=path-pattern,Values=/a/* --actions ${forward}`,
      )
    ).Rules[0];
    expect(rule).toEqual({
      RuleArn: expect.stringContaining(":listener-rule/app/game/"),
      ...{ Priority: "5", IsDefault: false, Transforms: [] },
      Conditions: [{ Field: "path-pattern", Values: ["/a/*"], PathPatternConfig: { Values: ["/a/*"] } }],
      Actions: [
        {
          ...{ Type: "forward", TargetGroupArn: groupArn },
          ForwardConfig: {
            TargetGroups: [{ TargetGroupArn: groupArn, Weight: 1 }],
            TargetGroupStickinessConfig: { Enabled: false },
          },
        },
      ],
    });
    await aws(`elbv2 set-rule-priorities --rule-priorities RuleArn=${rule.RuleArn},Priority=7`);
    const fixed = '[{"Type":"fixed-response","FixedResponseConfig":{"StatusCode":"503","MessageBody":"soon"}}]';
    await aws(`elbv2 modify-rule --rule-arn ${rule.RuleArn} --actions`, [fixed]);
    const rules = (await aws(`elbv2 describe-rules --listener-arn ${listenerArn}`)).Rules;
    expect(rules.map((each: { Priority: string }) => each.Priority)).toEqual(["7", "default"]);
    await aws(`elbv2 add-tags --resource-arns ${lbArn} ${rule.RuleArn} --tags Key=stage,Value=dev`);
    await aws(`elbv2 remove-tags --resource-arns ${lbArn} --tag-keys team`);
    expect((await aws(`elbv2 describe-tags --resource-arns ${lbArn}`)).TagDescriptions).toEqual([
      { ResourceArn: lbArn, Tags: [{ Key: "stage", Value: "dev" }] },
    ]);
    const idle = "Key=idle_timeout.timeout_seconds,Value=120";
    await aws(`elbv2 modify-load-balancer-attributes --load-balancer-arn ${lbArn} --attributes ${idle}`);
    const policy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
    expect(
      (await aws(`elbv2 modify-listener --listener-arn ${listenerArn} --ssl-policy ${policy}`)).Listeners[0].SslPolicy,
    ).toBe(policy);
    expect((await aws(`elbv2 describe-ssl-policies --names ${policy}`)).SslPolicies[0].Ciphers).toContainEqual({
      ...{ Name: "ECDHE-RSA-AES256-GCM-SHA384", Priority: 7 },
    });
    expect((await aws("elbv2 describe-account-limits --max-items 1")).Limits).toHaveLength(1);
    expect(await aws(`elbv2 set-ip-address-type --load-balancer-arn ${lbArn} --ip-address-type dualstack`)).toEqual({
      IpAddressType: "dualstack",
    });
    await expect(aws(`elbv2 delete-target-group --target-group-arn ${groupArn}`)).rejects.toThrow("(ResourceInUse)");

    await deregistered;
    await aws(`elbv2 remove-listener-certificates ${certificates}`);
    await aws(`acm delete-certificate --certificate-arn ${imported}`);
    await aws(`elbv2 delete-rule --rule-arn ${rule.RuleArn}`);
    await aws(`elbv2 delete-listener --listener-arn ${listenerArn}`);
    await aws(`elbv2 delete-target-group --target-group-arn ${groupArn}`);
    await aws(`elbv2 delete-load-balancer --load-balancer-arn ${lbArn}`);
    await aws(`elbv2 wait load-balancers-deleted --load-balancer-arns ${lbArn}`);
    await expect(aws("elbv2 describe-load-balancers --names game")).rejects.toThrow("(LoadBalancerNotFound)");
  },
);

async function helloTarget() {
  const server = createServer((_request, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
