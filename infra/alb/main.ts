// The load balancer as a process of its own: flags in, one line of JSON on stdout when it is ready, SIGTERM out.

import { mkdir } from "node:fs/promises";
import { isIP } from "node:net";
import { dirname } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { startAlb } from "./alb.ts";
import { systemClock } from "./clock.ts";
import { limits } from "./limits.ts";
import { type LogSink, noLog, openFileLog, streamLog } from "./telemetry/log-file.ts";

interface Flags {
  readonly home: string;
  readonly controlPort: number;
  readonly bind: readonly string[];
  readonly accessLog?: string;
  readonly fastHealthChecks: boolean;
}

function readPort(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new InvalidArgumentError("it must be a port, 0 to 65535.");
  return port;
}

function collectAddress(value: string, before: readonly string[] | undefined): readonly string[] {
  if (isIP(value) === 0) throw new InvalidArgumentError("it must be an IP address.");
  return [...(before ?? []), value];
}

function readFlags(argv: readonly string[]): Flags {
  const command = new Command("alb")
    .description("An Application Load Balancer on this machine, with the ELBv2 API.")
    .requiredOption("--home <dir>", "where certificates are kept")
    .option("--control-port <port>", "port of the ELBv2 API on 127.0.0.1; 0 lets the system choose", readPort, 8400)
    .option("--bind <address>", "address to listen on, repeatable (default: 127.0.0.1 and ::1)", collectAddress)
    .option("--access-log <file>", "write the access log there; - is stdout")
    .option("--fast-health-checks", "allow health check intervals from 1 s (AWS: 5 s)", false)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const flags = command.parse(argv).opts<Omit<Flags, "bind"> & { bind?: readonly string[] }>();
  return { ...flags, bind: flags.bind ?? ["127.0.0.1", "::1"] };
}

async function openAccessLog(path: string | undefined): Promise<LogSink> {
  if (path === undefined) return noLog;
  if (path === "-") return streamLog(process.stdout);
  await mkdir(dirname(path), { recursive: true });
  return openFileLog(path);
}

function explain(error: NodeJS.ErrnoException, flags: Flags): string {
  if (error.code === "EADDRINUSE") {
    return `The control port 127.0.0.1:${flags.controlPort} is in use; choose another with --control-port.`;
  }
  return `The load balancer cannot start: ${error.message}`;
}

async function main(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv);
  try {
    const { home, controlPort, bind, fastHealthChecks } = flags;
    const accessLog = await openAccessLog(flags.accessLog);
    const alb = await startAlb({ home, controlPort, bind, fastHealthChecks, accessLog, clock: systemClock });
    endOnSignal((graceMs) => alb.close(graceMs));
    const ready = {
      event: "ready",
      control: `http://127.0.0.1:${alb.controlPort}`,
      ca: alb.certificates.caPath,
      certificateArn: alb.certificates.defaultArn,
    };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error as NodeJS.ErrnoException, flags)}\n`);
    process.exitCode = 1;
  }
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
