// The only file of infra/aws that knows the server's code: what the template tells servers and pages is what the server's own code wants.
import type { ServerResponse } from "node:http";
import { beforeAll, expect, test } from "vitest";
import { readConfig } from "../../../server/config.ts";
import { regionSources } from "../../../server/web/regions.ts";
import { setSecurityHeaders } from "../../../server/web/security-headers.ts";
import { topology } from "../../stack/topology.ts";
import { type Json, type SynthesisedVariant, synthesise } from "./testing/variants.ts";

let demo: SynthesisedVariant;
let regions: SynthesisedVariant;
beforeAll(() => {
  demo = synthesise("demo");
  regions = synthesise("twoRegions");
}, 120_000);

/** What CloudFormation and Secrets Manager put in the places of references. */
function environmentOf(variant: SynthesisedVariant): Record<string, string> {
  const [{ ContainerDefinitions }] = variant.all("tidegate-eu", "AWS::ECS::TaskDefinition");
  const [{ Environment, Secrets }] = ContainerDefinitions;
  const resolved = (value: Json): string => {
    if (typeof value === "string") return value;
    if (value["Fn::Join"]) return value["Fn::Join"][1].map(resolved).join("");
    if (value["Fn::GetAtt"]) return "redis.example";
    const { Name } = variant.template("tidegate-eu").Resources[value.Ref].Properties;
    return `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${Name}/0123456789abcdef`;
  };
  const plain = Environment.map(({ Name, Value }: Json) => [Name, resolved(Value)]);
  const secret = Secrets.map(({ Name }: Json) => [Name, "s".repeat(48)]);
  return Object.fromEntries([...plain, ...secret]);
}

test("a server understands what it is told without a domain: it lets in pages of the host that they ask", () => {
  expect(readConfig(environmentOf(demo))).toMatchObject({
    ...{ HOST: "0.0.0.0", PORT: 8000, VERSION: "v1", GENERATION: 1, REDIS_URL: "rediss://redis.example:6380" },
    ...{ ALLOWED_ORIGINS: [], REGIONS: [], METRICS_EMF_SECONDS: 60, STOP_TIMEOUT_SECONDS: 30 },
  });
});

test("a server is told of both groups that ECS may register it in", () => {
  const { TARGET_GROUP_ARN, ALTERNATE_TARGET_GROUP_ARN } = readConfig(environmentOf(demo));
  const { name, alternateName } = topology.targetGroups.game;
  expect([TARGET_GROUP_ARN, ALTERNATE_TARGET_GROUP_ARN].map((arn) => arn?.split("/")[1])).toEqual([
    name,
    alternateName,
  ]);
});

test("a server of one of two regions knows both, and lets in the pages of the domain", () => {
  const { REGION, REGIONS, ALLOWED_ORIGINS } = readConfig(environmentOf(regions));
  expect({ REGION, REGIONS }).toEqual({
    REGION: "eu",
    REGIONS: [
      { id: "eu", name: "Europe", url: "https://eu.play.example.org" },
      { id: "us", name: "North America", url: "https://us.play.example.org" },
    ],
  });
  const hosts = ["play", "live.play", "eu.play", "us.play"].map((name) => `https://${name}.example.org`);
  expect(ALLOWED_ORIGINS).toEqual(hosts);
});

/** As a server would send them with its own pages. */
function serverHeaders(elsewhere: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = { setHeader: (name: string, value: string) => (headers[name] = value) };
  setSecurityHeaders(response as unknown as ServerResponse, undefined, elsewhere);
  return headers;
}

function siteHeaders(variant: SynthesisedVariant, stack: string): Record<string, string>[] {
  return variant.all(stack, "AWS::CloudFront::ResponseHeadersPolicy").map(({ ResponseHeadersPolicyConfig: config }) => {
    const { ContentSecurityPolicy, ContentTypeOptions, ReferrerPolicy, ...others } = config.SecurityHeadersConfig;
    expect(others).toEqual({});
    expect(ContentTypeOptions.Override).toBe(true);
    const custom = config.CustomHeadersConfig.Items.map(({ Header, Value }: Json) => [Header, Value]);
    const { "Cache-Control": _, ...headers } = Object.fromEntries(custom);
    return {
      ...headers,
      "Content-Security-Policy": ContentSecurityPolicy.ContentSecurityPolicy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": ReferrerPolicy.ReferrerPolicy,
    };
  });
}

test("CloudFront sends the security headers of the server, with every file", () => {
  expect(siteHeaders(demo, "tidegate-eu")).toEqual([serverHeaders(""), serverHeaders("")]);
});

test("with a domain pages may connect to the regions that a server names, and to the nearest", () => {
  const all = readConfig(environmentOf(regions)).REGIONS;
  const live = { id: "live", name: "", url: "https://live.play.example.org" };
  const wanted = serverHeaders(regionSources({ here: undefined, all: [live, ...all] }));
  expect(siteHeaders(regions, "tidegate-edge")).toEqual([wanted, wanted]);
});
