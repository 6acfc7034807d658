// A load balancer in a process of its own, WebSocket servers in a second and clients in a third, so that what is measured is
// the load balancer's alone.

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { type Child, startChild } from "./child-calls.ts";
import type { Memory } from "./memory-probe.ts";
import type { Opening, Report } from "./socket-clients.ts";

export type Transport = "ws" | "wss";

export interface Fleet {
  readonly controlUrl: string;
  readonly ports: Readonly<Record<Transport, number>>;
  readonly targetPorts: readonly number[];
  memory(): Promise<Memory>;
  /** Opens so many more sockets. */
  open(transport: Transport, count: number): Promise<void>;
  /** Each socket sends, waits for the echo, and sends again after a pause. */
  talk(everyMs: number): Promise<void>;
  /** How many echoes the socket has had that has had most. */
  echoes(): Promise<number>;
  /** Resolves when every open socket has had so many echoes. */
  until(echoes: number): Promise<void>;
  rest(): Promise<Report>;
  /** Writes another config file and puts it in force; resolves when that is said. */
  reload(config: (fleet: Places) => object): Promise<void>;
  close(): Promise<void>;
}

export interface Places {
  readonly ports: Readonly<Record<Transport, number>>;
  readonly targetPorts: readonly number[];
}

/** File descriptors that a process may have; two of them are one WebSocket. */
export const fileDescriptors = (): number => {
  const text = spawnSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).stdout.trim();
  return text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
};

export const forwardTo = (TargetGroupName: string) => [{ Type: "forward", TargetGroupName }];

/** One group of all targets behind both transports. */
export const initialConfig = ({ ports, targetPorts }: Places) => ({
  LoadBalancers: [
    {
      Name: "many",
      Listeners: [
        { Protocol: "HTTP", Port: ports.ws, DefaultActions: forwardTo("app") },
        { Protocol: "HTTPS", Port: ports.wss, DefaultActions: forwardTo("app") },
      ],
    },
  ],
  TargetGroups: [
    {
      ...{ Name: "app", Protocol: "HTTP", Port: 80, HealthCheckIntervalSeconds: 1, HealthCheckTimeoutSeconds: 1 },
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: 1 }],
      Targets: targetPorts.slice(0, 2).map((Port) => ({ Id: "127.0.0.1", Port })),
    },
  ],
});

/** Two targets serve; two more stand by. Resolves when the load balancer lets requests through. */
export async function startFleet(): Promise<Fleet> {
  const home = await mkdtemp(join(tmpdir(), "alb-many-"));
  const children: Child[] = [];
  const close = async () => {
    for (const each of children) await each.close();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const start = (...of: Parameters<typeof startChild>) => {
      const child = startChild(...of);
      children.push(child);
      return child;
    };
    const targets = start("infra/alb/testing/many-websockets/echo-targets.ts");
    const clients = start("infra/alb/testing/many-websockets/socket-clients.ts");
    const targetPorts = await targets.call<number[]>("listen", 4);
    const ports = { ws: await freePort(), wss: await freePort() };
    const places = { ports, targetPorts };
    const config = join(home, "alb.json");
    const write = (value: object) => writeFile(config, JSON.stringify(value, null, 1));
    await write(initialConfig(places));
    const alb = start("infra/alb/main.ts", {
      node: ["--expose-gc", "--import", new URL("./memory-probe.ts", import.meta.url).href],
      args: [
        ...["--config", config, "--home", home, "--control-port", "0", "--json", "--fast-health-checks"],
        ...["--access-log", join(home, "access.log")],
      ],
    });
    const said = lines(alb);
    const ready = JSON.parse(await said((line) => line.includes('"ready"'))) as { control: string; ca: string };
    const ca = await readFile(ready.ca, "utf8");
    const fleet: Fleet = {
      ...{ controlUrl: ready.control, ports, targetPorts, close },
      memory: () => alb.call("memory"),
      open(transport, count) {
        const opening: Opening = { url: `${transport}://localhost:${ports[transport]}/`, count, ca };
        return clients.call("open", opening);
      },
      talk: (everyMs) => clients.call("talk", everyMs),
      echoes: () => clients.call("echoes"),
      until: (echoes) => clients.call("until", echoes),
      rest: () => clients.call("rest"),
      async reload(value) {
        await write(value(places));
        const answer = said((line) => /read again|stays as it was/.test(line));
        alb.process.kill("SIGHUP");
        const line = await answer;
        if (!line.includes("read again")) throw new Error(`${line}: ${alb.output()}`);
      },
    };
    await served(`http://127.0.0.1:${ports.ws}/`);
    return fleet;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves with the next line that the process says of which `wanted` is true; rejects when it ends. */
function lines({ process: child, output }: Child): (wanted: (line: string) => boolean) => Promise<string> {
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) for (const each of [...listeners]) each(line);
    });
  }
  return (wanted) =>
    new Promise((resolve, reject) => {
      const listener = (line: string) => {
        if (!wanted(line)) return;
        listeners.delete(listener);
        resolve(line);
      };
      listeners.add(listener);
      child.once("close", () => reject(new Error(`the load balancer has ended: ${output()}`)));
    });
}

/** Resolves once a target answers, that is after its first health check. */
async function served(url: string): Promise<void> {
  while ((await fetch(url)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}
