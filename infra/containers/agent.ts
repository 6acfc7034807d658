// The agent as a container: plays ECS's part for the game servers of docker-compose.yml. It keeps nothing of its own. Whenever it starts
// it finds the load balancer, or sets it up, and adopts the servers that run; when the load balancer has forgotten everything it ends, and
// is started again.
import { randomBytes } from "node:crypto";
import { Agent } from "../stack/agent.ts";
import { serveAgent } from "../stack/agent-api.ts";
import { systemClock as clock } from "../stack/clock.ts";
import { elbPort, localElbClient } from "../stack/elb.ts";
import { readEnvironment } from "../stack/environment.ts";
import { ContainerPlatform } from "../stack/platforms/container.ts";
import { dockerEngine } from "../stack/platforms/docker-engine.ts";
import type { Address } from "../stack/platforms/platform.ts";
import { EXIT, Refusal } from "../stack/refusal.ts";
import { replacementPolicy } from "../stack/replacement.ts";
import { readStatusz } from "../stack/statusz.ts";
import { topology } from "../stack/topology.ts";
import { DOCKER_SOCKET, NEWS, readControlUrl, readProject } from "./agent-settings.ts";
import { hasForgotten, openLoadBalancer, readAuthority } from "./load-balancer-state.ts";
import { News } from "./news.ts";

const HEALTHY_TIMEOUT_MS = 30_000;
const LISTENS_TIMEOUT_MS = 1_000;
const LOOK_MS = 1_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const delays = topology.delays.local;

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(EXIT.done));
await main().catch((error: Error) => {
  say(error instanceof Refusal ? error.message : `The agent ends: ${error.stack}`);
  process.exit(EXIT.notAchieved); // and is started again
});

async function main(): Promise<never> {
  const controlUrl = readControlUrl(process.env);
  const { httpsPort, httpPort, controlPort } = readEnvironment();
  const caCertificate = await readAuthority(controlUrl, clock);
  const news = new News(NEWS);
  news.trust(caCertificate);
  const engine = dockerEngine(DOCKER_SOCKET);
  const project = await readProject(engine);
  const platform = new ContainerPlatform({ engine, project, service: "game", clock, listens, say });
  const found = await platform.newcomers();
  const elb = localElbClient(controlUrl);
  const groups = found.map((task) => task.spec.targetGroupArn);
  const ports = { https: httpsPort, http: httpPort };
  const loadBalancer = await openLoadBalancer(elb, controlUrl, ports, delays, groups);
  const prefix = randomBytes(2).toString("hex");
  const agent = new Agent({
    ...{ platform, elb: elbPort(elb), clock, say },
    date: () => new Date(),
    targetGroupArn: loadBalancer.targetGroupArn,
    limits: {
      healthyTimeoutMs: HEALTHY_TIMEOUT_MS,
      deregistrationDelayMs: delays.deregistrationDelaySeconds * 1000,
      stopTimeoutMs: delays.stopTimeoutSeconds * 1000,
      replacement: replacementPolicy,
    },
    taskId: (number) => `${prefix}-s${number}`,
    onChange: () => news.servers(agent.tasks()),
  });
  const describe = () => ({
    https: `https://localhost:${httpsPort}`,
    http: `http://localhost:${httpPort}`,
    control: `http://${topology.local.host}:${controlPort}`,
    ...{ caCertificate, targetGroupArn: agent.targetGroupArn, listenerArn: loadBalancer.listenerArn },
  });
  const adopt = (tasks: typeof found) => {
    for (const task of tasks) {
      say(`${task.spec.id} runs here (${task.spec.version}, generation ${task.spec.generation}).`);
      agent.adopt(task).catch((error: Error) => say(error.message));
    }
  };
  adopt(found);
  await serveAgent({ agent, describe, statusz: readStatusz }, { host: "0.0.0.0", port: topology.local.ports.agent });
  say(`Play at https://localhost:${httpsPort}.`);
  for (;;) {
    await clock.sleep(LOOK_MS);
    if (await hasForgotten(elb))
      throw new Refusal("forgotten", "The load balancer has forgotten everything: I begin anew.");
    adopt(await platform.newcomers());
  }
}

async function listens({ host, port }: Address): Promise<boolean> {
  try {
    return (await fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(LISTENS_TIMEOUT_MS) })).ok;
  } catch {
    return false; // not yet
  }
}
