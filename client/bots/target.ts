// Where the bots play: the running stack, found through TIDEGATE_HOME or its agent's door, or an address that was given.
// Trusts that stack's CA and no other.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConnectOptions } from "../net/connect.ts";
import type { BotsOptions } from "./options.ts";

/** There is nothing to play on: one sentence. */
export class NoTarget extends Error {}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the agent of the containers is published on this machine, unless AGENT_PORT says otherwise. */
const AGENT_PORT = 8401;
const AGENT_TIMEOUT_MS = 5_000;

/** Rejects with NoTarget. */
export async function findTarget(
  options: Pick<BotsOptions, "platform" | "url" | "ca">,
  environment: NodeJS.ProcessEnv,
): Promise<ConnectOptions> {
  if (options.url !== undefined) {
    return { url: options.url, ...(options.ca === undefined ? {} : { ca: readAuthority(resolve(options.ca)) }) };
  }
  if (options.platform === "compose") return askAgent(`http://127.0.0.1:${environment.AGENT_PORT || AGENT_PORT}`);
  const home = resolve(root, environment.TIDEGATE_HOME || ".tidegate");
  const { https, ca } = readStack(home).alb ?? {};
  if (typeof https !== "string" || typeof ca !== "string") {
    throw new NoTarget(`${join(home, "stack.json")} does not name a load balancer and its certificate authority.`);
  }
  return { url: https, ca: readAuthority(options.ca ?? resolve(home, ca)) };
}

/** The containers keep their certificates to themselves: their agent tells. */
async function askAgent(door: string): Promise<ConnectOptions> {
  let stack: { https?: unknown; caCertificate?: unknown } | null;
  try {
    const answer = await fetch(`${door}/stack`, { signal: AbortSignal.timeout(AGENT_TIMEOUT_MS) });
    stack = (await answer.json()) as typeof stack;
  } catch {
    // Nobody there, or somebody who is no agent.
    throw new NoTarget(`No stack runs at ${door}: start one with \`docker compose up --build\`.`);
  }
  const { https, caCertificate } = stack ?? {};
  if (typeof https === "string" && typeof caCertificate === "string") return { url: https, ca: caCertificate };
  throw new NoTarget(`${door} does not name a load balancer and its certificate authority.`);
}

function readStack(home: string): { alb?: { https?: unknown; ca?: unknown } } {
  const file = join(home, "stack.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // Whatever keeps it from being read, there is no stack to be found by it.
    throw new NoTarget(`No stack runs in ${home}: start one with \`npm start\`.`);
  }
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state === "object" && state !== null) return state;
  } catch {
    // refused below
  }
  throw new NoTarget(`${file} is not the state of a stack.`);
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new NoTarget(`The certificate authority ${file} cannot be read: ${(error as Error).message}.`);
  }
}
