// Where the bots play: the running stack, found through TIDEGATE_HOME, or an address that was given. Trusts that stack's CA and no other.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConnectOptions } from "../net/connect.ts";
import type { BotsOptions } from "./options.ts";

/** There is nothing to play on: one sentence. */
export class NoTarget extends Error {}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Throws NoTarget. */
export function findTarget(options: Pick<BotsOptions, "url" | "ca">, environment: NodeJS.ProcessEnv): ConnectOptions {
  if (options.url !== undefined) {
    return { url: options.url, ...(options.ca === undefined ? {} : { ca: readAuthority(resolve(options.ca)) }) };
  }
  const home = resolve(root, environment.TIDEGATE_HOME || ".tidegate");
  const { https, ca } = readStack(home).alb ?? {};
  if (typeof https !== "string" || typeof ca !== "string") {
    throw new NoTarget(`${join(home, "stack.json")} does not name a load balancer and its certificate authority.`);
  }
  return { url: https, ca: readAuthority(options.ca ?? resolve(home, ca)) };
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
