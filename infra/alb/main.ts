// The load balancer as a process of its own: flags and a config file in, a message on stdout when it is ready (text for the
// person who wrote a config file, else one line of JSON for the program that goes on by the API), SIGTERM out.

import { mkdir, open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Alb, type AlbOptions, checkState, startAlb } from "./alb.ts";
import { systemClock } from "./clock.ts";
import { announcement } from "./config/announcement.ts";
import { checkConfigFile } from "./config/check.ts";
import { type ConfigFile, readConfigFile } from "./config/config-file.ts";
import { createHealthNews } from "./config/health-news.ts";
import { ConfigError, explainConfigError } from "./config/problem.ts";
import { Reloading } from "./config/reloading.ts";
import { type Flags, readFlags } from "./flags.ts";
import { limits } from "./limits.ts";
import { defaultSwitches } from "./switches.ts";
import { type LogSink, noLog, openFileLog, streamLog } from "./telemetry/log-file.ts";

const say = (text: string) => void process.stdout.write(text);
const complain = (text: string) => void process.stderr.write(text);

async function main(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv, complain);
  if (typeof flags === "number") {
    process.exitCode = flags;
    return;
  }
  const path = flags.config === undefined ? undefined : typedPath(flags.config);
  try {
    const file = path === undefined ? undefined : await readConfigFile(path);
    const shared = sharedPath(Object.values(settingsOf(flags, file).logPaths));
    if (shared !== undefined) {
      complain(`error: two logs cannot be in the same file, ${shared}\n`);
      process.exitCode = 2;
      return;
    }
    if (flags.check && file && path) await check(path, file, flags);
    else await start(flags, path, file);
  } catch (error) {
    if (error instanceof ConfigError && path) {
      complain(explainConfigError(path, error));
      process.exitCode = error.code === "config-invalid" ? 2 : 1;
    } else {
      complain(`${explain(error as NodeJS.ErrnoException, flags)}\n`);
      process.exitCode = 1;
    }
  }
}

async function check(path: string, file: ConfigFile, flags: Flags): Promise<void> {
  const { fastHealthChecks } = settingsOf(flags, file);
  const state = await checkConfigFile(file, { clock: systemClock, check: checkState, fastHealthChecks });
  const { listeners, rules, targetGroups } = state;
  say(`${path} is good: listeners ${listeners.size}, rules ${rules.size}, target groups ${targetGroups.size}.\n`);
}

async function start(flags: Flags, path: string | undefined, file: ConfigFile | undefined): Promise<void> {
  const { logPaths, ...settings } = settingsOf(flags, file);
  const logs = {
    accessLog: await openLog(logPaths.accessLog),
    connectionLog: await openLog(logPaths.connectionLog),
    healthCheckLog: await openLog(logPaths.healthCheckLog),
  };
  const onHealthCheck = file && !flags.json ? createHealthNews(say) : () => {};
  const alb = await startAlb({ ...settings, ...logs, onHealthCheck, clock: systemClock });
  try {
    endOnSignal((graceMs) => alb.close(graceMs));
    if (path !== undefined && file) await announceDeclared(alb, path, file, flags);
    if (flags.json || !file) say(readyLine(alb));
  } catch (error) {
    await alb.close(0);
    throw error;
  }
}

async function announceDeclared(alb: Alb, path: string, file: ConfigFile, { watch, json }: Flags): Promise<void> {
  const { now: state } = await alb.declare(file);
  const declare = (next: ConfigFile) => alb.declare(next);
  const reloading = new Reloading({ ...{ path, clock: systemClock, declare, complain }, say: json ? complain : say });
  process.on("SIGHUP", () => void reloading.reload());
  if (watch) reloading.watch();
  if (json) return;
  const { controlPort, certificates } = alb;
  const controlUrl = `http://127.0.0.1:${controlPort}`;
  const { caPath } = certificates;
  say(announcement({ ...{ state, controlUrl, caPath, pid: process.pid, watching: watch }, configFile: path }));
}

/** Flags go before the file. */
function settingsOf(flags: Flags, file: ConfigFile | undefined) {
  const { Logs, Switches, FastHealthChecks = false } = file?.config ?? { Logs: {} };
  const log = (typed: string | undefined, inFile: string | undefined) => {
    const path = typed ?? inFile;
    if (path === undefined || path === "-") return path;
    return typed === undefined && file ? resolve(file.directory, path) : typedPath(path);
  };
  return {
    home: flags.home === undefined ? defaultHome() : typedPath(flags.home),
    controlPort: flags.controlPort,
    controlBind: flags.controlBind,
    controlNames: flags.controlNames,
    stableArns: flags.stableArns,
    bind: flags.bind,
    fastHealthChecks: flags.fastHealthChecks || FastHealthChecks,
    switches: { ...defaultSwitches, ...Switches, ...flags.switches },
    logPaths: {
      accessLog: log(flags.accessLog, Logs.AccessLog),
      connectionLog: log(flags.connectionLog, Logs.ConnectionLog),
      healthCheckLog: log(flags.healthCheckLog, Logs.HealthCheckLog),
    },
  } satisfies Omit<AlbOptions, "clock"> & { logPaths: object };
}

const defaultHome = () => resolve(process.env.TIDEGATE_HOME || join(import.meta.dirname, "../../.tidegate"));

/** `npm run` starts us in the folder of package.json; a path means the folder in which it was typed. */
const typedPath = (path: string) =>
  resolve(process.env.npm_lifecycle_event === "alb" ? (process.env.INIT_CWD ?? ".") : ".", path);

/** A file that two logs name: each would count its own bytes only, and set the other's lines aside. */
const sharedPath = (paths: readonly (string | undefined)[]) =>
  paths.find((path, i) => path !== undefined && path !== "-" && paths.indexOf(path) !== i);

async function openLog(path: string | undefined): Promise<LogSink> {
  if (path === undefined) return noLog;
  if (path === "-") return streamLog(process.stdout);
  await mkdir(dirname(path), { recursive: true });
  // Later on a log that cannot be written costs lines only; at the start it is told.
  await (await open(path, "a")).close();
  return openFileLog(path);
}

function readyLine({ controlPort, certificates }: Alb): string {
  const ready = {
    event: "ready",
    control: `http://127.0.0.1:${controlPort}`,
    ca: certificates.caPath,
    certificateArn: certificates.defaultArn,
  };
  return `${JSON.stringify(ready)}\n`;
}

function explain(error: NodeJS.ErrnoException, flags: Flags): string {
  if (error.code === "EADDRINUSE") {
    return `The control port ${flags.controlBind}:${flags.controlPort} is in use; choose another with --control-port.`;
  }
  return `The load balancer cannot start: ${error.message}`;
}

function endOnSignal(close: (graceMs: number) => Promise<void>): void {
  let ending = false;
  const end = () => {
    // A second signal does not wait.
    if (ending) process.exit(0);
    ending = true;
    const atOnce = setTimeout(() => process.exit(0), limits.shutdownMs + 300);
    close(limits.shutdownMs).then(() => {
      clearTimeout(atOnce);
      process.exit(0);
    });
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // Whoever reads our stdout may leave before us.
  process.stdout.on("error", () => {});
}

await main(process.argv);
