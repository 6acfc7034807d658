import type { networkInterfaces } from "node:os";
import { expect, it } from "vitest";
import { ConfigError, readConfig } from "../config.ts";
import { findWhereabouts, type Surroundings } from "./whereabouts.ts";

const base = { REDIS_URL: "redis://127.0.0.1:1", SESSION_SECRET: "x".repeat(32) };
const inGroup = { TARGET_GROUP_ARN: "arn:x", HOST: "0.0.0.0" };

const ipv4 = (address: string, internal = false) => ({
  ...{ address, internal, family: "IPv4" as const },
  ...{ netmask: "255.255.0.0", mac: "00:00:00:00:00:00", cidr: null },
});
const ipv6 = { ...ipv4("fe80::1"), family: "IPv6" as const, scopeid: 0 };
const loopback = [ipv4("127.0.0.1", true)];

function find(variables: Record<string, string>, around: Partial<Surroundings> = {}) {
  const interfaces: ReturnType<typeof networkInterfaces> = { lo: loopback, eth0: [ipv4("172.18.0.5"), ipv6] };
  return findWhereabouts(readConfig({ ...base, ...variables }), {
    ...{ task: undefined, hostname: "3f2a9c1b77de", interfaces },
    ...around,
  });
}

const task = { id: "e9028f8d5d8e", host: "10.0.1.17", revision: 12, availabilityZone: "eu-west-1b" };

it("on ECS a server is its task", () => {
  expect(find(inGroup, { task })).toEqual(task);
});

it("in a container a server is named as the host, and found at its only address", () => {
  expect(find(inGroup)).toMatchObject({ id: "3f2a9c1b77de", host: "172.18.0.5", revision: 0 });
});

it("what the environment says goes before ECS and the machine", () => {
  const told = { SERVER_ID: "s1", TARGET_ADDRESS: "game:8000" };
  expect(find({ ...inGroup, ...told }, { task, interfaces: {} })).toMatchObject({ id: "s1", host: "0.0.0.0" });
  expect(find({ HOST: "127.0.0.1" }, { task }).host).toBe("127.0.0.1");
});

it("addresses that mean nothing to others are passed over", () => {
  const interfaces = { lo: loopback, eth0: [ipv4("169.254.172.2")], eth1: [ipv4("10.0.1.17")] };
  expect(find(inGroup, { interfaces }).host).toBe("10.0.1.17");
});

it.each([
  ["none", { lo: loopback }, "no address that others could use"],
  ["two", { eth0: [ipv4("10.0.0.1")], eth1: [ipv4("10.1.0.1")] }, "more than one: 10.0.0.1, 10.1.0.1"],
])(
  "where there is %s, TARGET_ADDRESS is asked for by a server that is in a target group, and by no other",
  (_, interfaces, why) => {
    expect(() => find(inGroup, { interfaces })).toThrow(ConfigError);
    expect(() => find(inGroup, { interfaces })).toThrow(
      `TARGET_ADDRESS is required when HOST is 0.0.0.0 and the machine has ${why}`,
    );
    expect(find({ HOST: "0.0.0.0" }, { interfaces }).host).toBe("0.0.0.0");
  },
);

it("a host name that cannot be an id is no id", () => {
  expect(() => find({}, { hostname: "my laptop" })).toThrow(
    "SERVER_ID is required, because the host name my laptop cannot be one",
  );
});
