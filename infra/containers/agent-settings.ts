// What the agent's container is told by its environment, and what it finds out about itself.
import { hostname } from "node:os";
import { z } from "zod";
import type { DockerEngine } from "../stack/platforms/docker-engine.ts";
import { LABELS } from "../stack/platforms/sibling.ts";
import { EXIT, Refusal } from "../stack/refusal.ts";

/** Where docker-compose.yml puts the engine's socket, and the volume in which other containers find what the agent tells them. */
export const DOCKER_SOCKET = "/var/run/docker.sock";
export const NEWS = "/news";

/** The load balancer's control port, as it is reached from here. */
export function readControlUrl(variables: NodeJS.ProcessEnv): string {
  const result = z.url({ protocol: /^http$/ }).safeParse(variables.CONTROL_URL);
  if (result.success) return result.data;
  throw new Refusal("bad-environment", "The environment variable CONTROL_URL must be an http:// URL.", {
    exitCode: EXIT.wrongUsage,
  });
}

/** The Compose project that this container is of: its host name is its id. */
export async function readProject(engine: DockerEngine, id = hostname()): Promise<string> {
  const project = (await engine.inspect(id)).Config.Labels?.[LABELS.project];
  if (project !== undefined) return project;
  throw new Refusal(
    "no-project",
    "The agent runs as a service of docker-compose.yml, and this container is of no project.",
  );
}
