// The folder that holds everything a stack writes (TIDEGATE_HOME), and where in it each thing is.
import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT, Refusal } from "./refusal.ts";

const SECRET_BYTES = 32;
/** What the operating systems allow for the path of a Unix socket (macOS 104 bytes with its end, Linux 108). */
const SOCKET_PATH_MAX_BYTES = 103;

/** What a deploy brings out. */
export interface Release {
  readonly version: string;
  readonly generation: number;
}

export interface Home {
  readonly path: string;
  readonly stackFile: string;
  readonly processesFile: string;
  readonly agentSocket: string;
  /** Names the process that deploys, while one does. */
  readonly deployLock: string;
  /** Folders of pages, one for each version. */
  readonly clientsDir: string;
  readonly clientDir: (version: string) => string;
  /** The hashed assets of all builds of the client. */
  readonly assetsDir: string;
  /** The game server as one file: of each generation its own, since a version may be deployed again from other sources. */
  readonly serverScript: (release: Release) => string;
  readonly redisDir: string;
  readonly accessLog: string;
  readonly log: (name: string) => string;
}

/** Names only; nothing is made. */
export function describeHome(path: string): Home {
  return {
    path,
    stackFile: join(path, "stack.json"),
    processesFile: join(path, "processes.json"),
    agentSocket: join(path, "agent.sock"),
    deployLock: join(path, "deploy.lock"),
    clientsDir: join(path, "client"),
    clientDir: (version) => join(path, "client", version),
    assetsDir: join(path, "assets"),
    serverScript: ({ version, generation }) => join(path, "server", `${version}-${generation}.mjs`),
    redisDir: join(path, "redis"),
    accessLog: join(path, "logs", "access.log"),
    log: (name) => join(path, "logs", `${name}.log`),
  };
}

/** Makes the folder, readable by its owner only, since the keys of the certificates are in it. */
export function makeHome(path: string): Home {
  const home = describeHome(path);
  if (Buffer.byteLength(home.agentSocket) > SOCKET_PATH_MAX_BYTES) {
    throw refuse(
      path,
      `its path is too long for the socket in it, by ${Buffer.byteLength(home.agentSocket) - SOCKET_PATH_MAX_BYTES} bytes`,
    );
  }
  try {
    mkdirSync(join(path, "logs"), { recursive: true });
    chmodSync(path, 0o700);
  } catch (error) {
    throw refuse(path, (error as Error).message, error);
  }
  return home;
}

/** Each start begins with empty logs; those of the one before are kept in `logs.previous`, older ones are not. */
export function beginLogs(home: Home): void {
  const logs = join(home.path, "logs");
  rmSync(`${logs}.previous`, { recursive: true, force: true });
  renameSync(logs, `${logs}.previous`);
  mkdirSync(logs);
}

const refuse = (path: string, why: string, cause?: unknown): Refusal =>
  new Refusal("bad-home", `Cannot use ${path} as TIDEGATE_HOME: ${why}.`, { exitCode: EXIT.wrongUsage, cause });

/** The key that signs players' tokens: made once for a home, so that a restart knows its players. */
export const sessionSecret = (home: Home): string => secretIn(join(home.path, "session-secret"));

/** The secret in a file that several may want at the same time: whoever comes first makes it, once for all. */
export function secretIn(file: string): string {
  writeOnce(file, randomBytes(SECRET_BYTES).toString("base64url"));
  return readFileSync(file, "utf8").trim();
}

/** Replaces a file whole: a reader sees the old one or the new one. */
export function writeAtomically(file: string, text: string): void {
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

/** Makes the file with all that is in it at one stroke; false when there is one already. Throws a Refusal when it cannot be written. */
export function writeOnce(file: string, text: string): boolean {
  const draft = `${file}.${randomBytes(8).toString("hex")}.draft`; // containers may share the folder, and have the same pids
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Refusal("bad-home", `Cannot write ${file}: ${(error as Error).message}.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}
