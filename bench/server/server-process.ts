// A server that takes part: one process on loopback with the probe in it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Caller } from "../common/caller.ts";
import { type Program, startProgram, waitFor } from "../common/program.ts";
import type { ContestantName } from "./plan.ts";

/** Garbage collections that stopped the server. */
export interface Pauses {
  readonly count: number;
  readonly totalMs: number;
  readonly maxMs: number;
  /** Of more than 10 ms. */
  readonly long: number;
}

export interface Memory {
  readonly residentBytes: number;
  /** The heap and what is outside of it. */
  readonly usedBytes: number;
}

/** What probe.mjs answers. */
export type ProbeCalls = {
  begin: { argument: undefined; answer: unknown };
  /** Since `begin`; `inputs` since the start, and only of a peer. */
  tally: { argument: undefined; answer: { readonly pauses: Pauses; readonly inputs?: number } };
  /** After a full collection of garbage. */
  memory: { argument: undefined; answer: Memory };
};

export interface ServerProcess {
  readonly name: ContestantName;
  readonly version: string;
  readonly pid: number;
  readonly port: number;
  readonly probe: Caller<ProbeCalls>;
}

export interface ServerStart {
  readonly name: ContestantName;
  readonly version: string;
  /** The program and what it is told. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** An existing folder, for the log. */
  readonly folder: string;
  /** Where a CPU profile goes at the end. */
  readonly profiles: string | undefined;
  /** Called as soon as there is a process, so that it can be ended whatever comes. */
  readonly onStart: (program: Program) => void;
}

const PROBE = pathToFileURL(join(import.meta.dirname, "probe.mjs")).href;

/** Resolves when it listens. */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const { name, version, args, env, folder, profiles } = start;
  const flags = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
  const logFile = join(folder, `${name}.log`);
  const program = startProgram(process.execPath, [...flags, "--import", PROBE, ...args], logFile, {
    env: { ...env, NODE_ENV: "production" },
    channel: true,
  });
  start.onStart(program);
  const port = await waitFor(program, () => portIn(readFileSync(logFile, "utf8")));
  return { name, version, pid: program.pid, port, probe: new Caller(name, program.child) };
}

/** Every server says so in one line of JSON. */
function portIn(log: string): number | undefined {
  const line = log.split("\n").find((one) => one.startsWith('{"event":"listening"'));
  return line === undefined ? undefined : JSON.parse(line).port;
}
