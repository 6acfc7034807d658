// The Dockerfile and docker-compose.yml say numbers and names once more that stand in the topology: here they are held to it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { repositoryRoot } from "../stack/environment.ts";
import { allowedOrigins, topology } from "../stack/topology.ts";

const { delays, local, service, targetGroups } = topology;
const read = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");
const dockerfile = read("Dockerfile");

const fileSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      environment: z.record(z.string(), z.string()).default({}),
      deploy: z.object({ replicas: z.int() }).optional(),
      ...{ cpu_shares: z.number().optional(), mem_limit: z.string(), restart: z.string() },
      ...{ user: z.string().optional(), stop_grace_period: z.string().optional() },
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
    }),
  ),
});
const { services } = fileSchema.parse(parse(read("docker-compose.yml"), { merge: true }));
const of = (name: string) => services[name] ?? expect.fail(`there is no service ${name}`);

/** As compose reads it where no variable is set. */
const byDefault = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, "$1");

test("a game server's process is started with the topology's flags, by exec, on the target group's port", () => {
  const [, command] = dockerfile.match(/AS game\n[\s\S]*?^CMD (\[.*\])$/m) ?? [];
  expect(JSON.parse(command ?? "[]")).toEqual([
    ...["node", ...service.nodeFlags],
    ...["--import", "./before-game.mjs", "server.mjs"],
  ]);
  const { port } = targetGroups.game;
  expect(dockerfile).toContain(`ENV HOST=0.0.0.0 PORT=${port} `);
  expect(dockerfile).toContain(`EXPOSE ${port}\n`);
});

test("no image runs as root, names a base that cannot be chosen, or pins what only a registry knows", () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)/gm)].map(([, stage]) => stage);
  expect(bases.filter((base) => !stages.includes(base))).toEqual(
    ["NODE_IMAGE", "BASE_IMAGE"].map((name) => `$\{${name}}`),
  );
  expect([...dockerfile.matchAll(/^USER (\S+)/gm)].at(-1)?.[1]).toBe("1000:1000");
  for (const stage of dockerfile.split(/^FROM /m).slice(1)) {
    const users = [...stage.matchAll(/^USER (\S+)/gm)].map(([, user]) => user);
    expect(users.at(-1) ?? "1000:1000", stage.split("\n")[0]).toBe("1000:1000");
  }
  expect(dockerfile).not.toMatch(/^# *syntax=|@sha256:/m);
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+-slim\nARG BASE_IMAGE=debian:\w+-slim$/m);
});

test("the game service is the topology's: how many, how large, how long they may take to end", () => {
  const { container, servers } = service;
  expect(of("game")).toMatchObject({
    deploy: { replicas: servers.default },
    cpu_shares: container.cpuUnits,
    mem_limit: `${container.memoryMiB}m`,
    stop_grace_period: `${delays.local.stopTimeoutSeconds}s`,
    restart: "no",
  });
  expect(of("game").image).toMatch(/^tidegate-game:/);
  expect(byDefault(of("game").image)).toBe(`tidegate-game:${service.version}`);
});

test("game servers are told the topology's delays, and the origins of its port", () => {
  const { environment } = of("game");
  expect(environment).toMatchObject({
    GENERATION: String(service.generation),
    DEREGISTRATION_DELAY_SECONDS: String(delays.local.deregistrationDelaySeconds),
    STOP_TIMEOUT_SECONDS: String(delays.local.stopTimeoutSeconds),
    TARGET_POLL_MS: String(delays.local.targetPollMs),
    PROPAGATION_LAG_SECONDS: String(delays.local.propagationLagSeconds),
    AWS_REGION: topology.region,
    ELB_ENDPOINT: `http://alb:${local.ports.control}`,
  });
  expect(byDefault(environment.ALLOWED_ORIGINS ?? "").split(",")).toEqual(allowedOrigins(local.ports.https));
  expect(environment.TARGET_GROUP_ARN).toContain(`:${topology.region}:`);
  expect(environment.TARGET_GROUP_ARN).toContain(`:targetgroup/${targetGroups.game.name}/`);
});

test("what is published is published at the topology's ports", () => {
  const { agent, control, http, https } = local.ports;
  expect(of("alb").ports.map(byDefault)).toEqual([
    ...[`127.0.0.1:${https}:${https}`, `127.0.0.1:${http}:${http}`, `127.0.0.1:${control}:${control}`],
  ]);
  expect(of("agent").ports.map(byDefault)).toEqual([`127.0.0.1:${agent}:${agent}`]);
  expect(of("agent").environment.CONTROL_URL).toBe(`http://alb:${control}`);
});

test("nobody but the agent has the Docker engine's socket, and nobody else is root", () => {
  for (const [name, { user, volumes }] of Object.entries(services)) {
    const hasSocket = volumes.some((volume) => volume.includes("docker.sock"));
    expect(hasSocket, name).toBe(name === "agent");
    expect(user?.startsWith("0") ?? false, name).toBe(name === "agent");
  }
});
