// Whether the containers of docker-compose.yml can be had on this machine, and from which images. It pulls images and
// installs nothing else: whoever has no Docker engine does without.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCompose, hasDockerEngine } from "./compose.ts";
import { runToEnd } from "./program.ts";

const PULL_TIMEOUT_MS = 180_000;
const LIST_TIMEOUT_MS = 10_000;
const REDIS_IMAGE = "redis:7-alpine";
/** Where no registry can be reached, another Node does as well, if its image is here. */
const STAND_IN_BASE = "debian:bookworm-slim";
const STAND_IN_NODES = [26, 24, 22].map((version) => `node:${version}-slim`);

/** Build arguments beside the defaults of the Dockerfile; or one sentence that says why there can be no containers. */
export type ContainersHere = { readonly env: Readonly<Record<string, string>> } | { readonly missing: string };

export async function provisionContainers(root: string): Promise<ContainersHere> {
  if (!(await hasDockerEngine())) return { missing: "no Docker engine answers here" };
  if (!(await findCompose())) return { missing: "there is no docker compose here" };
  if (!(await have(REDIS_IMAGE))) return { missing: `the image ${REDIS_IMAGE} cannot be had` };
  const [node, base] = defaultsOf(readFileSync(join(root, "Dockerfile"), "utf8"));
  if ((await have(node)) && (await have(base))) return { env: {} };
  const present = await presentImages();
  const standIn = STAND_IN_NODES.find((image) => present.has(image));
  if (standIn === undefined || !present.has(STAND_IN_BASE)) return { missing: `the image ${node} cannot be had` };
  return { env: { NODE_IMAGE: standIn, BASE_IMAGE: STAND_IN_BASE } };
}

/** The images on which everything is built. */
export function defaultsOf(dockerfile: string): [node: string, base: string] {
  const [node, base] = ["NODE_IMAGE", "BASE_IMAGE"].map(
    (name) => new RegExp(`^ARG ${name}=(.+)$`, "m").exec(dockerfile)?.[1],
  );
  if (!node || !base)
    throw new Error("The Dockerfile gives its build arguments NODE_IMAGE and BASE_IMAGE no defaults.");
  return [node, base];
}

async function have(image: string): Promise<boolean> {
  if ((await presentImages()).has(image)) return true;
  return (await runToEnd("docker", ["pull", "--quiet", image], { timeoutMs: PULL_TIMEOUT_MS })).code === 0;
}

async function presentImages(): Promise<ReadonlySet<string>> {
  const list = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
  return new Set((await runToEnd("docker", list, { timeoutMs: LIST_TIMEOUT_MS })).output.split("\n"));
}
