// How each contestant is started: Tidegate as a deploy runs it, the peers with the game made one file for them.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { bundle } from "../../infra/stack/bundle.ts";
import { topology } from "../../infra/stack/topology.ts";
import { installPeers, type Peers } from "../common/peers.ts";
import type { Program } from "../common/program.ts";
import type { ContestantName } from "./plan.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

export interface Setting {
  readonly root: string;
  /** The root of the checkout that Tidegate's server is built from. */
  readonly checkout: string;
  /** For logs and builds; exists. */
  readonly folder: string;
  readonly redisUrl: string;
  readonly profiles: string | undefined;
  readonly onStart: (program: Program) => void;
  readonly signal: AbortSignal;
}

/** What is told to a peer's program besides the game, and the package that it is about. */
const PEERS: Readonly<Record<Exclude<ContestantName, "tidegate">, { script: string; more: string[]; about: string }>> =
  {
    ws: { script: "ws.mjs", more: [], about: "ws" },
    colyseus: { script: "colyseus.mjs", more: [], about: "@colyseus/core" },
    "socket.io": { script: "socket.io.mjs", more: [], about: "socket.io" },
    "socket.io-msgpack": { script: "socket.io.mjs", more: ["msgpack"], about: "socket.io" },
  };
const SECRET_BYTES = 32;

export async function startTidegate(setting: Setting): Promise<ServerProcess> {
  const { checkout, folder, redisUrl, profiles, onStart, signal } = setting;
  const output = join(folder, "tidegate.mjs");
  await bundle({ root: checkout, script: "server/main.ts", output, signal });
  const env = {
    ...{ PATH: process.env.PATH, HOME: process.env.HOME },
    ...{ SERVER_ID: "bench", REDIS_URL: redisUrl, SESSION_SECRET: randomBytes(SECRET_BYTES).toString("hex") },
    BOTS_FILL_TO: "0", // a bot that leaves for a player is work that is nobody's
  };
  const version = `Node ${process.versions.node}`;
  const args = [...topology.service.nodeFlags, output];
  return startServer({ name: "tidegate", version, args, env, folder, profiles, onStart });
}

/** The peers that are wanted, and a sentence for each that cannot take part. */
export async function startPeers(
  setting: Setting,
  names: readonly ContestantName[],
): Promise<{ started: ServerProcess[]; missing: string[] }> {
  const wanted = names.filter((name) => name !== "tidegate");
  const started: ServerProcess[] = [];
  const missing: string[] = [];
  if (wanted.length === 0) return { started, missing };
  const game = join(setting.folder, "same-game.mjs");
  await bundle({ root: setting.root, script: "bench/server/same-game.ts", output: game, signal: setting.signal });
  let peers: Peers;
  try {
    peers = await installPeers(setting.root);
  } catch (error) {
    return { started, missing: [`The peers are not measured: ${(error as Error).message}.`] };
  }
  for (const name of wanted) {
    const { script, more, about } = PEERS[name];
    const { folder, profiles, onStart } = setting;
    const args = [join(peers.folder, script), game, ...more];
    try {
      const version = peers.version(about);
      started.push(await startServer({ name, version, args, env: process.env, folder, profiles, onStart }));
    } catch (error) {
      missing.push(`${name} is not measured: ${(error as Error).message}.`);
    }
    setting.signal.throwIfAborted();
  }
  return { started, missing };
}
